// What keys do around what Streamlit draws. It draws parts of the page anew whenever it likes: so nothing of the page
// is kept here, and what Tab leads to is put right when somebody presses it.
// WORDS: what is said here, see keyboard.py.

const LISTS = [".st-key-menu a", ".st-key-contents a"];
// a button of the page that has a help stands inside of it, and is no "?"
const HELP = "[data-testid=stTooltipIcon] button:not([data-testid^=stBaseButton])";
const HELPED = "[data-testid=stTooltipHoverTarget]";
const CONTROL = "input, textarea, select, button, [tabindex]";

// -- lists of pages, the menu and the cards of the first page: one stop each, in the menu at the open page -----------

const linksOf = (list) => Array.from(document.querySelectorAll(list));

// The first page has no name of its own: its link could be that of any.
const openIn = (list) => linksOf(list).filter((link) => link.pathname === location.pathname).pop();

function markOpenPage() {
  const open = openIn(LISTS[0]);
  for (const link of linksOf(LISTS[0])) {
    if (link === open) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

const rove = (list) =>
  new Roving(document.body, () => linksOf(list), ["ArrowUp", "ArrowLeft"], ["ArrowDown", "ArrowRight"]);

// -- rows of choices: Tab comes to the one that is chosen. Streamlit leads to the first, which says "not selected". ----

function stopAtChosen() {
  for (const group of document.querySelectorAll("[data-testid=stButtonGroup] [role=radiogroup]")) {
    const chosen = group.querySelector("[role=radio][aria-checked=true]");
    if (!chosen || group.contains(document.activeElement)) continue;
    for (const each of group.querySelectorAll("[role=radio]")) each.tabIndex = each === chosen ? 0 : -1;
  }
}

// -- rows of buttons, of pictures and of numbers whose container has such a key: one stop each, at the one that was used
// last. Every picture has a button that enlarges it, and a number that is explained its "?". ----------------------------

const BARS = "[class*=st-key-bar_]";
const buttonsOf = (bar) =>
  Array.from(bar?.querySelectorAll("button, a[href]") ?? []).filter((each) => !ofControl(each));
const usableOf = (bar) => buttonsOf(bar).filter((each) => !each.disabled && each.getClientRects().length);

function stopOnceInBars() {
  for (const bar of document.querySelectorAll(BARS)) {
    const usable = usableOf(bar);
    bar.setAttribute("role", "toolbar");
    bar.dataset.keys = usable.length > 1 ? WORDS.buttons : ""; // look.css shows it
    if (bar.contains(document.activeElement)) continue;
    const held = usable.find((each) => each.tabIndex === 0 && each.hasAttribute("tabindex")) ?? usable[0];
    for (const each of buttonsOf(bar)) each.tabIndex = each === held ? 0 : -1;
  }
}

// A button that is of no use any more loses the focus. Its row takes it, and no other button: who presses once too often
// has done nothing. Arrow keys lead on from there.
class Held {
  constructor() {
    document.addEventListener("focusin", ({ target }) => (this.button = target.closest(BARS) ? target : null));
    document.addEventListener("focusout", ({ target }) => !target.disabled && (this.button = null));
    document.addEventListener("keydown", (event) => this.key(event));
    const changed = new MutationObserver(() => this.button?.disabled && this.giveToRow());
    changed.observe(document.body, { attributeFilter: ["disabled"], subtree: true });
  }

  giveToRow() {
    this.last = this.button;
    const bar = this.last.closest(BARS);
    bar.tabIndex = -1;
    bar.focus({ preventScroll: true });
  }

  key(event) {
    const bar = document.activeElement;
    if (!bar.matches(BARS) || event.ctrlKey || event.metaKey || event.altKey) return;
    const usable = usableOf(bar);
    const isBefore = (each) => each.compareDocumentPosition(this.last) & Node.DOCUMENT_POSITION_FOLLOWING;
    const to = { ArrowLeft: usable.filter(isBefore).pop() ?? usable[0], Home: usable[0], End: usable.at(-1),
      ArrowRight: usable.find((each) => !isBefore(each)) ?? usable.at(-1) }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
}

// an enlarged picture covers its row
const barOf = () => (enlarged() ? [] : buttonsOf(document.activeElement.closest(BARS)));

// -- panels that a button opens: Streamlit puts them at the page's end, dozens of stops away. Who opens one by a key is
// in it, Tab leads back out to what follows its button, and Escape to the button. --------------------------------------

const OPENER = "[data-testid=stPopoverButton]";
const PANEL = "[data-testid=stPopoverBody]";

class Panel {
  constructor() {
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  key(event) {
    this.watch?.disconnect();
    const at = document.activeElement, panel = document.querySelector(PANEL);
    if (panel?.contains(at)) this.leave(event, panel);
    else if (at.matches(OPENER)) this.enter(event, at, panel);
  }

  enter(event, opener, panel) {
    const open = opener.getAttribute("aria-expanded") === "true";
    if (["Enter", " "].includes(event.key) && !open) {
      this.watch = new MutationObserver(() => {
        const opened = document.querySelector(PANEL);
        if (opened) this.goIn(opened);
      });
      this.watch.observe(document.body, { childList: true, subtree: true });
    } else if (event.key === "Tab" && !event.shiftKey && open && panel) {
      event.preventDefault();
      this.goIn(panel);
    }
  }

  goIn(panel) {
    this.watch?.disconnect();
    panel.tabIndex = -1;
    panel.focus({ preventScroll: true });
  }

  leave(event, panel) {
    const stops = Array.from(panel.querySelectorAll(CONTROL)).filter((each) =>
      each.tabIndex >= 0 && !each.disabled && each.getClientRects().length);
    const at = document.activeElement, tab = event.key === "Tab";
    const back = tab && event.shiftKey && (at === panel || at === stops[0]);
    const on = tab && !event.shiftKey && at === (stops.at(-1) ?? panel); // Tab goes on from the button by itself
    const closed = event.key === "Escape" && at.getAttribute("aria-expanded") !== "true";
    if (back) event.preventDefault();
    if (back || on || closed) document.querySelector(`${OPENER}[aria-expanded=true]`)?.focus();
  }
}

// -- help: seen while its control has the focus, so that the "?" beside it is no stop of its own ---------------------

const partsOf = (node) => node.closest("[data-testid=stElementContainer]");

const helpOf = (control) => {
  if (control.matches(HELP)) return null;
  return (control.closest(HELPED) ? control : partsOf(control)?.querySelector(HELP))?.closest(HELPED);
};

// Whether it is the "?" of a control.
const ofControl = (button) => button.matches(HELP)
  && Array.from(partsOf(button)?.querySelectorAll(CONTROL) ?? []).some((each) => !each.matches(HELP));

function skipHelp() {
  for (const each of document.querySelectorAll(HELP)) {
    if (ofControl(each)) each.tabIndex = -1;
    else if (!each.closest(BARS)) each.tabIndex = 0;
  }
}

class Help {
  show(control) {
    this.hide();
    const place = helpOf(control);
    if (!place) return;
    Object.assign(this, { control, place, described: control.getAttribute("aria-describedby") });
    this.watch = new MutationObserver(() => this.describe());
    this.watch.observe(place, { attributeFilter: ["aria-describedby"] });
    this.describe(); // of a button Streamlit has shown it by now
    this.point("pointerover");
  }

  hide() {
    if (!this.place) return;
    this.watch.disconnect();
    this.point("pointerout");
    this.describe(false);
    this.place = null;
  }

  // Streamlit shows a help where a pointer comes.
  point(type) {
    this.place.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: "mouse" }));
  }

  // The help is on the page only while it is seen.
  describe(shown = true) {
    const help = shown ? this.place.getAttribute("aria-describedby") : null;
    const ids = [this.described, help].filter(Boolean).join(" ");
    if (ids) this.control.setAttribute("aria-describedby", ids);
    else this.control.removeAttribute("aria-describedby");
  }
}

// -- tables: a stop where there is more of it than is seen, and arrow keys have something to scroll -------------------

function stopAtScrolled() {
  for (const each of document.querySelectorAll(".lab-table")) {
    each.tabIndex = each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight ? 0 : -1;
  }
}

// -- all together ---------------------------------------------------------------------------------------------------

// Presenting begins and ends with P. Streamlit leaves a key to the box that has the focus, and to it a slider is one:
// who has turned one and presses P has not typed a letter.
function present(event) {
  if (event.key?.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const types = "select, input:is([type=range], [type=checkbox], [type=radio])";
  if (!event.composedPath()[0].matches?.(types)) return;
  const button = (name) => document.querySelector(`.st-key-present_${name} button`);
  event.preventDefault();
  (button("end") ?? button("start"))?.click();
}

function listen() {
  const lists = LISTS.map((list) => [list, rove(list)]);
  new Roving(document.body, barOf, ["ArrowLeft"], ["ArrowRight"]);
  const help = new Help();
  new Held();
  new Enlarged();
  new Panel();
  const tiles = new Tiles();
  let byTab = false;
  document.addEventListener("keydown", (event) => {
    byTab = event.key === "Tab";
    // whoever goes on to use the control has read it, and looks at the picture
    if (!byTab) return help.hide();
    markOpenPage();
    stopAtChosen();
    stopOnceInBars();
    for (const [list, links] of lists) {
      if (document.activeElement.matches(list)) continue;
      const stop = openIn(list) ?? linksOf(list)[0];
      links.stop(stop);
      // heard on the way in, and not again at each link
      for (const link of linksOf(list)) link.removeAttribute("aria-description");
      stop?.setAttribute("aria-description", WORDS.pages);
    }
    skipHelp();
    stopAtScrolled();
    tiles.ready();
  }, { capture: true });
  document.addEventListener("pointerdown", () => (byTab = false), { capture: true });
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(LISTS.join())) target.dataset.keys = WORDS.pages; // look.css shows it
    if (byTab) help.show(target);
    else help.hide();
  });
  document.addEventListener("focusout", () => help.hide());
  // what has the focus keeps the keys that it uses: they are no shortcuts of the page's buttons
  document.body.addEventListener("keydown", (event) => event.defaultPrevented && event.stopPropagation());
  document.addEventListener("keydown", present);
  window.navigation?.addEventListener("currententrychange", markOpenPage);
  const drawn = new MutationObserver(() => linksOf(LISTS[0]).length && (drawn.disconnect(), markOpenPage()));
  drawn.observe(document.body, { childList: true, subtree: true });
}

if (!window.layerLabKeys) {
  window.layerLabKeys = true;
  listen();
}
