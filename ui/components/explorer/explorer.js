// One layer, touched: its input and one output map large, linked both ways by the window that each output
// cell reads, the arithmetic of that cell, and all maps as a wall. A convolution over several maps shows one of
// them, its channel, at a time, and what each adds to the cell. Everything shown arrives in one message; hovering
// asks nothing of the server. A pick (map, row, column, channel) is sent, so that it becomes part of the link.

const NUMBERS_UP_TO = 5; // matrices with more rows or columns show colours only, numbers on hover
const STEP_MS = 250;
const PATIENCE_MS = 3000;

class Explorer {
  constructor(parent) {
    this.parent = parent;
    const find = (selector) => parent.querySelector(selector);
    this.parts = {
      inputTitle: find(".input-title"), outputTitle: find(".output-title"),
      inputStage: find(".input-stage"), outputStage: find(".output-stage"),
      play: find(".play"), readout: find(".readout"), arithmetic: find(".arithmetic"),
      legend: find(".legend"), low: find(".low"), high: find(".high"), scale: find(".scale"),
      rangeLabel: find(".range-label"), wall: find(".maps"), mapsHeading: find(".maps-heading"),
      channels: find(".channels"), channelsHeading: find(".channels .heading"), sources: find(".sources"),
    };
    this.hover = null;
    this.timer = null;
    this.listen();
  }

  listen() {
    const { inputStage, outputStage, play } = this.parts;
    outputStage.onpointermove = (event) => this.point(this.cellUnder(event, outputStage, 0));
    inputStage.onpointermove = (event) => this.point(this.cellUnder(event, inputStage, 1));
    inputStage.onpointerleave = outputStage.onpointerleave = () => this.point(null);
    inputStage.onclick = (event) => this.pick(this.cellUnder(event, inputStage, 1));
    outputStage.onclick = (event) => this.pick(this.cellUnder(event, outputStage, 0));
    outputStage.onkeydown = (event) => this.key(event);
    play.onclick = () => (this.timer ? this.pause(true) : this.slide());
  }

  update(data) {
    this.data = data;
    const [channels, height, width] = data.arrays.output.shape;
    this.shape = { channels, height, width };
    const dark = isDark(this.parent) ? "dark" : "light";
    this.table = (family) => data.arrays[`${family}_${dark}`].values;
    // our own pick is on screen already: an answer to an older one must not make it jump back
    const awaiting = this.sent && performance.now() - this.sentAt < PATIENCE_MS;
    if (awaiting && !same(this.sent, data.chosen)) this.chosen = { ...this.sent };
    else {
      this.chosen = { ...data.chosen };
      this.sent = null;
    }
    this.clamp();
    this.paintAll();
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
    this.pause(false);
  }

  // -- pictures ------------------------------------------------------------------------------------------

  map(name, channel) {
    const { values, shape } = this.data.arrays[name];
    const size = shape[1] * shape[2];
    return values.subarray(channel * size, (channel + 1) * size);
  }

  // a convolution reads all channels, every other layer the one of its map
  inputChannel() {
    return this.data.kind === "conv" ? this.chosen.channel : this.chosen.map;
  }

  kernelOf(channel, filter) {
    const { values, shape } = this.data.arrays.kernel;
    const size = shape[2] * shape[3];
    const start = (channel * shape[1] + filter) * size;
    return values.subarray(start, start + size);
  }

  manyChannels() {
    return this.data.kind === "conv" && this.data.arrays.input.shape[0] > 1;
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
    parts.inputStage.style.aspectRatio = `${input.width} / ${input.height}`;
    const output = parts.outputStage.querySelector("canvas");
    paint(output, this.map("output", chosen.map), shape.height, shape.width, this.range(chosen.map),
      this.table("activations"));
    parts.outputStage.style.aspectRatio = `${shape.width} / ${shape.height}`;
    const kind = this.manyChannels() ? "channel" : "map";
    const which = count > 1 ? numbered(kind, channel, count) : data.input_name;
    const reach = this.manyChannels() ? `, ±${show(this.inputRange()[1])}`
      : data.input_range ? `, ${data.input_range.join(" to ")}` : "";
    this.title(parts.inputTitle, `Input: ${which}`, `${inHeight} × ${inWidth}${reach}`);
    this.title(parts.outputTitle, `Output: ${this.mapName(chosen.map)}`, `${shape.height} × ${shape.width}`);
    parts.outputStage.setAttribute("aria-label",
      `${this.mapName(chosen.map)}, ${shape.height} by ${shape.width}. Arrow keys move the window.`);
    const [low, high] = this.range(chosen.map);
    parts.low.textContent = show(low);
    parts.high.textContent = show(high);
    parts.rangeLabel.textContent = `zero is neutral · range: ${data.range_label}`;
    paint(parts.scale, Float32Array.from({ length: 255 }, (_, i) => i), 1, 255, [0, 254], this.table("activations"));
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
    sources.style.setProperty("--ratio", `${width} / ${height}`);
    channelsHeading.textContent = `The ${count} input channels, and what each adds to this cell`;
    mapsHeading.textContent = `Output maps, each with its kernel for channel ${this.chosen.channel}`;
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
    tile.onclick = () => {
      this.chosen.channel = channel;
      this.paintAll();
      this.send();
    };
    return tile;
  }

  // What each channel adds to the cell: the sum of its products.
  contributions(cell) {
    const [rows, columns] = this.data.axes;
    const [count, height, width] = this.data.arrays.input.shape;
    return Array.from({ length: count }, (_, channel) => {
      const kernel = this.kernelOf(channel, this.chosen.map);
      const taps = tapsOf(cell, rows, columns, this.map("input", channel), height, width);
      return taps.reduce((total, tap, i) => total + tap.value * kernel[i], 0);
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
      label.style.color = luminance(red, green, blue) > 0.5 ? "#111" : "#fff";
      tile.setAttribute("aria-label", `channel ${channel}, adds ${show(value)}`);
    });
  }

  paintWall() {
    const { wall } = this.parts;
    const { channels, height, width } = this.shape;
    while (wall.children.length > channels) wall.lastChild.remove();
    while (wall.children.length < channels) wall.append(this.tile(wall.children.length));
    wall.style.setProperty("--ratio", `${width} / ${height}`);
    wall.hidden = channels === 1;
    for (let channel = 0; channel < channels; channel++) {
      const tile = wall.children[channel];
      const values = this.map("output", channel);
      const dead = values.every((value) => value === 0);
      paint(tile.querySelector(".map"), values, height, width, this.range(channel), this.table("activations"));
      tile.classList.toggle("dead", dead);
      this.paintKernel(tile.querySelector(".kernel"), channel);
      tile.querySelector(".name").textContent = (this.data.names && this.data.names[channel]) || String(channel);
      tile.setAttribute("aria-label", this.mapName(channel) + (dead ? ", all zero" : ""));
      tile.setAttribute("aria-selected", String(channel === this.chosen.map));
    }
  }

  paintKernel(canvas, channel) {
    const { kernel } = this.data.arrays;
    canvas.hidden = !kernel;
    if (!kernel) return;
    const [, , height, width] = kernel.shape;
    paint(canvas, this.kernelOf(this.chosen.channel, channel), height, width, this.data.kernel_range,
      this.table("weights"));
    canvas.style.aspectRatio = `${width} / ${height}`;
  }

  tile(channel) {
    const tile = element("button", "tile");
    tile.type = "button";
    tile.setAttribute("role", "option");
    tile.append(element("canvas", "map"), element("canvas", "kernel"), element("span", "name"));
    tile.onclick = () => {
      this.chosen.map = channel;
      this.paintAll();
      this.send();
    };
    return tile;
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
    if (this.timer && cell) this.pause(false);
    this.hover = cell;
    this.paintCell();
  }

  pick(cell) {
    this.pause(false);
    Object.assign(this.chosen, cell);
    this.hover = null;
    this.paintCell();
    this.send();
  }

  key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const { height, width } = this.shape;
    this.pick({
      row: Math.min(height - 1, Math.max(0, this.chosen.row + move[0])),
      column: Math.min(width - 1, Math.max(0, this.chosen.column + move[1])),
    });
  }

  slide() {
    this.parts.play.textContent = "❚❚ Pause";
    this.parts.play.setAttribute("aria-pressed", "true");
    this.timer = setInterval(() => {
      const { height, width } = this.shape;
      const next = (this.chosen.row * width + this.chosen.column + 1) % (height * width);
      this.chosen.row = Math.floor(next / width);
      this.chosen.column = next % width;
      this.paintCell();
    }, STEP_MS);
  }

  pause(send) {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.parts.play.textContent = "▶ Slide";
    this.parts.play.setAttribute("aria-pressed", "false");
    if (send) this.send();
  }

  send() {
    this.sent = { ...this.chosen };
    this.sentAt = performance.now();
    this.emit("pick", this.sent);
  }

  paintCell() {
    const { data, parts, shape } = this;
    const cell = this.hover || this.chosen;
    const [rows, columns] = data.axes;
    const [, inHeight, inWidth] = data.arrays.input.shape;
    const value = this.map("output", this.chosen.map)[cell.row * shape.width + cell.column];
    const taps = tapsOf(cell, rows, columns, this.map("input", this.inputChannel()), inHeight, inWidth);
    this.mark(taps, cell);
    const added = data.kind === "conv" ? this.contributions(cell) : [];
    if (this.manyChannels()) this.paintContributions(added);
    parts.readout.textContent = `row ${cell.row}, column ${cell.column}: ${show(value)}`;
    parts.arithmetic.replaceChildren(...this.arithmetic(taps, value, added));
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

  arithmetic(taps, value, added) {
    const { data } = this;
    const columns = data.axes[1].kernel;
    const matrix = (values, range, family, outside) => this.matrix(taps, values, columns, range, family, outside);
    // a convolution multiplies with the zeros of the padding, a pooling never looks at them
    const patch = taps.map((tap) => (data.kind === "pool" && !tap.inside ? null : tap.value));
    if (data.kind === "point") {
      return [element("span", "total", `${data.function}(${show(patch[0])}) = ${show(value)}`)];
    }
    if (data.kind === "pool") {
      const inside = taps.filter((tap) => tap.inside);
      const sum = inside.reduce((total, tap) => total + tap.value, 0);
      const text = data.reduce === "max"
        ? `max = ${show(value)}, from the outlined pixel`
        : `${show(sum)} / ${inside.length} = ${show(value)}, the mean of ${inside.length}`;
      return [matrix(patch, this.inputRange(), data.input_family, true), element("span", "total", text)];
    }
    const kernel = Array.from(this.kernelOf(this.chosen.channel, this.chosen.map));
    const products = patch.map((number, i) => number * kernel[i]);
    const limit = Math.max(...products.map(Math.abs)) || 1;
    return [matrix(patch, this.inputRange(), data.input_family, true), element("span", "sign", "×"),
      matrix(kernel, data.kernel_range, "weights", false), element("span", "sign", "="),
      matrix(products, [-limit, limit], "activations", false), this.total(added, value)];
  }

  // The line under a convolution's matrices: from the channels' sums to the value that Keras gave.
  total(added, value) {
    const { data, chosen } = this;
    const sum = added.reduce((total, part) => total + part, 0);
    const bias = data.arrays.bias ? data.arrays.bias.values[chosen.map] : 0;
    const many = added.length > 1;
    const start = many
      ? `channel ${chosen.channel} gives ${show(added[chosen.channel])}; all ${added.length} channels ${show(sum)}`
      : `sum ${show(sum)}`;
    const bare = data.arrays.bias ? `${start} + bias ${show(bias)} = ${show(sum + bias)}` : start;
    const text = data.function === "linear" ? bare : `${bare}, ${data.function}(${show(sum + bias)}) = ${show(value)}`;
    const total = element("span", "total", text);
    total.dataset.total = String(sum + bias);
    total.dataset.value = String(value);
    total.dataset.channel = String(added[chosen.channel]);
    return total;
  }

  matrix(taps, values, columns, range, family, markOutside) {
    const made = element("div", "matrix");
    const rows = values.length / columns;
    const dense = rows > NUMBERS_UP_TO || columns > NUMBERS_UP_TO;
    made.classList.toggle("dense", dense);
    made.style.gridTemplateColumns = `repeat(${columns}, auto)`;
    values.forEach((value, i) => {
      const written = value === null ? "–" : show(value);
      const cell = element("span", "", dense ? "" : written);
      cell.title = value === null ? "outside the picture: does not count" : written;
      if (markOutside && !taps[i].inside) cell.className = "outside";
      else {
        const [red, green, blue] = colourOf(value, range, this.table(family));
        cell.style.background = `rgb(${red}, ${green}, ${blue})`;
        cell.style.color = luminance(red, green, blue) > 0.5 ? "#111" : "#fff";
      }
      if (taps[i].wins) cell.classList.add("wins");
      made.append(cell);
    });
    return made;
  }
}

function same(one, other) {
  return ["map", "row", "column", "channel"].every((part) => one[part] === other[part]);
}

// Counted from 0, as the code counts: the range says so, where "3 of 8" would leave it open.
function numbered(what, index, count) {
  return count > 1 ? `${what} ${index} (0 to ${count - 1})` : `${what} ${index}`;
}

// Two significant digits, for the small tiles.
function brief(value) {
  return show(Number(value.toPrecision(2)));
}

// The output cell whose window is centred nearest to a pixel of the padded picture.
function cellCentredOn(pixel, axis) {
  const extent = axis.dilation * (axis.kernel - 1) + 1;
  const cell = Math.round((pixel - (extent - 1) / 2) / axis.stride);
  return Math.min(axis.output - 1, Math.max(0, cell));
}

// The input pixels that an output cell reads, in the kernel's reading order.
function tapsOf(cell, rows, columns, values, height, width) {
  const taps = [];
  for (let i = 0; i < rows.kernel; i++) {
    for (let j = 0; j < columns.kernel; j++) {
      const row = cell.row * rows.stride - rows.before + i * rows.dilation;
      const column = cell.column * columns.stride - columns.before + j * columns.dilation;
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      taps.push({ row, column, inside, value: inside ? values[row * width + column] : 0 });
    }
  }
  return taps;
}

export default mounting(Explorer);
