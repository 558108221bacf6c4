// Maps that are scaled or switched off, what was changed in words, and what it costs.

const TELL_MS = 200;

class Scales {
  // networks: see Networks. tools: { judged, told }: gives the accuracy for the name of a question, or nothing, and is
  // called with that question.
  constructor(root, networks, tools) {
    this.root = root;
    this.networks = networks;
    this.tools = tools;
    this.scaled = new Map(); // by the form of networks
    this.asked = null; // the name of the question that was sent last
    root.querySelector(".restore").onclick = () => this.restore();
  }

  leave() {
    clearTimeout(this.timer);
  }

  // What is scaled, { layer, map, factor } that are not 1: networks of the same layers have it in common.
  get now() {
    return this.of(this.networks.active);
  }

  set now(scales) {
    this.scaled.set(this.networks.form(this.networks.active), scales);
  }

  of(key) {
    return this.scaled.get(this.networks.form(key)) ?? [];
  }

  factorOf({ stage, map }) {
    return this.now.find((scale) => scale.layer === stage - 1 && scale.map === map)?.factor ?? 1;
  }

  scale({ stage, map }, factor) {
    this.now = this.now.filter((scale) => scale.layer !== stage - 1 || scale.map !== map);
    if (factor !== 1) this.now.push({ layer: stage - 1, map, factor });
    this.changed();
  }

  restore() {
    this.now = [];
    this.changed();
  }

  changed() {
    this.networks.scale(this.now);
    this.tell();
  }

  // Another network is on screen: what that costs is another number there.
  ask() {
    if (this.now.length) this.tell();
  }

  tell() {
    this.asked = null;
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { active, shown } = this.networks;
      const scales = this.now.map(({ layer, map, factor }) => [shown.layers[layer].name, map, factor]);
      this.asked = JSON.stringify([active, scales]);
      this.show(); // the answer may be here already, and then none comes
      this.tools.told({ network: active, of: this.asked, scales });
    }, TELL_MS);
  }

  show() {
    this.root.hidden = !this.now.length;
    if (!this.now.length) return;
    const accuracy = this.tools.judged(this.asked);
    this.root.querySelector("span").textContent = accuracy ? `${this.words()} ${cost(accuracy)}` : this.words();
  }

  words() {
    const names = this.now.slice(0, 3).map(({ layer, map, factor }) => {
      const scaled = { map, layer: this.networks.shown.layers[layer].name, factor };
      return factor ? _("{map} of {layer} × {factor}", scaled) : _("{map} of {layer} off", scaled);
    });
    const said = { maps: names.join(", "), more: this.now.length - 3 };
    return said.more > 0 ? _("Changed: {maps} and {more} more.", said) : _("Changed: {maps}.", said);
  }
}

// What changed maps cost.
function cost({ images, now, before }) {
  return _("Of {images} test images it reads {now}, before {before}.",
    { images: images.toLocaleString("en"), now: share(now), before: share(before) });
}
