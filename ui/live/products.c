// Sums of products under sliding windows: all that takes time when a network reads an image. Compiled to WebAssembly
// by ui/live/build.py; loops.js does the same in JavaScript where there is no WebAssembly with SIMD.
//
// Maps are (maps, height, width), one map a contiguous piece. Kernels are as Keras has them: (height, width, channels
// that a map reads, maps). Where a map reads fewer channels than there are, the channels come in groups.

typedef float Four __attribute__((vector_size(16), aligned(4)));

// Output pixels and taps that are worked on at once: what they take (32 kB, and sums beside it) stays in the cache.
enum { COLUMNS = 64, TAPS = 128 };

// What the caller puts into memory before a call; addresses in bytes, lengths in floats.
struct Window {
  const float *inputs;
  const float *kernel;
  const float *bias; // 0: none
  float *outputs;
  float *scratch; // TAPS · COLUMNS floats and as many sums as COLUMNS · maps
  int height, width, reads, groups, maps;
  int out_height, out_width;
  int kernel_height, kernel_width;
  int stride_down, stride_right, dilation_down, dilation_right;
  int before_down, before_right; // padding
};

// One tap for a run of output pixels of one row: inputs beyond the ends are 0.
static void row(const struct Window *w, const float *map, int y, int x, int count, int i, int j, float *to) {
  int down = y * w->stride_down - w->before_down + i * w->dilation_down;
  int right = x * w->stride_right - w->before_right + j * w->dilation_right;
  int inside = down >= 0 && down < w->height;
  const float *from = map + down * w->width;
  for (int n = 0; n < count; n++, right += w->stride_right) {
    to[n] = inside && right >= 0 && right < w->width ? from[right] : 0;
  }
}

// What the taps from `tap` on read for the output pixels from `first` on: packed (taps, COLUMNS).
static void gather(const struct Window *w, int group, int tap, int taps, int first, int count, float *packed) {
  for (int k = 0; k < taps; k++, packed += COLUMNS) {
    int place = (tap + k) / w->reads, channel = (tap + k) % w->reads;
    const float *map = w->inputs + (group * w->reads + channel) * w->height * w->width;
    int i = place / w->kernel_width, j = place % w->kernel_width;
    for (int n = 0; n < count;) {
      int y = (first + n) / w->out_width, x = (first + n) % w->out_width;
      int run = w->out_width - x < count - n ? w->out_width - x : count - n;
      row(w, map, y, x, run, i, j, packed + n);
      n += run;
    }
    for (int n = count; n % 8; n++) packed[n] = 0;
  }
}

// Four maps of eight output pixels: the sums stay in registers.
static void four(const float *packed, const float *kernel, int maps, int taps, float *sums) {
  Four a0 = *(Four *)sums, a1 = *(Four *)(sums + 4);
  Four b0 = *(Four *)(sums + COLUMNS), b1 = *(Four *)(sums + COLUMNS + 4);
  Four c0 = *(Four *)(sums + 2 * COLUMNS), c1 = *(Four *)(sums + 2 * COLUMNS + 4);
  Four d0 = *(Four *)(sums + 3 * COLUMNS), d1 = *(Four *)(sums + 3 * COLUMNS + 4);
  for (int k = 0; k < taps; k++, packed += COLUMNS, kernel += maps) {
    Four left = *(Four *)packed, right = *(Four *)(packed + 4);
    a0 += left * kernel[0], a1 += right * kernel[0];
    b0 += left * kernel[1], b1 += right * kernel[1];
    c0 += left * kernel[2], c1 += right * kernel[2];
    d0 += left * kernel[3], d1 += right * kernel[3];
  }
  *(Four *)sums = a0, *(Four *)(sums + 4) = a1;
  *(Four *)(sums + COLUMNS) = b0, *(Four *)(sums + COLUMNS + 4) = b1;
  *(Four *)(sums + 2 * COLUMNS) = c0, *(Four *)(sums + 2 * COLUMNS + 4) = c1;
  *(Four *)(sums + 3 * COLUMNS) = d0, *(Four *)(sums + 3 * COLUMNS + 4) = d1;
}

static void one(const float *packed, const float *kernel, int maps, int taps, float *sums) {
  Four left = *(Four *)sums, right = *(Four *)(sums + 4);
  for (int k = 0; k < taps; k++, packed += COLUMNS, kernel += maps) {
    left += *(Four *)packed * *kernel;
    right += *(Four *)(packed + 4) * *kernel;
  }
  *(Four *)sums = left, *(Four *)(sums + 4) = right;
}

static void many_pixels(const struct Window *w, int group) {
  int pixels = w->out_height * w->out_width, each = w->maps / w->groups;
  int all = w->kernel_height * w->kernel_width * w->reads;
  float *packed = w->scratch, *sums = packed + TAPS * COLUMNS;
  const float *kernel = w->kernel + group * each;
  for (int first = 0; first < pixels; first += COLUMNS) {
    int count = pixels - first < COLUMNS ? pixels - first : COLUMNS;
    for (int m = 0; m < each; m++) {
      float bias = w->bias ? w->bias[group * each + m] : 0;
      for (int n = 0; n < COLUMNS; n++) sums[m * COLUMNS + n] = bias;
    }
    for (int tap = 0; tap < all; tap += TAPS) {
      int taps = all - tap < TAPS ? all - tap : TAPS;
      gather(w, group, tap, taps, first, count, packed);
      const float *rows = kernel + tap * w->maps;
      int m = 0;
      for (; m + 4 <= each; m += 4) {
        for (int n = 0; n < count; n += 8) four(packed + n, rows + m, w->maps, taps, sums + m * COLUMNS + n);
      }
      for (; m < each; m++) {
        for (int n = 0; n < count; n += 8) one(packed + n, rows + m, w->maps, taps, sums + m * COLUMNS + n);
      }
    }
    for (int m = 0; m < each; m++) {
      float *to = w->outputs + (group * each + m) * pixels + first;
      for (int n = 0; n < count; n++) to[n] = sums[m * COLUMNS + n];
    }
  }
}

// Few pixels and mostly many maps, as in a dense layer: four inputs at a time are spread over all maps.
static void few_pixels(const struct Window *w, int group) {
  int pixels = w->out_height * w->out_width, each = w->maps / w->groups;
  int all = w->kernel_height * w->kernel_width * w->reads;
  float *inputs = w->scratch, *sums = inputs + TAPS * COLUMNS;
  for (int pixel = 0; pixel < pixels; pixel++) {
    for (int m = 0; m < each; m++) sums[m] = w->bias ? w->bias[group * each + m] : 0;
    for (int tap = 0; tap < all; tap += TAPS) {
      int taps = all - tap < TAPS ? all - tap : TAPS;
      gather(w, group, tap, taps, pixel, 1, inputs);
      for (int k = taps; k % 4; k++) inputs[k * COLUMNS] = 0;
      for (int k = 0; k < taps; k += 4) {
        const float *a = w->kernel + (tap + k) * w->maps + group * each;
        // past the last tap the first row stands in, times 0
        const float *b = k + 1 < taps ? a + w->maps : a, *c = k + 2 < taps ? a + 2 * w->maps : a;
        const float *d = k + 3 < taps ? a + 3 * w->maps : a;
        float p = inputs[k * COLUMNS], q = inputs[(k + 1) * COLUMNS];
        float r = inputs[(k + 2) * COLUMNS], s = inputs[(k + 3) * COLUMNS];
        int m = 0;
        for (; m + 4 <= each; m += 4) {
          *(Four *)(sums + m) += (*(Four *)(a + m) * p + *(Four *)(b + m) * q) +
                                 (*(Four *)(c + m) * r + *(Four *)(d + m) * s);
        }
        for (; m < each; m++) sums[m] += (a[m] * p + b[m] * q) + (c[m] * r + d[m] * s);
      }
    }
    for (int m = 0; m < each; m++) w->outputs[(group * each + m) * pixels + pixel] = sums[m];
  }
}

__attribute__((export_name("products"))) void products(const struct Window *w) {
  for (int group = 0; group < w->groups; group++) {
    if (w->out_height * w->out_width < 8) few_pixels(w, group);
    else many_pixels(w, group);
  }
}
