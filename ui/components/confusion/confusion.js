// The confusion matrix: a click on a cell, or Enter on it, sends its row and column. Arrow keys walk over the cells.
// Right answers, on the diagonal, are many more than all the others: they stay without a colour.

const DIGITS = 10;

class Confusion {
  constructor(parent) {
    this.parent = parent;
    this.grid = parent.querySelector(".cells");
    this.cells = [];
    const head = this.line();
    head.append(element("span"));
    for (let digit = 0; digit < DIGITS; digit++) head.append(this.head(digit, "columnheader"));
    for (let row = 0; row < DIGITS; row++) {
      const line = this.line();
      line.append(this.head(row, "rowheader"));
      for (let column = 0; column < DIGITS; column++) line.append(this.cell(row, column));
    }
  }

  line() {
    const line = element("div", "line");
    line.setAttribute("role", "row");
    this.grid.append(line);
    return line;
  }

  head(digit, role) {
    const head = element("span", "head", digit);
    head.setAttribute("role", role);
    return head;
  }

  cell(row, column) {
    const cell = element("button", row === column ? "cell right" : "cell");
    cell.type = "button";
    cell.setAttribute("role", "gridcell");
    const at = this.cells.push(cell) - 1;
    cell.onclick = () => this.pick(at);
    cell.onkeydown = (event) => this.move(event, at);
    return cell;
  }

  update(data) {
    const counts = data.arrays.counts.values;
    const table = data.arrays[`activations_${isDark(this.parent) ? "dark" : "light"}`].values;
    const most = Math.max(1, ...counts.filter((_, at) => at % (DIGITS + 1) !== 0));
    this.chosen = data.chosen[0] * DIGITS + data.chosen[1];
    this.cells.forEach((cell, at) => this.fill(cell, at, counts[at], most, table));
    this.mark(this.chosen);
  }

  fill(cell, at, count, most, table) {
    const row = Math.floor(at / DIGITS);
    const column = at % DIGITS;
    cell.textContent = count || row === column ? count.toLocaleString("en") : "·";
    // begins with what is seen, so that who says what they see is understood
    const name = nameOf(row, column, count);
    cell.setAttribute("aria-label", name);
    cell.title = name;
    if (row === column) return;
    const [red, green, blue] = colourOf(count, [-most, most], table);
    cell.style.background = `rgb(${red}, ${green}, ${blue})`;
    cell.style.color = inkOn(red, green, blue);
  }

  // the chosen cell is the one that Tab leads to
  mark(chosen) {
    this.cells.forEach((cell, at) => {
      cell.setAttribute("aria-selected", String(at === chosen));
      cell.tabIndex = at === chosen ? 0 : -1;
    });
  }

  pick(at) {
    this.mark(at);
    this.emit("pick", { eval_true: Math.floor(at / DIGITS), eval_pred: at % DIGITS });
  }

  move(event, at) {
    const row = Math.floor(at / DIGITS);
    const column = at % DIGITS;
    const [toRow, toColumn] = {
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column], Home: [row, 0], End: [row, DIGITS - 1],
    }[event.key] ?? [];
    if (toRow === undefined) return;
    event.preventDefault();
    if (Math.min(toRow, toColumn) < 0 || Math.max(toRow, toColumn) >= DIGITS) return;
    const target = this.cells[toRow * DIGITS + toColumn];
    this.cells.forEach((cell) => (cell.tabIndex = cell === target ? 0 : -1));
    target.focus();
  }
}

function nameOf(row, column, count) {
  const values = { count: count.toLocaleString("en"), digit: row, other: column };
  if (row === column) {
    return count === 1 ? _("{count} image of a {digit}, read rightly", values)
      : _("{count} images of a {digit}, read rightly", values);
  }
  return count === 1 ? _("{count} image of a {digit} taken for a {other}", values)
    : _("{count} images of a {digit} taken for a {other}", values);
}

export default mounting(Confusion);
