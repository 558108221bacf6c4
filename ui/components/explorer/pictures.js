// Input and output of a layer as two pictures, with the window of a cell on both, and what their colours mean.

const LARGEST = 352; // CSS pixels of the longer side of a picture
const PAIR = 2.1; // input widths that a pair needs with little padding: so it matters nothing to its size
const TINY = 56; // an output smaller than this is enlarged, and its title says so

class Pictures {
  // layer: the one that is shown; find: a part of the component by its selector
  constructor(layer, find) {
    this.layer = layer;
    this.root = find(".explorer");
    this.parts = {
      pair: find(".pair"), inputTitle: find(".input-title"), outputTitle: find(".output-title"),
      inputStage: find(".input-stage"), outputStage: find(".output-stage"),
      low: find(".low"), high: find(".high"), scale: find(".scale"), rangeLabel: find(".range-label"),
    };
  }

  // pointed, picked: called with a cell; left: with nothing; key: with a key's event on the output
  listen({ pointed, picked, left, key }) {
    const { inputStage, outputStage } = this.parts;
    for (const stage of [inputStage, outputStage]) {
      stage.onpointermove = (event) => pointed(this.cellUnder(event, stage));
      stage.onclick = (event) => picked(this.cellUnder(event, stage));
      stage.onpointerleave = left;
    }
    outputStage.onkeydown = key;
  }

  cellUnder(event, stage) {
    const box = stage.getBoundingClientRect();
    const canvas = stage.querySelector("canvas");
    const limit = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    const row = limit((event.clientY - box.top) / box.height, canvas.height);
    const column = limit((event.clientX - box.left) / box.width, canvas.width);
    if (stage === this.parts.outputStage) return { row, column };
    const [rows, columns] = this.layer.data.axes;
    return { row: cellCentredOn(row, rows), column: cellCentredOn(column, columns) };
  }

  // filled: the last cell of the output that is there, null where all are
  paintBoth(filled) {
    const { layer, parts } = this;
    const { data, chosen, shape } = layer;
    const channel = layer.inputChannel();
    const [count, inHeight, inWidth] = data.arrays.input.shape;
    const ring = layer.ring();
    const input = parts.inputStage.querySelector("canvas");
    paint(input, layer.map("input", channel), inHeight, inWidth, layer.inputRange(), layer.table(data.input_family), ring);
    this.paintOutput(filled);
    const enlarged = this.layOut();
    const kind = layer.manyChannels() ? "channel" : "map";
    const which = count > 1 ? numbered(kind, channel, count) : data.input_name;
    const map = layer.mapName(chosen.map);
    this.title(parts.inputTitle, _("Input: {what}", { what: which }), this.sizeOfInput(`${inHeight} × ${inWidth}`));
    const size = `${shape.height} × ${shape.width}`;
    this.title(parts.outputTitle, _("Output: {what}", { what: map }), enlarged ? _("{size}, enlarged", { size }) : size);
    attribute(parts.outputStage, "aria-label", _("{map}, {height} by {width}.", { map, ...shape }));
    const [low, high] = layer.range(chosen.map);
    parts.low.textContent = show(low);
    parts.high.textContent = show(high);
    parts.rangeLabel.textContent = _("zero is neutral · range: {range}", { range: data.range_label });
    paint(parts.scale, Float32Array.from({ length: 255 }, (_, i) => i), 1, 255, [0, 254], layer.table("activations"));
  }

  // With what its colours reach to.
  sizeOfInput(size) {
    if (this.layer.manyChannels()) return `${size}, ±${show(this.layer.inputRange()[1])}`;
    const [low, high] = this.layer.data.input_range ?? [];
    return low === undefined ? size : _("{size}, {low} to {high}", { size, low, high });
  }

  paintOutput(filled) {
    const { layer } = this;
    const { chosen, shape } = layer;
    const output = this.parts.outputStage.querySelector("canvas");
    paint(output, layer.map("output", chosen.map), shape.height, shape.width, layer.range(chosen.map),
      layer.table("activations"));
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
    const { parts } = this;
    const { shape, data } = this.layer;
    const [top, left, bottom, right] = this.layer.ring();
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

  mark(taps, cell) {
    const { data, shape } = this.layer;
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
      const winner = this.layer.map("winners", this.layer.chosen.map)[cell.row * shape.width + cell.column];
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

// Pixels of a whole number of CSS pixels, where they are large enough for that to cost little.
function whole(scale) {
  return scale >= 6 ? Math.floor(scale) : scale;
}
