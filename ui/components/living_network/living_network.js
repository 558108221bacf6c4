// Draw, and the whole network answers while the pen moves: the pad, every map of every layer, ten bars. All of it is
// computed here, in a worker (ui/live); the server hears of a drawing when the pen is lifted. In a file that somebody
// took home there is no server, and all that would come from it is in the message.

class LivingNetwork {
  // The one that is at work already on a page that was blank (ui/home/early.js), where there is one.
  static begin(parent) {
    return window.layerLabEarly?.moveInto(parent);
  }

  constructor(parent) {
    this.parent = parent;
    const find = (selector) => parent.querySelector(selector);
    this.root = find(".living");
    this.parts = Object.fromEntries(["nearest", "play", "fold", "said", "maps"].map((name) => [name, find(`.${name}`)]));
    this.folded = true;
    this.herald = new Herald(find(".answer-said"));
    this.verdict = new Verdict(find, this.herald);
    this.pad = new Pad(find(".pad"), () => this.drawn());
    this.told = new Told(this.pad, (drawing) => this.emit("drawing", drawing));
    this.haunted = new Haunted(this.pad);
    this.answers = new Answers(find(".answers"), find(".legend"));
    this.threshold = new Threshold(find(".threshold"), () => this.show(), (value) => this.emit("sure", value));
    this.lens = new Lens(find(".lens"), {
      open: () => this.open(this.chosen.selected), factor: (factor) => this.scales.scale(this.chosen.selected, factor),
    });
    this.networks = new Networks({
      fetching: (key) => key === this.networks.first.key && this.epochs.enable(false),
      failed: (why) => (this.parts.said.textContent = why),
      gone: (key) => this.forget(key),
    });
    this.scales = new Scales(find(".altered"), this.networks, {
      judged: (of) => this.data.accuracy?.of === of && this.epochs.agreed && this.data.accuracy,
      told: (scales) => this.emit("scales", scales),
    });
    this.maps = new Maps(this.root, find);
    this.plans = new Map(); // by network, where the worker was told that its maps stand
    this.chosen = new Chosen(this.maps, this.networks, find(".map-said"), {
      open: (map) => this.open(map), toggle: (map) => this.toggle(map), seen: (found) => this.showMap(found),
    });
    this.way = new Way(this.maps, this.networks, this.chosen, this.parts.said);
    this.epochs = new Epochs(find(".epochs"), {
      touch: () => this.settleDown(),
      load: (address) => this.worker?.weights(this.networks.first.key, absolute(address)),
      prefetch: (address) => this.worker?.prefetch(absolute(address)),
      settle: (choice) => this.emit("epoch", choice),
      changed: () => this.otherWeights(),
    });
    this.which = new Which(find(".which"), this.networks, this.epochs, (key) => this.choose(key));
    this.listen(find);
    this.resized = new ResizeObserver(() => this.arrange());
    this.resized.observe(find(".map"));
  }

  listen(find) {
    const { play, fold } = this.parts;
    this.pad.paper.addEventListener("pointerdown", () => this.haunted.end(), { capture: true });
    this.pad.root.querySelector(".tools").addEventListener("click", () => this.haunted.end(), { capture: true });
    find(".hand").onkeydown = (event) => {
      if (this.pad.keys.draws(event)) this.haunted.end();
      this.pad.key(event);
    };
    play.onclick = () => this.way.go();
    fold.onclick = () => {
      this.folded = !this.folded;
      this.arrange();
    };
  }

  leave() {
    this.told.stop();
    this.way.stop();
    this.haunted.leave();
    this.herald.stop();
    this.chosen.herald.stop();
    this.scales.leave();
    this.epochs.leave();
    this.resized.disconnect();
    this.worker?.leave();
  }

  // -- what the server says -------------------------------------------------------------------------------

  update(data) {
    this.data = data;
    this.lens.openButton.hidden = this.alone;
    const dark = isDark(this.parent) ? "dark" : "light";
    this.table = (family) => data.arrays[`${family}_${dark}`].values;
    if (!this.worker) this.start();
    this.networks.take(data, this.worker);
    this.worker.colours({ activations: this.table("activations"), grey: this.table("grey") }, data.mode, true);
    if (this.dark !== dark) this.arrange(); // the names of the layers are in the colour of the page's text
    this.dark = dark;
    this.networks.update(this.epochs.show(data.epochs ?? null));
    if (!data.networks.some(({ key }) => key === this.networks.active)) this.choose(data.networks[0]?.key);
    this.which.show();
    this.told.hear(data);
    this.take(data.arrays.image?.values);
    const { sure, right, nearest_image: nearest } = data.arrays;
    this.threshold.show(sure ? { sure: sure.values, right: right.values } : null, data.sure);
    showNearest(this.parts.nearest, this.told.agreed ? data.nearest : null, nearest);
    if (!this.begun) this.read();
    if ("answered" in this.root.dataset || !this.image) this.haunt();
    this.scales.show();
    if ("answered" in this.root.dataset) this.tellLit(); // before the server could be told
  }

  // image: that is read while the pad is empty
  take(image) {
    const said = image ? image.join() : "";
    if (said === this.imageSaid) return;
    this.imageSaid = said;
    this.image = image ? Float32Array.from(image, (value) => value / 255) : null;
    if (!this.haunted.ghost) this.read();
  }

  forget(key) {
    if (!this.answer) return;
    delete this.answer.networks[key];
    this.show();
  }

  // Whether there is no server.
  get alone() {
    return "engine" in this.data.arrays;
  }

  start() {
    this.worker = new LiveWorker(this.script, (message) => this.hear(message), _);
  }

  get script() {
    const { engine } = this.data.arrays;
    return engine ? { text: new TextDecoder().decode(engine.values) } : { address: absolute(this.data.engine) };
  }

  // -- what is read -----------------------------------------------------------------------------------------

  haunt() {
    if (!this.data.ghost) this.settleDown(); // somebody has chosen a digit elsewhere
    else this.haunted.begin(this.data, (acts) => this.worker.draw(acts));
  }

  // Whoever compares weights wants one drawing that stays.
  settleDown() {
    if (!this.haunted.ghost) return;
    this.haunted.end();
    this.read();
  }

  read() {
    this.begun = true;
    if (!this.pad.blank) this.root.dataset.asked = this.worker.draw(this.pad.acts);
    else if (this.image) this.root.dataset.asked = this.worker.see(this.image);
  }

  drawn() {
    if (this.haunted.ghost) return;
    this.parts.nearest.hidden = true; // it is of the drawing before
    if (!this.pad.blank || this.alone) this.read();
    if (!this.pad.act && !this.alone) this.told.drawn();
  }

  // -- what the worker says ---------------------------------------------------------------------------------

  hear(message) {
    if (message.kind === "opened") {
      this.networks.opened.set(message.network, message);
      this.plans.delete(message.network);
      this.arrange();
      this.catchUp(message.network);
    } else if (message.kind === "answer") {
      this.answer = { ...message, networks: { ...saidBefore(this.answer), ...message.networks } };
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.show());
    } else if (message.kind === "beside") {
      if (this.answer?.number !== message.number) return;
      Object.assign(this.answer.networks, message.networks);
      cancelAnimationFrame(this.comparing);
      this.comparing = requestAnimationFrame(() => this.compare());
    } else if (message.kind === "loaded") {
      this.root.dataset.loaded = message.address;
      if (this.epochs.told && message.address === absolute(this.epochs.stop.address)) this.epochs.arrived();
    } else if (message.kind === "missing") {
      this.epochs.pause();
      this.parts.said.textContent = worded(message, _);
    } else if (message.kind === "refused") {
      this.verdict.refuse(worded(message, _));
      this.root.dataset.answered = message.number;
      if (!this.haunted.ghost) this.tellLit(); // its first points may be too little to read
    } else if (message.kind === "crashed") {
      const why = { why: message.message };
      this.parts.said.textContent = this.alone
        ? _("Your browser should compute the network and could not ({why}).", why)
        : _("Your browser should compute the network and could not ({why}): Predict asks the server.", why);
      this.root.dataset.crashed = message.doing;
      this.tellLit();
    }
  }

  show() {
    const found = this.answer?.networks[this.networks.active];
    if (!found?.pixels || !this.networks.shown || !this.maps.paint(found.pixels)) return;
    this.compare();
    this.say(found);
    this.root.dataset.answered = this.answer.number;
    this.haunt(); // behind the first map: its own steps make the browser busy
    this.chosen.look();
    this.tellLit();
  }

  // The bars, of all networks that have said something.
  compare() {
    if (!this.answer?.networks[this.networks.active] || !this.networks.shown) return;
    this.answers.show(...this.which.compared(this.answer.networks));
  }

  // The server waits with the rest of the page until the map is painted, or cannot be.
  tellLit() {
    if (this.litTold || !this.data.lit) return;
    this.litTold = true;
    // behind the frame that is being drawn
    setTimeout(() => fetch(absolute(this.data.lit), { cache: "no-store" }).catch(() => {}));
  }

  say(found) {
    const { truth, typical } = this.data;
    const known = truth !== null && !this.haunted.ghost && this.answer.number && this.pad.blank;
    this.verdict.show(found, {
      least: this.threshold.share, usual: this.judged ? typical?.logit : undefined, truth: known ? truth : null,
      silent: this.haunted.ghost || this.pad.act,
    });
  }

  // -- where it stands ----------------------------------------------------------------------------------------

  arrange() {
    const { networks: { shown }, parts: { maps, fold } } = this;
    if (!shown || !this.maps.arrange(shown, this.folded, this.epochs.root.offsetHeight)) return;
    this.tellPlan();
    fold.setAttribute("aria-pressed", String(!this.folded));
    attribute(maps, "aria-label", _("Every map of {count} layers", { count: shown.layers.length }));
    attribute(maps, "aria-description", this.alone ? _("Arrow keys choose one, Space switches it off.")
      : _("Arrow keys choose one, Enter opens its layer's page, Space switches it off."));
    this.chosen.stand();
    this.show();
  }

  // Every picture of the maps is painted as they stand, so another plan asks for another picture.
  tellPlan() {
    const { active } = this.networks;
    const { told } = this.maps;
    const said = JSON.stringify(told);
    if (this.plans.get(active) === said) return;
    this.plans.set(active, said);
    this.worker.plan(active, told);
  }

  choose(key) {
    this.networks.active = key;
    this.worker.show(key);
    this.otherWeights();
    this.arrange();
    this.scales.ask();
  }

  // Whether what the server counted on test images is about the weights on screen.
  get judged() {
    return this.networks.active === this.networks.first.key && this.epochs.agreed;
  }

  otherWeights() {
    this.which.show();
    this.scales.show();
    this.threshold.count(this.judged);
  }

  // A network that was just opened has nothing scaled yet, and the weights that its address has.
  catchUp(key) {
    const scales = this.scales.of(key);
    if (scales.length) this.worker.scales(key, scales);
    if (key === this.networks.active) this.scales.show();
    if (key !== this.networks.first.key) return;
    this.epochs.enable(true);
    if (!this.epochs.agreed) this.worker.weights(key, absolute(this.epochs.stop.address));
  }

  // -- one map ------------------------------------------------------------------------------------------------

  showMap({ key, stage, map, told, amounts, pointed }) {
    const { layers } = this.networks.shown;
    const [layer, before] = [layers[stage - 1], layers[stage - 2] ?? { name: null, flat: false }];
    const limit = this.answer?.networks[key]?.stages?.[stage].limit || 1;
    const tables = { activations: this.table("activations"), weights: this.table("weights") };
    this.root.dataset.chosen = `${layer.name} ${map}`;
    const factor = this.scales.factorOf({ stage, map });
    this.lens.show({ layer, before, map, told, amounts, limit, factor, tables });
    if (!pointed) this.chosen.say(this.lens.title.textContent, this.lens.words.textContent, factor);
  }

  // Its layer's page, with this map chosen there.
  open({ stage, map }) {
    if (this.alone) return;
    const { active, shown } = this.networks;
    this.emit("open", { network: active, layer: shown.layers[stage - 1].name, map });
  }

  toggle(map) {
    this.scales.scale(map, this.scales.factorOf(map) === 0 ? 1 : 0);
  }
}

// The bars of networks beside the one on screen stay until these answer, too, a moment after it.
function saidBefore(answer) {
  const said = ({ probabilities, logits }) => ({ probabilities, logits });
  return Object.fromEntries(Object.entries(answer?.networks ?? {}).map(([key, network]) => [key, said(network)]));
}

export default mounting(LivingNetwork);
