// What a worker does for a page: takes messages, keeps the newest drawing only, answers with pictures and numbers.
//
// A message and its answer are objects with a `kind`:
//
//   open { network, bundle, loops }   a network under a name that the page chooses; a second one of that name takes its
//                                     place → opened { network, title, text, about, layers, places, width, height,
//                                     loops }; places and size are those of its picture, see Atlas
//   close { network }                 forget it
//   show { network }                  paint the maps of this one only, and answer with it alone; what the others say
//                                     follows, once nothing newer is to be answered → beside { number, networks }: as in
//                                     an answer, without pixels and stages
//   weights { network, address }      other weights for an open network, out of the bundle at this address
//     → loaded { network, address }   they are in, and the newest drawing is answered with them; nothing comes where
//                                     others were asked for meanwhile
//     → missing { network, address, message, said }; said: see said.js, undefined where it is the browser that says it
//   prefetch { address }              have a bundle at hand
//   back { buffers }                  of the pixels of an earlier answer, which the page has painted: for the next ones
//   colours { tables, mode, planned } see Atlas.paint; planned: nothing is answered of a network before its plan is known
//   plan { network, plan }            where its maps stand on the page, see Atlas.stand; by themselves as `places` says
//   scales { network, scales }        see Engine.scale
//   draw { number, acts }             a drawing, as the pad has it; or see { number, image }: 784 values in [0, 1]
//     → answer { number, skipped, image, times, networks: { name: { pixels, stages, probabilities, logits } } }
//       pixels: RGBA of width × height, or as the plan has them; stages: for each place { limit, largest: { value, map, row,
//       column } }; skipped: drawings that this one has overtaken; times: milliseconds (started, prepared, ended), engine:
//       those of it alone
//     → refused { number, skipped, sentence, said }: there is no digit on the pad
//   contributions { id, network, layer, map } → told { id, amounts }
//   map { id, network, layer, map }   → told { id, values, height, width, kernel, kernelShape, bias }
//
// Nothing is answered before the colours are known. What is opened or changed is answered for the newest drawing again.
// Whatever goes wrong → crashed { doing, message }, with the id of the question if it was one.

const KINDS = [
  "open", "close", "show", "weights", "prefetch", "back", "colours", "plan", "scales", "draw", "see", "contributions",
  "map",
];

// So many answers of the network on screen may overtake those of the others.
const MOST_AHEAD = 4;

class Service {
  // post: how an answer goes out, (message, transfer) as postMessage takes them.
  constructor(post) {
    this.post = post;
    this.networks = new Map();
    this.bundles = new KeptBundles();
    this.awaited = new Map(); // by network: the address of the weights that it shall have
    this.paper = new Paper();
    this.tables = null;
    this.shown = null; // the only network that is painted, where there is one
    this.mode = "layer";
    this.wanted = null; // the newest drawing or image
    this.due = false; // whether something has changed since the last answer
    this.unanswered = false; // whether the newest drawing itself is what has changed
    this.skipped = 0; // drawings that another one overtook since the last answer
    this.image = null; // what was read last, as the drawing of this number
    this.number = undefined;
    this.spare = []; // buffers of pixels that the page no longer needs
    this.ahead = 0; // answers of the network on screen that the others have not followed
    // a task of its own, behind all messages that have come meanwhile
    this.channel = new MessageChannel();
    this.channel.port1.onmessage = () => this.safely("answer", () => this.answer());
  }

  take(message) {
    const act = () => {
      if (!KINDS.includes(message.kind)) {
        throw new Error(`A message must be of a known kind, not ${message.kind}.`);
      }
      this[message.kind](message);
    };
    this.safely(message.kind, act, message.id);
  }

  safely(doing, act, id) {
    try {
      act();
    } catch (error) {
      this.post({ kind: "crashed", doing, id, message: String(error?.message ?? error) });
    }
  }

  open({ network, bundle, loops }) {
    this.awaited.delete(network); // what still comes was for the one before
    const engine = new Engine(bundle, loops);
    const atlas = new Atlas(engine);
    this.networks.set(network, { engine, atlas, read: null });
    const layers = engine.layers.map((layer) => ({
      name: layer.name,
      title: layer.title,
      maps: layer.maps,
      height: layer.height,
      width: layer.width,
      flat: layer.flat,
      takes: layer.takes,
      function: layer.function,
    }));
    const { places, width, height } = atlas;
    const { header } = engine;
    this.post({ kind: "opened", network, layers, places, width, height, loops: engine.loops.name, about: header.about,
      title: header.title, text: header.text });
    this.again();
  }

  close({ network }) {
    this.networks.delete(network);
    this.awaited.delete(network);
  }

  show({ network }) {
    this.shown = network;
    this.again();
  }

  async weights({ network, address }) {
    this.awaited.set(network, address);
    try {
      const bundle = await this.bundles.get(address);
      if (this.awaited.get(network) !== address) return;
      this.at(network).engine.take(bundle);
    } catch (error) {
      if (this.awaited.get(network) === address) {
        this.post({ kind: "missing", network, address, message: String(error?.message ?? error), said: error?.said });
      }
      return;
    }
    this.post({ kind: "loaded", network, address });
    this.again();
  }

  prefetch({ address }) {
    this.bundles.get(address).catch(() => {}); // who asks for it in earnest is told
  }

  back({ buffers }) {
    this.spare = buffers; // of other sizes, where the window has become another, none is kept
  }

  colours({ tables, mode, planned }) {
    this.tables = tables;
    this.mode = mode ?? "layer";
    this.planned = planned ?? false;
    this.again();
  }

  plan({ network, plan }) {
    this.networks.get(network)?.atlas.stand(plan); // it may have been closed meanwhile
    this.again();
  }

  scales({ network, scales }) {
    this.at(network).engine.scale(scales);
    this.again();
  }

  draw(message) {
    this.newest(message);
  }

  see(message) {
    this.newest(message);
  }

  newest(message) {
    if (this.unanswered) this.skipped++;
    this.wanted = message;
    this.unanswered = true;
    this.again();
  }

  again() {
    if (!this.wanted || !this.tables || this.due) return;
    this.due = true;
    this.channel.port2.postMessage(null);
  }

  at(network) {
    const found = this.networks.get(network);
    if (!found) throw new Error(`A network must be open before it is asked, and ${network} is not.`);
    return found;
  }

  answer() {
    if (!this.due) return this.beside();
    if (this.planned && !this.first.every((name) => this.at(name).atlas.plan)) {
      this.due = false; // its plan asks again
      return;
    }
    if (this.ahead >= MOST_AHEAD) this.beside();
    this.due = this.unanswered = false;
    const [{ number }, skipped] = [this.wanted, this.skipped];
    this.skipped = 0;
    const times = { started: performance.now() };
    const { image, refusal, said } = this.prepared();
    times.prepared = performance.now();
    if (refusal) {
      this.post({ kind: "refused", number, skipped, sentence: refusal, said });
      return;
    }
    Object.assign(this, { image, number });
    for (const network of this.networks.values()) network.read = null; // its weights or scales may be others, too
    const networks = {};
    times.engine = 0;
    for (const name of this.first) {
      const start = performance.now();
      const said = this.said(name);
      times.engine += performance.now() - start;
      const { engine, atlas } = this.at(name);
      const painted = name === (this.shown ?? name) ? atlas.paint(engine, this.tables, this.mode, this.spare) : {};
      networks[name] = { ...painted, ...said };
    }
    times.ended = performance.now();
    const transfer = Object.values(networks).flatMap(({ pixels }) => (pixels ? [pixels.buffer] : []));
    this.post({ kind: "answer", number, skipped, image: Float32Array.from(image), times, networks }, transfer);
    if (this.first.length === this.networks.size) return;
    this.ahead++;
    this.channel.port2.postMessage(null); // behind what has come meanwhile
  }

  // The networks that are waited for: the one on screen, or where none is, all.
  get first() {
    return this.networks.has(this.shown) ? [this.shown] : [...this.networks.keys()];
  }

  // What the others say of the image that was answered last.
  beside() {
    if (!this.ahead) return;
    this.ahead = 0;
    const others = [...this.networks.keys()].filter((name) => !this.first.includes(name));
    const networks = Object.fromEntries(others.map((name) => [name, this.said(name)]));
    if (others.length) this.post({ kind: "beside", number: this.number, networks });
  }

  // What a network says of the newest image.
  said(name) {
    const { engine } = this.read(name);
    return { probabilities: engine.probabilities.slice(), logits: engine.logits.slice() };
  }

  // A network that has read the newest image.
  read(name) {
    const network = this.at(name);
    if (this.image && network.read !== this.image) {
      network.engine.run(this.image);
      network.read = this.image;
    }
    return network;
  }

  prepared() {
    return this.wanted.kind === "see" ? { image: this.wanted.image } : prepareDrawing(this.wanted.acts, this.paper);
  }

  // The answer to a question is one about the newest drawing.
  asked(network) {
    if (this.due) this.answer();
    return this.read(network).engine;
  }

  contributions({ id, network, layer, map }) {
    const engine = this.asked(network);
    checkMap(engine, layer, map);
    this.post({ kind: "told", id, amounts: contributions(engine, layer, map) });
  }

  map({ id, network, layer: number, map }) {
    const engine = this.asked(network);
    checkMap(engine, number, map);
    const layer = engine.layers[number];
    const pixels = layer.height * layer.width;
    const values = layer.values.slice(map * pixels, (map + 1) * pixels);
    this.post({ kind: "told", id, values, height: layer.height, width: layer.width, ...kernelsOf(layer, map) });
  }
}

function checkMap(engine, layer, map) {
  if (!(map >= 0 && map < engine.layers[layer]?.maps)) {
    throw new Error(`Layer ${layer} must be there and have map ${map}, and that is not so.`);
  }
}

// The kernels of a map, (channels that it reads, height, width), or its weights; null where there are none.
function kernelsOf(layer, map) {
  if (layer.takes !== "products") return { kernel: null, kernelShape: null, bias: null };
  const { kernel, bias } = layer.arrays;
  const [height, width] = layer.window.map((axis) => axis.kernel);
  const reads = layer.allChannels ? layer.input.maps : 1;
  const found = new Float32Array(reads * height * width);
  for (let place = 0; place < height * width; place++) {
    for (let channel = 0; channel < reads; channel++) {
      found[channel * height * width + place] = kernel[(place * reads + channel) * layer.maps + map];
    }
  }
  return { kernel: found, kernelShape: [reads, height, width], bias: bias ? bias[map] : 0 };
}

if (typeof WorkerGlobalScope !== "undefined" && globalThis instanceof WorkerGlobalScope) {
  const service = new Service((message, transfer) => globalThis.postMessage(message, transfer ?? []));
  globalThis.onmessage = (event) => service.take(event.data);
}
