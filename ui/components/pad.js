// A pad to draw on with mouse, finger or pen: the paper, its tools, undo and redo. Its parts are in pad.html.

const SIDE = 280; // coordinates are in pixels of a pad of this size, whatever its size on screen
const ERASE = 0;
const DRAW = 1;
const CLEAR = 2;
const MOST_NUMBERS = 50000;
const CELL = SIDE / 28; // a pixel of what the network sees: a step of the keyboard's pen
const FINE = CELL / 5;

class Pad {
  // changed: called whenever the drawing has; `act` is the stroke under the pen, null while it is up.
  constructor(root, changed) {
    const find = (selector) => root.querySelector(selector);
    this.changed = () => {
      this.showTools();
      changed();
    };
    this.root = root;
    this.paper = find(".paper");
    this.buttons = Object.fromEntries(["pen", "eraser", "undo", "redo", "clear"].map((name) => [name, find(`.${name}`)]));
    this.width = find(".width input");
    this.keys = new KeyPen(this, find(".tip"), find(".pen-said"));
    this.dot = find(".dot");
    this.toolbar = new Toolbar(find(".tools"));
    this.kind = DRAW;
    this.acts = [];
    this.undone = [];
    this.act = null;
    this.listen();
  }

  get pen() {
    return Number(this.width.value);
  }

  // Whether nothing was drawn, or all of it was cleared away.
  get blank() {
    return !this.acts.length || this.acts.at(-1)[0] === CLEAR;
  }

  // Another drawing: { acts, undone, pen, widths: [least, most] }.
  put({ acts, undone, pen, widths }) {
    this.act = null;
    this.keys.drawing = false;
    this.acts = acts;
    this.undone = undone;
    [this.width.min, this.width.max] = widths;
    this.width.value = pen;
    this.repaint();
  }

  listen() {
    this.paper.onpointerdown = (event) => this.down(event);
    this.paper.onpointermove = (event) => this.move(event);
    this.paper.onpointerup = this.paper.onpointercancel = (event) => this.up(event);
    this.paper.oncontextmenu = (event) => event.preventDefault(); // a long press draws
    this.buttons.pen.onclick = () => this.choose(DRAW);
    this.buttons.eraser.onclick = () => this.choose(ERASE);
    this.buttons.undo.onclick = () => this.shift(this.acts, this.undone);
    this.buttons.redo.onclick = () => this.shift(this.undone, this.acts);
    this.buttons.clear.onclick = () => this.add([CLEAR]);
    this.width.oninput = () => this.showDot();
  }

  choose(kind) {
    this.kind = kind;
    this.buttons.pen.setAttribute("aria-pressed", String(kind === DRAW));
    this.buttons.eraser.setAttribute("aria-pressed", String(kind === ERASE));
  }

  key(event) {
    if (this.keys.key(event)) return;
    const letter = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || (letter !== "z" && letter !== "y")) return;
    event.preventDefault();
    if (letter === "y" || event.shiftKey) this.shift(this.undone, this.acts);
    else this.shift(this.acts, this.undone);
  }

  place(event) {
    const box = this.paper.getBoundingClientRect();
    const scale = SIDE / box.width;
    const inside = (value) => Math.min(SIDE + 40, Math.max(-40, Math.round(value * scale * 10) / 10));
    return [inside(event.clientX - box.left), inside(event.clientY - box.top)];
  }

  down(event) {
    if (!event.isPrimary || event.button !== 0 || this.act) return;
    event.preventDefault();
    this.paper.focus({ preventScroll: true });
    this.pointer = event.pointerId;
    this.hold();
    this.keys.hide();
    this.begin(this.place(event));
  }

  // What the pointer does is heard, wherever it goes.
  hold() {
    try {
      this.paper.setPointerCapture(this.pointer);
    } catch {
      // a pointer that has gone meanwhile, or one that a program made up: it draws all the same
    }
  }

  // A stroke, which grows until `act` is null again.
  begin(at) {
    this.act = [this.kind, Number(this.width.value), ...at];
    this.acts.push(this.act);
    this.undone = [];
    this.paint(this.act);
    this.changed();
  }

  // Whether there is room for another point.
  get room() {
    return this.acts.reduce((total, act) => total + act.length, 0) < MOST_NUMBERS;
  }

  move(event) {
    if (!this.act || event.pointerId !== this.pointer) return;
    const before = this.act.length;
    const { room } = this;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const [x, y] = this.place(each);
      const [lastX, lastY] = this.act.slice(-2);
      if (Math.hypot(x - lastX, y - lastY) >= 1 && room) this.act.push(x, y);
    }
    if (this.act.length === before) return;
    this.paint(this.act, Math.max(2, before - 2));
    this.changed();
  }

  up(event) {
    if (!this.act || event.pointerId !== this.pointer) return;
    this.act = null;
    this.changed();
  }

  add(act) {
    this.acts.push(act);
    this.undone = [];
    this.repaint();
    this.changed();
  }

  // Undo and redo: the last act of one list goes to the other.
  shift(from, to) {
    if (this.act || !from.length) return;
    to.push(from.pop());
    this.repaint();
    this.changed();
  }

  repaint() {
    const context = this.paper.getContext("2d");
    context.fillStyle = "#000";
    context.fillRect(0, 0, this.paper.width, this.paper.height);
    const start = this.acts.map((act) => act[0]).lastIndexOf(CLEAR) + 1;
    this.acts.slice(start).forEach((act) => this.paint(act));
    this.showTools();
    this.showDot();
  }

  // from: the place in `act` of the first point that is not on the paper yet
  paint(act, from = 2) {
    const [context, scale] = [this.paper.getContext("2d"), this.paper.width / SIDE];
    context.strokeStyle = act[0] === DRAW ? "#fff" : "#000";
    context.lineWidth = act[1] * scale;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(act[from] * scale, act[from + 1] * scale);
    context.lineTo(act[from] * scale, act[from + 1] * scale); // a point alone is a dot
    for (let i = from + 2; i < act.length; i += 2) context.lineTo(act[i] * scale, act[i + 1] * scale);
    context.stroke();
  }

  showTools() {
    this.buttons.undo.disabled = !this.acts.length;
    this.buttons.redo.disabled = !this.undone.length;
    this.buttons.clear.disabled = this.blank;
    this.toolbar.refresh();
  }

  showDot() {
    const size = `${(Number(this.width.value) * (this.paper.clientWidth || SIDE)) / SIDE}px`;
    this.dot.style.width = this.dot.style.height = size;
    this.width.setAttribute("aria-valuetext", _("{width} of {side} pixels", { width: this.width.value, side: SIDE }));
  }
}

// The pen as arrow keys move it, on the paper that has the focus: Space puts it down and lifts it.
class KeyPen {
  constructor(pad, tip, said) {
    Object.assign(this, { pad, tip, said, at: [SIDE / 2, SIDE / 4], drawing: false });
    this.stand();
    pad.paper.onblur = () => this.hide();
    pad.paper.onfocus = () => pad.paper.matches(":focus-visible") && this.show();
  }

  // Whether it is a key that draws or moves.
  draws(event) {
    return event.target === this.pad.paper && !event.ctrlKey && !event.metaKey
      && (event.key === " " || event.key.startsWith("Arrow"));
  }

  key(event) {
    if (!this.draws(event)) return false;
    event.preventDefault();
    if (event.key !== " ") this.move(event);
    else if (!event.repeat) this.toggle();
    this.show();
    return true;
  }

  toggle() {
    if (this.drawing) this.lift();
    else if (!this.pad.act && this.pad.room) {
      this.drawing = true;
      this.pad.begin(this.at);
    }
    this.tell();
  }

  move(event) {
    const step = event.shiftKey ? FINE : CELL;
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const inside = (value) => Math.min(SIDE, Math.max(0, value));
    this.at = [inside(this.at[0] + step * right), inside(this.at[1] + step * down)];
    if (this.drawing && this.pad.act && this.pad.room) {
      this.pad.act.push(...this.at);
      this.pad.paint(this.pad.act, Math.max(2, this.pad.act.length - 4));
      this.pad.changed();
    }
    this.stand();
  }

  lift() {
    if (!this.drawing) return;
    this.drawing = false;
    this.pad.act = null;
    this.pad.changed();
  }

  // Where it is, in rows and columns of the 28 × 28 pixels that the network sees.
  get place() {
    const [column, row] = this.at.map((value) => Math.min(27, Math.floor(value / CELL)));
    return { row, column };
  }

  stand() {
    const { row, column } = this.place;
    standAt(this.pad.paper, 28 * row + column, 28 * 28 - 1, _("row {row}, column {column}", this.place));
  }

  // Whether it draws from here on.
  tell() {
    this.said.textContent = this.drawing ? _("Pen down, row {row}, column {column}", this.place)
      : _("Pen up, row {row}, column {column}", this.place);
  }

  show() {
    this.tip.hidden = false;
    this.tip.classList.toggle("down", this.drawing);
    this.tip.style.left = `${(100 * this.at[0]) / SIDE}%`;
    this.tip.style.top = `${(100 * this.at[1]) / SIDE}%`;
  }

  hide() {
    this.lift();
    this.tip.hidden = true;
  }
}
