// Shared by all components: reads the binary frame (see core/storage/frames.py), paints arrays.

const TYPES = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

// The message in the language of the page, with values in place of its {names}. WORDS: language → message → how it is
// said there (words/browser.py); what is not in it is said in English.
function _(message, values = {}) {
  const { lang } = document.documentElement;
  const said = lang === "en-XA" ? `⟦${message}⟧` : WORDS[lang]?.[message] ?? message;
  return said.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}

// The words that stand in a component's markup.
const NAMES = ["aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt"];

function translate(root) {
  if (document.documentElement.lang === "en") return;
  const words = (text) => text.replace(/\S(?:[\s\S]*\S)?/, (inner) => {
    const message = inner.replace(/\s+/g, " ");
    return /\p{L}{2}/u.test(message) ? _(message) : inner;
  });
  for (const each of root.querySelectorAll("*")) {
    for (const name of NAMES) if (each.hasAttribute(name)) each.setAttribute(name, words(each.getAttribute(name)));
    if (each.matches("style, script")) continue;
    for (const node of each.childNodes) if (node.nodeType === Node.TEXT_NODE) node.data = words(node.data);
  }
}

function decode(message) {
  const bytes = message instanceof Uint8Array ? message : new Uint8Array(message);
  const buffer = bytes.slice().buffer; // typed arrays need an aligned start of their own
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, entry] of Object.entries(header.arrays)) {
    const size = entry.shape.reduce((product, n) => product * n, 1);
    const values = new TYPES[entry.dtype](buffer, 4 + length + entry.offset, size);
    arrays[name] = { values, shape: entry.shape };
  }
  return { ...header, arrays };
}

// Bytes out of base64.
function unpacked(letters) {
  return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
}

function isDark(parent) {
  const host = parent.host || parent;
  const colour = getComputedStyle(host).getPropertyValue("--st-background-color").trim();
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour || "#ffffff"; // the context turns any CSS colour into #rrggbb
  return luminance(parseInt(probe.fillStyle.slice(1, 3), 16), parseInt(probe.fillStyle.slice(3, 5), 16),
    parseInt(probe.fillStyle.slice(5, 7), 16)) < 0.5;
}

// Black or white, whichever stands out more (WCAG's contrast): at least 4.58 to 1 on every colour.
function inkOn(...colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.1791 ? "#000" : "#fff";
}

function luminance(red, green, blue) {
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

// Colour table: 255 × RGB from low to high. Returns the offset of a value's colour in it.
function place(value, low, high) {
  const step = Math.round(((value - low) / (high - low)) * 254);
  return 3 * Math.min(254, Math.max(0, step || 0));
}

function colourOf(value, range, table) {
  const at = place(value, range[0], range[1]);
  return [table[at], table[at + 1], table[at + 2]];
}

// What each canvas shows, a whole number a pixel; whoever draws something else there deletes it here.
const painted = new WeakMap();

// Paint values (height × width, in reading order) one canvas pixel each, `ring` = [top, left, bottom, right]
// pixels of padding around, which stay transparent. A canvas that shows them already is left alone: to put a picture
// into it costs more than all else here, and of two hundred most stay as they are when one setting changes.
function paint(canvas, values, height, width, range, table, ring = [0, 0, 0, 0]) {
  const [top, left, bottom, right] = ring;
  const fullWidth = width + left + right;
  const fullHeight = height + top + bottom;
  const same = canvas.width === fullWidth && canvas.height === fullHeight ? painted.get(canvas) : null;
  if (canvas.width !== fullWidth) canvas.width = fullWidth;
  if (canvas.height !== fullHeight) canvas.height = fullHeight;
  const image = new ImageData(fullWidth, fullHeight);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = place(values[row * width + column], range[0], range[1]);
      const to = 4 * ((row + top) * fullWidth + column + left);
      image.data[to] = table[from];
      image.data[to + 1] = table[from + 1];
      image.data[to + 2] = table[from + 2];
      image.data[to + 3] = 255;
    }
  }
  const pixels = new Uint32Array(image.data.buffer);
  if (same && same.every((pixel, i) => pixel === pixels[i])) return;
  painted.set(canvas, pixels);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// How many decimals a room can take in; null: what one who reads alone can, see `show`.
let decimals = null;

// Four significant digits, or so many decimals; a real minus sign, no "-0".
function show(value) {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  if (decimals !== null) return value.toFixed(decimals).replace(/^-(?=[0.]*$)/, "").replace("-", "−");
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace("-", "−");
}

// A share of 0 to 1 as per cent, as ui/shared/text.py writes it: what is not quite all never reads 100 %.
function share(value) {
  if (value >= 0.9995 && value < 1) return _("> 99.9 %");
  return value > 0 && value < 0.0005 ? _("< 0.1 %") : _("{percent} %", { percent: (100 * value).toFixed(1) });
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// What a node says, an attribute of it: written where it changes, for what is written has to be laid out again.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function attribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// A picture that keys walk over: for a reader it is a slider, which leaves the arrow keys to the page and says where it
// stands. (An application that has no words in it is silent in some readers, and so is what Tab comes to behind it.)
// at, last: its place, counted from 0; words: what is said of it.
function standAt(picture, at, last, words) {
  attribute(picture, "aria-valuemin", "0");
  attribute(picture, "aria-valuemax", String(last));
  attribute(picture, "aria-valuenow", String(at));
  attribute(picture, "aria-valuetext", words);
}

// Whether keys go to it.
function hasFocus(node) {
  return node.getRootNode().activeElement === node;
}

// One tab stop for a wall of tiles; from there arrows, Home, End and the Page keys walk over it. at: the tile of the event.
function walk(event, wall, at) {
  const columns = getComputedStyle(wall).gridTemplateColumns.split(" ").length;
  const last = wall.children.length - 1;
  const to = {
    ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: last,
    PageUp: Math.max(at % columns, at - 4 * columns),
    PageDown: Math.min(at + 4 * columns, at + columns * Math.floor((last - at) / columns)),
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  if (to < 0 || to > last) return;
  wall.children[to].focus();
  stopAt(wall, to);
}

// Tab leads to this tile; or to the one that has the focus already.
function stopAt(wall, to) {
  const tiles = Array.from(wall.children);
  const held = tiles.indexOf(wall.getRootNode().activeElement);
  tiles.forEach((tile, at) => attribute(tile, "tabindex", at === (held < 0 ? to : held) ? "0" : "-1"));
}

// Ten numbers as rows: the digit, a bar, the number. `show` takes what ui/components/class_bars says of them.
function barRows() {
  const bars = element("div", "bars");
  const note = element("p", "bars-note");
  for (let digit = 0; digit < 10; digit++) {
    const row = element("div", "row");
    const track = element("div", "track");
    track.append(element("div", "bar"), element("div", "zero"));
    row.append(element("span", "digit", digit), track, element("span", "value"));
    bars.append(row);
  }
  const show = ({ spans, zero, texts, best, marked, note: words }) => {
    [...bars.children].forEach((row, digit) => {
      const [from, to] = spans[digit];
      row.classList.toggle("best", digit === best);
      row.classList.toggle("truth", digit === marked);
      row.title = digit === marked ? words : "";
      const bar = row.querySelector(".bar");
      bar.style.left = `${100 * from}%`;
      bar.style.width = `${100 * (to - from)}%`;
      const line = row.querySelector(".zero");
      line.hidden = zero === 0;
      line.style.left = `${100 * zero}%`;
      row.querySelector(".value").textContent = texts[digit];
    });
    note.textContent = words;
  };
  return { nodes: [bars, note], show };
}

// What is said aloud once things have come to rest, of all that was said meanwhile the last; nothing twice in a row.
const REST_MS = 900;

class Herald {
  constructor(place) {
    this.place = place;
  }

  tell(words) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.place.textContent !== words) this.place.textContent = words;
    }, REST_MS);
  }

  stop() {
    clearTimeout(this.timer);
  }
}

// Controls that a link hides (ui/shared/hidden.py), by the names that the component's .html gives them.
function hideParts(parent, names) {
  for (const part of parent.querySelectorAll("[data-part]")) {
    part.toggleAttribute("data-gone", names.includes(part.dataset.part));
  }
}

// The function that Streamlit calls whenever the data or the theme changes, for a class with `update(data)` and,
// where there is something to stop, `leave()`. Its `emit(name, value)` sends an event to the server.
// A view may begin as one that is there already, `View.begin(parent)`.
function mounting(View) {
  const views = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    const message = decode(data);
    if (!views.has(parentElement)) views.set(parentElement, View.begin?.(parentElement) ?? begun(View, parentElement));
    hideParts(parentElement, message.hides ?? []);
    const view = views.get(parentElement);
    view.emit = setTriggerValue;
    view.update(message);
    return () => {
      view.leave?.();
      views.delete(parentElement);
    };
  };
}

function begun(View, parent) {
  translate(parent);
  return new View(parent);
}
