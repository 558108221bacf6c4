// The drawings of a class: one stop of Tab, from which arrow keys walk over the wall. The wall is written anew with every
// drawing that comes: who is at one stays at it, wherever it stands then.

const TILES = ".class-tiles img";

class Tiles extends Roving {
  constructor() {
    super(document.body, () => Array.from(document.querySelectorAll(TILES)), ["ArrowLeft"], ["ArrowRight"]);
    document.addEventListener("focusin", ({ target }) => (target.matches(TILES) ? this.hold(target) : this.letGo()));
    document.addEventListener("focusout", ({ target }) => {
      // one that is taken away has not been left
      setTimeout(() => target === this.tile && target.isConnected && document.activeElement !== target && this.letGo());
    });
  }

  // On the way there by Tab: what was written last has no stop yet.
  ready() {
    const tiles = this.find(), last = tiles.find((each) => each.tabIndex === 0) ?? tiles[0];
    if (!last || last.matches(":focus")) return;
    this.stand(last, tiles);
  }

  // The stop is at this one, and says which keys lead on from there.
  stand(tile, tiles) {
    this.stop(tile);
    for (const each of tiles) each.removeAttribute("aria-description");
    const keys = tile.closest("ul").dataset.keys = tiles.length > 1 ? WORDS.buttons : ""; // look.css shows it
    tile.setAttribute("aria-description", keys);
  }

  hold(tile) {
    this.letGo();
    this.tile = tile;
    this.watch = new MutationObserver(() => tile.isConnected || this.again());
    this.watch.observe(document.body, { childList: true, subtree: true });
  }

  again() {
    const tiles = this.find(), same = tiles.find((each) => each.dataset.number === this.tile.dataset.number);
    const to = same ?? tiles[0];
    if (!to || document.activeElement !== document.body) return;
    this.stand(to, tiles);
    to.focus({ preventScroll: true });
  }

  letGo() {
    this.watch?.disconnect();
    this.tile = null;
  }

  key(event) {
    const tiles = this.find(), at = tiles.indexOf(event.target), top = (tile) => tile.getBoundingClientRect().top;
    const columns = tiles.findIndex((each) => top(each) > top(tiles[0]));
    const to = tiles[at + { ArrowUp: -columns, ArrowDown: columns }[event.key]];
    if (at === -1 || columns === -1 || !to) return super.key(event);
    event.preventDefault();
    to.focus();
  }
}
