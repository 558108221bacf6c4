// From a drawing's picture to what a network reads, as core/drawing/preparation.py does it with the pad's own pictures.

// pixels: uint8, SIDE × SIDE, white on black. Returns { image: float32 (784) in [0, 1] }, or { refusal: the sentence,
// said: the same for a page in another language, see said.js }.
function prepare(pixels) {
  try {
    return { image: centred(findInk(pixels)) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message, said: error.said };
    throw error;
  }
}

function centred(ink) {
  const box = boxOf(ink, Math.fround(RULES.INK), ink.drawn);
  const [height, width] = [box[2] - box[0], box[3] - box[1]];
  const scale = (RULES.FITTED * RULES.FINE) / Math.max(height, width);
  const cut = resized(ink, box, Math.max(1, rounded(height * scale)), Math.max(1, rounded(width * scale)));
  const before = strokeWidth(cut);
  const strokes = cutTo(withWidth(cut, before, Math.min(RULES.THICKEST, Math.max(RULES.THINNEST, before))));
  const size = RULES.FITTED / Math.max(strokes.height, strokes.width);
  const after = strokeWidth(strokes) * RULES.FINE * size;
  if ((total(strokes) * size ** 2) / after > RULES.MOST_LINE) throw new Refusal(RULES.LONG);
  return placed(strokes).values;
}

function total({ values }) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

// Mean width of the lines in final pixels: a line's area is its length times its width, its outline twice its length.
function strokeWidth(picture) {
  const { values, height, width } = paddedBy(picture, 1);
  let outline = 0;
  for (let row = 1; row < height; row++) {
    for (let i = row * width + 1; i < (row + 1) * width; i++) {
      const down = Math.fround(values[i] - values[i - width]);
      const right = Math.fround(values[i] - values[i - 1]);
      outline += Math.fround(Math.sqrt(down * down + right * right));
    }
  }
  return (2 * total(picture)) / Math.max(outline, 1e-6) / RULES.FINE;
}

// Lines grown or shrunk evenly on both sides; never shrunk so far that the middle of a line goes.
function withWidth(picture, width, wanted) {
  const steps = rounded(((wanted - width) / 2) * RULES.FINE);
  let made = steps > 0 ? paddedBy(picture, steps) : picture;
  for (let step = 0; step < steps; step++) made = neighbours(made, larger, step % 2 === 1);
  for (let step = 0; step < -steps; step++) {
    const thinner = inside(neighbours(paddedBy(made, 1), smaller, step % 2 === 1));
    if (!thinner.values.some((value) => value >= Math.fround(0.9))) break;
    made = thinner;
  }
  return made;
}

function larger(one, other) {
  return one > other ? one : other;
}

function smaller(one, other) {
  return one < other ? one : other;
}

// Each pixel combined with its 4 neighbours, or 8; beyond the ends the picture goes on as at its edge.
function neighbours({ values, height, width }, combine, diagonal) {
  const made = empty(height, width);
  const rows = empty(height, width).values;
  for (let row = 0, i = 0; row < height; row++) {
    const up = row > 0 ? -width : 0;
    const down = row < height - 1 ? width : 0;
    for (let column = 0; column < width; column++, i++) {
      rows[i] = combine(combine(values[i + up], values[i]), values[i + down]);
    }
  }
  const beside = diagonal ? rows : values;
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const left = column > 0 ? -1 : 0;
      const right = column < width - 1 ? 1 : 0;
      made.values[i] = combine(combine(beside[i + left], rows[i]), beside[i + right]);
    }
  }
  return made;
}

// Without the outermost pixels.
function inside(picture) {
  return part(picture, [1, 1, picture.height - 1, picture.width - 1]);
}

function cutTo(picture) {
  return part(picture, boxOf(picture, Math.fround(RULES.INK)));
}

function part({ values, width }, [top, left, bottom, right]) {
  const made = empty(bottom - top, right - left);
  for (let row = top; row < bottom; row++) {
    made.values.set(values.subarray(row * width + left, row * width + right), (row - top) * made.width);
  }
  return made;
}

// 28 × 28, with the centre of mass where MNIST has it.
function placed(strokes) {
  const { values, height, width } = strokes;
  const scale = Math.max(height, width) / RULES.FITTED;
  let [mass, down, right] = [0, 0, 0];
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      mass += values[i];
      down += values[i] * (row + 0.5);
      right += values[i] * (column + 0.5);
    }
  }
  const off = (RULES.CENTRE - RULES.SIZE / 2) * scale;
  const [y, x, half] = [down / mass - off, right / mass - off, (RULES.SIZE * scale) / 2];
  return resized(strokes, [y - half, x - half, y + half, x + half], RULES.SIZE, RULES.SIZE);
}
