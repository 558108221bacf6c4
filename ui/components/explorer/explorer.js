// One layer, touched: its input and one output map large, a pixel as large in both, linked both ways by the window that
// each output cell reads, the arithmetic of that cell, and all maps as a wall. Where a map reads several channels one of
// them is shown, and what each adds to the cell. Everything shown arrives in one message; hovering asks nothing of the
// server. A pick (map, row, column, channel) is sent, so that it becomes part of the link.

const PATIENCE_MS = 3000;
const MANY = 20; // maps that take more than two lines

class Explorer {
  constructor(parent) {
    this.parent = parent;
    const find = (selector) => parent.querySelector(selector);
    this.root = find(".explorer");
    this.parts = { stale: find(".stale"), readout: find(".readout"), arithmetic: find(".arithmetic") };
    this.hover = null;
    this.layer = new Layer();
    this.pictures = new Pictures(this.layer, find);
    this.walls = new Walls(this.layer, find, (part) => this.choose(part));
    this.arithmetic = new Arithmetic(this.layer);
    this.slide = new Slide(this, find);
    this.speech = new Speech(this.layer, find(".output-stage"), find(".spoken"));
    this.toolbar = new Toolbar(find(".buttons"));
    find(".strongest").onclick = () => this.toStrongest();
    for (const [name, move] of Object.entries({ left: [0, -1], up: [-1, 0], down: [1, 0], right: [0, 1] })) {
      find(`.moves .${name}`).onclick = () => this.step(move);
    }
    this.pictures.listen({
      pointed: (cell) => this.point(cell), picked: (cell) => this.pick(cell), left: () => this.point(null),
      key: (event) => this.key(event),
    });
    this.resized = new ResizeObserver(() => this.layer.data && this.pictures.layOut());
    this.resized.observe(this.root);
  }

  update(data) {
    decimals = data.decimals;
    const { layer } = this;
    const before = layer.data;
    if (before && String(before.arrays.output.shape) !== String(data.arrays.output.shape)) this.slide.stop();
    const dark = isDark(this.parent) ? "dark" : "light";
    layer.take(data, (family) => data.arrays[`${family}_${dark}`].values);
    this.root.classList.toggle("many", Math.max(layer.shape.channels, data.arrays.input.shape[0]) > MANY);
    // our own pick is on screen already: an answer to an older one must not make it jump back
    const awaiting = this.sent && performance.now() - this.sentAt < PATIENCE_MS && !same(this.sent, data.chosen);
    if (!awaiting) this.sent = null;
    if (awaiting && layer.has(this.sent.map, this.sent.channel)) layer.choose(this.sent);
    else layer.choose(this.slide.timer ? layer.chosen : data.chosen);
    this.dim(data.dimmed);
    this.paintAll();
  }

  // An impossible setting keeps the last picture: dimmed, and out of reach of mouse and keyboard.
  dim(dimmed) {
    if (dimmed) this.slide.stop();
    this.root.classList.toggle("dimmed", dimmed);
    this.root.inert = dimmed;
    this.parts.stale.hidden = !dimmed;
  }

  leave() {
    this.slide.stop();
    this.resized.disconnect();
  }

  paintAll() {
    this.pictures.paintBoth(this.slide.filled);
    this.walls.paintSources();
    this.paintCell();
    this.walls.paintMaps();
  }

  paintCell() {
    const { layer, parts } = this;
    const cell = this.hover || layer.chosen;
    const { value, taps, added } = layer.cellNow(cell);
    this.pictures.mark(taps, cell);
    if (layer.manyChannels()) this.walls.paintContributions(added);
    parts.readout.textContent = _("row {row}, column {column}: {value}", { ...cell, value: show(value) });
    if (!this.hover && !hasFocus(this.speech.picture)) this.speech.stand(parts.readout.textContent);
    parts.arithmetic.replaceChildren(...this.arithmetic.nodes(taps, value, added));
  }

  // Another map or channel, shown at once where all of it is here.
  choose(part) {
    this.slide.finish();
    const wanted = { ...this.layer.chosen, ...part };
    if (this.layer.has(wanted.map, wanted.channel)) {
      this.layer.choose(wanted);
      this.paintAll();
      this.say();
    }
    this.send(wanted);
  }

  point(cell) {
    if (cell) this.slide.pause();
    this.hover = cell;
    this.paintCell();
  }

  pick(cell) {
    const whole = this.slide.filled !== null;
    this.slide.filled = null;
    this.slide.pause();
    Object.assign(this.layer.chosen, cell);
    this.hover = null;
    if (whole) this.pictures.paintOutput(null);
    this.paintCell();
    this.say();
    this.send();
  }

  // Home and End: the ends of the row, or with Ctrl of the map; Page keys: a quarter of the rows.
  key(event) {
    const { height, width } = this.layer.shape;
    const rows = Math.max(1, Math.round(height / 4));
    const whole = event.ctrlKey || event.metaKey ? height : 0;
    const move = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      Home: [-whole, -width], End: [whole, width], PageUp: [-rows, 0], PageDown: [rows, 0],
    }[event.key];
    if (!move) return;
    event.preventDefault();
    this.step(move);
  }

  step([down, right]) {
    const { chosen, shape: { height, width } } = this.layer;
    this.pick({
      row: Math.min(height - 1, Math.max(0, chosen.row + down)),
      column: Math.min(width - 1, Math.max(0, chosen.column + right)),
    });
  }

  toStrongest() {
    const { layer } = this;
    const cell = layer.strongest();
    if (cell) this.pick(cell);
    else this.speech.tell(_("{map} is zero everywhere.", { map: layer.mapName(layer.chosen.map) }));
  }

  // The slide has come to a cell.
  moved(index) {
    this.hover = null;
    Object.assign(this.layer.chosen, this.layer.cellAt(index));
    this.pictures.paintOutput(this.slide.filled);
    this.paintCell();
  }

  // The slide has stopped: the cell where it stands becomes part of the link.
  rested() {
    this.say();
    this.send();
  }

  // The chosen cell, aloud.
  say() {
    const { taps, value, added } = this.layer.cellNow(this.layer.chosen);
    this.speech.say(taps, value, added);
  }

  send(wanted = this.layer.chosen) {
    this.sent = { ...wanted };
    this.sentAt = performance.now();
    this.emit("pick", this.sent);
  }
}

function same(one, other) {
  return ["map", "row", "column", "channel"].every((part) => one[part] === other[part]);
}

export default mounting(Explorer);
