// The layer that is shown: what the message says of it, and which of its maps, cells and channels is the chosen one.

class Layer {
  // data: the message; table: the colours of a family, as RGB
  take(data, table) {
    this.data = data;
    this.table = table;
    const [channels, height, width] = data.arrays.output.shape;
    this.shape = { channels, height, width };
  }

  // chosen: { map, row, column, channel }, as far as the layer has them
  choose(chosen) {
    const { channels, height, width } = this.shape;
    this.chosen = {
      map: Math.min(chosen.map, channels - 1),
      row: Math.min(chosen.row, height - 1),
      column: Math.min(chosen.column, width - 1),
      channel: Math.min(chosen.channel, this.data.arrays.input.shape[0] - 1),
    };
  }

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

  mapName(channel) {
    const name = this.data.names && this.data.names[channel];
    return name || numbered("map", channel, this.shape.channels);
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

  // What a cell's window reads, its value, and what each channel adds to it.
  cellNow(cell) {
    const { data, shape } = this;
    const [rows, columns] = data.axes;
    const [, inHeight, inWidth] = data.arrays.input.shape;
    const value = this.map("output", this.chosen.map)[cell.row * shape.width + cell.column];
    const taps = tapsOf(cell, rows, columns, this.map("input", this.inputChannel()), inHeight, inWidth);
    return { value, taps, added: data.takes === "products" ? this.contributions(cell) : [] };
  }

  cells() {
    return this.shape.height * this.shape.width;
  }

  cellAt(index) {
    return { row: Math.floor(index / this.shape.width), column: index % this.shape.width };
  }

  // The first cell whose window reads anything but what the input's first pixel has; the first of all where none does.
  firstWithInk() {
    const [rows, columns] = this.data.axes;
    const [, height, width] = this.data.arrays.input.shape;
    const values = this.map("input", this.inputChannel());
    for (let cell = 0; cell < this.cells(); cell++) {
      const at = this.cellAt(cell);
      const taps = tapsOf(at, rows, columns, values, height, width);
      if (taps.some((tap) => tap.inside && tap.value !== values[0])) return cell;
    }
    return 0;
  }

  strongest() {
    return strongest(this.map("output", this.chosen.map), this.shape.width);
  }
}

// Counted from 0, as the code counts: the range says so, where "3 of 8" would leave it open.
function numbered(what, index, count) {
  const values = { index, last: count - 1 };
  if (what === "channel") return count > 1 ? _("channel {index} (0 to {last})", values) : _("channel {index}", values);
  return count > 1 ? _("map {index} (0 to {last})", values) : _("map {index}", values);
}
