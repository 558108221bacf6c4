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
    const place = { layer: layer.name, index: map, last: layer.maps - 1 };
    this.title.textContent = layer.flat ? _("{layer}, unit {index} (0 to {last})", place)
      : _("{layer}, map {index} (0 to {last})", place);
    this.openButton.textContent = _("Open {page}", { page: layer.title });
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
      canvas.setAttribute("aria-label", _("kernel for map {channel}", { channel }));
      figure.append(canvas, document.createTextNode(String(channel)));
      return figure;
    }));
  }

  showFactor(factor) {
    this.output.textContent = factor === 0 ? _("off") : `× ${factor}`;
    attribute(this.slider, "aria-valuetext", this.output.textContent);
  }

  hide() {
    this.root.hidden = true;
  }
}

function largest({ values, height, width }, layer) {
  let best = 0;
  values.forEach((value, i) => {
    if (value > values[best]) best = i;
  });
  const found = { value: show(values[best]), row: Math.floor(best / width), column: best % width };
  if (layer.flat) return _("Value {value}.", { value: show(values[0]) });
  return height * width > 1 ? _("Largest value {value} at row {row}, column {column}.", found)
    : _("Largest value {value}.", found);
}

function readsFrom(ranked, amounts, before) {
  if (!ranked.length) return _("Nothing that it reads adds to it here.");
  const total = amounts.reduce((sum, amount) => sum + Math.abs(amount), 0);
  const most = ranked.slice(0, 3).map((i) => `${i} (${share(Math.abs(amounts[i]) / total)})`).join(", ");
  const said = { most, layer: before.name };
  if (!before.name) return _("Reads most from map {most} of the image.", said);
  return before.flat ? _("Reads most from unit {most} of {layer}.", said) : _("Reads most from map {most} of {layer}.", said);
}

function biasOf({ bias }) {
  return bias === null ? "" : _("Bias {bias}.", { bias: show(bias) });
}
