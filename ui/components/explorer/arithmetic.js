// The arithmetic of one cell in words and small matrices: what its window reads, what it is multiplied with, what
// comes out. `data.takes` says which kind of arithmetic it is, never which layer.

const NUMBERS_UP_TO = 5; // matrices with more rows or columns show colours only, numbers on hover

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

// The output cell whose window is centred nearest to a pixel of the padded picture.
function cellCentredOn(pixel, axis) {
  const extent = axis.dilation * (axis.kernel - 1) + 1;
  const cell = Math.round((pixel - (extent - 1) / 2) / axis.stride);
  return Math.min(axis.output - 1, Math.max(0, cell));
}

class Arithmetic {
  // layer: the one that is shown
  constructor(layer) {
    this.layer = layer;
  }

  // taps: see tapsOf; value: what Keras gave; added: what each channel adds, where the cell is a sum of products
  nodes(taps, value, added) {
    const { data } = this.layer;
    if (data.takes === "nothing") return [];
    if (data.takes === "value") {
      return [element("span", "total", `${data.function}(${show(taps[0].value)}) = ${show(value)}`)];
    }
    if (data.takes === "products") return this.products(taps, value, added);
    return this.summary(taps, value);
  }

  summary(taps, value) {
    const { data } = this.layer;
    // what lies outside the picture counts neither for the maximum nor for the mean
    const patch = taps.map((tap) => (tap.inside ? tap.value : null));
    const inside = taps.filter((tap) => tap.inside);
    const sum = inside.reduce((total, tap) => total + tap.value, 0);
    const numbers = { sum: show(sum), count: inside.length, value: show(value) };
    const text = data.takes === "maximum"
      ? _("max = {value}, from the outlined pixel", numbers)
      : _("{sum} / {count} = {value}, the mean of {count}", numbers);
    return [this.window(taps, patch), element("span", "total", text)];
  }

  products(taps, value, added) {
    const { layer } = this;
    const patch = taps.map((tap) => tap.value); // zeros of the padding are multiplied like any other value
    const kernel = Array.from(layer.kernelOf(layer.kernelChannel(), layer.chosen.map));
    const products = patch.map((number, i) => number * kernel[i]);
    const limit = Math.max(...products.map(Math.abs)) || 1;
    return [this.window(taps, patch), element("span", "sign", "×"),
      this.matrix("kernel", taps, kernel, layer.data.kernel_range, "weights"), element("span", "sign", "="),
      this.matrix("products", taps, products, [-limit, limit], "activations"), this.total(added, value)];
  }

  // From the channels' sums to the value that Keras gave.
  total(added, value) {
    const { data, chosen } = this.layer;
    const sum = added.reduce((total, part) => total + part, 0);
    const mine = added.length > 1 ? added[chosen.channel] : added[0];
    const bias = data.arrays.bias ? data.arrays.bias.values[chosen.map] : 0;
    const numbers = { channel: chosen.channel, mine: show(mine), count: added.length, sum: show(sum) };
    const start = added.length > 1
      ? _("channel {channel} gives {mine}; all {count} channels {sum}", numbers)
      : _("sum {sum}", numbers);
    const bare = data.arrays.bias
      ? _("{start} + bias {bias} = {result}", { start, bias: show(bias), result: show(sum + bias) })
      : start;
    const text = data.function === "linear" ? bare : `${bare}, ${data.function}(${show(sum + bias)}) = ${show(value)}`;
    const total = element("span", "total", text);
    total.dataset.total = String(sum + bias);
    total.dataset.value = String(value);
    total.dataset.channel = String(mine);
    return total;
  }

  window(taps, patch) {
    return this.matrix("window", taps, patch, this.layer.inputRange(), this.layer.data.input_family);
  }

  // A small table, for readers too: large ones have their numbers in the cells' names. name: "window" marks what lies
  // outside the picture.
  matrix(name, taps, values, range, family) {
    const columns = this.layer.data.axes[1].kernel;
    const made = element("div", "matrix");
    const rows = values.length / columns;
    const dense = rows > NUMBERS_UP_TO || columns > NUMBERS_UP_TO;
    made.classList.toggle("dense", dense);
    made.setAttribute("role", "table");
    made.setAttribute("aria-label", nameOf(name, { rows, columns }));
    let line;
    made.style.gridTemplateColumns = `repeat(${columns}, auto)`;
    values.forEach((value, i) => {
      const written = value === null ? "–" : show(value);
      const cell = element("span", "", dense ? "" : written);
      cell.title = value === null ? _("outside the picture: does not count") : written;
      cell.setAttribute("role", "cell");
      if (dense) cell.setAttribute("aria-label", cell.title);
      if (dense && value < 0) cell.classList.add("minus");
      if (name === "window" && !taps[i].inside) cell.className = "outside";
      else {
        const [red, green, blue] = colourOf(value, range, this.layer.table(family));
        cell.style.background = `rgb(${red}, ${green}, ${blue})`;
        cell.style.color = inkOn(red, green, blue);
      }
      if (taps[i].wins) cell.classList.add("wins");
      if (i % columns === 0) {
        line = element("div", "line");
        line.setAttribute("role", "row");
        made.append(line);
      }
      line.append(cell);
    });
    return made;
  }
}

// What a reader is told of a matrix.
function nameOf(matrix, size) {
  if (matrix === "window") return _("window, {rows} by {columns}", size);
  return matrix === "kernel" ? _("kernel, {rows} by {columns}", size) : _("products, {rows} by {columns}", size);
}
