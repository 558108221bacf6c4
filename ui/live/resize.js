// Pictures at another size as Pillow makes them in its mode F: with the same weights in double, in two passes, each kept
// in float32 (src/libImaging/Resample.c). A picture is { values, height, width }, values float32 row by row.

// Averages areas, for shrinking.
function hamming(x) {
  if (x === 0) return 1;
  const turned = Math.abs(x) * Math.PI;
  return Math.abs(x) < 1 ? (Math.sin(turned) / turned) * (0.54 + 0.46 * Math.cos(turned)) : 0;
}

// For enlarging.
function bilinear(x) {
  return Math.max(0, 1 - Math.abs(x));
}

// What lies in `box` [top, left, bottom, right], which may reach outside, at another size: core.drawing's `_resized`.
function resized(picture, [top, left, bottom, right], height, width) {
  const outside = Math.ceil(Math.max(0, -top, -left, bottom - picture.height, right - picture.width));
  const filter = bottom - top >= height ? hamming : bilinear;
  const padded = paddedBy(picture, outside);
  // Pillow takes the corners in float32
  const span = (from, to) => [Math.fround(from + outside), Math.fround(to + outside)];
  const rows = weightsOf(padded.height, span(top, bottom), height, filter);
  const narrow = beside(padded, weightsOf(padded.width, span(left, right), width, filter), rows);
  const found = below(narrow, rows);
  for (let i = 0; i < found.values.length; i++) found.values[i] = Math.min(1, Math.max(0, found.values[i]));
  return found;
}

// The picture itself where nothing is to be added: nobody writes into what this gives.
function paddedBy(picture, by) {
  if (by === 0) return picture;
  const { height, width } = picture;
  const made = empty(height + 2 * by, width + 2 * by);
  for (let row = 0; row < height; row++) {
    made.values.set(picture.values.subarray(row * width, (row + 1) * width), (row + by) * made.width + by);
  }
  return made;
}

function empty(height, width) {
  return { values: new Float32Array(height * width), height, width };
}

// For each of `count` pixels: from which one on it is a mean, and with which weights.
function weightsOf(size, [from, to], count, filter) {
  const scale = Math.fround(to - from) / count;
  const spread = Math.max(1, scale);
  return Array.from({ length: count }, (_, place) => {
    const middle = from + (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - spread + 0.5));
    const last = Math.min(size, Math.trunc(middle + spread + 0.5));
    const weights = [];
    let sum = 0;
    for (let x = first; x < last; x++) {
      weights.push(filter((x - middle + 0.5) * (1 / spread)));
      sum += weights.at(-1);
    }
    return { first, weights: sum ? weights.map((weight) => weight / sum) : weights };
  });
}

// Means of pixels beside each other, in the rows that will be read.
function beside({ values, height, width }, places, rows) {
  const made = empty(height, places.length);
  const last = rows.at(-1);
  for (let row = rows[0].first; row < last.first + last.weights.length; row++) {
    for (let place = 0; place < places.length; place++) {
      const { first, weights } = places[place];
      let sum = 0;
      for (let i = 0, from = row * width + first; i < weights.length; i++) sum += values[from + i] * weights[i];
      made.values[row * places.length + place] = sum;
    }
  }
  return made;
}

// Means of pixels below each other.
function below({ values, width }, places) {
  const made = empty(places.length, width);
  const sums = new Float64Array(width);
  places.forEach(({ first, weights }, place) => {
    sums.fill(0);
    for (let i = 0; i < weights.length; i++) {
      for (let column = 0, from = (first + i) * width; column < width; column++) {
        sums[column] += values[from + column] * weights[i];
      }
    }
    made.values.set(sums, place * width);
  });
  return made;
}

function turned({ values, height, width }) {
  const made = empty(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) made.values[column * height + row] = values[row * width + column];
  }
  return made;
}
