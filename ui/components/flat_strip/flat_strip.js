// The vector that Flatten makes, one line of the strip for each row of the maps, and the map of the channel in
// question beside it. Pointing at either marks the same number in both.

const NEIGHBOURS = 5;

class FlatStrip {
  constructor(parent) {
    this.parent = parent;
    const find = (selector) => parent.querySelector(selector);
    this.parts = {
      mapTitle: find(".map-title"), stripTitle: find(".strip-title"), map: find(".map-stage"),
      strip: find(".strip-stage"), readout: find(".readout"), neighbours: find(".neighbours"),
      heard: find(".heard"),
    };
    const { map, strip } = this.parts;
    map.onpointermove = (event) => this.show(this.fromMap(event));
    strip.onpointermove = (event) => this.show(this.fromStrip(event));
    map.onpointerleave = strip.onpointerleave = () => this.show(this.chosen);
    map.onclick = (event) => this.pick(this.fromMap(event));
    strip.onclick = (event) => this.pick(this.fromStrip(event));
    strip.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.pick(Math.min(this.values.length - 1, Math.max(0, this.chosen + by)));
    };
  }

  update(data) {
    this.data = data;
    this.values = data.arrays.vector.values;
    [this.height, this.width, this.channels] = data.shape;
    this.table = data.arrays[`activations_${isDark(this.parent) ? "dark" : "light"}`].values;
    this.chosen = data.position;
    paint(this.parts.strip.querySelector("canvas"), this.values, this.height, this.width * this.channels, data.range,
      this.table);
    const sizes = { count: this.values.length, line: this.width * this.channels };
    this.parts.stripTitle.textContent = _("Vector of {count}, {line} numbers a line", sizes);
    this.parts.map.style.aspectRatio = `${this.width} / ${this.height}`;
    this.show(this.chosen);
  }

  place(position) {
    const channel = position % this.channels;
    const column = Math.floor(position / this.channels) % this.width;
    return { row: Math.floor(position / this.channels / this.width), column, channel };
  }

  under(event, stage, rows, columns) {
    const box = stage.getBoundingClientRect();
    const limit = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return [limit((event.clientY - box.top) / box.height, rows), limit((event.clientX - box.left) / box.width, columns)];
  }

  fromMap(event) {
    const [row, column] = this.under(event, this.parts.map, this.height, this.width);
    return (row * this.width + column) * this.channels + this.place(this.chosen).channel;
  }

  fromStrip(event) {
    const line = this.width * this.channels;
    const [row, column] = this.under(event, this.parts.strip, this.height, line);
    return row * line + column;
  }

  pick(position) {
    this.chosen = position;
    this.show(position);
    // the strip that has the focus says it itself
    if (!hasFocus(this.parts.strip)) this.parts.heard.textContent = this.parts.readout.textContent;
    this.emit("pick", position);
  }

  show(position) {
    const { row, column, channel } = this.place(position);
    if (channel !== this.painted || this.data !== this.paintedData) this.paintMap(channel);
    mark(this.parts.map, row, column, this.height, this.width);
    mark(this.parts.strip, row, column * this.channels + channel, this.height, this.width * this.channels);
    const { width, channels } = this;
    this.parts.readout.textContent = _(
      "position {position} = (row {row} · {width} + column {column}) · {channels} + channel {channel}, value {value}",
      { position, row, width, column, channels, channel, value: show(this.values[position]) },
    );
    if (position === this.chosen) standAt(this.parts.strip, position, this.values.length - 1, this.parts.readout.textContent);
    this.paintNeighbours(position);
  }

  paintMap(channel) {
    const map = Float32Array.from({ length: this.height * this.width }, (_, i) => this.values[i * this.channels + channel]);
    paint(this.parts.map.querySelector("canvas"), map, this.height, this.width, this.data.range, this.table);
    this.parts.mapTitle.textContent = _("Channel {channel}", { channel });
    this.painted = channel;
    this.paintedData = this.data;
  }

  paintNeighbours(position) {
    const cells = [];
    const first = Math.max(0, Math.min(position - NEIGHBOURS, this.values.length - 2 * NEIGHBOURS - 1));
    for (let at = first; at < Math.min(this.values.length, first + 2 * NEIGHBOURS + 1); at++) {
      const { row, column, channel } = this.place(at);
      const cell = element("span", at === position ? "here" : "", show(this.values[at]));
      const [red, green, blue] = colourOf(this.values[at], this.data.range, this.table);
      cell.style.background = `rgb(${red}, ${green}, ${blue})`;
      cell.style.color = inkOn(red, green, blue);
      cell.append(element("small", "", `[${at}]`), element("small", "", `${row}, ${column}, ${channel}`));
      cells.push(cell);
    }
    this.parts.neighbours.replaceChildren(...cells);
  }
}

function mark(stage, row, column, rows, columns) {
  const { style } = stage.querySelector(".mark");
  style.top = `${(100 * row) / rows}%`;
  style.left = `${(100 * column) / columns}%`;
  style.height = `${100 / rows}%`;
  style.width = `${100 / columns}%`;
}

export default mounting(FlatStrip);
