// A network at work in the browser: `new Engine(bundle)`, then `run(image)` leaves every layer's values in `layers`.

class Engine {
  // buffer: a bundle as ArrayBuffer. loops: "wasm" (JavaScript where there is none) or "js".
  constructor(buffer, loops = "wasm") {
    const { header, arrays } = readBundle(buffer);
    this.header = header;
    this.loops = loopsOf(loops);
    this.layers = header.layers.map((entry, number) => described(entry, arrays, number));
    this.layers.forEach((layer) => check(layer));
    this.place(lengthsOf(header.input));
    this.scales = [];
  }

  // Every array goes to the memory that the loops work in.
  place(input) {
    const wanted = [input.maps * input.height * input.width];
    for (const layer of this.layers) {
      wanted.push(layer.maps * layer.height * layer.width);
      for (const array of Object.values(layer.arrays)) wanted.push(array.length);
    }
    const rooms = this.loops.room(wanted, this.layers.filter(({ takes }) => takes === "products").map(taskOf));
    this.image = rooms.shift();
    let before = this.image;
    for (const layer of this.layers) {
      layer.inputs = before;
      before = layer.values = rooms.shift();
      for (const [name, array] of Object.entries(layer.arrays)) {
        layer.arrays[name] = rooms.shift();
        layer.arrays[name].set(array);
      }
    }
    this.logits = new Float32Array(before.length);
  }

  // Other weights for the same layers, as another epoch has them. buffer: their bundle.
  take(buffer) {
    const { header, arrays } = readBundle(buffer);
    const others = header.layers.map((entry, number) => described(entry, arrays, number));
    const form = (layers) => JSON.stringify(layers.map(({ takes, function: named, arrays: own }) =>
      [takes, named, Object.entries(own).map(([name, { length }]) => [name, length])]));
    if (form(others) !== form(this.layers)) {
      throw new Said(_("Other weights should be for the same layers, and are not."));
    }
    this.layers.forEach((layer, number) => {
      for (const [name, array] of Object.entries(layer.arrays)) array.set(others[number].arrays[name]);
      layer.task = undefined;
    });
    this.header = header;
  }

  // What is multiplied on its way out of a layer: [{ layer: its number, map, factor }, …].
  scale(scales) {
    for (const { layer, map, factor } of scales) {
      if (!(map >= 0 && map < this.layers[layer]?.maps) || !Number.isFinite(factor)) {
        throw new Error(`A factor must be a number for a map that is there, not ${factor} for map ${map} of layer ${layer}.`);
      }
    }
    this.scales = scales;
  }

  // image: 784 values in [0, 1]. Afterwards `layers[i].values`, `probabilities` (what the last layer gives) and
  // `logits` (the same before its function) are those of this image.
  run(image) {
    this.image.set(image);
    this.layers.forEach((layer, number) => {
      TAKES[layer.takes](layer, this.loops);
      if (number === this.layers.length - 1) this.logits.set(layer.values);
      FUNCTIONS[layer.function](layer.values, layer.parameter, layer);
      for (const scale of this.scales) if (scale.layer === number) multiply(layer, scale);
    });
  }

  get probabilities() {
    return this.layers.at(-1).values;
  }
}

function loopsOf(wanted) {
  if (wanted === "wasm") {
    try {
      return new WasmLoops();
    } catch {
      // a browser without WebAssembly or without its SIMD
    }
  }
  return new JavaScriptLoops();
}

function described(entry, arrays, number) {
  const input = lengthsOf(entry.input);
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(`${number}.`));
  return {
    ...lengthsOf(entry.output),
    name: entry.name,
    title: entry.title,
    flat: entry.output.length === 1,
    readsFlat: entry.input.length === 1,
    takes: entry.takes,
    function: entry.function,
    parameter: entry.parameter,
    allChannels: entry.all_channels,
    input,
    window: windowOf(entry, input),
    arrays: Object.fromEntries(own.map(([name, { values }]) => [name.slice(`${number}.`.length), values])),
  };
}

function check(layer) {
  if (!(layer.takes in TAKES) || !(layer.function in FUNCTIONS)) {
    throw new Error(`${layer.name} does what this browser's part does not know: ${layer.takes}, ${layer.function}.`);
  }
}

function multiply(layer, { map, factor }) {
  const pixels = layer.height * layer.width;
  for (let i = map * pixels; i < (map + 1) * pixels; i++) layer.values[i] *= factor;
}
