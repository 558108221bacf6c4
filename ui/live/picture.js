// A drawing as the picture that it left, pixel for pixel that of core/drawing/strokes.py.

// Keeps what is drawn: where a drawing only got longer, only what is new is drawn.
class Paper {
  constructor() {
    this.pixels = new Uint8Array(RULES.SIDE * RULES.SIDE);
    this.acts = [];
  }

  // acts: a whole drawing, as the pad has it. Returns its pixels, uint8, row by row; they change with the next one.
  draw(acts) {
    const known = this.acts.every((act, i) => acts[i]?.length >= act.length && act.every((it, j) => it === acts[i][j]));
    const longer = this.acts.slice(0, -1).every((act, i) => acts[i]?.length === act.length);
    if (!known || !longer) {
      this.pixels.fill(0);
      this.acts = [];
    }
    for (let i = Math.max(0, this.acts.length - 1); i < acts.length; i++) this.add(acts[i], this.acts[i]?.length ?? 0);
    this.acts = acts.map((act) => [...act]);
    return this.pixels;
  }

  // drawn: how many numbers of the act are on the paper already.
  add(act, drawn) {
    const [kind, width] = act;
    if (kind === RULES.CLEAR && !drawn) this.pixels.fill(0);
    for (let i = Math.max(2, drawn); i < act.length; i += 2) {
      const from = i === 2 ? i : i - 2; // a point alone is a dot
      drawPiece(this.pixels, kind, width / 2, act[from], act[from + 1], act[i], act[i + 1]);
    }
  }
}

// One straight piece of a stroke. A pixel is as bright as it is covered, taken from the distance of its middle.
function drawPiece(pixels, kind, radius, x0, y0, x1, y1) {
  const side = RULES.SIDE;
  const reach = (one, other) => [
    Math.max(0, Math.floor(Math.min(one, other) - radius - 1)),
    Math.min(side, Math.ceil(Math.max(one, other) + radius + 1)),
  ];
  const [left, right] = reach(x0, x1);
  const [top, bottom] = reach(y0, y1);
  const along = x1 - x0;
  const down = y1 - y0;
  const length = along * along + down * down;
  for (let row = top; row < bottom; row++) {
    const y = row + 0.5 - y0;
    for (let column = left; column < right; column++) {
      const x = column + 0.5 - x0;
      const share = length ? Math.min(1, Math.max(0, (x * along + y * down) / length)) : 0;
      const across = x - share * along;
      const below = y - share * down;
      const distance = Math.sqrt(across * across + below * below);
      const covered = Math.floor(Math.min(1, Math.max(0, radius + 0.5 - distance)) * 255 + 0.5);
      const at = row * side + column;
      if (kind === RULES.PEN) pixels[at] = Math.max(pixels[at], covered);
      else pixels[at] = Math.min(pixels[at], 255 - covered);
    }
  }
}
