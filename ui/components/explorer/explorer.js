// One layer, touched: its input and one output map large, a pixel as large in both, linked both ways by the window that
// each output cell reads, the arithmetic of that cell, and all maps as a wall. Where a map reads several channels one of
// them is shown, and what each adds to the cell. Everything shown arrives in one message; hovering asks nothing of the
// server. A pick (map, row, column, channel) is sent, so that it becomes part of the link.

const PATIENCE_MS = 3000;
const LARGEST = 352; // CSS pixels of the longer side of a picture
const PAIR = 2.1; // input widths that a pair needs with little padding: so it matters nothing to its size
const MANY = 20; // maps that take more than two lines
const TINY = 56; // an output smaller than this is enlarged, and its title says so

class Explorer {
  constructor(parent) {
    this.parent = parent;
    const find = (selector) => parent.querySelector(selector);
    this.root = find(".explorer");
    this.parts = {
      stale: find(".stale"),
      inputTitle: find(".input-title"), outputTitle: find(".output-title"),
      inputStage: find(".input-stage"), outputStage: find(".output-stage"),
      pair: find(".pair"), readout: find(".readout"), arithmetic: find(".arithmetic"),
      legend: find(".legend"), low: find(".low"), high: find(".high"), scale: find(".scale"),
      rangeLabel: find(".range-label"), wall: find(".maps"), mapsHeading: find(".maps-heading"),
      channels: find(".channels"), channelsHeading: find(".channels .heading"), sources: find(".sources"),
    };
    this.hover = null;
    this.arithmetic = new Arithmetic(this);
    this.slide = new Slide(this, find);
    this.speech = new Speech(this, find(".spoken"));
    find(".strongest").onclick = () => this.toStrongest();
    for (const [name, move] of Object.entries({ left: [0, -1], up: [-1, 0], down: [1, 0], right: [0, 1] })) {
      find(`.moves .${name}`).onclick = () => this.step(move);
    }
    this.listen();
    this.resized = new ResizeObserver(() => this.data && this.layOut());
    this.resized.observe(this.root);
  }

  listen() {
    const { inputStage, outputStage } = this.parts;
    outputStage.onpointermove = (event) => this.point(this.cellUnder(event, outputStage, 0));
    inputStage.onpointermove = (event) => this.point(this.cellUnder(event, inputStage, 1));
    inputStage.onpointerleave = outputStage.onpointerleave = () => this.point(null);
    inputStage.onclick = (event) => this.pick(this.cellUnder(event, inputStage, 1));
    outputStage.onclick = (event) => this.pick(this.cellUnder(event, outputStage, 0));
    outputStage.onkeydown = (event) => this.key(event);
  }

  update(data) {
    const before = this.data;
    this.data = data;
    decimals = data.decimals;
    const [channels, height, width] = data.arrays.output.shape;
    this.shape = { channels, height, width };
    if (before && String(before.arrays.output.shape) !== String(data.arrays.output.shape)) this.slide.stop();
    const dark = isDark(this.parent) ? "dark" : "light";
    this.table = (family) => data.arrays[`${family}_${dark}`].values;
    // our own pick is on screen already: an answer to an older one must not make it jump back
    const awaiting = this.sent && performance.now() - this.sentAt < PATIENCE_MS && !same(this.sent, data.chosen);
    this.root.classList.toggle("many", Math.max(channels, data.arrays.input.shape[0]) > MANY);
    if (!awaiting) this.sent = null;
    if (awaiting && this.has(this.sent.map, this.sent.channel)) this.chosen = { ...this.sent };
    else if (!this.slide.timer) this.chosen = { ...data.chosen };
    this.clamp();
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

  paintAll() {
    this.paintPair();
    this.paintSources();
    this.paintCell();
    this.paintWall();
  }

  clamp() {
    const { channels, height, width } = this.shape;
    this.chosen.map = Math.min(this.chosen.map, channels - 1);
    this.chosen.row = Math.min(this.chosen.row, height - 1);
    this.chosen.column = Math.min(this.chosen.column, width - 1);
    this.chosen.channel = Math.min(this.chosen.channel, this.data.arrays.input.shape[0] - 1);
  }

  leave() {
    this.slide.stop();
    this.resized.disconnect();
  }

  // -- pictures ------------------------------------------------------------------------------------------

  map(name, channel) {
    const { values, shape } = this.data.arrays[name];
    const size = shape[1] * shape[2];
    return values.subarray(channel * size, (channel + 1) * size);
  }

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
  }

  // Another map or channel, shown at once where all of it is here.
  choose(part) {
    this.slide.finish();
    const wanted = { ...this.chosen, ...part };
    if (this.has(wanted.map, wanted.channel)) {
      this.chosen = wanted;
      this.paintAll();
      this.say();
    }
    this.send(wanted);
  }

  // -- the cell ------------------------------------------------------------------------------------------

  cellUnder(event, stage, side) {
    const box = stage.getBoundingClientRect();
    const canvas = stage.querySelector("canvas");
    const limit = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    const row = limit((event.clientY - box.top) / box.height, canvas.height);
    const column = limit((event.clientX - box.left) / box.width, canvas.width);
    if (side === 0) return { row, column };
    const [rows, columns] = this.data.axes;
    return { row: cellCentredOn(row, rows), column: cellCentredOn(column, columns) };
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
    Object.assign(this.chosen, cell);
    this.hover = null;
    if (whole) this.paintOutput();
    this.paintCell();
    this.say();
    this.send();
  }

  // Home and End: the ends of the row, or with Ctrl of the map; Page keys: a quarter of the rows.
  key(event) {
    const { height, width } = this.shape;
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
    const { height, width } = this.shape;
    this.pick({
      row: Math.min(height - 1, Math.max(0, this.chosen.row + down)),
      column: Math.min(width - 1, Math.max(0, this.chosen.column + right)),
    });
  }

  toStrongest() {
    const cell = strongest(this.map("output", this.chosen.map), this.shape.width);
    if (cell) this.pick(cell);
    else this.speech.tell(_("{map} is zero everywhere.", { map: this.mapName(this.chosen.map) }));
  }

  // The first cell whose window reads anything but what the input's first pixel has; the first of all where none does.
  firstWithInk() {
    const [rows, columns] = this.data.axes;
    const [, height, width] = this.data.arrays.input.shape;
    const values = this.map("input", this.inputChannel());
    for (let cell = 0; cell < this.slide.cells(); cell++) {
      const at = this.cellAt(cell);
      const taps = tapsOf(at, rows, columns, values, height, width);
      if (taps.some((tap) => tap.inside && tap.value !== values[0])) return cell;
    }
    return 0;
  }

  cellAt(index) {
    return { row: Math.floor(index / this.shape.width), column: index % this.shape.width };
  }

  // The slide has come to a cell.
  moved(index) {
    this.hover = null;
    Object.assign(this.chosen, this.cellAt(index));
    this.paintOutput();
    this.paintCell();
  }

  // The slide has stopped: the cell where it stands becomes part of the link.
  rested() {
    this.say();
    this.send();
  }

  // The chosen cell, aloud.
  say() {
    const { taps, value, added } = this.cellNow(this.chosen);
    this.speech.say(taps, value, added);
  }

  send(wanted = this.chosen) {
    this.sent = { ...wanted };
    this.sentAt = performance.now();
    this.emit("pick", this.sent);
  }

  // What a cell's window reads, its value, and what each channel adds to it.
  cellNow(cell) {
    const { data, shape } = this;
    const [rows, columns] = data.axes;
    const [, inHeight, inWidth] = data.arrays.input.shape;
    const value = this.map("output", this.chosen.map)[cell.row * shape.width + cell.column];
    const taps = tapsOf(cell, rows, columns, this.map("input", this.inputChannel()), inHeight, inWidth);
    return { value, taps, added: data.takes === "products" ? this.contributions(cell) : [] };
  }

  paintCell() {
    const { parts } = this;
    const cell = this.hover || this.chosen;
    const { value, taps, added } = this.cellNow(cell);
    this.mark(taps, cell);
    if (this.manyChannels()) this.paintContributions(added);
    parts.readout.textContent = _("row {row}, column {column}: {value}", { ...cell, value: show(value) });
    parts.arithmetic.replaceChildren(...this.arithmetic.nodes(taps, value, added));
  }

  mark(taps, cell) {
    const { data, shape } = this;
    const [rows, columns] = data.axes;
    const full = [data.arrays.input.shape[1] + rows.before + rows.after,
      data.arrays.input.shape[2] + columns.before + columns.after];
    const box = (className, row, column, height, width, size) => {
      const made = element("div", className);
      made.style.top = `${(100 * row) / size[0]}%`;
      made.style.left = `${(100 * column) / size[1]}%`;
      made.style.height = `${(100 * height) / size[0]}%`;
      made.style.width = `${(100 * width) / size[1]}%`;
      return made;
    };
    const extent = [rows.dilation * (rows.kernel - 1) + 1, columns.dilation * (columns.kernel - 1) + 1];
    const marks = [box("mark", cell.row * rows.stride, cell.column * columns.stride, extent[0], extent[1], full)];
    if (rows.dilation > 1 || columns.dilation > 1) {
      for (const tap of taps) marks.push(box("tap", tap.row + rows.before, tap.column + columns.before, 1, 1, full));
    }
    if (data.arrays.winners) {
      const winner = this.map("winners", this.chosen.map)[cell.row * shape.width + cell.column];
      const width = data.arrays.input.shape[2];
      const at = [Math.floor(winner / width), winner % width];
      marks.push(box("winner", at[0] + rows.before, at[1] + columns.before, 1, 1, full));
      for (const tap of taps) tap.wins = tap.row === at[0] && tap.column === at[1];
    }
    this.parts.inputStage.querySelector(".marks").replaceChildren(...marks);
    this.parts.outputStage.querySelector(".marks").replaceChildren(
      box("mark", cell.row, cell.column, 1, 1, [shape.height, shape.width]));
  }
}

function same(one, other) {
  return ["map", "row", "column", "channel"].every((part) => one[part] === other[part]);
}

// Counted from 0, as the code counts: the range says so, where "3 of 8" would leave it open.
function numbered(what, index, count) {
  const values = { index, last: count - 1 };
  if (what === "channel") return count > 1 ? _("channel {index} (0 to {last})", values) : _("channel {index}", values);
  return count > 1 ? _("map {index} (0 to {last})", values) : _("map {index}", values);
}

// Two significant digits, for the small tiles.
function brief(value) {
  return show(Number(value.toPrecision(2)));
}

// Pixels of a whole number of CSS pixels, where they are large enough for that to cost little.
function whole(scale) {
  return scale >= 6 ? Math.floor(scale) : scale;
}

export default mounting(Explorer);
