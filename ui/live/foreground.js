// Where the ink of a drawing is, as core/drawing/foreground.py finds it in the pad's own pictures: white on black, and
// no light that falls on paper. numpy computes in float32 here, and so does this.

class Refusal extends Said {}

// The ink of the drawing that is being prepared; new memory for each of them would cost as much as to fill it ten times.
const room = new Float32Array(RULES.SIDE ** 2);

// pixels: uint8, SIDE × SIDE. Returns the digit's own ink as a picture, good until the next call; drawn: the box that all
// of it is in. Throws Refusal.
function findInk(pixels) {
  const side = RULES.SIDE;
  const counts = new Uint32Array(256);
  for (let i = 0; i < pixels.length; i++) counts[pixels[i]]++;
  const low = counts.findIndex((count) => count > 0);
  // all work is done in the box of what is not paper
  const drawn = boxOf({ values: pixels, height: side, width: side }, low);
  const inkOf = inkOfLevels(pixels, counts, low, drawn);
  const ink = { values: room.fill(0), height: side, width: side };
  for (let row = drawn[0]; row < drawn[2]; row++) {
    for (let i = row * side + drawn[1]; i < row * side + drawn[3]; i++) ink.values[i] = inkOf[pixels[i]];
  }
  keepMainParts(ink, drawn);
  const limit = Math.fround(0.3);
  const box = boxOf(ink, limit, drawn);
  if (box[2] === 0) throw new Refusal(RULES.FAINT);
  refuseSpots(part(ink, box), limit);
  return { ...ink, drawn };
}

// What each of the 256 levels is as ink: full ink 1, paper with its noise 0.
function inkOfLevels(pixels, counts, low, drawn) {
  const high = 255 - counts.slice().reverse().findIndex((count) => count > 0);
  const level = (value) => Math.fround(value / 255);
  if (Math.fround(level(high) - level(low)) < RULES.LEAST_CONTRAST) throw new Refusal(RULES.BLANK);
  const above = Float32Array.from({ length: 256 }, (_, value) => level(value) - level(low));
  const full = smoothedMaximum(pixels, above, drawn);
  const covered = counts.reduce((sum, count, value) => sum + (above[value] > full / 2 ? count : 0), 0) / pixels.length;
  if (full >= RULES.LEAST_CONTRAST && covered > RULES.MOST_INK) {
    throw new Refusal(RULES.COVERED, { percent: rounded(100 * covered) });
  }
  const noise = 1.4826 * median(counts, above, full / 2);
  if (full < Math.max(RULES.LEAST_CONTRAST, RULES.OVER_NOISE * noise)) throw new Refusal(RULES.FAINT);
  const floor = Math.min(0.4, Math.max(0.02, (3 * noise) / full));
  const rise = Math.fround(0.9 - floor);
  return above.map((value) => {
    const stretched = Math.fround(Math.fround(Math.fround(value / full) - Math.fround(floor)) / rise);
    return Math.min(1, Math.max(0, stretched));
  });
}

// The largest mean of 3 × 3 pixels; beyond the ends the picture goes on as at its edge.
function smoothedMaximum(pixels, above, [top, left, bottom, right]) {
  const side = RULES.SIDE;
  const clamp = (place) => Math.min(side - 1, Math.max(0, place));
  const sums = new Float32Array(side + 2);
  let largest = 0;
  for (let row = top; row < bottom; row++) {
    const [before, here, after] = [clamp(row - 1) * side, row * side, clamp(row + 1) * side];
    for (let column = left - 1; column <= right; column++) {
      const at = clamp(column);
      const two = Math.fround(above[pixels[before + at]] + above[pixels[here + at]]);
      sums[column + 1] = two + above[pixels[after + at]];
    }
    for (let column = left; column < right; column++) {
      const three = Math.fround(Math.fround(sums[column] + sums[column + 1]) + sums[column + 2]);
      if (three > largest) largest = three;
    }
  }
  return Math.fround(largest / 9);
}

// Of the values below a limit; where they are even in number, half of the two in the middle.
function median(counts, above, limit) {
  const below = counts.map((count, level) => (above[level] < limit ? count : 0));
  const number = below.reduce((sum, count) => sum + count, 0);
  const at = (place) => {
    let seen = 0;
    return above[below.findIndex((count) => (seen += count) > place)];
  };
  return Math.fround(Math.fround(at((number - 1) >> 1) + at(number >> 1)) / 2);
}

// Python's round: halves go to the even neighbour.
function rounded(value) {
  const floor = Math.floor(value);
  const part = value - floor;
  return part > 0.5 || (part === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

// Parts with little ink are specks and go; a picture strewn with parts is refused.
function keepMainParts(ink, [top, left, bottom, right]) {
  const step = Math.ceil(RULES.SIDE / RULES.COARSE_SIDE);
  const side = Math.ceil(RULES.SIDE / step);
  const most = new Float32Array(side * side);
  const sums = new Float64Array(side * side);
  const blocks = Int32Array.from({ length: RULES.SIDE }, (_, place) => Math.floor(place / step));
  for (let row = top; row < bottom; row++) {
    const line = blocks[row] * side;
    for (let column = left; column < right; column++) {
      const value = ink.values[row * RULES.SIDE + column];
      if (value === 0) continue; // most is paper
      const block = line + blocks[column];
      if (value > most[block]) most[block] = value;
      sums[block] += value;
    }
  }
  const parts = partsOf(most, side);
  const inks = [0];
  parts.forEach((part, block) => {
    inks[part] = (inks[part] ?? 0) + (part ? sums[block] : 0);
  });
  const limit = RULES.SPECK * inks.reduce((most, sum) => Math.max(most, sum));
  const kept = inks.map((sum) => sum >= limit);
  const count = kept.filter(Boolean).length;
  if (count > 6) throw new Refusal(RULES.STREWN, { count });
  if (count === kept.length) return;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      if (!kept[parts[blocks[row] * side + blocks[column]]]) ink.values[row * RULES.SIDE + column] = 0;
    }
  }
}

// A number from 1 for each connected part (8 neighbours), 0 where there is none.
function partsOf(values, side) {
  const parts = new Int32Array(values.length);
  const limit = Math.fround(0.15);
  let last = 0;
  for (let start = 0; start < values.length; start++) {
    if (parts[start] || !(values[start] > limit)) continue;
    parts[start] = ++last;
    const waiting = [start];
    while (waiting.length) {
      const place = waiting.pop();
      const [row, column] = [Math.floor(place / side), place % side];
      for (let r = Math.max(0, row - 1); r <= Math.min(side - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(side - 1, column + 1); c++) {
          const next = r * side + c;
          if (parts[next] || !(values[next] > limit)) continue;
          parts[next] = last;
          waiting.push(next);
        }
      }
    }
  }
  return parts;
}

// ink: cut to what is above the limit.
function refuseSpots(ink, limit) {
  const { height, width } = ink;
  let solid = 0;
  for (let i = 0; i < ink.values.length; i++) if (ink.values[i] > limit) solid++;
  const filled = solid / (height * width);
  const squareness = Math.min(height, width) / Math.max(height, width);
  const compact = (filled > 0.74 && squareness > 0.8) || (filled > 0.92 && squareness > 0.5);
  // a fat zero or eight fills its box as well, but not without a hole or a waist
  if (compact && Math.min(gapless(ink, limit, solid), gapless(turned(ink), limit, solid)) > 0.99) {
    throw new Refusal(RULES.SPOT);
  }
}

// Share of ink between the first and the last ink of each row.
function gapless({ values, height, width }, limit, solid) {
  let spans = 0;
  for (let row = 0; row < height; row++) {
    const line = values.subarray(row * width, (row + 1) * width);
    const first = line.findIndex((value) => value > limit);
    if (first >= 0) spans += line.findLastIndex((value) => value > limit) - first + 1;
  }
  return solid / spans;
}

// [top, left, bottom, right] of what is above a limit; bottom and right are exclusive, and 0 where nothing is. From the
// outside in: of a drawing most is paper. within: a box outside of which nothing is.
function boxOf({ values, height, width }, limit, within = [0, 0, height, width]) {
  let [top, first, bottom, last] = within;
  const emptyRow = (row) => {
    for (let i = row * width + first; i < row * width + last; i++) if (values[i] > limit) return false;
    return true;
  };
  while (top < bottom && emptyRow(top)) top++;
  if (top === bottom) return [height, width, 0, 0];
  while (emptyRow(bottom - 1)) bottom--;
  let [left, right] = [last, first];
  for (let row = top; row < bottom; row++) {
    const start = row * width;
    for (let column = first; column < left; column++) if (values[start + column] > limit) left = column;
    for (let column = last - 1; column >= right; column--) if (values[start + column] > limit) right = column + 1;
  }
  return [top, left, bottom, right];
}
