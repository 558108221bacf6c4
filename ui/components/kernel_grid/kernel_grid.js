// The kernel as a grid of boxes to type in. A value is sent when a box is left, on Enter, and with the up and
// down keys, which add and take away a tenth. What cannot be read as a number stays as it was typed.

const STEP = 0.1;
const MANY = 7; // columns from which on the type is small

class KernelGrid {
  constructor(parent) {
    this.parent = parent;
    this.grid = parent.querySelector(".kernel-grid");
  }

  update(data) {
    this.table = data.arrays[`weights_${isDark(this.parent) ? "dark" : "light"}`].values;
    const columns = data.cells[0].length;
    const texts = data.cells.flat();
    this.columns = columns;
    this.grid.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
    this.grid.classList.toggle("many", columns >= MANY);
    while (this.grid.children.length > texts.length) this.grid.lastChild.remove();
    while (this.grid.children.length < texts.length) this.grid.append(this.box());
    texts.forEach((text, i) => {
      const box = this.grid.children[i];
      const at = { row: Math.floor(i / columns), column: i % columns };
      box.setAttribute("aria-label", _("row {row}, column {column}", at));
      const typing = box === this.parent.activeElement && box.value !== box.dataset.sent;
      if (!typing && box.value !== text) box.value = text;
      if (!typing) box.dataset.sent = text;
    });
    this.colour();
  }

  box() {
    const box = element("input");
    box.type = "text";
    box.inputMode = "decimal";
    box.autocomplete = "off";
    box.maxLength = 12;
    box.onfocus = () => box.select();
    box.onchange = () => this.send();
    box.onkeydown = (event) => {
      if (event.key === "Enter") this.send();
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      const value = read(box.value) + (event.key === "ArrowUp" ? STEP : -STEP);
      box.value = String(Number((Number.isFinite(value) ? value : 0).toFixed(6)));
      this.send();
    };
    return box;
  }

  // commas and semicolons part the cells in the link, so a typed decimal comma becomes a point
  texts() {
    return Array.from(this.grid.children, (box) => box.value.replace(/,/g, ".").replace(/;/g, " ").trim());
  }

  send() {
    const texts = this.texts();
    texts.forEach((text, i) => (this.grid.children[i].value = text));
    this.colour();
    if (texts.every((text, i) => text === this.grid.children[i].dataset.sent)) return;
    texts.forEach((text, i) => (this.grid.children[i].dataset.sent = text));
    const rows = [];
    for (let i = 0; i < texts.length; i += this.columns) rows.push(texts.slice(i, i + this.columns).join(","));
    this.emit("typed", rows.join(";"));
  }

  colour() {
    const numbers = this.texts().map(read);
    const limit = Math.max(...numbers.filter(Number.isFinite).map(Math.abs), 0) || 1;
    numbers.forEach((value, i) => {
      const box = this.grid.children[i];
      const valid = Number.isFinite(value);
      box.setAttribute("aria-invalid", String(!valid));
      const [red, green, blue] = valid ? colourOf(value, [-limit, limit], this.table) : [255, 255, 255];
      box.style.background = `rgb(${red}, ${green}, ${blue})`;
      box.style.color = inkOn(red, green, blue);
    });
  }
}

function read(text) {
  return text.trim() === "" ? NaN : Number(text.replace("−", "-"));
}

export default mounting(KernelGrid);
