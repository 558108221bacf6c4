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
    this.speech = new Speech(this.layer, find(".spoken"));
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

<<<<<<< HEAD
  // The channel that is shown: the chosen one where the map reads them all, else the one that it reads.
  inputChannel() {
    if (this.data.all_channels) return this.chosen.channel;
    return Math.floor((this.chosen.map * this.data.arrays.input.shape[0]) / this.shape.channels);
  }

  kernelChannel() {
    return this.data.all_channels ? this.chosen.channel : 0;
  }

  // A map's kernel for a channel; null where it was too much to send and another map or channel was chosen.
  kernelOf(channel, map) {
    const { kernel, kernels_of_map: ofMap, kernels_of_channel: ofChannel } = this.data.arrays;
    const slice = ({ values, shape }, index) => {
      const size = shape.at(-1) * shape.at(-2);
      return values.subarray(index * size, (index + 1) * size);
    };
    if (kernel) return slice(kernel, channel * kernel.shape[1] + map);
    if (map === this.data.chosen.map) return slice(ofMap, channel);
    return channel === this.data.chosen.channel ? slice(ofChannel, map) : null;
  }

  // Whether all that a map and a channel need has been sent.
  has(map, channel) {
    const { chosen, takes, arrays } = this.data;
    return takes !== "products" || Boolean(arrays.kernel) || (map === chosen.map && channel === chosen.channel);
  }

  manyChannels() {
    return this.data.all_channels && this.data.arrays.input.shape[0] > 1;
  }

  inputRange() {
    const ranges = this.data.arrays.input_ranges?.values;
    const channel = this.inputChannel();
    return ranges ? [ranges[2 * channel], ranges[2 * channel + 1]] : this.data.input_range || this.range(this.chosen.map);
  }

  range(channel) {
    const ranges = this.data.arrays.ranges.values;
    return [ranges[2 * channel], ranges[2 * channel + 1]];
  }

  ring() {
    const [rows, columns] = this.data.axes;
    return [rows.before, columns.before, rows.after, columns.after];
  }

  paintPair() {
    const { data, parts, chosen, shape } = this;
    const channel = this.inputChannel();
    const [count, inHeight, inWidth] = data.arrays.input.shape;
    const ring = this.ring();
    const input = parts.inputStage.querySelector("canvas");
    paint(input, this.map("input", channel), inHeight, inWidth, this.inputRange(), this.table(data.input_family), ring);
    this.paintOutput();
    const enlarged = this.layOut();
    const kind = this.manyChannels() ? "channel" : "map";
    const which = count > 1 ? numbered(kind, channel, count) : data.input_name;
    const map = this.mapName(chosen.map);
    this.title(parts.inputTitle, _("Input: {what}", { what: which }), this.sizeOfInput(`${inHeight} × ${inWidth}`));
    const size = `${shape.height} × ${shape.width}`;
    this.title(parts.outputTitle, _("Output: {what}", { what: map }), enlarged ? _("{size}, enlarged", { size }) : size);
    parts.outputStage.setAttribute("aria-label", `${_("{map}, {height} by {width}.", { map, ...shape })} `
      + _("Arrow keys move the window, Home and End to the ends of its row, Page Up and Page Down by rows."));
    const [low, high] = this.range(chosen.map);
    parts.low.textContent = show(low);
    parts.high.textContent = show(high);
    parts.rangeLabel.textContent = _("zero is neutral · range: {range}", { range: data.range_label });
    paint(parts.scale, Float32Array.from({ length: 255 }, (_, i) => i), 1, 255, [0, 254], this.table("activations"));
  }

  // With what its colours reach to.
  sizeOfInput(size) {
    if (this.manyChannels()) return `${size}, ±${show(this.inputRange()[1])}`;
    const [low, high] = this.data.input_range ?? [];
    return low === undefined ? size : _("{size}, {low} to {high}", { size, low, high });
  }

  paintOutput() {
    const { chosen, shape, parts } = this;
    const output = parts.outputStage.querySelector("canvas");
    paint(output, this.map("output", chosen.map), shape.height, shape.width, this.range(chosen.map),
      this.table("activations"));
    const { filled } = this.slide;
    if (filled === null) return;
    const context = output.getContext("2d");
    const [row, column] = [Math.floor(filled / shape.width), filled % shape.width];
    context.clearRect(column + 1, row, shape.width, 1);
    context.clearRect(0, row + 1, shape.width, shape.height);
    painted.delete(output);
  }

  // Both pictures with pixels of one size, as large as the width allows where the output is as large as the input: what
  // a stride takes away is seen in the output, and the input stays as it is. Returns whether the output is enlarged.
  layOut() {
    const { parts, shape, data } = this;
    const [top, left, bottom, right] = this.ring();
    const [, inHeight, inWidth] = data.arrays.input.shape;
    const [width, height] = [inWidth + left + right, inHeight + top + bottom];
    const gap = parseFloat(getComputedStyle(parts.pair).columnGap) || 0;
    const room = (this.root.clientWidth || 2 * LARGEST) - gap;
    const needed = Math.max(width + Math.max(inWidth, shape.width), PAIR * inWidth);
    const scale = whole(Math.min(room / needed, LARGEST / Math.max(inWidth, inHeight)));
    const longer = Math.max(shape.width, shape.height);
    const tiny = longer * scale < TINY;
    const size = (stage, columns, rows, pixel) => {
      stage.style.width = `${columns * pixel}px`;
      stage.style.height = `${rows * pixel}px`;
    };
    size(parts.inputStage, width, height, scale);
    size(parts.outputStage, shape.width, shape.height, tiny ? TINY / longer : scale);
    return tiny;
  }

  title(target, text, size) {
    target.replaceChildren(document.createTextNode(text + " "), element("small", "", size));
  }

  mapName(channel) {
    const name = this.data.names && this.data.names[channel];
    return name || numbered("map", channel, this.shape.channels);
  }

  // -- what a convolution over several maps reads ---------------------------------------------------------

  paintSources() {
    const { channels, channelsHeading, sources, mapsHeading } = this.parts;
    const [count, height, width] = this.data.arrays.input.shape;
    const many = this.manyChannels();
    channels.hidden = mapsHeading.hidden = !many;
    if (!many) return;
    while (sources.children.length > count) sources.lastChild.remove();
    while (sources.children.length < count) sources.append(this.source(sources.children.length));
    stopAt(sources, this.chosen.channel);
    sources.style.setProperty("--ratio", `${width} / ${height}`);
    channelsHeading.textContent = _("The {count} input channels, and what each adds to this cell", { count });
    mapsHeading.textContent = _("Output maps, each with its kernel for channel {channel}", this.chosen);
    const ranges = this.data.arrays.input_ranges.values;
    for (let channel = 0; channel < count; channel++) {
      const tile = sources.children[channel];
      paint(tile.querySelector(".map"), this.map("input", channel), height, width,
        [ranges[2 * channel], ranges[2 * channel + 1]], this.table("activations"));
      tile.setAttribute("aria-selected", String(channel === this.chosen.channel));
    }
  }

  source(channel) {
    const tile = element("button", "tile");
    tile.type = "button";
    tile.setAttribute("role", "option");
    tile.append(element("canvas", "map"), element("span", "adds"), element("span", "name", String(channel)));
    tile.onclick = () => this.choose({ channel });
    tile.onkeydown = (event) => walk(event, this.parts.sources, channel);
    return tile;
  }

  // What each channel that the map reads adds to the cell: the sum of its products.
  contributions(cell) {
    const [rows, columns] = this.data.axes;
    const [count, height, width] = this.data.arrays.input.shape;
    const read = this.data.all_channels ? [...Array(count).keys()] : [this.inputChannel()];
    return read.map((channel, i) => {
      const kernel = this.kernelOf(i, this.chosen.map);
      const taps = tapsOf(cell, rows, columns, this.map("input", channel), height, width);
      return taps.reduce((total, tap, j) => total + tap.value * kernel[j], 0);
    });
  }

  paintContributions(added) {
    const limit = Math.max(...added.map(Math.abs)) || 1;
    added.forEach((value, channel) => {
      const tile = this.parts.sources.children[channel];
      const [red, green, blue] = colourOf(value, [-limit, limit], this.table("activations"));
      const label = tile.querySelector(".adds");
      label.textContent = brief(value);
      label.style.background = `rgb(${red}, ${green}, ${blue})`;
      label.style.color = inkOn(red, green, blue);
      tile.setAttribute("aria-label", _("channel {channel}, adds {value}", { channel, value: show(value) }));
    });
  }

  paintWall() {
    const { wall } = this.parts;
    const { channels, height, width } = this.shape;
    while (wall.children.length > channels) wall.lastChild.remove();
    while (wall.children.length < channels) wall.append(this.tile(wall.children.length));
    stopAt(wall, this.chosen.map);
    wall.style.setProperty("--ratio", `${width} / ${height}`);
    wall.hidden = channels === 1;
    for (let channel = 0; channel < channels; channel++) {
      const tile = wall.children[channel];
      const values = this.map("output", channel);
      const dead = values.every((value) => value === 0);
      paint(tile.querySelector(".map"), values, height, width, this.range(channel), this.table("activations"));
      tile.classList.toggle("dead", dead);
      this.paintKernel(tile.querySelector(".kernel"), channel);
      const name = tile.querySelector(".name");
      name.textContent = (this.data.names && this.data.names[channel]) || String(channel);
      name.dataset.dead = _("dead");
      const map = this.mapName(channel);
      tile.setAttribute("aria-label", dead ? _("{map}, all zero", { map }) : map);
      tile.setAttribute("aria-selected", String(channel === this.chosen.map));
    }
  }

  paintKernel(canvas, channel) {
    const kernel = this.data.takes === "products" ? this.kernelOf(this.kernelChannel(), channel) : null;
    canvas.hidden = !kernel;
    if (!kernel) return;
    const [height, width] = this.data.axes.map((axis) => axis.kernel);
    paint(canvas, kernel, height, width, this.data.kernel_range, this.table("weights"));
    canvas.style.aspectRatio = `${width} / ${height}`;
  }

  tile(channel) {
    const tile = element("button", "tile");
    tile.type = "button";
    tile.setAttribute("role", "option");
    tile.append(element("canvas", "map"), element("canvas", "kernel"), element("span", "name"));
    tile.onclick = () => this.choose({ map: channel });
    tile.onkeydown = (event) => walk(event, this.parts.wall, channel);
    return tile;
=======
  paintCell() {
    const { layer, parts } = this;
    const cell = this.hover || layer.chosen;
    const { value, taps, added } = layer.cellNow(cell);
    this.pictures.mark(taps, cell);
    if (layer.manyChannels()) this.walls.paintContributions(added);
    parts.readout.textContent = _("row {row}, column {column}: {value}", { ...cell, value: show(value) });
    parts.arithmetic.replaceChildren(...this.arithmetic.nodes(taps, value, added));
>>>>>>> a11y
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
