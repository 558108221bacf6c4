// The loops that take time, behind one interface: `room(lengths, tasks)` gives a Float32Array for each length (tasks: all
// that products will be asked for), `products(task)` and `pooled(task, mean)` fill task.outputs. What a task is, `taskOf`
// in layers.js says. In WebAssembly with SIMD (loops.c) where the browser has it, else in JavaScript. Either packs pixels
// × taps, so that one inner loop without conditions serves every stride, dilation and padding.

const COLUMNS = 64;
const TAPS = 128;

class JavaScriptLoops {
  constructor() {
    this.name = "js";
    this.packed = new Float64Array(TAPS * COLUMNS); // double, for arithmetic in JavaScript is
    this.sums = new Float64Array(COLUMNS);
  }

  room(lengths) {
    return lengths.map((length) => new Float32Array(length));
  }

  products(task) {
    const pixels = task.outHeight * task.outWidth;
    for (let group = 0; group < task.groups; group++) {
      if (pixels < 8) this.fewPixels(task, group, pixels);
      else this.manyPixels(task, group, pixels);
    }
  }

  manyPixels(task, group, pixels) {
    const { maps, outputs, kernel, bias } = task;
    const each = maps / task.groups;
    const all = task.kernelHeight * task.kernelWidth * task.reads;
    if (this.sums.length < COLUMNS * each) this.sums = new Float64Array(COLUMNS * each);
    const { packed, sums } = this;
    for (let first = 0; first < pixels; first += COLUMNS) {
      const count = Math.min(COLUMNS, pixels - first);
      for (let m = 0; m < each; m++) {
        sums.fill(bias ? bias[group * each + m] : 0, m * COLUMNS, (m + 1) * COLUMNS);
      }
      for (let tap = 0; tap < all; tap += TAPS) {
        const taps = Math.min(TAPS, all - tap);
        gather(task, group, tap, taps, first, count, packed);
        const from = tap * maps + group * each;
        let m = 0;
        for (; m + 4 <= each; m += 4) {
          for (let n = 0; n < count; n += 2) fourMaps(packed, n, kernel, from + m, maps, taps, sums, m * COLUMNS + n);
        }
        for (; m < each; m++) {
          for (let n = 0; n < count; n += 2) oneMap(packed, n, kernel, from + m, maps, taps, sums, m * COLUMNS + n);
        }
      }
      for (let m = 0; m < each; m++) {
        const to = (group * each + m) * pixels + first;
        for (let n = 0; n < count; n++) outputs[to + n] = sums[m * COLUMNS + n];
      }
    }
  }

  // The largest value under each window of each map, or the mean; what is beyond the ends is left out.
  pooled({ inputs, outputs, height, width, maps, ...task }, mean) {
    const rows = tapsOf(height, task.outHeight, task.kernelHeight, task.strideDown, task.dilationDown, task.beforeDown);
    const columns = tapsOf(width, task.outWidth, task.kernelWidth, task.strideRight, task.dilationRight, task.beforeRight);
    let to = 0;
    for (let map = 0; map < maps; map++) {
      for (const down of rows) {
        for (const right of columns) {
          let [largest, sum] = [-Infinity, 0];
          for (let i = 0; i < down.length; i++) {
            const row = (map * height + down[i]) * width;
            for (let j = 0; j < right.length; j++) {
              const value = inputs[row + right[j]];
              sum += value;
              if (value > largest || value !== value) largest = value;
            }
          }
          outputs[to++] = mean ? sum / (down.length * right.length) : largest;
        }
      }
    }
  }

  // As in a dense layer: each input is spread over all maps.
  fewPixels(task, group, pixels) {
    const { maps, outputs, kernel, bias } = task;
    const each = maps / task.groups;
    const all = task.kernelHeight * task.kernelWidth * task.reads;
    if (this.sums.length < each) this.sums = new Float64Array(each);
    const { packed, sums } = this;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let m = 0; m < each; m++) sums[m] = bias ? bias[group * each + m] : 0;
      for (let tap = 0; tap < all; tap += TAPS) {
        const taps = Math.min(TAPS, all - tap);
        gather(task, group, tap, taps, pixel, 1, packed);
        const from = tap * maps + group * each;
        let k = 0;
        for (; k + 4 <= taps; k += 4) spreadFour(packed, k * COLUMNS, kernel, from + k * maps, maps, each, sums);
        for (; k < taps; k++) spread(packed[k * COLUMNS], kernel, from + k * maps, each, sums);
      }
      for (let m = 0; m < each; m++) outputs[(group * each + m) * pixels + pixel] = sums[m];
    }
  }
}

// For each cell of an axis the pixels that its window reads.
function tapsOf(size, cells, kernel, stride, dilation, before) {
  return Array.from({ length: cells }, (_, cell) => {
    const taps = Array.from({ length: kernel }, (_, i) => cell * stride - before + i * dilation);
    return taps.filter((tap) => tap >= 0 && tap < size);
  });
}

// What the taps from `tap` on read for the output pixels from `first` on, packed (taps, COLUMNS); beyond the ends is 0.
function gather(task, group, tap, taps, first, count, packed) {
  const { inputs, height, width, reads, outWidth, strideRight, strideDown } = task;
  for (let k = 0; k < taps; k++) {
    const place = Math.floor((tap + k) / reads);
    const map = (group * reads + ((tap + k) % reads)) * height * width;
    const down = Math.floor(place / task.kernelWidth) * task.dilationDown - task.beforeDown;
    const right = (place % task.kernelWidth) * task.dilationRight - task.beforeRight;
    const end = k * COLUMNS + count;
    let to = k * COLUMNS;
    let y = Math.floor(first / outWidth);
    let x = first % outWidth;
    // a run of output pixels that stand in one row
    for (; to < end; y++, x = 0) {
      const row = y * strideDown + down;
      const last = Math.min(end, to + outWidth - x);
      if (row < 0 || row >= height) {
        packed.fill(0, to, last);
        to = last;
      }
      for (let column = x * strideRight + right; to < last; to++, column += strideRight) {
        packed[to] = column >= 0 && column < width ? inputs[map + row * width + column] : 0;
      }
    }
    for (; to % 2; to++) packed[to] = 0;
  }
}

// Four maps of two output pixels: the sums stay in registers.
function fourMaps(packed, at, kernel, from, maps, taps, sums, to) {
  let a0 = sums[to], a1 = sums[to + 1];
  let b0 = sums[to + COLUMNS], b1 = sums[to + COLUMNS + 1];
  let c0 = sums[to + 2 * COLUMNS], c1 = sums[to + 2 * COLUMNS + 1];
  let d0 = sums[to + 3 * COLUMNS], d1 = sums[to + 3 * COLUMNS + 1];
  for (let k = 0; k < taps; k++, at += COLUMNS, from += maps) {
    const left = packed[at], right = packed[at + 1];
    const a = kernel[from], b = kernel[from + 1], c = kernel[from + 2], d = kernel[from + 3];
    a0 += left * a;
    a1 += right * a;
    b0 += left * b;
    b1 += right * b;
    c0 += left * c;
    c1 += right * c;
    d0 += left * d;
    d1 += right * d;
  }
  sums[to] = a0;
  sums[to + 1] = a1;
  sums[to + COLUMNS] = b0;
  sums[to + COLUMNS + 1] = b1;
  sums[to + 2 * COLUMNS] = c0;
  sums[to + 2 * COLUMNS + 1] = c1;
  sums[to + 3 * COLUMNS] = d0;
  sums[to + 3 * COLUMNS + 1] = d1;
}

function oneMap(packed, at, kernel, from, maps, taps, sums, to) {
  let left = sums[to], right = sums[to + 1];
  for (let k = 0; k < taps; k++, at += COLUMNS, from += maps) {
    left += packed[at] * kernel[from];
    right += packed[at + 1] * kernel[from];
  }
  sums[to] = left;
  sums[to + 1] = right;
}

function spreadFour(packed, at, kernel, from, maps, each, sums) {
  const a = packed[at], b = packed[at + COLUMNS], c = packed[at + 2 * COLUMNS], d = packed[at + 3 * COLUMNS];
  const second = from + maps, third = second + maps, fourth = third + maps;
  for (let m = 0; m < each; m++) {
    sums[m] += a * kernel[from + m] + b * kernel[second + m] + (c * kernel[third + m] + d * kernel[fourth + m]);
  }
}

function spread(value, kernel, from, each, sums) {
  for (let m = 0; m < each; m++) sums[m] += value * kernel[from + m];
}

// The numbers of `struct Window` in loops.c, in its order: five addresses, then these lengths.
const LENGTHS = [
  "height", "width", "reads", "groups", "maps", "outHeight", "outWidth", "kernelHeight", "kernelWidth",
  "strideDown", "strideRight", "dilationDown", "dilationRight", "beforeDown", "beforeRight", "finite",
];
// As in loops.c.
const [ACROSS, DOWN, MOST_TAPS] = [8, 4, 576];
const PAGE = 65536;

// Floats that loops.c needs beside a task of products: the padded input, where its taps are, and packed pieces.
function scratchOf(task) {
  const whole = (count) => 4 * Math.ceil(count / 4);
  const height = (task.outHeight - 1) * task.strideDown + (task.kernelHeight - 1) * task.dilationDown + 1;
  const width = (task.outWidth - 1) * task.strideRight + (task.kernelWidth - 1) * task.dilationRight + 1;
  const taps = task.kernelHeight * task.kernelWidth * task.reads;
  const each = whole(task.maps / task.groups);
  const few = 2 * whole(taps) + each;
  const many = each * taps + MOST_TAPS * ACROSS + each * ACROSS;
  const rest = task.outHeight * task.outWidth < ACROSS ? few : many;
  return whole(task.groups * task.reads * height * width) + whole(taps) + rest;
}

let compiled = null;

// loops.wasm, for all that is written in C. Throws where there is no WebAssembly, or none with SIMD.
function wasmModule() {
  compiled ??= new WebAssembly.Module(wasmBytes());
  return compiled;
}

class WasmLoops {
  constructor() {
    this.name = "wasm";
    this.instance = new WebAssembly.Instance(wasmModule());
    this.memory = this.instance.exports.memory;
  }

  // To be asked once: memory that grows takes earlier arrays away.
  room(lengths, tasks) {
    const start = this.memory.buffer.byteLength;
    const scratch = Math.max(1, ...tasks.map(scratchOf));
    const sizes = [5 + LENGTHS.length, scratch, ...lengths].map((length) => 16 * Math.ceil(length / 4));
    this.memory.grow(Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / PAGE));
    let at = start;
    const arrays = sizes.map((size, i) => {
      const array = new Float32Array(this.memory.buffer, at, i < 2 ? size / 4 : lengths[i - 2]);
      at += size;
      return array;
    });
    const [task, rest] = arrays;
    this.task = new Int32Array(this.memory.buffer, task.byteOffset, task.length);
    this.scratch = rest;
    return arrays.slice(2);
  }

  products(task) {
    task.finite ??= this.instance.exports.finite(task.kernel.byteOffset, task.kernel.length);
    this.instance.exports.products(this.told(task));
  }

  pooled(task, mean) {
    this.instance.exports.pooled(this.told(task), mean);
  }

  told(task) {
    const arrays = [task.inputs, task.kernel, task.bias, task.outputs, this.scratch];
    this.task.set([...arrays.map((array) => array?.byteOffset ?? 0), ...LENGTHS.map((name) => task[name])]);
    return this.task.byteOffset;
  }
}
