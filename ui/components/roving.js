// One tab stop for several things in a row or a column; from there arrow keys, Home and End lead along it.
// find: gives all of them as they are now; back, on: the keys to the one before, and those to the one after.

class Roving {
  constructor(root, find, back, on) {
    Object.assign(this, { find, back, on });
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focusin", ({ target }) => this.find().includes(target) && this.stop(target));
  }

  stop(at) {
    for (const each of this.find()) each.tabIndex = each === at ? 0 : -1;
  }

  // Those that the focus can go to, seen or not.
  get usable() {
    return this.find().filter((each) => !each.disabled && !each.hidden && !each.closest("[data-gone]"));
  }

  key(event) {
    const seen = this.usable.filter((each) => each.getClientRects().length);
    const at = seen.indexOf(event.target);
    const to = this.back.includes(event.key) ? at - 1 : this.on.includes(event.key) ? at + 1
      : { Home: 0, End: seen.length - 1 }[event.key];
    if (at === -1 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    seen[Math.min(seen.length - 1, Math.max(0, to))].focus();
  }
}

// A row of buttons. `refresh` is to be called where one of them may have become of no use: the focus goes to the next
// that is.
class Toolbar extends Roving {
  constructor(root) {
    super(root, () => Array.from(root.querySelectorAll("button")), ["ArrowLeft"], ["ArrowRight"]);
    root.addEventListener("focusin", ({ target }) => (this.held = target));
    root.addEventListener("focusout", ({ target }) => !target.disabled && (this.held = null));
    this.refresh();
  }

  refresh() {
    const { usable } = this;
    const at = usable.find((button) => button.tabIndex === 0 && button.hasAttribute("tabindex")) ?? usable[0];
    this.stop(at);
    if (this.held?.disabled) at?.focus();
  }
}
