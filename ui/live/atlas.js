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
    this.painter = painterOf(engine.loops.name, {
      values: Math.max(...stages.map(({ maps, height, width }) => maps * height * width)),
      maps: Math.max(...stages.map(({ maps }) => maps)),
    });
    this.plan = null;
    this.rows = null; // of the plan that the painter has: { stage, number } each
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
    this.place(plan);
  }

  place(plan) {
    const axes = new Map(); // each made once for all maps of a size
    const axis = (count, length) => {
      const key = `${count} ${length}`;
      if (!axes.has(key)) axes.set(key, axisOf(count, length));
      return axes.get(key);
    };
    const at = (place) => Math.round(place * plan.ratio);
    const tiles = plan.rows.map(({ stage, x, y, tile: [wide, high], columns, count }) => {
      const { width, height } = this.places[stage];
      return Array.from({ length: count }, (_, tile) => {
        const left = x + (tile % columns) * (wide + plan.gap);
        const top = y + Math.floor(tile / columns) * (high + plan.gap);
        return {
          corner: at(top) * plan.width + at(left),
          across: axis(width, at(left + wide) - at(left)),
          down: axis(height, at(top + high) - at(top)),
        };
      });
    });
    this.painter.stand(tiles, plan.width, plan.height);
    this.rows = plan.rows.map(({ stage }, number) => ({ stage, number }));
  }

  // colours: { activations, grey }, each 255 × RGB (viz.palette.table). mode: the range of a map, "layer", "map" or
  // "fixed" (−1 to 1), as viz.palette.choose_range has them. Returns { pixels: RGBA, stages: for each place the limit of
  // its colours and its largest value with its place }. spare: see painting.js.
  paint(engine, colours, mode, spare = []) {
    if (!this.rows) this.place(this.natural);
    const tables = { activations: coloursOf(colours.activations), grey: coloursOf(colours.grey) };
    const image = { maps: 1, height: 28, width: 28, values: engine.image, flat: false };
    this.painter.take(image.values);
    let before = this.extremesOf(image);
    this.painter.take(image.values.map((value) => 2 * value - 1));
    this.fill(0, image, [1], tables.grey);
    const stages = [{ limit: 1, largest: before.largest }];
    for (const [number, layer] of engine.layers.entries()) {
      this.painter.take(layer.values);
      const extremes = this.extremesOf(layer);
      const limits = limitsOf(mode, layer, extremes, before);
      this.fill(number + 1, layer, limits, tables.activations);
      stages.push({ limit: mostOf(limits), largest: extremes.largest });
      before = extremes;
    }
    return { pixels: this.painter.picture(spare), stages };
  }

  // Of what the painter has taken: the largest |value| of each map, and the largest value of all and where it is.
  extremesOf({ values, maps, height, width }) {
    const pixels = height * width;
    const { reach, best } = this.painter.extremes(maps, pixels);
    const at = best % pixels;
    const map = Math.floor(best / pixels);
    return { reach, largest: { value: values[best], map, row: Math.floor(at / width), column: at % width } };
  }

  // The rows of a stage. limits: for each map, which value has the colour of the end; what is none has that of the start.
  fill(stage, { maps, height, width, flat }, limits, table) {
    const size = flat ? maps : height * width;
    for (const row of this.rows) {
      if (row.stage === stage) this.painter.paint(row.number, size, this.places[stage].width, limits, table);
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

// Not Math.max(...values): there may be more than a call takes.
function mostOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
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
  for (let map = 0; map < limits.length; map++) limits[map] ||= 1;
  return limits;
}
