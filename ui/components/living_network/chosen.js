// The one map that is chosen, by a pointer or by keys: marked with what it reads, and asked of the worker.

class Chosen {
  // said: where it is said what is told of it; tools: { open, toggle, seen }: what Enter or a click, and Space or a
  // right click do with { stage, map }, and what is told of it: { key, stage, map, told, amounts, pointed }, see
  // LiveWorker.
  constructor(maps, networks, said, tools) {
    Object.assign(this, { maps, networks, tools });
    this.herald = new Herald(said);
    this.title = _("none is chosen");
    this.selected = null; // { stage, map }
    this.marked = false;
    const { maps: canvas } = maps;
    canvas.onpointermove = (event) => event.pointerType === "mouse" && this.point(event);
    canvas.onpointerleave = () => this.clear();
    canvas.onclick = (event) => {
      this.point(event);
      if (event.pointerType === "mouse" && this.selected) tools.open(this.selected);
    };
    canvas.oncontextmenu = (event) => {
      event.preventDefault();
      this.point(event);
      if (this.selected) tools.toggle(this.selected);
    };
    canvas.onkeydown = (event) => this.key(event);
    canvas.onblur = () => this.clear();
  }

  point(event) {
    const found = this.maps.under(event);
    if (found?.stage) this.select(found, true);
    else if (event.type === "pointermove") this.clear();
  }

  // pointed: by a pointer, whose way over the maps nobody wants to hear.
  select(found, pointed = false) {
    if (this.selected && this.marked && this.selected.stage === found.stage && this.selected.map === found.map) return;
    this.selected = found;
    this.marked = true;
    this.pointed = pointed;
    this.look();
  }

  // What the chosen map reads, and the map itself: asked of the worker, one question at a time.
  async look() {
    if (!this.selected) return;
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    const [{ stage, map }, { active: key, worker }] = [this.selected, this.networks];
    try {
      const [amounts, told] = await Promise.all([worker.contributions(key, stage - 1, map), worker.map(key, stage - 1, map)]);
      this.tools.seen({ key, stage, map, told, amounts, pointed: this.pointed });
      if (this.marked) this.maps.mark(stage, map, amounts);
    } catch {
      // an image that nothing was read of yet; the next answer asks again
    }
    this.looking = false;
    if (!this.again) return;
    this.again = false;
    this.look();
  }

  clear() {
    this.marked = false;
    this.maps.clear();
  }

  // Aloud, where keys chose it and are still here: which one it is at once, all else once they rest.
  say(title, words, factor) {
    this.title = factor === 0 ? `${title}, ${_("off")}` : title;
    this.stand();
    if (hasFocus(this.maps.maps)) this.herald.tell(words);
  }

  // How many maps of a layer keys go to; stage: 1 for the first layer.
  count(stage) {
    const { layers, places } = this.networks.shown;
    return places[stage].flat ? layers[stage - 1].maps : places[stage].shown;
  }

  // Where it stands among all of them.
  stand() {
    const counts = this.networks.shown.layers.map((_layer, i) => this.count(i + 1));
    const upTo = (stage) => counts.slice(0, stage).reduce((total, count) => total + count, 0);
    const { stage, map } = this.selected ?? { stage: 1, map: 0 };
    standAt(this.maps.maps, upTo(stage - 1) + map, upTo(counts.length) - 1, this.title);
  }

  key(event) {
    const { layers } = this.networks.shown ?? {};
    if (!layers) return;
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key === "Enter" && this.selected) this.tools.open(this.selected);
    else if (event.key === " " && this.selected) this.tools.toggle(this.selected);
    else if (event.key === "Escape") this.clear();
    else if (moves[event.key]) {
      const [down, right] = moves[event.key];
      const { stage, map } = this.selected ?? { stage: 1, map: -right };
      const next = Math.min(layers.length, Math.max(1, stage + down));
      this.marked = false;
      this.select({ stage: next, map: Math.min(this.count(next) - 1, Math.max(0, map + right)) });
    } else return;
    event.preventDefault();
  }
}
