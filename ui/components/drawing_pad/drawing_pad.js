// A pad to draw on with mouse, finger or pen; beside it what the networks make of the drawing. While the pen is down the
// browser reads it (live.js), or the server where the browser cannot; a finished drawing is the server's.

const PATIENCE_MS = 1500; // an answer that takes longer is not coming: its run was cut off
const PACE_MS = 125; // refreshed no more often: the server has others to answer, and is free when the pen is lifted

class DrawingPad {
  constructor(parent) {
    const find = (selector) => parent.querySelector(selector);
    this.root = find(".drawing-pad");
    this.pad = new Pad(find(".pad"), () => this.changed());
    this.sentence = find(".sentence");
    this.glance = find(".glance");
    this.readings = find(".readings");
    this.steps = find(".steps");
    this.seen = find(".seen");
    this.herald = new Herald(find(".answer-said"));
    this.live = new LiveReadings(this.root, {
      show: (found) => this.showLive(found), failed: () => this.pad.act && this.changed(),
    });
    this.sentAt = -PACE_MS;
    this.root.onkeydown = (event) => this.pad.key(event);
  }

  update(data) {
    // a number that was never sent from here: the server has put another drawing on the pad
    if (this.number === undefined || data.number > this.number) this.start(data);
    this.answered = data.number;
    this.pad.root.hidden = !data.pad;
    this.root.classList.toggle("without-pad", !data.pad);
    this.root.dataset.answered = data.number;
    this.live.update(data.live);
    if (this.pad.act && this.live.ready) return; // out of date: the browser answers until the pen is lifted
    this.root.classList.remove("drawing");
    this.say(data);
    this.showSteps(data);
    this.announce(data);
    this.flush();
  }

  say({ readings, sentence = "" }) {
    this.sentence.textContent = sentence;
    // above the pad is room for a sentence's first words; all of it stands below
    this.glance.textContent = readings.map((reading) => reading.headline).join(" | ") || sentence.split(/[.:](?= )/)[0];
    this.showReadings(readings);
  }

  // What the browser read. The way to it was that of another drawing; what the network sees is this one.
  showLive(found) {
    if (this.number === this.answered && !this.pad.act) return; // the server has answered the finished one meanwhile
    this.root.classList.add("drawing");
    this.say(found);
    const image = found.readings.length < 2 && found.image;
    if (!image) return this.seen.replaceChildren();
    const figure = this.seen.firstChild ?? this.step();
    this.seen.replaceChildren(figure);
    const step = { title: _("What the network sees"), caption: "", middle: true };
    this.fill(figure, step, image.map((value) => Math.round(255 * value)), [28, 28]);
  }

  // Aloud, once the pen rests.
  announce({ readings, sentence }) {
    if (this.pad.act) return this.herald.stop();
    this.herald.tell(readings.map(({ name, headline, words }) => `${name}: ${headline}. ${words}`).join(" ") || sentence);
  }

  start(data) {
    this.unsent = false;
    this.number = data.number;
    this.pad.put(data);
  }

  leave() {
    clearTimeout(this.timer);
    this.live.leave();
    this.herald.stop();
  }

  changed() {
    if (this.pad.act && this.live.ready) return this.live.draw(this.pad.acts);
    this.unsent = true;
    this.flush();
  }

  // While the pen is down and the server has to read, the next state waits for the answer to the last one: a message
  // that arrives while the server works ends that work. A finished stroke does not wait, what it would end is out of date.
  flush() {
    clearTimeout(this.timer);
    if (!this.unsent) return;
    const since = performance.now() - this.sentAt;
    if (!this.pad.act) this.send(true);
    else if (this.number > this.answered && since < PATIENCE_MS) return;
    else if (since < PACE_MS) this.timer = setTimeout(() => this.flush(), PACE_MS - since);
    else this.send(false);
  }

  send(done) {
    this.unsent = false;
    this.number += 1;
    this.sentAt = performance.now();
    this.root.dataset.sent = this.number;
    const message = { number: this.number, acts: this.pad.acts, undone: this.pad.undone, pen: this.pad.pen, done };
    this.emit("drawing", structuredClone(message));
  }

  showReadings(readings) {
    while (this.readings.children.length > readings.length) this.readings.lastChild.remove();
    while (this.readings.children.length < readings.length) this.readings.append(this.reading());
    readings.forEach((reading, i) => {
      const view = this.readings.children[i];
      view.querySelector("h2").textContent = reading.name;
      view.querySelector(".headline").textContent = reading.headline;
      view.querySelector(".words").textContent = reading.words;
      view.bars.show(reading);
    });
  }

  reading() {
    const view = element("section", "reading");
    view.bars = barRows();
    view.append(element("h2"), element("p", "headline"), element("p", "words"), ...view.bars.nodes);
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
      const { values, shape } = data.arrays[`step_${i}`];
      this.fill(figure, data.steps[i], values, shape);
    });
  }

  fill(figure, { title, caption, middle }, values, shape) {
    figure.querySelector("b").textContent = title;
    figure.querySelector("span").textContent = caption;
    const canvas = figure.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title);
    this.picture(canvas, values, shape);
    if (middle) this.cross(canvas);
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
    context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--lab-after");
    context.lineWidth = 1;
    context.stroke(new Path2D(`M${at} 0V${canvas.height}M0 ${at}H${canvas.width}`));
  }
}

export default mounting(DrawingPad);
