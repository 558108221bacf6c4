// Draw, and the whole network answers while the pen moves: the pad, every map of every layer, ten bars. All of it is
// computed here, in a worker (ui/live); the server hears of a drawing when the pen is lifted. In a file that somebody
// took home there is no server, and all that would come from it is in the message.

const DIM = 0.72; // how much of the background covers what a chosen map does not read
const LINES = 5;
const STEP_MS = 900;
const TELL_MS = 200;
const TOLD_MS = 2500;
const MOST_TOLD = 5;
const LEAST_HEIGHT = 480;
const ABOVE = 345; // pixels of page above and below the rows

class LivingNetwork {
  constructor(parent) {
    this.parent = parent;
    const find = (selector) => parent.querySelector(selector);
    this.root = find(".living");
    this.pad = new Pad(find(".pad"), () => this.drawn());
    this.answers = new Answers(find(".answers"), find(".legend"));
    this.lens = new Lens(find(".lens"), { open: () => this.open(), factor: (factor) => this.scale(factor) });
    this.threshold = new Threshold(find(".threshold"), () => this.show(), (value) => this.emit("sure", value));
    this.epochs = new Epochs(find(".epochs"), {
      touch: () => this.settleDown(),
      load: (address) => this.worker?.weights(this.first.key, this.address(address)),
      prefetch: (address) => this.worker?.prefetch(this.address(address)),
      settle: (choice) => this.emit("epoch", choice),
      changed: () => this.otherWeights(),
    });
    this.parts = Object.fromEntries(["headline", "doubt", "nearest", "which", "play", "fold", "said", "maps", "marks", "altered"]
      .map((name) => [name, find(`.${name}`)]));
    this.herald = new Herald(find(".answer-said"));
    this.canvas = document.createElement("canvas"); // the atlas, as it comes
    this.networks = new Map(); // by key: what the worker said when it was opened
    this.wanted = new Map(); // by key: where its bundle comes from
    this.scaled = new Map(); // by the form of networks, see `scales`
    this.folded = true;
    this.selected = null;
    this.listen(find);
    this.resized = new ResizeObserver(() => this.arrange());
    this.resized.observe(find(".map"));
  }

  leave() {
    for (const timer of [this.timer, this.teller, this.player]) clearTimeout(timer);
    this.ghost?.stop();
    this.herald.stop();
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
    this.worker.colours({ activations: this.table("activations"), grey: this.table("grey") }, data.mode);
    if (this.dark !== dark) this.arrange(); // the names of the layers are in the colour of the page's text
    this.dark = dark;
    const anew = this.epochs.show(data.epochs ?? null);
    // an epoch of the network that is open is a matter of other weights
    const fetched = data.networks.filter((network) => anew || network !== this.first || !this.wanted.has(network.key));
    for (const network of fetched) this.fetch(network);
    for (const key of this.wanted.keys()) if (!data.networks.some((network) => network.key === key)) this.forget(key);
    if (!data.networks.some(({ key }) => key === this.active)) this.choose(data.networks[0]?.key);
    this.showWhich();
    // a number that was never sent from here: the server has put another drawing on the pad
    if (this.number === undefined || data.number > this.number) {
      this.number = data.number;
      this.pad.put(data);
    }
    const image = data.arrays.image?.values;
    const said = image ? image.join() : "";
    if (said !== this.imageSaid) {
      this.imageSaid = said;
      this.image = image ? Float32Array.from(image, (value) => value / 255) : null;
      if (!this.ghost) this.read();
    }
    const { sure, right, nearest_image: nearest } = data.arrays;
    this.threshold.show(sure ? { sure: sure.values, right: right.values } : null, data.sure);
    showNearest(this.parts.nearest, data.number === this.number ? data.nearest : null, nearest);
    this.haunt();
    if (!this.begun) this.read();
    this.showAltered();
  }

  forget(key) {
    this.wanted.delete(key);
    this.networks.delete(key);
    this.worker.close(key);
    if (!this.answer) return;
    delete this.answer.networks[key];
    this.show();
  }

  // The network that the sidebar chose; the others stand beside it.
  get first() {
    return this.data.networks[0];
  }

  // Whether there is no server.
  get alone() {
    return "engine" in this.data.arrays;
  }

  start() {
    const { engine } = this.data.arrays;
    const script = engine ? { text: new TextDecoder().decode(engine.values) } : { address: this.address(this.data.engine) };
    this.worker = new LiveWorker(script, (message) => this.hear(message), _);
  }

  // Where the app is served from: what this script's own address says nothing of.
  address(path) {
    return new URL(path, window.__streamlit?.BACKEND_BASE_URL ?? document.baseURI).href;
  }

  async fetch({ key, address }) {
    if (this.wanted.has(key) && this.wanted.get(key) === address) return;
    this.wanted.set(key, address);
    if (key === this.first.key) this.epochs.enable(false);
    try {
      const bundle = this.alone ? this.data.arrays[`network ${key}`].values.slice().buffer : await this.bytes(address);
      if (this.wanted.get(key) === address) this.worker.open(key, bundle);
    } catch (error) {
      if (this.wanted.get(key) === address) this.wanted.delete(key);
      this.parts.said.textContent = error.message;
    }
  }

  async bytes(address) {
    const answer = await fetch(this.address(address));
    if (!answer.ok) {
      throw new Error(_("The server should give the network, and answers {status}.", { status: answer.status }));
    }
    return answer.arrayBuffer();
  }

  // -- what is read -----------------------------------------------------------------------------------------

  haunt() {
    if (!this.data.ghost) this.settleDown(); // somebody has chosen a digit elsewhere
    const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.data.ghost && moves && !this.ghost && !this.touched) {
      this.ghost = new Ghost((acts) => {
        this.pad.put({ ...this.data, acts: structuredClone(acts), undone: [] });
        this.worker.draw(acts);
      });
      this.begun = true;
    }
  }

  exorcise() {
    this.touched = true;
    if (!this.ghost) return;
    this.ghost.stop();
    this.ghost = null;
    this.pad.put({ ...this.data, acts: [], undone: [] });
  }

  // Whoever compares weights wants one drawing that stays.
  settleDown() {
    if (!this.ghost) return;
    this.exorcise();
    this.read();
  }

  read() {
    this.begun = true;
    if (this.pad.acts.length && this.pad.acts.at(-1)[0] !== CLEAR) this.root.dataset.asked = this.worker.draw(this.pad.acts);
    else if (this.image) this.root.dataset.asked = this.worker.see(this.image);
  }

  drawn() {
    if (this.ghost) return;
    this.parts.nearest.hidden = true; // it is of the drawing before
    const blank = !this.pad.acts.length || this.pad.acts.at(-1)[0] === CLEAR;
    if (!blank || this.alone) this.read();
    if (this.pad.act || this.alone) return;
    this.number += 1;
    this.tell(0);
  }

  // A run that ends just then loses what was sent, so it is sent until the server answers for it.
  tell(times) {
    clearTimeout(this.teller);
    if (this.pad.act || this.data.number >= this.number || times > MOST_TOLD) return;
    const { acts, undone, pen } = this.pad;
    this.emit("drawing", structuredClone({ number: this.number, acts, undone, pen, done: true }));
    this.teller = setTimeout(() => this.tell(times + 1), TOLD_MS);
  }

  // -- what the worker says ---------------------------------------------------------------------------------

  hear(message) {
    if (message.kind === "opened") {
      this.networks.set(message.network, message);
      this.arrange();
      this.catchUp(message.network);
    } else if (message.kind === "answer") {
      this.answer = message;
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.show());
    } else if (message.kind === "loaded") {
      this.root.dataset.loaded = message.address;
      if (this.epochs.told && message.address === this.address(this.epochs.stop.address)) this.epochs.arrived();
    } else if (message.kind === "missing") {
      this.epochs.pause();
      this.parts.said.textContent = worded(message);
    } else if (message.kind === "refused") {
      this.parts.headline.textContent = "";
      this.parts.doubt.textContent = worded(message);
      this.root.dataset.answered = message.number;
      if (!this.ghost) this.tellLit(); // its first points may be too little to read
    } else if (message.kind === "crashed") {
      const why = { why: message.message };
      this.parts.said.textContent = this.alone
        ? _("Your browser should compute the network and could not ({why}).", why)
        : _("Your browser should compute the network and could not ({why}): Predict asks the server.", why);
      this.root.dataset.crashed = message.doing;
      this.tellLit();
    }
  }

  get network() {
    return this.networks.get(this.active);
  }

  show() {
    const found = this.answer?.networks[this.active];
    if (!found?.pixels || !this.network || !this.plan) return;
    const { width, height, places } = this.network;
    if (found.pixels.length !== 4 * width * height) return; // of the network that had this key before
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.getContext("2d").putImageData(new ImageData(found.pixels, width, height), 0, 0);
    const context = this.parts.maps.getContext("2d");
    for (const row of this.plan.rows) this.paintRow(context, row, places[row.stage]);
    this.answers.show(...this.compared());
    this.say(found);
    this.root.dataset.answered = this.answer.number;
    if (this.selected) this.look();
    this.tellLit();
  }

  // The server waits with the rest of the page until the map is painted, or cannot be.
  tellLit() {
    if (this.litTold || !this.data.lit) return;
    this.litTold = true;
    // behind the frame that is being drawn
    setTimeout(() => fetch(this.address(this.data.lit), { cache: "no-store" }).catch(() => {}));
  }

  // What the bars show: of a pair the second network is always the second one, whosever maps are on screen.
  compared() {
    const { networks } = this.answer;
    // an answer may still be about a network that is gone
    const there = (key) => this.networks.has(key) && networks[key];
    const side = (key) => there(key) && { label: this.labelOf(key), values: networks[key].probabilities };
    if (there("second")) return [side(this.active === "second" ? this.first.key : this.active), side("second"), true];
    return [side(this.active), side(this.data.networks.find(({ key }) => key !== this.active)?.key), false];
  }

  labelOf(key) {
    const { label } = this.data.networks.find((network) => network.key === key) ?? { label: "" };
    return (key === this.first.key && this.epochs.stop?.name) || label;
  }

  paintRow(context, row, place) {
    const ratio = this.ratio;
    const [wide, high] = row.tile;
    context.imageSmoothingEnabled = wide * ratio < place.width;
    for (let tile = 0; tile < row.count; tile++) {
      const x = row.x + (tile % row.columns) * (wide + GAP);
      const y = row.y + Math.floor(tile / row.columns) * (high + GAP);
      const from = [place.x + (tile % place.columns) * place.width, place.y + Math.floor(tile / place.columns) * place.height];
      context.drawImage(this.canvas, ...from, place.width, place.height, x * ratio, y * ratio, wide * ratio, high * ratio);
    }
  }

  say({ probabilities, logits }) {
    const values = [...probabilities];
    if (!values.every(Number.isFinite)) {
      this.parts.headline.textContent = _("No answer");
      this.parts.doubt.textContent = _(
        "Ten probabilities should come out, and what comes out are no numbers: some of the weights are infinite, or none, as after a training with too large a learning rate.",
      );
      return;
    }
    const typical = this.judged ? this.data.typical : null;
    const best = values.indexOf(Math.max(...values));
    const sure = values[best];
    const next = Math.max(...values.filter((_, digit) => digit !== best));
    const second = values.findIndex((value, digit) => value === next && digit !== best); // it may be as likely
    const { truth } = this.data;
    const known = truth !== null && !this.ghost && this.answer.number && !this.pad.acts.length;
    this.parts.headline.textContent = this.headline(best, second, sure, known && truth !== best ? truth : null);
    this.announce(values);
    const most = Math.max(...logits);
    const largest = _("Largest logit {logit}.", { logit: show(most) });
    this.parts.doubt.textContent = typical ? `${largest} ${this.beside(most, typical.logit)}` : largest;
  }

  // What a largest logit means; usual: 95 % of the test digits have more.
  beside(most, usual) {
    const values = { usual: show(usual) };
    return most < usual ? _(
      "For 95 % of MNIST's test digits it is above {usual}: this may be no digit at all, but a network like this must choose one of ten.",
      values,
    ) : _("MNIST's test digits mostly have more than {usual}.", values);
  }

  // Aloud, once the pen rests: the answer, and the three largest probabilities.
  announce(values) {
    if (this.ghost || this.pad.act) return this.herald.stop();
    const first = [...values.keys()].sort((one, other) => values[other] - values[one]).slice(0, 3);
    this.herald.tell(`${this.parts.headline.textContent}. ${first.map((digit) => `${digit}: ${percent(values[digit])}`).join(", ")}.`);
  }

  // label: where it says something else.
  headline(best, second, sure, label) {
    const said = { digit: best, other: second, share: percent(sure), label };
    if (sure < this.threshold.share) return _("I don't know ({digit}, {share})", said);
    if (sure < 0.5) return _("{digit} or {other}?", said);
    return label === null ? _("{digit}, {share} sure", said) : _("{digit}, {share} sure, its label says {label}", said);
  }

  // -- where it stands ----------------------------------------------------------------------------------------

  arrange() {
    if (!this.network) return;
    const { maps, marks } = this.parts;
    const width = maps.parentElement.clientWidth;
    if (!width) return;
    const room = Math.max(LEAST_HEIGHT, window.innerHeight - ABOVE - this.epochs.root.offsetHeight);
    this.plan = layOut(this.network.places, this.network.layers, width, room, width < NARROW && this.folded);
    this.ratio = window.devicePixelRatio || 1;
    for (const canvas of [maps, marks]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(this.plan.height * this.ratio);
      canvas.style.height = `${this.plan.height}px`;
    }
    this.parts.fold.setAttribute("aria-pressed", String(!this.folded));
    const keys = this.alone ? _("Arrow keys choose one, Space switches it off.")
      : _("Arrow keys choose one, Enter opens its layer's page, Space switches it off.");
    maps.setAttribute("aria-label", `${_("Every map of {count} layers.", { count: this.network.layers.length })} ${keys}`);
    this.labels();
    this.show();
  }

  labels() {
    const context = this.parts.maps.getContext("2d");
    const style = getComputedStyle(this.root);
    context.save();
    context.scale(this.ratio, this.ratio);
    context.clearRect(0, 0, this.parts.maps.width, this.parts.maps.height);
    context.fillStyle = style.color;
    context.textBaseline = "top";
    for (const { label, labelAt: [x, y], flat, width, height } of this.plan.rows) {
      const room = this.plan.narrow ? 160 : LABELS - 8;
      context.font = `600 11px ${style.fontFamily}`;
      context.fillText(label[0], x, y, flat ? Math.max(LEAST_FLAT, width) : room); // flat ones stand side by side
      context.font = `11px ${style.fontFamily}`;
      const beside = this.plan.narrow && !flat;
      if (beside) context.fillText(label[1], x + context.measureText(`${label[0]}mm`).width, y);
      else if (!flat && height > 26) context.fillText(label[1], x, y + 13, room);
    }
    context.restore();
  }

  showWhich() {
    const { networks } = this.data;
    this.parts.which.replaceChildren(...(networks.length < 2 ? [] : networks).map(({ key }) => {
      const button = element("button", "", this.labelOf(key));
      button.type = "button";
      button.setAttribute("aria-pressed", String(key === this.active));
      button.onclick = () => this.choose(key);
      return button;
    }));
  }

  choose(key) {
    this.active = key;
    this.worker.show(key);
    this.otherWeights();
    this.arrange();
    if (this.scales.length) this.tellScales(); // what that costs is another number here
  }

  // Whether what the server counted on test images is about the weights on screen.
  get judged() {
    return this.active === this.first.key && this.epochs.agreed;
  }

  otherWeights() {
    this.showWhich();
    this.showAltered();
    this.threshold.count(this.judged);
  }

  // -- one map ------------------------------------------------------------------------------------------------

  listen(find) {
    const { maps, play, fold } = this.parts;
    this.pad.paper.addEventListener("pointerdown", () => this.exorcise(), { capture: true });
    this.pad.root.querySelector(".tools").addEventListener("click", () => this.exorcise(), { capture: true });
    find(".hand").onkeydown = (event) => {
      if (this.pad.keys.draws(event)) this.exorcise();
      this.pad.key(event);
    };
    maps.onpointermove = (event) => event.pointerType === "mouse" && this.point(event);
    maps.onpointerleave = () => this.clearMarks();
    maps.onclick = (event) => {
      this.point(event);
      if (event.pointerType === "mouse" && this.selected) this.open();
    };
    maps.oncontextmenu = (event) => {
      event.preventDefault();
      this.point(event);
      this.toggle();
    };
    maps.onkeydown = (event) => this.key(event);
    maps.onblur = () => this.clearMarks();
    play.onclick = () => this.follow();
    fold.onclick = () => {
      this.folded = !this.folded;
      this.arrange();
    };
    find(".restore").onclick = () => this.restore();
  }

  point(event) {
    if (!this.plan) return;
    const box = this.parts.maps.getBoundingClientRect();
    const found = mapAt(this.plan, this.network.places, this.network.layers, event.clientX - box.left, event.clientY - box.top);
    if (found?.stage) this.select(found, true);
    else if (event.type === "pointermove") this.clearMarks();
  }

  // pointed: by a pointer, whose way over the maps nobody wants to hear.
  select(found, pointed = false) {
    if (this.selected && this.marked && this.selected.stage === found.stage && this.selected.map === found.map) return;
    this.selected = found;
    this.marked = true;
    this.byKey = !pointed;
    this.look();
  }

  // What the chosen map reads, and the map itself: asked of the worker, one question at a time.
  async look() {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    const [{ stage, map }, key] = [this.selected, this.active];
    try {
      const layer = this.network.layers[stage - 1];
      const [amounts, told] = await Promise.all([
        this.worker.contributions(key, stage - 1, map), this.worker.map(key, stage - 1, map),
      ]);
      const before = this.network.layers[stage - 2] ?? { name: null, flat: false };
      const limit = this.answer?.networks[key]?.stages?.[stage].limit || 1;
      const tables = { activations: this.table("activations"), weights: this.table("weights") };
      this.root.dataset.chosen = `${layer.name} ${map}`;
      this.lens.show({ layer, before, map, told, amounts, limit, factor: this.factorOf(stage - 1, map), tables });
      if (this.byKey) this.herald.tell(`${this.lens.title.textContent}. ${this.lens.words.textContent}`);
      if (this.marked) this.mark(stage, map, amounts);
    } catch {
      // an image that nothing was read of yet; the next answer asks again
    }
    this.looking = false;
    if (!this.again) return;
    this.again = false;
    this.look();
  }

  mark(stage, map, amounts) {
    const context = this.cover();
    const { places } = this.network;
    const most = amounts.reduce((found, amount) => Math.max(found, Math.abs(amount)), 0) || 1;
    const boxes = [...amounts.keys()].map((i) => boxOfMap(this.plan, places, stage - 1, i));
    amounts.forEach((amount, i) => boxes[i] && this.reveal(context, boxes[i], Math.abs(amount) / most));
    const own = boxOfMap(this.plan, places, stage, map);
    if (!own) return;
    this.reveal(context, own, 1);
    context.strokeStyle = getComputedStyle(this.root).getPropertyValue("--st-primary-color");
    context.lineWidth = 2;
    context.strokeRect(own[0] - 1, own[1] - 1, own[2] + 2, own[3] + 2);
    const strongest = [...amounts.keys()].sort((one, other) => Math.abs(amounts[other]) - Math.abs(amounts[one]));
    for (const i of strongest.slice(0, LINES)) {
      if (!boxes[i] || !amounts[i]) continue;
      context.globalAlpha = 0.25 + 0.75 * (Math.abs(amounts[i]) / most);
      context.beginPath();
      context.moveTo(boxes[i][0] + boxes[i][2] / 2, boxes[i][1] + boxes[i][3]);
      context.lineTo(own[0] + own[2] / 2, own[1]);
      context.stroke();
    }
    context.restore();
  }

  // A veil over everything; returns its context, scaled to the page's pixels. The caller restores it.
  cover() {
    const { marks } = this.parts;
    const context = marks.getContext("2d");
    context.save();
    context.clearRect(0, 0, marks.width, marks.height);
    context.scale(this.ratio, this.ratio);
    context.fillStyle = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    context.globalAlpha = DIM;
    context.fillRect(this.plan.left, 0, marks.width, marks.height);
    return context;
  }

  reveal(context, [x, y, width, height], share) {
    context.clearRect(x, y, width, height);
    context.globalAlpha = DIM * (1 - share);
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
  }

  clearMarks() {
    this.marked = false;
    const { marks } = this.parts;
    marks.getContext("2d").clearRect(0, 0, marks.width, marks.height);
  }

  key(event) {
    const { layers, places } = this.network ?? {};
    if (!layers) return;
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key === "Enter" && this.selected) this.open();
    else if (event.key === " " && this.selected) this.toggle();
    else if (event.key === "Escape") this.clearMarks();
    else if (moves[event.key]) {
      const [down, right] = moves[event.key];
      const { stage, map } = this.selected ?? { stage: 1, map: -right };
      const next = Math.min(layers.length, Math.max(1, stage + down));
      const count = places[next].flat ? layers[next - 1].maps : places[next].shown;
      this.marked = false;
      this.select({ stage: next, map: Math.min(count - 1, Math.max(0, map + right)) });
    } else return;
    event.preventDefault();
  }

  // Its layer's page, with this map chosen there.
  open() {
    if (this.alone) return;
    const { stage, map } = this.selected;
    this.emit("open", { network: this.active, layer: this.network.layers[stage - 1].name, map });
  }

  // -- switching off -------------------------------------------------------------------------------------------

  // What is scaled, { layer, map, factor } that are not 1: networks of the same layers have it in common.
  get scales() {
    return this.scaled.get(this.form(this.active)) ?? [];
  }

  set scales(scales) {
    this.scaled.set(this.form(this.active), scales);
  }

  form(key) {
    return (this.networks.get(key)?.layers ?? []).map(({ name, maps }) => `${name} ${maps}`).join();
  }

  // A network that was just opened has nothing scaled yet, and the weights that its address has.
  catchUp(key) {
    const scales = this.scaled.get(this.form(key)) ?? [];
    if (scales.length) this.worker.scales(key, scales);
    if (key === this.active) this.showAltered();
    if (key !== this.first.key) return;
    this.epochs.enable(true);
    if (!this.epochs.agreed) this.worker.weights(key, this.address(this.epochs.stop.address));
  }

  factorOf(layer, map) {
    return this.scales.find((scale) => scale.layer === layer && scale.map === map)?.factor ?? 1;
  }

  toggle() {
    if (!this.selected) return;
    this.scale(this.factorOf(this.selected.stage - 1, this.selected.map) === 0 ? 1 : 0);
  }

  scale(factor) {
    const { stage, map } = this.selected;
    this.scales = this.scales.filter((scale) => scale.layer !== stage - 1 || scale.map !== map);
    if (factor !== 1) this.scales.push({ layer: stage - 1, map, factor });
    this.rescaled();
  }

  restore() {
    this.scales = [];
    this.rescaled();
  }

  rescaled() {
    const form = this.form(this.active);
    for (const key of this.networks.keys()) if (this.form(key) === form) this.worker.scales(key, this.scales);
    this.tellScales();
  }

  tellScales() {
    this.told = null;
    this.showAltered();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const scales = this.scales.map(({ layer, map, factor }) => [this.network.layers[layer].name, map, factor]);
      this.told = JSON.stringify([this.active, scales]);
      this.showAltered(); // the answer may be here already, and then none comes
      this.emit("scales", { network: this.active, of: this.told, scales });
    }, TELL_MS);
  }

  showAltered() {
    const { altered } = this.parts;
    altered.hidden = !this.scales.length;
    if (!this.scales.length) return;
    const { accuracy } = this.data;
    const changed = accuracy && accuracy.of === this.told && this.epochs.agreed
      ? `${this.changed()} ${cost(accuracy)}` : this.changed();
    altered.querySelector("span").textContent = changed;
  }

  changed() {
    const names = this.scales.slice(0, 3).map(({ layer, map, factor }) => {
      const scaled = { map, layer: this.network.layers[layer].name, factor };
      return factor ? _("{map} of {layer} × {factor}", scaled) : _("{map} of {layer} off", scaled);
    });
    const said = { maps: names.join(", "), more: this.scales.length - 3 };
    return said.more > 0 ? _("Changed: {maps} and {more} more.", said) : _("Changed: {maps}.", said);
  }

  // -- the way through -------------------------------------------------------------------------------------------

  follow(at = 0) {
    clearTimeout(this.player);
    const row = this.plan?.rows[at];
    if (!row) {
      this.clearMarks();
      this.parts.said.textContent = "";
      return;
    }
    const layer = this.network.layers[row.stage - 1];
    this.parts.said.textContent = layer ? `${layer.name}: ${layer.title}, ${row.label[1]}` : _("The image: 28×28×1");
    const context = this.cover();
    for (const each of this.plan.rows.slice(Math.max(0, at - 1), at + 1)) {
      this.reveal(context, [each.x, each.y, each.width, each.height], each === row ? 1 : 0.5);
    }
    context.restore();
    this.player = setTimeout(() => this.follow(at + 1), STEP_MS);
  }
}

// What changed maps cost.
function cost({ images, now, before }) {
  return _("Of {images} test images it reads {now}, before {before}.",
    { images: images.toLocaleString("en"), now: percent(now), before: percent(before) });
}

// What the worker says in English, in the language of the page (ui/live/said.js).
function worded({ said, message }) {
  return said ? _(said.message, said.values) : message;
}

export default mounting(LivingNetwork);
