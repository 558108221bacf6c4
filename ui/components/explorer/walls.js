// All maps of a layer as a wall, and another one of the channels that a map reads: each a choice, one tab stop together.

class Walls {
  // layer: the one that is shown; find: a part of the component by its selector; choose: called with { map } or { channel }
  constructor(layer, find, choose) {
    this.layer = layer;
    this.choose = choose;
    this.parts = {
      maps: find(".maps"), mapsHeading: find(".maps-heading"),
      channels: find(".channels"), channelsHeading: find(".channels .heading"), sources: find(".sources"),
    };
  }

  // What a convolution over several maps reads.
  paintSources() {
    const { layer, parts: { channels, channelsHeading, sources, mapsHeading } } = this;
    const [count, height, width] = layer.data.arrays.input.shape;
    const many = layer.manyChannels();
    channels.hidden = mapsHeading.hidden = !many;
    if (!many) return;
    while (sources.children.length > count) sources.lastChild.remove();
    while (sources.children.length < count) sources.append(this.source(sources.children.length));
    stopAt(sources, layer.chosen.channel);
    sources.style.setProperty("--ratio", `${width} / ${height}`);
    channelsHeading.textContent = _("The {count} input channels, and what each adds to this cell", { count });
    mapsHeading.textContent = _("Output maps, each with its kernel for channel {channel}", layer.chosen);
    const ranges = layer.data.arrays.input_ranges.values;
    for (let channel = 0; channel < count; channel++) {
      const tile = sources.children[channel];
      paint(tile.querySelector(".map"), layer.map("input", channel), height, width,
        [ranges[2 * channel], ranges[2 * channel + 1]], layer.table("activations"));
      attribute(tile, "aria-selected", String(channel === layer.chosen.channel));
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

  paintContributions(added) {
    const limit = Math.max(...added.map(Math.abs)) || 1;
    added.forEach((value, channel) => {
      const tile = this.parts.sources.children[channel];
      const [red, green, blue] = colourOf(value, [-limit, limit], this.layer.table("activations"));
      const label = tile.querySelector(".adds");
      write(label, brief(value));
      label.style.background = `rgb(${red}, ${green}, ${blue})`;
      label.style.color = inkOn(red, green, blue);
      attribute(tile, "aria-label", _("channel {channel}, adds {value}", { channel, value: show(value) }));
    });
  }

  paintMaps() {
    const { layer, parts: { maps } } = this;
    const { channels, height, width } = layer.shape;
    while (maps.children.length > channels) maps.lastChild.remove();
    while (maps.children.length < channels) maps.append(this.tile(maps.children.length));
    stopAt(maps, layer.chosen.map);
    maps.style.setProperty("--ratio", `${width} / ${height}`);
    maps.hidden = channels === 1;
    for (let channel = 0; channel < channels; channel++) {
      const tile = maps.children[channel];
      const values = layer.map("output", channel);
      const dead = values.every((value) => value === 0);
      paint(tile.querySelector(".map"), values, height, width, layer.range(channel), layer.table("activations"));
      tile.classList.toggle("dead", dead);
      this.paintKernel(tile.querySelector(".kernel"), channel);
      const name = tile.querySelector(".name");
      write(name, (layer.data.names && layer.data.names[channel]) || String(channel));
      attribute(name, "data-dead", _("dead"));
      const map = layer.mapName(channel);
      attribute(tile, "aria-label", dead ? _("{map}, all zero", { map }) : map);
      attribute(tile, "aria-selected", String(channel === layer.chosen.map));
    }
  }

  paintKernel(canvas, channel) {
    const { layer } = this;
    const kernel = layer.data.takes === "products" ? layer.kernelOf(layer.kernelChannel(), channel) : null;
    canvas.hidden = !kernel;
    if (!kernel) return;
    const [height, width] = layer.data.axes.map((axis) => axis.kernel);
    paint(canvas, kernel, height, width, layer.data.kernel_range, layer.table("weights"));
    canvas.style.aspectRatio = `${width} / ${height}`;
  }

  tile(channel) {
    const tile = element("button", "tile");
    tile.type = "button";
    tile.setAttribute("role", "option");
    tile.append(element("canvas", "map"), element("canvas", "kernel"), element("span", "name"));
    tile.onclick = () => this.choose({ map: channel });
    tile.onkeydown = (event) => walk(event, this.parts.maps, channel);
    return tile;
  }
}

// Two significant digits, for the small tiles.
function brief(value) {
  return show(Number(value.toPrecision(2)));
}
