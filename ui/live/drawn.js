// From a drawing's strokes to what a network reads, whatever the pen was, as core/drawing/drawn.py does it and for its
// reasons. paper: a Paper, which may have other drawings on it.
function prepareDrawing(acts, paper) {
  return prepare(paper.draw(even(acts)));
}

// The same drawing with lines of MNIST's width, in the middle of the pad; or `acts` itself, where it stays as it is.
function even(acts) {
  const written = acts.slice(acts.findLastIndex(([kind]) => kind === RULES.CLEAR) + 1);
  if (!written.length || written.some(([kind]) => kind === RULES.ERASER)) return acts;
  const [left, right] = reachOf(written, 2);
  const [top, bottom] = reachOf(written, 3);
  const longer = Math.max(right - left, bottom - top);
  if (Math.min(left, top) < 0 || Math.max(right, bottom) > RULES.SIDE) return acts;
  if (longer < RULES.LEAST_WAY * Math.max(...written.map((act) => act[1]))) return acts;
  if (wayOf(written) * (RULES.FITTED - RULES.EVEN) > RULES.MOST_LINE * longer) return acts;
  const scale = RULES.SPAN / longer;
  const width = (RULES.EVEN * RULES.SPAN) / (RULES.FITTED - RULES.EVEN);
  const x = (RULES.SIDE - (right - left) * scale) / 2;
  const y = (RULES.SIDE - (bottom - top) * scale) / 2;
  const moved = (value, i) => (i % 2 ? (value - top) * scale + y : (value - left) * scale + x);
  return written.map((act) => [RULES.PEN, width, ...act.slice(2).map(moved)]);
}

// The least and the largest of every second number, from this one on.
function reachOf(acts, first) {
  let [least, most] = [Infinity, -Infinity];
  for (const act of acts) {
    for (let i = first; i < act.length; i += 2) {
      least = Math.min(least, act[i]);
      most = Math.max(most, act[i]);
    }
  }
  return [least, most];
}

// How far the pen went while it was down.
function wayOf(acts) {
  let way = 0;
  for (const act of acts) {
    for (let i = 4; i < act.length; i += 2) {
      const [along, down] = [act[i] - act[i - 2], act[i + 1] - act[i - 1]];
      way += Math.sqrt(along * along + down * down);
    }
  }
  return way;
}
