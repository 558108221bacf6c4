// How maps are painted, behind one interface, for a picture whose rows of maps stand still:
//
//   stand(rows, width, height)      rows: for each its tiles { corner, across, down }: the first pixel of a map's picture,
//                                   and its axes, see axisOf in atlas.js
//   take(values)                    what is asked about next: the values of a layer, one map after the other
//   extremes(maps, pixels)          of what was taken: { reach: the largest |value| of each map, best: where the largest
//                                   value of all is }; what is no number is passed over
//   paint(row, size, width, limits, table)   a row of what was taken. size, width: values of a tile and of its lines, of
//                                   which the last may be shorter; limits: for each tile (of a flat row all are the same)
//                                   the value that has the colour of the end; table: 255 colours
//   picture(spare)                  RGBA of all that was painted. spare: ArrayBuffers that nobody needs, of which one of the
//                                   right length is taken: new memory costs more than to fill it
//
// In WebAssembly (painting.c) where the browser has it, else in JavaScript.

class JavaScriptPainter {
  stand(rows, width, height) {
    this.rows = rows;
    this.width = width;
    this.pixels = new Uint32Array(width * height);
  }

  take(values) {
    this.values = values;
  }

  extremes(maps, pixels) {
    const { values } = this;
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
    return { reach, best };
  }

  paint(row, size, width, limits, table) {
    const source = { values: this.values, width };
    for (const [i, { corner, across, down }] of this.rows[row].entries()) {
      Object.assign(source, { from: i * size, end: (i + 1) * size });
      const room = { pixels: this.pixels, corner, stride: this.width };
      if (across.taps * down.taps === 1) enlarge(room, source, across, down, table, 127 / limits[i]);
      else shrink(room, source, across, down, table, 127 / limits[i]);
    }
  }

  picture(spare) {
    return copied(new Uint8ClampedArray(this.pixels.buffer), spare);
  }
}

function copied(pixels, spare) {
  const fits = spare.findIndex((buffer) => buffer.byteLength === pixels.length);
  const made = new Uint8ClampedArray(fits < 0 ? pixels.length : spare.splice(fits, 1)[0]);
  made.set(pixels);
  return made;
}

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
      if (i < end) pixels[start + column] = colourAt(table, values[i], scale);
    }
  }
}

// Down first, then across. Of a last line that is shorter what is missing counts as none.
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

// Has a memory of its own, in which what stands still is laid out by `stand`.
class WasmPainter {
  // most: { values, maps }: the most that a layer has.
  constructor(most) {
    this.most = most;
    this.instance = new WebAssembly.Instance(wasmModule());
    this.memory = this.instance.exports.memory;
    this.start = this.memory.buffer.byteLength;
  }

  stand(rows, width, height) {
    const axes = new Set(rows.flat().flatMap(({ across, down }) => [across, down]));
    const longest = Math.max(0, ...Array.from(axes, ({ length }) => length));
    const wanted = {
      row: 10, table: 255, values: this.most.values, limits: this.most.maps, reach: this.most.maps,
      line: this.most.values + longest, pixels: width * height, tiles: 3 * rows.flat().length,
      axes: Array.from(axes).reduce((sum, axis) => sum + 4 + axis.first.length + axis.weights.length, 0),
    };
    this.at = this.laidOut(wanted);
    this.width = width;
    this.integers.fill(0, this.at.pixels, this.at.pixels + wanted.pixels);
    let free = this.at.axes;
    const placed = new Map(Array.from(axes, (axis) => {
      const [first, weights] = [free + 4, free + 4 + axis.first.length];
      this.integers.set([axis.length, axis.taps, 4 * first, 4 * weights], free);
      this.integers.set(axis.first, first);
      this.floats.set(axis.weights, weights);
      free = weights + axis.weights.length;
      return [axis, 4 * (first - 4)];
    }));
    let tile = this.at.tiles;
    this.rows = rows.map((tiles) => {
      const start = tile;
      for (const { corner, across, down } of tiles) {
        this.integers.set([corner, placed.get(across), placed.get(down)], tile);
        tile += 3;
      }
      return { start, count: tiles.length };
    });
    this.pixels = wanted.pixels;
  }

  // Where so many numbers of each kind begin, counted in numbers; all of them are of four bytes.
  laidOut(wanted) {
    let free = this.start / 4;
    const at = Object.fromEntries(Object.entries(wanted).map(([name, length]) => {
      const start = free;
      free += 4 * Math.ceil(length / 4);
      return [name, start];
    }));
    const missing = 4 * free - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    this.floats = new Float32Array(this.memory.buffer);
    this.integers = new Int32Array(this.memory.buffer);
    return at;
  }

  take(values) {
    this.floats.set(values, this.at.values);
  }

  extremes(maps, pixels) {
    const { values, reach } = this.at;
    const best = this.instance.exports.extremes(4 * values, maps, pixels, 4 * reach);
    return { reach: this.floats.slice(reach, reach + maps), best };
  }

  paint(row, size, width, limits, table) {
    const { at, rows } = this;
    this.floats.set(limits, at.limits);
    this.integers.set(table, at.table);
    this.integers.set([
      4 * at.pixels, this.width, 4 * rows[row].start, rows[row].count, 4 * at.values, size, width, 4 * at.limits,
      4 * at.table, 4 * at.line,
    ], at.row);
    this.instance.exports.row(4 * at.row);
  }

  picture(spare) {
    return copied(new Uint8ClampedArray(this.memory.buffer, 4 * this.at.pixels, 4 * this.pixels), spare);
  }
}

// loops: the name of the engine's loops, so that both are of one kind.
function painterOf(loops, most) {
  return loops === "wasm" ? new WasmPainter(most) : new JavaScriptPainter();
}
