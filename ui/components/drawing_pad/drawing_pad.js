// A pad to draw on with mouse, finger or pen; beside it what the server made of the drawing.

const SIDE = 280; // coordinates are in pixels of a pad of this size, whatever its size on screen
const ERASE = 0;
const DRAW = 1;
const CLEAR = 2;
const PATIENCE_MS = 1500; // an answer that takes longer is not coming: its run was cut off
const PACE_MS = 125; // refreshed no more often: the server has others to answer, and is free when the pen is lifted
const MOST_NUMBERS = 50000;

class DrawingPad {
  constructor(parent) {
    const find = (selector) => parent.querySelector(selector);
    this.root = find(".drawing-pad");
    this.paper = find(".paper");
    this.pad = find(".pad");
    this.buttons = Object.fromEntries(["pen", "eraser", "undo", "redo", "clear"].map((name) => [name, find(`.${name}`)]));
    this.width = find(".width input");
    this.dot = find(".dot");
    this.sentence = find(".sentence");
    this.glance = find(".glance");
    this.readings = find(".readings");
    this.steps = find(".steps");
    this.seen = find(".seen");
    this.kind = DRAW;
    this.act = null; // the stroke under the pen
    this.sentAt = -PACE_MS;
    this.listen();
  }

  update(data) {
    // a number that was never sent from here: the server has put another drawing on the pad
    if (this.acts === undefined || data.number > this.number) this.start(data);
    this.answered = data.number;
    this.pad.hidden = !data.pad;
    this.root.classList.toggle("without-pad", !data.pad);
    this.root.dataset.answered = data.number;
    this.sentence.textContent = data.sentence;
    this.glance.textContent = data.readings.map((reading) => reading.headline).join(" | ") || data.sentence;
    this.showReadings(data.readings);
    this.showSteps(data);
    this.flush();
  }

  start(data) {
    this.act = null;
    this.unsent = false;
    this.acts = data.acts;
    this.undone = data.undone;
    this.number = data.number;
    [this.width.min, this.width.max] = data.widths;
    this.width.value = data.pen;
    this.repaint();
  }

  leave() {
    clearTimeout(this.timer);
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
    this.root.onkeydown = (event) => this.key(event);
  }

  choose(kind) {
    this.kind = kind;
    this.buttons.pen.setAttribute("aria-pressed", String(kind === DRAW));
    this.buttons.eraser.setAttribute("aria-pressed", String(kind === ERASE));
  }

  key(event) {
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
    try {
      this.paper.setPointerCapture(event.pointerId);
    } catch {
      // a pointer that has gone meanwhile, or one that a program made up: it draws all the same
    }
    this.pointer = event.pointerId;
    this.act = [this.kind, Number(this.width.value), ...this.place(event)];
    this.acts.push(this.act);
    this.undone = [];
    this.paint(this.act);
    this.changed();
  }

  move(event) {
    if (!this.act || event.pointerId !== this.pointer) return;
    const before = this.act.length;
    const size = this.acts.reduce((total, act) => total + act.length, 0);
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const [x, y] = this.place(each);
      const [lastX, lastY] = this.act.slice(-2);
      if (Math.hypot(x - lastX, y - lastY) >= 1 && size < MOST_NUMBERS) this.act.push(x, y);
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

  // While the pen is down the next state waits for the answer to the last one: a message that arrives while the
  // server works ends that work. A finished stroke does not wait, what it would end is out of date.
  changed() {
    this.showTools();
    this.unsent = true;
    this.flush();
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.unsent) return;
    const since = performance.now() - this.sentAt;
    if (!this.act) this.send(true);
    else if (this.number > this.answered && since < PATIENCE_MS) return;
    else if (since < PACE_MS) this.timer = setTimeout(() => this.flush(), PACE_MS - since);
    else this.send(false);
  }

  send(done) {
    this.unsent = false;
    this.number += 1;
    this.sentAt = performance.now();
    this.root.dataset.sent = this.number;
    const message = { number: this.number, acts: this.acts, undone: this.undone, pen: Number(this.width.value), done };
    this.emit("drawing", structuredClone(message));
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
    const last = this.acts.at(-1);
    this.buttons.undo.disabled = !this.acts.length;
    this.buttons.redo.disabled = !this.undone.length;
    this.buttons.clear.disabled = !last || last[0] === CLEAR;
  }

  showDot() {
    const size = `${(Number(this.width.value) * (this.paper.clientWidth || SIDE)) / SIDE}px`;
    this.dot.style.width = this.dot.style.height = size;
    this.width.setAttribute("aria-valuetext", `${this.width.value} of ${SIDE} pixels`);
  }

  showReadings(readings) {
    while (this.readings.children.length > readings.length) this.readings.lastChild.remove();
    while (this.readings.children.length < readings.length) this.readings.append(this.reading());
    readings.forEach((reading, i) => {
      const view = this.readings.children[i];
      view.querySelector("h3").textContent = reading.name;
      view.querySelector(".headline").textContent = reading.headline;
      view.querySelector(".words").textContent = reading.words;
      view.bars.show(reading);
    });
  }

  reading() {
    const view = element("section", "reading");
    view.bars = barRows();
    const headline = element("p", "headline");
    headline.setAttribute("aria-live", "polite");
    view.append(element("h3"), headline, element("p", "words"), ...view.bars.nodes);
    return view;
  }

  // The last picture is what the network sees: it stands beside the answer, the way to it below. Two answers need
  // that place for themselves.
  showSteps(data) {
    const beside = data.steps.length > 0 && data.readings.length < 2;
    const way = data.steps.length - Number(beside);
    while (this.steps.children.length > way) this.steps.lastChild.remove();
    while (this.steps.children.length < way) this.steps.append(this.step());
    this.seen.replaceChildren(...(beside ? [this.seen.firstChild ?? this.step()] : []));
    [...this.steps.children, ...this.seen.children].forEach((figure, i) => {
      const step = data.steps[i];
      figure.querySelector("b").textContent = step.title;
      figure.querySelector("span").textContent = step.caption;
      const { values, shape } = data.arrays[`step_${i}`];
      const canvas = figure.querySelector("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", step.title);
      this.picture(canvas, values, shape);
      if (step.middle) this.cross(canvas);
    });
  }

  step() {
    const figure = element("figure", "step");
    const caption = element("figcaption");
    caption.append(element("b"), element("span"));
    figure.append(element("canvas"), caption);
    return figure;
  }

  // Each pixel 8 × 8 in small pictures, so that thin marks can be drawn over it.
  picture(canvas, values, [height, width]) {
    const scale = Math.max(1, Math.floor(224 / Math.max(height, width)));
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < canvas.height; row++) {
      const from = Math.floor(row / scale) * width;
      for (let column = 0; column < canvas.width; column++) {
        pixels[row * canvas.width + column] = 0xff000000 | (values[from + Math.floor(column / scale)] * 0x010101);
      }
    }
    context.putImageData(image, 0, 0);
  }

  // where MNIST has the centre of mass: the middle of pixel 14, counted from 0
  cross(canvas) {
    const context = canvas.getContext("2d");
    const at = (canvas.width / 28) * 14.5;
    context.strokeStyle = "#e07b28";
    context.lineWidth = 1;
    context.stroke(new Path2D(`M${at} 0V${canvas.height}M0 ${at}H${canvas.width}`));
  }
}

export default mounting(DrawingPad);
