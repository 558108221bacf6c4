// The page's side of the living network: a worker with the engine, and every answer as a message. It needs no other
// script, so that a component can take it in alone.

class LiveWorker {
  // script: { address } of the engine's script, or { text }: the script itself, where a page may fetch nothing.
  // hear: what is called with every answer of service.js. A worker that ends, or never begins, is heard as
  // { kind: "crashed", doing, message }, and everything still asked is rejected with that message. A message that
  // goes wrong is heard as crashed, too, and the worker goes on; a question that does is rejected, and nothing else.
  // _: says a message in the language of the page.
  constructor(script, hear, _ = (message) => message) {
    this.hear = hear;
    this.ended = null; // why there is no worker any more
    this.number = 0; // of the newest drawing
    this.pixels = []; // of the newest answer; those of the ones before were handed back
    this.asked = new Map();
    this.lastId = 0;
    this.blob = script.text ? URL.createObjectURL(new Blob([script.text], { type: "text/javascript" })) : null;
    try {
      this.worker = new Worker(this.blob ?? script.address);
    } catch (error) {
      this.worker = null;
      this.ended = String(error.message);
      // not before the caller has what it is about
      queueMicrotask(() => this.crashed("start", this.ended));
      return;
    }
    this.worker.onmessage = (event) => this.take(event.data);
    this.worker.onmessageerror = () => this.crashed("answer", _("An answer of the worker cannot be read."));
    // errors of a message are caught there: this is a script that cannot be loaded, or is none
    this.worker.onerror = (event) => {
      event.preventDefault?.();
      this.leave(event.message || _("The worker's script cannot be loaded."));
      this.crashed("start", this.ended);
    };
  }

  // bundle: an ArrayBuffer, which is handed over: the page keeps none. Answer: "opened".
  open(network, bundle, loops = "wasm") {
    this.send({ kind: "open", network, bundle, loops }, [bundle]);
  }

  close(network) {
    this.send({ kind: "close", network });
  }

  // Other weights for a network that is open, from an address that the worker fetches: "loaded", or "missing" and why.
  weights(network, address) {
    this.send({ kind: "weights", network, address });
  }

  // Fetch what will be asked for next.
  prefetch(address) {
    this.send({ kind: "prefetch", address });
  }

  // The network whose maps are painted, of the others only the answers come; by itself all are.
  show(network) {
    this.send({ kind: "show", network });
  }

  // tables: { activations, grey }, each 765 bytes. mode: "layer", "map" or "fixed".
  // planned: the picture of a network waits for its plan.
  colours(tables, mode = "layer", planned = false) {
    this.send({ kind: "colours", tables, mode, planned });
  }

  // Where the maps of a network stand on the page, see Atlas.stand.
  plan(network, plan) {
    this.send({ kind: "plan", network, plan });
  }

  // scales: [{ layer, map, factor }], all that are not 1.
  scales(network, scales) {
    this.send({ kind: "scales", network, scales });
  }

  // The whole drawing, as often as it changes: only the newest is answered. Returns the number that its answer has.
  draw(acts) {
    this.send({ kind: "draw", number: ++this.number, acts });
    return this.number;
  }

  // image: 784 values in [0, 1], as a network reads them.
  see(image) {
    this.send({ kind: "see", number: ++this.number, image });
    return this.number;
  }

  // How much each map that this one reads contributes to it: a promise of a Float32Array.
  async contributions(network, layer, map) {
    return (await this.ask({ kind: "contributions", network, layer, map })).amounts;
  }

  // A map's values, its kernels and its bias: a promise of { values, height, width, kernel, kernelShape, bias }.
  map(network, layer, map) {
    return this.ask({ kind: "map", network, layer, map });
  }

  leave(why = "The worker has ended.") {
    this.ended ??= why;
    this.worker?.terminate();
    if (this.blob) URL.revokeObjectURL(this.blob);
    this.worker = null;
    this.rejectAll(this.ended);
  }

  send(message, transfer = []) {
    this.worker?.postMessage(message, transfer);
  }

  ask(message) {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      if (!this.worker) return reject(new Error(this.ended));
      this.asked.set(id, { resolve, reject });
      this.send({ ...message, id });
    });
  }

  // Pixels are the page's until the next answer comes.
  take(message) {
    if (message.kind === "answer") this.handBack(message);
    const question = this.asked.get(message.id);
    if (question) {
      this.asked.delete(message.id);
      if (message.kind === "told") question.resolve(message);
      else question.reject(new Error(message.message));
    } else if (message.kind === "crashed") {
      this.crashed(message.doing, message.message);
    } else {
      this.hear(message);
    }
  }

  handBack({ networks }) {
    const buffers = this.pixels;
    this.pixels = Object.values(networks).flatMap(({ pixels }) => (pixels ? [pixels.buffer] : []));
    if (buffers.length) this.send({ kind: "back", buffers }, buffers);
  }

  crashed(doing, message) {
    this.rejectAll(message);
    this.hear({ kind: "crashed", doing, message });
  }

  rejectAll(message) {
    for (const { reject } of this.asked.values()) reject(new Error(message));
    this.asked.clear();
  }
}

// Where the app is served from: what this script's own address says nothing of.
function absolute(path) {
  return new URL(path, window.__streamlit?.BACKEND_BASE_URL ?? document.baseURI).href;
}

// A network's bundle, for `open`. _: as for LiveWorker.
async function bundleAt(address, _ = (message) => message) {
  const answer = await fetch(absolute(address));
  if (!answer.ok) {
    throw new Error(_("The server should give the network, and answers {status}.", { status: answer.status }));
  }
  return answer.arrayBuffer();
}

// What the worker says in English, in the language of the page (said.js).
function worded({ said, message, sentence }, _) {
  return said ? _(said.message, said.values) : message ?? sentence;
}
