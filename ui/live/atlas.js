// All maps of all layers in one picture, each in its place: one transfer to the page, which puts it on a canvas as it is.

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
    this.plan = null;
    this.axes = new Map();
  }

  // Where the maps stand by themselves, one pixel a value.
  get natural() {
    const rows = this.places.map(({ x, y, width, height, columns, shown }, stage) => (
      { stage, x, y, tile: [width, height], columns, count: shown }));
    return { rows, width: this.width, height: this.height, ratio: 1, gap: 0 };
  }

  // plan: { rows: [{ stage, x, y, tile: [width, height], columns, count }], gap, ratio, width, height }: the places of the
  // maps of some stages, gap: between two of them; all times ratio are pixels of the picture, which is width × height.
  stand(plan) {
    this.plan = plan;
    this.axes.clear();
  }

  // As axisOf, made once for all maps of a size.
  axis(count, length) {
    const key = `${count} ${length}`;
    if (!this.axes.has(key)) this.axes.set(key, axisOf(count, length));
    return this.axes.get(key);
  }

  // colours: { activations, grey }, each 255 × RGB (viz.palette.table). mode: the range of a map, "layer", "map" or
  // "fixed" (−1 to 1), as viz.palette.choose_range has them. Returns { pixels: RGBA, stages: for each place the limit of
  // its colours and its largest value with its place }.
  paint(engine, colours, mode) {
    const plan = this.plan ?? this.natural;
    const pixels = new Uint32Array(plan.width * plan.height);
    const tables = { activations: coloursOf(colours.activations), grey: coloursOf(colours.grey) };
    const stages = [];
    const image = { maps: 1, height: 28, width: 28, values: engine.image };
    for (const [number, stage] of [image, ...engine.layers].entries()) {
      const extremes = extremesOf(stage);
      if (number === 0) {
        const shown = { ...stage, values: stage.values.map((value) => 2 * value - 1) };
        stages.push({ limit: 1, extremes, largest: extremes.largest, shown, table: tables.grey, limits: [1] });
        continue;
      }
      const limits = limitsOf(mode, stage, extremes, stages.at(-1).extremes);
      const table = tables.activations;
      stages.push({ limit: mostOf(limits), extremes, largest: extremes.largest, shown: stage, table, limits });
    }
    for (const row of plan.rows) this.fill(pixels, plan, row, stages[row.stage]);
    const told = stages.map(({ limit, largest }) => ({ limit, largest }));
    return { pixels: new Uint8ClampedArray(pixels.buffer), stages: told };
  }

  // A row of maps. limits: for each map, which value has the colour of the end; what is none has that of the start.
  fill(pixels, plan, { stage, x, y, tile: [wide, high], columns, count }, { shown, table, limits }) {
    const { values, maps, flat } = shown;
    const { width, height } = this.places[stage];
    const size = flat ? maps : height * width;
    const at = (place) => Math.round(place * plan.ratio);
    for (let tile = 0; tile < count; tile++) {
      const left = x + (tile % columns) * (wide + plan.gap);
      const top = y + Math.floor(tile / columns) * (high + plan.gap);
      const [across, down] = [this.axis(width, at(left + wide) - at(left)), this.axis(height, at(top + high) - at(top))];
      const scale = 127 / limits[flat ? 0 : tile]; // of a flat row all are the same
      const room = { pixels, corner: at(top) * plan.width + at(left), stride: plan.width };
      const source = { values, from: tile * size, end: (tile + 1) * size, width };
      if (across.taps * down.taps === 1) enlarge(room, source, across, down, table, scale);
      else shrink(room, source, across, down, table, scale);
    }
  }
}

// For each of so many pixels which of `count` values it shows: the nearest one, or, of more values than pixels, the mean
// of those that it covers, each by how much. Returns { length, first, taps, weights }: taps: values a pixel.
function axisOf(count, length) {
  const step = count / length;
  const taps = step <= 1 ? 1 : Math.min(count, Math.ceil(step) + 1);
  const first = new Int32Array(length);
  const weights = new Float32Array(length * taps);
  for (let i = 0; i < length; i++) {
    first[i] = Math.min(count - taps, Math.floor(taps === 1 ? (i + 0.5) * step : i * step));
    for (let tap = 0; tap < taps; tap++) {
      const [low, high] = [Math.max(first[i] + tap, i * step), Math.min(first[i] + tap + 1, (i + 1) * step)];
      weights[i * taps + tap] = taps === 1 ? 1 : Math.max(0, high - low) / step;
    }
  }
  return { length, first, taps, weights };
}

// scale: 127 for the value that has the colour of the end.
function colourAt(table, value, scale) {
  const step = value * scale + 127.5;
  return table[step > 0 ? (step < 255 ? step | 0 : 254) : 0];
}

function enlarge({ pixels, corner, stride }, { values, from, end, width }, across, down, table, scale) {
  const places = across.first;
  for (let row = 0, start = corner; row < down.length; row++, start += stride) {
    const line = from + down.first[row] * width;
    for (let column = 0; column < places.length; column++) {
      const i = line + places[column];
      if (i < end) pixels[start + column] = colourAt(table, values[i], scale); // a flat row's last line may be shorter
    }
  }
}

// Down first, then across. Of a flat row's last line, which may be shorter, what is missing counts as none.
function shrink({ pixels, corner, stride }, { values, from, end, width }, across, down, table, scale) {
  const line = new Float32Array(width);
  const { first, weights, taps } = across;
  for (let row = 0, start = corner; row < down.length; row++, start += stride) {
    line.fill(0);
    for (let y = 0; y < down.taps; y++) {
      const weight = down.weights[row * down.taps + y];
      const at = from + (down.first[row] + y) * width;
      const last = weight ? Math.min(width, end - at) : 0;
      for (let x = 0; x < last; x++) line[x] += weight * values[at + x];
    }
    for (let column = 0; column < first.length; column++) {
      let sum = 0;
      for (let tap = 0, at = first[column]; tap < taps; tap++) sum += weights[column * taps + tap] * line[at + tap];
      pixels[start + column] = colourAt(table, sum, scale);
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
