// The first page on top of what is still blank, until Streamlit mounts the component (see early.py). It follows the
// component's script, in the same module, and EARLY: what it shows.

const LOOK_MS = 200;
const GIVEN_UP = 10; // looks at a page that is complete and has nothing that could take the view over
const TAKES_OVER = "[data-testid^=stBidiComponent]"; // a component: Streamlit may take its time to run its script
const WIDE = "(min-width: 768px)"; // there Streamlit's sidebar stands beside the page

class Early {
  constructor() {
    this.path = location.pathname;
    this.complete = 0;
    this.emitted = new Map(); // by event, what the server could not be told yet
    this.host = document.createElement("div");
    this.host.id = "early";
    this.host.dataset.theme = Early.theme();
    this.shadow = this.host.attachShadow({ mode: "open" });
    this.shadow.append(...this.parts());
    document.body.append(this.host);
    this.stand();
    this.show();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  parts() {
    const [style, aside, main] = [element("style", "", EARLY.style), element("div", "aside"), element("main", "room")];
    const place = element("div");
    place.innerHTML = EARLY.markup;
    main.append(element("h1", "", EARLY.title), element("p", "line", EARLY.line), place);
    return [style, aside, main];
  }

  // Streamlit keeps what somebody chose in its menu, and follows the system where nobody did.
  static theme() {
    const key = Object.keys(localStorage).find((name) => name.startsWith(`stActiveTheme-${location.pathname}-`));
    const chosen = /dark|light/i.exec((key && localStorage.getItem(key)) ?? "")?.[0].toLowerCase();
    return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  }

  // The component as Streamlit would mount it.
  show() {
    const early = this;
    class View extends LivingNetwork {
      constructor(parent) {
        super(parent);
        early.view = this;
      }

      // the map is painted: Streamlit's scripts may begin, behind the frame that is being drawn
      tellLit() {
        super.tellLit();
        setTimeout(() => window.layerLabGo?.());
      }

      // of what the page has already: a request would stand behind those for all of Streamlit's scripts
      get script() {
        return { text: EARLY.engine };
      }
    }
    mounting(View)({
      data: unpacked(EARLY.message), parentElement: this.shadow, setTriggerValue: (name, value) => this.emitted.set(name, value),
    });
  }

  // Beside Streamlit's sidebar, or where that is going to be.
  stand() {
    const sidebar = document.querySelector("[data-testid=stSidebar]");
    const collapsed = localStorage.getItem(`stSidebarCollapsed-${this.path}`) === "true";
    let left = 0;
    if (sidebar) left = Math.max(0, sidebar.getBoundingClientRect().right);
    else if (matchMedia(WIDE).matches && !collapsed) left = Number.parseInt(localStorage.getItem("sidebarWidth"), 10) || null;
    this.host.toggleAttribute("data-alone", !sidebar);
    if (left === null || !matchMedia(WIDE).matches) this.host.style.removeProperty("--left");
    else this.host.style.setProperty("--left", `${left}px`);
  }

  look() {
    const app = document.querySelector("[data-testid=stApp]");
    const main = app?.querySelector("[data-testid=stMain]");
    const ended = app?.dataset.testScriptState === "notRunning" && main.querySelector("h1");
    this.complete = ended && !main.querySelector(TAKES_OVER) ? this.complete + 1 : 0;
    if (location.pathname !== this.path || this.complete > GIVEN_UP) this.leave();
    else this.stand();
  }

  // The component's place on the page is there: the view goes on in it. parent: what Streamlit mounts it in.
  moveInto(parent) {
    const { view, shadow } = this;
    const held = shadow.activeElement;
    const { scrollTop } = shadow.querySelector(".room");
    parent.querySelector(".living").replaceWith(view.root);
    view.parent = parent;
    this.end();
    held?.focus({ preventScroll: true });
    if (view.pad.act) view.pad.hold(); // a stroke goes on
    if (scrollTop) document.querySelector("[data-testid=stMain]")?.scrollTo(0, scrollTop);
    // when the view has been given the way to the server
    queueMicrotask(() => this.emitted.forEach((value, name) => view.emit(name, value)));
    return view;
  }

  leave() {
    this.view.leave();
    this.end();
  }

  end() {
    clearInterval(this.timer);
    this.host.remove();
    delete window.layerLabEarly;
  }
}

// the head of the page may have been read before its body
while (!document.body) await new Promise(requestAnimationFrame);
window.layerLabEarly = new Early();
