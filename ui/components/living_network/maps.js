// Every map of every layer on one canvas, as the worker painted them; above it one with the names of the layers, and one
// for what a chosen map reads.

const DIM = 0.72; // how much of the background covers what a chosen map does not read
const LINES = 5;
const LEAST_HEIGHT = 480;
const ABOVE = 345; // pixels of page above and below the rows

class Maps {
  // root: whose colours and font it has; find: a part of the component by its selector
  constructor(root, find) {
    this.root = root;
    this.maps = find(".maps");
    this.names = find(".names");
    this.marks = find(".marks");
    this.plan = null; // of the network below
    this.network = null;
  }

  // Where the maps of a network stand. folded: on a phone only the layers that end a stage; taken: pixels of height that
  // something else has. Returns whether there is any width.
  arrange(network, folded, taken) {
    const width = this.maps.parentElement.clientWidth;
    if (!width) return false;
    const room = Math.max(LEAST_HEIGHT, window.innerHeight - ABOVE - taken);
    this.network = network;
    this.plan = layOut(network.places, network.layers, width, room, width < NARROW && folded);
    this.ratio = window.devicePixelRatio || 1;
    this.size = [width, this.plan.height].map((side) => Math.round(side * this.ratio));
    // that of the maps stays as it is until they are painted in their new places
    for (const canvas of [this.names, this.marks]) [canvas.width, canvas.height] = this.size;
    for (const canvas of [this.maps, this.names, this.marks]) canvas.style.height = `${this.plan.height}px`;
    this.labels();
    return true;
  }

  // For the worker.
  get told() {
    const rows = this.plan.rows.map(({ stage, x, y, tile, columns, count }) => ({ stage, x, y, tile, columns, count }));
    const [width, height] = this.size;
    return { rows, width, height, ratio: this.ratio, gap: GAP };
  }

  labels() {
    const context = this.names.getContext("2d");
    const style = getComputedStyle(this.root);
    context.save();
    context.scale(this.ratio, this.ratio);
    context.clearRect(0, 0, ...this.size);
    context.fillStyle = style.color;
    context.textBaseline = "top";
    for (const { label, labelAt: [x, y], flat, width, height } of this.plan.rows) {
      const room = this.plan.narrow ? 160 : LABELS - 8;
      context.font = `600 11px ${style.fontFamily}`;
      context.fillText(label[0], x, y, flat ? Math.max(LEAST_FLAT, width) : room); // flat ones stand side by side
      context.font = `11px ${style.fontFamily}`;
      const beside = this.plan.narrow && !flat;
      if (beside) context.fillText(label[1], x + context.measureText(`${label[0]}mm`).width, y);
      else if (!flat && height > 26) context.fillText(label[1], x, y + 13, room);
    }
    context.restore();
  }

  // pixels: all maps, as the worker painted them. Returns whether they are where they stand now.
  paint(pixels) {
    if (!this.plan) return false;
    const [width, height] = this.size;
    if (pixels.length !== 4 * width * height) return false; // of the window, or the network, before this one
    if (this.maps.width !== width) this.maps.width = width;
    if (this.maps.height !== height) this.maps.height = height;
    this.maps.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
    return true;
  }

  // The map under a pointer, { stage, map }; null where there is none.
  under(event) {
    if (!this.plan) return null;
    const box = this.maps.getBoundingClientRect();
    const { places, layers } = this.network;
    return mapAt(this.plan, places, layers, event.clientX - box.left, event.clientY - box.top);
  }

  // The chosen map, and what it reads by how much: amounts, one for each map before it.
  mark(stage, map, amounts) {
    const context = this.cover();
    const { places } = this.network;
    const most = amounts.reduce((found, amount) => Math.max(found, Math.abs(amount)), 0) || 1;
    const boxes = [...amounts.keys()].map((i) => boxOfMap(this.plan, places, stage - 1, i));
    amounts.forEach((amount, i) => boxes[i] && this.reveal(context, boxes[i], Math.abs(amount) / most));
    const own = boxOfMap(this.plan, places, stage, map);
    if (!own) return context.restore();
    this.reveal(context, own, 1);
    context.strokeStyle = getComputedStyle(this.root).getPropertyValue("--st-primary-color");
    context.lineWidth = 2;
    context.strokeRect(own[0] - 1, own[1] - 1, own[2] + 2, own[3] + 2);
    const strongest = [...amounts.keys()].sort((one, other) => Math.abs(amounts[other]) - Math.abs(amounts[one]));
    for (const i of strongest.slice(0, LINES)) {
      if (!boxes[i] || !amounts[i]) continue;
      context.globalAlpha = 0.25 + 0.75 * (Math.abs(amounts[i]) / most);
      context.beginPath();
      context.moveTo(boxes[i][0] + boxes[i][2] / 2, boxes[i][1] + boxes[i][3]);
      context.lineTo(own[0] + own[2] / 2, own[1]);
      context.stroke();
    }
    context.restore();
  }

  // A row and the one before it; returns the row, null behind the last one.
  light(at) {
    const row = this.plan?.rows[at];
    if (!row) return null;
    const context = this.cover();
    for (const each of this.plan.rows.slice(Math.max(0, at - 1), at + 1)) {
      this.reveal(context, [each.x, each.y, each.width, each.height], each === row ? 1 : 0.5);
    }
    context.restore();
    return row;
  }

  // A veil over everything; returns its context, scaled to the page's pixels. The caller restores it.
  cover() {
    const { marks } = this;
    const context = marks.getContext("2d");
    context.save();
    context.clearRect(0, 0, marks.width, marks.height);
    context.scale(this.ratio, this.ratio);
    context.fillStyle = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    context.globalAlpha = DIM;
    context.fillRect(this.plan.left, 0, marks.width, marks.height);
    return context;
  }

  reveal(context, [x, y, width, height], share) {
    context.clearRect(x, y, width, height);
    context.globalAlpha = DIM * (1 - share);
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
  }

  clear() {
    const { marks } = this;
    marks.getContext("2d").clearRect(0, 0, marks.width, marks.height);
  }
}
