// The networks in the browser, for as long as the pen is down: thirty who draw cost the server nothing.

class LiveReadings {
  // tools: { show, failed }: called with { image, readings } or { sentence }, and once nothing comes from here any more.
  constructor(root, tools) {
    this.root = root;
    this.tools = tools;
    this.addresses = new Map(); // by the place of a network among those that read: what is open or on its way
    this.opened = new Set();
    this.failed = false;
  }

  // live: { engine, networks: [{ name, address }] }, null where the server says that it cannot be
  update(live) {
    this.live = live;
    if (!live || this.failed) return this.tell();
    if (this.worker) return this.fetchAll();
    // what is on the page comes first
    this.soon ??= window.requestIdleCallback ? requestIdleCallback(() => this.start()) : setTimeout(() => this.start());
  }

  start() {
    if (!this.live || this.worker) return;
    this.worker = new LiveWorker({ address: absolute(this.live.engine) }, (message) => this.hear(message), _);
    this.worker.show(""); // the answers alone, no maps: so it needs no colours either
    this.worker.colours({});
    this.fetchAll();
  }

  fetchAll() {
    const { networks } = this.live;
    networks.forEach(({ address }, place) => this.fetch(String(place), address));
    for (const place of this.addresses.keys()) if (!networks[place]) this.close(place);
    this.tell();
  }

  async fetch(place, address) {
    if (this.addresses.get(place) === address) return;
    this.close(place);
    this.addresses.set(place, address);
    try {
      const bundle = await bundleAt(address, _);
      if (this.addresses.get(place) === address) this.worker?.open(place, bundle);
    } catch {
      if (this.addresses.get(place) === address) this.addresses.delete(place); // the next run of the page tries again
    }
  }

  close(place) {
    this.opened.delete(place);
    if (this.addresses.delete(place)) this.worker.close(place);
  }

  get ready() {
    return Boolean(this.live && !this.failed && this.worker && this.live.networks.length === this.opened.size);
  }

  tell() {
    this.root.dataset.live = this.ready ? "ready" : "";
  }

  draw(acts) {
    this.number = this.worker.draw(acts);
  }

  hear(message) {
    if (message.kind === "crashed") return this.fail();
    if (message.kind === "opened") this.opened.add(message.network);
    this.tell();
    if (!this.ready || message.number !== this.number) return;
    if (message.kind === "refused") return this.tools.show({ readings: [], sentence: worded(message, _) });
    if (message.kind !== "answer") return;
    const readings = this.live.networks.map(({ name }, place) => reading(name, message.networks[place].probabilities));
    if (readings.every(Boolean)) this.tools.show({ readings, image: message.image });
    else this.fail(); // no numbers: the server says why
  }

  fail() {
    this.failed = true;
    this.leave();
    this.tell();
    this.tools.failed();
  }

  leave() {
    this.live = null; // what is still to start, or on its way, does not
    this.worker?.leave();
    this.worker = null;
  }
}

// What `Reading` and class_bars.rows in Python say of ten numbers; null where they are none.
function reading(name, values) {
  if (!values.every(Number.isFinite)) return null;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const shares = least >= 0 && Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-3;
  const [low, high] = shares ? [0, 1] : [Math.min(0, least), Math.max(0, most)];
  const place = (value) => (value - low) / (high - low || 1);
  const best = values.indexOf(most);
  return {
    name, best, words: "", headline: `${best}, ${share(values[best])}`,
    spans: Array.from(values, (value) => [place(Math.min(value, 0)), place(Math.max(value, 0))]),
    zero: place(0), texts: Array.from(values, shares ? share : show), marked: null, note: "",
  };
}
