// What is done under sliding windows: sums of products, the largest value, the mean; nearly all that takes time when a
// network reads an image. Compiled to WebAssembly by ui/live/build.py; loops.js does the same in JavaScript where there is
// no WebAssembly with SIMD.
//
// Maps are (maps, height, width), one map a contiguous piece. Kernels are as Keras has them: (height, width, channels
// that a map reads, maps). Where a map reads fewer channels than there are, the channels come in groups.

typedef float Four __attribute__((vector_size(16), aligned(4)));

// The innermost loop works on so many output pixels and maps, whose sums stay in registers, and on so many taps at once:
// 27 kB, which stay in the nearest cache.
enum { ACROSS = 8, DOWN = 4, PANEL = ACROSS * DOWN, TAPS = 576 };

// What the caller puts into memory before a call; addresses in bytes, lengths in floats.
struct Window {
  const float *inputs;
  const float *kernel;
  const float *bias; // 0: none
  float *outputs;
  float *scratch; // as many floats as scratchOf in loops.js says
  int height, width, reads, groups, maps;
  int out_height, out_width;
  int kernel_height, kernel_width;
  int stride_down, stride_right, dilation_down, dilation_right;
  int before_down, before_right; // padding
  int finite; // whether no number of the kernel is infinite or none at all
};

// What all pixels share: the input with its padding (channels, height, width), where in it each tap of a group is read,
// seen from the first one, and room for the rest.
struct Padded {
  float *maps;
  int height, width;
  int *offsets;
  float *rest;
};

static int multiple(int count, int of) { return (count + of - 1) / of * of; }

static int taps_of(const struct Window *w) { return w->kernel_height * w->kernel_width * w->reads; }

static struct Padded padded(const struct Window *w) {
  int height = (w->out_height - 1) * w->stride_down + (w->kernel_height - 1) * w->dilation_down + 1;
  int width = (w->out_width - 1) * w->stride_right + (w->kernel_width - 1) * w->dilation_right + 1;
  int channels = w->groups * w->reads;
  struct Padded p = {w->scratch, height, width, (int *)(w->scratch + multiple(channels * height * width, 4)), 0};
  p.rest = (float *)p.offsets + multiple(taps_of(w), 4);
  float *to = p.maps;
  for (int channel = 0; channel < channels; channel++) {
    for (int y = 0; y < height; y++) {
      int row = y - w->before_down;
      const float *from = w->inputs + (channel * w->height + row) * w->width - w->before_right;
      int inside = row >= 0 && row < w->height;
      int first = inside ? (w->before_right < width ? w->before_right : width) : width;
      int last = inside && w->before_right + w->width < width ? w->before_right + w->width : width;
      for (int x = 0; x < first; x++) to[x] = 0;
      for (int x = first; x < last; x++) to[x] = from[x];
      for (int x = last; x < width; x++) to[x] = 0;
      to += width;
    }
  }
  int *offset = p.offsets;
  for (int i = 0; i < w->kernel_height; i++) {
    for (int j = 0; j < w->kernel_width; j++) {
      int place = i * w->dilation_down * width + j * w->dilation_right;
      for (int channel = 0; channel < w->reads; channel++) *offset++ = channel * height * width + place;
    }
  }
  return p;
}

// Where the first tap of an output pixel is read.
static int base_of(const struct Window *w, const struct Padded *p, int group, int pixel) {
  int y = pixel / w->out_width, x = pixel % w->out_width;
  return (group * w->reads * p->height + y * w->stride_down) * p->width + x * w->stride_right;
}

// A group's kernel in panels of four maps: (panels, taps, DOWN).
static void pack_kernel(const struct Window *w, int group, float *to) {
  int each = w->maps / w->groups, all = taps_of(w);
  for (int m = 0; m < each; m += DOWN) {
    const float *from = w->kernel + group * each + m;
    int count = each - m < DOWN ? each - m : DOWN;
    for (int k = 0; k < all; k++, from += w->maps, to += DOWN) {
      for (int n = 0; n < DOWN; n++) to[n] = n < count ? from[n] : 0;
    }
  }
}

// What some taps read for eight output pixels, of which `bases` are the places of the first tap: (taps, ACROSS).
static void gather(const float *maps, const int *offsets, int taps, const int *bases, float *to) {
  int run = 1;
  for (int n = 1; n < ACROSS; n++) run &= bases[n] == bases[0] + n;
  for (int k = 0; k < taps; k++, to += ACROSS) {
    const float *from = maps + offsets[k];
    if (run) {
      *(Four *)to = *(Four *)(from + bases[0]);
      *(Four *)(to + 4) = *(Four *)(from + bases[0] + 4);
    } else {
      for (int n = 0; n < ACROSS; n++) to[n] = from[bases[n]];
    }
  }
}

// Four maps of eight output pixels.
static void panel(const float *pixels, const float *kernel, int taps, float *sums) {
  Four a0 = *(Four *)sums, a1 = *(Four *)(sums + 4);
  Four b0 = *(Four *)(sums + 8), b1 = *(Four *)(sums + 12);
  Four c0 = *(Four *)(sums + 16), c1 = *(Four *)(sums + 20);
  Four d0 = *(Four *)(sums + 24), d1 = *(Four *)(sums + 28);
  for (int k = 0; k < taps; k++, pixels += ACROSS, kernel += DOWN) {
    Four left = *(Four *)pixels, right = *(Four *)(pixels + 4);
    a0 += left * kernel[0], a1 += right * kernel[0];
    b0 += left * kernel[1], b1 += right * kernel[1];
    c0 += left * kernel[2], c1 += right * kernel[2];
    d0 += left * kernel[3], d1 += right * kernel[3];
  }
  *(Four *)sums = a0, *(Four *)(sums + 4) = a1;
  *(Four *)(sums + 8) = b0, *(Four *)(sums + 12) = b1;
  *(Four *)(sums + 16) = c0, *(Four *)(sums + 20) = c1;
  *(Four *)(sums + 24) = d0, *(Four *)(sums + 28) = d1;
}

// The same where there is one map only, as in a depthwise layer.
static void line(const float *pixels, const float *kernel, int taps, float *sums) {
  Four left = *(Four *)sums, right = *(Four *)(sums + 4);
  for (int k = 0; k < taps; k++, pixels += ACROSS, kernel += DOWN) {
    left += *(Four *)pixels * *kernel;
    right += *(Four *)(pixels + 4) * *kernel;
  }
  *(Four *)sums = left, *(Four *)(sums + 4) = right;
}

static void many_pixels(const struct Window *w, const struct Padded *p, int group) {
  int pixels = w->out_height * w->out_width, each = w->maps / w->groups, all = taps_of(w);
  int panels = multiple(each, DOWN) / DOWN;
  float *kernel = p->rest, *packed = kernel + panels * all * DOWN, *sums = packed + TAPS * ACROSS;
  pack_kernel(w, group, kernel);
  for (int first = 0; first < pixels; first += ACROSS) {
    int count = pixels - first < ACROSS ? pixels - first : ACROSS, bases[ACROSS];
    // past the last pixel it stands in for those that are not there
    for (int n = 0; n < ACROSS; n++) bases[n] = base_of(w, p, group, first + (n < count ? n : count - 1));
    for (int m = 0; m < panels * DOWN; m++) {
      float bias = w->bias && m < each ? w->bias[group * each + m] : 0;
      for (int n = 0; n < ACROSS; n++) sums[m * ACROSS + n] = bias;
    }
    for (int tap = 0; tap < all; tap += TAPS) {
      int taps = all - tap < TAPS ? all - tap : TAPS;
      gather(p->maps, p->offsets + tap, taps, bases, packed);
      for (int m = 0; m < panels; m++) {
        const float *rows = kernel + (m * all + tap) * DOWN;
        if (each == 1) line(packed, rows, taps, sums);
        else panel(packed, rows, taps, sums + m * PANEL);
      }
    }
    for (int m = 0; m < each; m++) {
      float *to = w->outputs + (group * each + m) * pixels + first;
      for (int n = 0; n < count; n++) to[n] = sums[m * ACROSS + n];
    }
  }
}

// Few pixels and mostly many maps, as in a dense layer: four inputs at a time are spread over all maps. What is 0, as
// much is after a ReLU, adds nothing, and its row of the kernel need not be read.
static void few_pixels(const struct Window *w, const struct Padded *p, int group) {
  int pixels = w->out_height * w->out_width, each = w->maps / w->groups, all = taps_of(w);
  float *values = p->rest, *sums = values + multiple(all, 4);
  int *taps = (int *)(sums + multiple(each, 4));
  for (int pixel = 0; pixel < pixels; pixel++) {
    const float *from = p->maps + base_of(w, p, group, pixel);
    int count = 0;
    for (int k = 0; k < all; k++) {
      values[count] = from[p->offsets[k]];
      taps[count] = k;
      count += values[count] != 0 || !w->finite;
    }
    for (int m = 0; m < each; m++) sums[m] = w->bias ? w->bias[group * each + m] : 0;
    const float *rows = w->kernel + group * each;
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      const float *a = rows + taps[k] * w->maps, *b = rows + taps[k + 1] * w->maps;
      const float *c = rows + taps[k + 2] * w->maps, *d = rows + taps[k + 3] * w->maps;
      float q = values[k], r = values[k + 1], s = values[k + 2], t = values[k + 3];
      int m = 0;
      for (; m + 4 <= each; m += 4) {
        *(Four *)(sums + m) += (*(Four *)(a + m) * q + *(Four *)(b + m) * r) +
                               (*(Four *)(c + m) * s + *(Four *)(d + m) * t);
      }
      for (; m < each; m++) sums[m] += (a[m] * q + b[m] * r) + (c[m] * s + d[m] * t);
    }
    for (; k < count; k++) {
      for (int m = 0; m < each; m++) sums[m] += rows[taps[k] * w->maps + m] * values[k];
    }
    for (int m = 0; m < each; m++) w->outputs[(group * each + m) * pixels + pixel] = sums[m];
  }
}

__attribute__((export_name("products"))) void products(const struct Window *w) {
  struct Padded p = padded(w);
  for (int group = 0; group < w->groups; group++) {
    if (w->out_height * w->out_width < ACROSS) few_pixels(w, &p, group);
    else many_pixels(w, &p, group);
  }
}

// The first and the last tap of an axis that is inside.
static void inside(int at, int size, int kernel, int dilation, int *first, int *last) {
  *first = at < 0 ? (dilation - 1 - at) / dilation : 0;
  *last = at + (kernel - 1) * dilation < size ? kernel : size - at <= 0 ? 0 : (size - at + dilation - 1) / dilation;
}

// Under each window of each map what is inside of it: the largest value (what is no number wins), or the mean.
__attribute__((export_name("pooled"))) void pooled(const struct Window *w, int mean) {
  float *to = w->outputs;
  for (int map = 0; map < w->maps; map++) {
    const float *from = w->inputs + map * w->height * w->width;
    for (int y = 0; y < w->out_height; y++) {
      int down = y * w->stride_down - w->before_down, top, bottom;
      inside(down, w->height, w->kernel_height, w->dilation_down, &top, &bottom);
      for (int x = 0; x < w->out_width; x++) {
        int right = x * w->stride_right - w->before_right, left, end;
        inside(right, w->width, w->kernel_width, w->dilation_right, &left, &end);
        float largest = -__builtin_inff();
        double sum = 0;
        for (int i = top; i < bottom; i++) {
          const float *row = from + (down + i * w->dilation_down) * w->width + right;
          for (int j = left; j < end; j++) {
            float value = row[j * w->dilation_right];
            if (mean) sum += value;
            else if (value > largest || value != value) largest = value;
          }
        }
        *to++ = mean ? (float)(sum / ((bottom - top) * (end - left))) : largest;
      }
    }
  }
}

// Whether every number is finite: x − x is 0 for those only.
__attribute__((export_name("finite"))) int finite(const float *values, int count) {
  int all = 1;
  for (int i = 0; i < count; i++) all &= values[i] - values[i] == 0;
  return all;
}
