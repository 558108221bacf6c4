// A picture that is enlarged fills the window. Streamlit leaves the page behind it in Tab's way, and makes the button
// that enlarges a picture anew as the button that closes it, and back, which loses the focus. So from when it is pressed
// until the picture is small again: the frame is a dialog to who hears the page, Tab stays in it, and the focus stays
// at the button. Escape closes it by Streamlit.

const FRAME = "[data-testid=stFullScreenFrame]";

const isLarge = (frame) => getComputedStyle(frame).position === "fixed";
const enlarged = () => Array.from(document.querySelectorAll(FRAME)).find(isLarge);

class Enlarged {
  constructor() {
    for (const type of ["keydown", "keyup", "click"]) {
      document.addEventListener(type, (event) => this.pressed(event), { capture: true });
    }
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  pressed({ type, key, target }) {
    if (type !== "click" && !["Enter", " ", "Escape"].includes(key)) return;
    const frame = enlarged() ?? target.closest?.(FRAME);
    this.watch?.disconnect();
    if (!frame) return;
    this.watch = new MutationObserver(() => this.changed(frame));
    this.watch.observe(frame, { attributeFilter: ["class"], childList: true, subtree: true });
  }

  changed(frame) {
    const large = isLarge(frame), was = frame.hasAttribute("aria-modal");
    if (!large && !was) return;
    if (large) {
      frame.setAttribute("role", "dialog");
      frame.setAttribute("aria-modal", "true");
      frame.setAttribute("aria-label", frame.querySelector("img")?.alt ?? "");
    } else {
      this.watch.disconnect();
      for (const name of ["role", "aria-modal", "aria-label"]) frame.removeAttribute(name);
    }
    if (!frame.contains(document.activeElement)) frame.querySelector("button")?.focus({ preventScroll: true });
  }

  key(event) {
    const frame = event.key === "Tab" && enlarged();
    if (!frame) return;
    event.preventDefault();
    const stops = Array.from(frame.querySelectorAll("button, a[href], [tabindex='0']"));
    const at = stops.indexOf(document.activeElement), by = event.shiftKey ? -1 : 1;
    stops.at(at === -1 ? 0 : (at + by) % stops.length)?.focus();
  }
}
