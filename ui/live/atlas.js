// All maps of all layers in one picture: one transfer to the page and one canvas, from which each is drawn in its place.

const ATLAS_WIDTH = 896; // 32 maps of 28 pixels
const MOST_PIXELS = 2 ** 22; // of a network with more values only the first maps of its layers are shown
const LONG_ROW = 32; // flat rows that are longer are wrapped

// What is mapped to the colours from end to end, besides the layer's own values: those that only pass values on share
// the range of what they read, so that a value keeps its colour.
const SHARES_RANGE = new Set(["maximum", "mean", "value"]);

class Atlas {
  // engine: places are those of its image (`places[0]`) and of its layers (`places[1]` is the first one's): x, y, the
  // width and height of one map, how many stand side by side, and how many are shown. A flat row is one map.
  constructor(engine) {
    const stages = [{ maps: 1, height: 28, width: 28, flat: false }, ...engine.layers];
    const limit = limitFor(stages);
    this.width = ATLAS_WIDTH;
    this.height = 0;
    this.places = stages.map((stage) => {
      const tile = tileOf(stage);
      const shown = Math.max(1, Math.min(tile.count, Math.floor(limit / (tile.width * tile.height))));
      const columns = Math.min(shown, Math.floor(ATLAS_WIDTH / tile.width));
      const place = { x: 0, y: this.height, width: tile.width, height: tile.height, columns, shown, flat: stage.flat };
      this.height += Math.ceil(shown / columns) * tile.height;
      return place;
    });
  }

  // colours: { activations, grey }, each 255 × RGB (viz.palette.table). mode: the range of a map, "layer", "map" or
  // "fixed" (−1 to 1), as viz.palette.choose_range has them. Returns { pixels: RGBA, stages: for each place the limit of
  // its colours and its largest value with its place }.
  paint(engine, colours, mode) {
    const pixels = new Uint32Array(this.width * this.height);
    const tables = { activations: coloursOf(colours.activations), grey: coloursOf(colours.grey) };
    const stages = [];
    const image = { maps: 1, height: 28, width: 28, values: engine.image };
    for (const [number, stage] of [image, ...engine.layers].entries()) {
      const extremes = extremesOf(stage);
      if (number === 0) {
        this.fill(pixels, 0, { ...stage, values: stage.values.map((value) => 2 * value - 1) }, tables.grey, [1]);
        stages.push({ limit: 1, extremes, largest: extremes.largest });
        continue;
      }
      const limits = limitsOf(mode, stage, extremes, stages.at(-1).extremes);
      this.fill(pixels, number, stage, tables.activations, limits);
      stages.push({ limit: mostOf(limits), extremes, largest: extremes.largest });
    }
    const told = stages.map(({ limit, largest }) => ({ limit, largest }));
    return { pixels: new Uint8ClampedArray(pixels.buffer), stages: told };
  }

  // limits: for each map, which value has the colour of the end; what is none has that of the start.
  fill(pixels, number, { values, maps, height, width, flat }, table, limits) {
    const place = this.places[number];
    const size = flat ? maps : height * width;
    for (let tile = 0; tile < place.shown; tile++) {
      const limit = limits[flat ? 0 : tile]; // of a flat row all are the same
      const corner = (place.y + Math.floor(tile / place.columns) * place.height) * this.width;
      const left = corner + place.x + (tile % place.columns) * place.width;
      const end = (tile + 1) * size;
      for (let row = 0, from = tile * size; row < place.height; row++) {
        for (let to = left + row * this.width, last = to + place.width; to < last && from < end; to++, from++) {
          const step = (values[from] / limit) * 127 + 127.5;
          pixels[to] = table[step > 0 ? (step < 255 ? step | 0 : 254) : 0];
        }
      }
    }
  }
}

// A flat row of values as a picture that is about twice as wide as high.
function tileOf({ maps, height, width, flat }) {
  if (!flat) return { width, height, count: maps };
  const columns = maps <= LONG_ROW ? maps : Math.min(ATLAS_WIDTH, 2 ** Math.floor(Math.log2(Math.sqrt(2 * maps))));
  return { width: columns, height: Math.ceil(maps / columns), count: 1 };
}

// Pixels that every layer may take: as many as fit when all that need less take what they need.
function limitFor(stages) {
  const needs = stages.map(({ maps, height, width }) => maps * height * width).sort((one, other) => one - other);
  let left = MOST_PIXELS;
  for (const [i, need] of needs.entries()) {
    const each = left / (needs.length - i);
    if (need > each) return each;
    left -= need;
  }
  return Infinity;
}

// 255 × RGB as what one pixel is in memory.
function coloursOf(table) {
  const bytes = new Uint8Array(4 * 255);
  for (let i = 0; i < 255; i++) bytes.set([table[3 * i], table[3 * i + 1], table[3 * i + 2], 255], 4 * i);
  return new Uint32Array(bytes.buffer);
}

// The largest |value| of each map, and the largest value of all and where it is; what is no number is passed over.
function extremesOf({ values, maps, height, width }) {
  const pixels = height * width;
  const reach = new Float32Array(maps);
  let [best, value] = [0, -Infinity];
  for (let map = 0, i = 0; map < maps; map++) {
    let most = 0;
    for (const end = i + pixels; i < end; i++) {
      const size = Math.abs(values[i]);
      if (size > most) most = size;
      if (values[i] > value) [best, value] = [i, values[i]];
    }
    reach[map] = most;
  }
  const at = best % pixels;
  const map = Math.floor(best / pixels);
  return { reach, largest: { value: values[best], map, row: Math.floor(at / width), column: at % width } };
}

// Not Math.max(...values): there may be more than a call takes.
function mostOf(values) {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

// For each map, which |value| takes the colour of the end.
function limitsOf(mode, stage, own, before) {
  const limits = new Float32Array(stage.maps);
  if (mode === "fixed") return limits.fill(1);
  const shares = SHARES_RANGE.has(stage.takes) && stage.function !== "softmax";
  for (let map = 0; map < limits.length; map++) {
    limits[map] = shares ? Math.max(own.reach[map], before.reach[map]) : own.reach[map];
  }
  // a unit has one value: by itself it would always have the colour of the end
  if (mode === "layer" || stage.flat) limits.fill(mostOf(limits));
  return limits.map((limit) => limit || 1);
}
