// Where every map stands: a row a layer, from the image down, all as large as the room allows.

const GAP = 1;
const ROW_GAP = 5;
const LABELS = 116; // pixels beside the rows for their names
const LABEL_LINE = 15; // above a row, where there is no room beside it
const NARROW = 520;
const LARGEST_TILE = 72;
const SMALLEST_TILE = 9;
const STRIP_ROOM = 40; // height of a flat row
const LEAST_FLAT = 92; // its width with its name
const FLAT_GAP = 12;
const IMAGE_SIDE = 40;
const TOP = 2;
// how much smaller, or larger, maps may be drawn so that their lines are full
const SHRINK = 0.85;
const GROW = 1.2;

// stages: places of the atlas. Returns { rows: [{ stage, x, y, width, height,
// tile: [width, height], columns, count, label, labelAt: [x, y] }], height }.
function layOut(stages, layers, width, height, folded) {
  const narrow = width < NARROW;
  const shown = stages.map((_, stage) => stage).filter((stage) => !folded || stage === 0 || endsAStage(layers, stage - 1));
  const left = narrow ? 0 : LABELS;
  let found = null;
  for (let side = LARGEST_TILE; side >= SMALLEST_TILE; side--) {
    found = placed(stages, layers, shown, left, width - left, side, narrow);
    if (found.height <= height || (narrow && side <= 22)) break;
  }
  return found;
}

// A stage is a layer that multiplies with all that follow it up to the next one.
function endsAStage(layers, number) {
  return number === layers.length - 1 || layers[number + 1].takes === "products";
}

function placed(stages, layers, shown, left, width, side, narrow) {
  let y = TOP;
  let x = left; // of the next flat row: several stand in a line
  let line = 0; // its height
  const rows = [];
  const add = (stage, at, tile, columns, labelAt) => {
    const place = stages[stage];
    const lines = Math.ceil(place.shown / columns);
    const [wide, high] = [columns * (tile[0] + GAP) - GAP, lines * (tile[1] + GAP) - GAP];
    rows.push({
      stage, tile, columns, count: place.shown, flat: place.flat, label: labelOf(layers[stage - 1]), labelAt,
      x: at[0], y: at[1], width: wide, height: high,
    });
    return high;
  };
  const endLine = () => {
    if (line) y += line + ROW_GAP;
    x = left;
    line = 0;
  };
  for (const stage of shown) {
    const size = tileSize(stages[stage], stage ? side : Math.max(side, IMAGE_SIDE), width);
    if (stages[stage].flat) {
      const room = Math.max(size[0], LEAST_FLAT);
      if (x > left && x + room > left + width) endLine();
      line = Math.max(line, LABEL_LINE + add(stage, [x, y + LABEL_LINE], size, 1, [x, y]));
      x += room + FLAT_GAP;
      continue;
    }
    endLine();
    if (narrow) y += LABEL_LINE;
    const { tile, columns } = fullLines(stages[stage].shown, size, width);
    const high = add(stage, [left, y], tile, columns, [0, narrow ? y - LABEL_LINE : y]);
    y += Math.max(high, narrow ? 0 : LABEL_LINE) + ROW_GAP;
  }
  endLine();
  return { rows, height: y - ROW_GAP + 1, narrow, left };
}

// Maps of half the side are drawn smaller, but not by half: a map of 7 × 7 must still be seen.
function tileSize(place, side, width) {
  if (place.flat) {
    const scale = Math.max(0.5, Math.min(place.height > 1 ? STRIP_ROOM / place.height : 12, width / place.width, 12));
    return [Math.round(place.width * scale), Math.max(8, Math.round(place.height * scale))];
  }
  const longer = Math.max(place.width, place.height);
  const scale = (side * Math.sqrt(longer / 28)) / longer;
  return [Math.max(3, Math.round(place.width * scale)), Math.max(3, Math.round(place.height * scale))];
}

// The maps of a layer in lines of the same length, instead of a last one with two maps in it: how many stand in one, and
// their size, which gives way a little to fewer lines, and takes what room is left.
function fullLines(count, [wide, high], width) {
  const widest = (columns) => Math.floor((width + GAP) / columns) - GAP;
  const evenly = (lines) => Math.ceil(count / lines);
  let lines = Math.ceil(count / Math.max(1, Math.floor((width + GAP) / (wide + GAP))));
  if (lines > 1 && widest(evenly(lines - 1)) >= SHRINK * wide) lines -= 1;
  const columns = evenly(lines);
  const fits = lines === 1 ? Math.min(wide, widest(columns)) : Math.min(Math.floor(GROW * wide), widest(columns));
  return { columns, tile: [fits, Math.max(3, Math.round((high * fits) / wide))] };
}

function labelOf(layer) {
  if (!layer) return [_("image"), "28×28×1"];
  return [layer.name, layer.flat ? String(layer.maps) : `${layer.height}×${layer.width}×${layer.maps}`];
}

// The map under a point: { stage, map } or null.
function mapAt(plan, stages, layers, x, y) {
  for (const row of plan.rows) {
    if (x < row.x || y < row.y || x >= row.x + row.width + GAP || y >= row.y + row.height + GAP) continue;
    const column = Math.floor((x - row.x) / (row.tile[0] + GAP));
    const line = Math.floor((y - row.y) / (row.tile[1] + GAP));
    const tile = line * row.columns + column;
    if (column >= row.columns || tile >= row.count) return null;
    if (!row.flat) return { stage: row.stage, map: tile };
    const place = stages[row.stage];
    const across = Math.min(place.width - 1, Math.floor(((x - row.x) / row.tile[0]) * place.width));
    const down = Math.min(place.height - 1, Math.floor(((y - row.y) / row.tile[1]) * place.height));
    const unit = down * place.width + across;
    return unit < layers[row.stage - 1].maps ? { stage: row.stage, map: unit } : null;
  }
  return null;
}

// Where a map stands: [x, y, width, height], null where its row is folded away.
function boxOfMap(plan, stages, stage, map) {
  const row = plan.rows.find((each) => each.stage === stage);
  if (!row) return null;
  if (row.flat) {
    const place = stages[stage];
    const [wide, high] = [row.tile[0] / place.width, row.tile[1] / place.height];
    return [row.x + (map % place.width) * wide, row.y + Math.floor(map / place.width) * high, wide, high];
  }
  const [column, line] = [map % row.columns, Math.floor(map / row.columns)];
  return [row.x + column * (row.tile[0] + GAP), row.y + line * (row.tile[1] + GAP), ...row.tile];
}
