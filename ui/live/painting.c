// Maps in their colours, each as large as it stands on the page, and what their colours reach to. painting.js does the
// same in JavaScript and says what its classes are for.

// For each pixel of an axis which values it shows: from the first one on so many as there are taps, each by its weight.
struct Axis {
  int length, taps;
  const int *first;
  const float *weights; // length · taps
};

// corner: the first pixel of a map's picture.
struct Tile {
  int corner;
  const struct Axis *across, *down;
};

// What the caller puts into memory before a call.
struct Row {
  unsigned *pixels;
  int stride; // pixels in a line of the whole picture
  const struct Tile *tiles;
  int count; // tiles
  const float *values;
  int size, width; // values of a tile, and of a line of it; of the last line there may be fewer
  const float *limits; // for each tile: the value that has the colour of the end
  const unsigned *table; // 255 colours
  float *line; // room for as many numbers as a line of a tile has values and pixels
};

// What is none has the first colour.
static void coloured(const float *restrict values, int count, float scale, const unsigned *restrict table,
                     unsigned *restrict to) {
  for (int i = 0; i < count; i++) {
    float step = values[i] * scale + 127.5f;
    step = step > 0 ? step : 0;
    step = step < 254 ? step : 254;
    to[i] = table[(int)step];
  }
}

static void enlarge(const struct Row *r, const struct Tile *tile, const float *values, float scale) {
  const int *places = tile->across->first;
  int length = tile->across->length;
  float *line = r->line;
  unsigned *to = r->pixels + tile->corner;
  for (int row = 0; row < tile->down->length; row++, to += r->stride) {
    int place = tile->down->first[row] * r->width;
    // several lines of pixels may show the same values
    if (row && tile->down->first[row] == tile->down->first[row - 1]) {
      for (int i = 0; i < length; i++) to[i] = to[i - r->stride];
      continue;
    }
    int count = length;
    while (count && place + places[count - 1] >= r->size) count--;
    for (int i = 0; i < count; i++) line[i] = values[place + places[i]];
    coloured(line, count, scale, r->table, to);
  }
}

static void add(float *restrict to, const float *restrict values, float weight, int count) {
  for (int i = 0; i < count; i++) to[i] += weight * values[i];
}

// Down first, then across. Of a last line that is shorter what is missing counts as none.
static void shrink(const struct Row *r, const struct Tile *tile, const float *values, float scale) {
  const struct Axis *across = tile->across, *down = tile->down;
  float *line = r->line, *sums = line + r->width;
  unsigned *to = r->pixels + tile->corner;
  for (int row = 0; row < down->length; row++, to += r->stride) {
    for (int i = 0; i < r->width; i++) line[i] = 0;
    for (int tap = 0; tap < down->taps; tap++) {
      float weight = down->weights[row * down->taps + tap];
      int place = (down->first[row] + tap) * r->width;
      int count = weight == 0 ? 0 : r->size - place < r->width ? r->size - place : r->width;
      add(line, values + place, weight, count);
    }
    const float *weights = across->weights;
    for (int i = 0; i < across->length; i++) {
      const float *from = line + across->first[i];
      float sum = 0;
      for (int tap = 0; tap < across->taps; tap++) sum += *weights++ * *from++;
      sums[i] = sum;
    }
    coloured(sums, across->length, scale, r->table, to);
  }
}

__attribute__((export_name("row"))) void row(const struct Row *r) {
  for (int i = 0; i < r->count; i++) {
    const struct Tile *tile = r->tiles + i;
    const float *values = r->values + i * r->size;
    if (tile->across->taps * tile->down->taps == 1) enlarge(r, tile, values, 127 / r->limits[i]);
    else shrink(r, tile, values, 127 / r->limits[i]);
  }
}

// reach: the largest |value| of each map. Returns where the largest value of all is. What is no number is passed over.
__attribute__((export_name("extremes"))) int extremes(const float *values, int maps, int pixels, float *reach) {
  int best = 0;
  float largest = -__builtin_inff();
  for (int map = 0; map < maps; map++, values += pixels) {
    float most = 0, high = -__builtin_inff();
    for (int i = 0; i < pixels; i++) {
      float size = __builtin_fabsf(values[i]);
      most = size > most ? size : most;
      high = values[i] > high ? values[i] : high;
    }
    reach[map] = most;
    if (!(high > largest)) continue;
    largest = high;
    int at = 0;
    while (values[at] != high) at++;
    best = map * pixels + at;
  }
  return best;
}
