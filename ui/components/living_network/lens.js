// One map close up: its picture, what it reads most from, its largest value, and how it can be scaled.

const MOST_READ = 6;

class Lens {
  // tools: { open, factor }: what its button and its slider do with the map that is shown.
  constructor(root, { open, factor }) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    this.title = find(".lens-title");
    this.picture = find(".lens-map");
    this.reads = find(".lens-reads");
    this.words = find(".lens-words");
    this.slider = find(".factor input");
    this.output = find(".factor output");
    this.openButton = find(".open");
    this.openButton.onclick = () => open();
    this.slider.oninput = () => {
      this.showFactor(Number(this.slider.value));
      factor(Number(this.slider.value));
    };
  }

  // told: what the worker says of the map; amounts: what it reads from each map before; tables: { activations, weights }.
  show({ layer, before, map, told, amounts, limit, factor, tables }) {
    this.root.hidden = false;
    const name = layer.flat ? "unit" : "map";
    this.title.textContent = `${layer.name}, ${numbered(name, map, layer.maps)}`;
    this.openButton.textContent = `Open ${layer.title}`;
    paint(this.picture, told.values, told.height, told.width, [-limit, limit], tables.activations);
    this.picture.setAttribute("aria-label", this.title.textContent);
    const ranked = [...amounts.keys()].filter((i) => amounts[i] !== 0)
      .sort((one, other) => Math.abs(amounts[other]) - Math.abs(amounts[one])).slice(0, MOST_READ);
    this.showReads(ranked, amounts, told, tables);
    this.words.textContent = [largest(told, layer), readsFrom(ranked, amounts, before), biasOf(told)]
      .filter(Boolean).join(" ");
    if (document.activeElement !== this.slider) this.slider.value = factor;
    this.showFactor(factor);
  }

  // The kernels of what it reads most from, where they are more than one weight.
  showReads(ranked, amounts, told, tables) {
    const [reads, height, width] = told.kernelShape ?? [0, 1, 1];
    const seen = height * width > 1 ? ranked : [];
    const limit = told.kernel ? Math.max(1e-9, told.kernel.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) : 1;
    this.reads.replaceChildren(...seen.map((channel) => {
      const figure = element("div");
      const canvas = element("canvas");
      const slice = reads > 1 ? channel : 0;
      const values = told.kernel.subarray(slice * height * width, (slice + 1) * height * width);
      paint(canvas, values, height, width, [-limit, limit], tables.weights);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `kernel for map ${channel}`);
      figure.append(canvas, document.createTextNode(String(channel)));
      return figure;
    }));
  }

  showFactor(factor) {
    this.output.textContent = factor === 0 ? "off" : `× ${factor}`;
  }

  hide() {
    this.root.hidden = true;
  }
}

function numbered(kind, number, count) {
  return `${kind} ${number} (0 to ${count - 1})`;
}

function largest({ values, height, width }, layer) {
  let best = 0;
  values.forEach((value, i) => {
    if (value > values[best]) best = i;
  });
  if (layer.flat) return `Value ${show(values[0])}.`;
  const place = height * width > 1 ? ` at row ${Math.floor(best / width)}, column ${best % width}` : "";
  return `Largest value ${show(values[best])}${place}.`;
}

function readsFrom(ranked, amounts, before) {
  if (!ranked.length) return "Nothing that it reads adds to it here.";
  const total = amounts.reduce((sum, amount) => sum + Math.abs(amount), 0);
  const what = before.flat ? "unit" : "map";
  const said = ranked.slice(0, 3).map((i) => `${i} (${percent(Math.abs(amounts[i]) / total)})`);
  return `Reads most from ${what} ${said.join(", ")} of ${before.name}.`;
}

function biasOf({ bias }) {
  return bias === null ? "" : `Bias ${show(bias)}.`;
}
