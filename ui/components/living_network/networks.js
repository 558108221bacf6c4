// The networks of the map: fetched, opened in the worker, one of them on screen.

class Networks {
  // tools: { fetching, failed, gone }: called with a key, with why it does not come, and with a key.
  constructor(tools) {
    this.tools = tools;
    this.wanted = new Map(); // by key: where its bundle comes from
    this.opened = new Map(); // by key: what the worker said when it was opened
    this.active = undefined; // the key of the one on screen
  }

  // The one on screen, once it is open.
  get shown() {
    return this.opened.get(this.active);
  }

  // The network that the sidebar chose; the others stand beside it.
  get first() {
    return this.told[0];
  }

  get told() {
    return this.data.networks;
  }

  // data: what the server says
  take(data, worker) {
    Object.assign(this, { data, worker });
  }

  // Fetches those that are not here, and closes those that are gone. anew: whether the first one is another network than
  // before; an epoch of the network that is open is a matter of other weights.
  update(anew) {
    const fetched = this.told.filter((network) => anew || network !== this.first || !this.wanted.has(network.key));
    for (const network of fetched) this.fetch(network);
    for (const key of this.wanted.keys()) if (!this.told.some((network) => network.key === key)) this.forget(key);
  }

  async fetch({ key, address }) {
    if (this.wanted.has(key) && this.wanted.get(key) === address) return;
    this.wanted.set(key, address);
    if (key === this.first.key) this.tools.fetching(key);
    try {
      const inside = this.data.arrays[`network ${key}`]; // where there is no server
      const bundle = inside ? inside.values.slice().buffer : await bundleAt(address, _);
      if (this.wanted.get(key) === address) this.worker.open(key, bundle);
    } catch (error) {
      if (this.wanted.get(key) === address) this.wanted.delete(key);
      this.tools.failed(error.message);
    }
  }

  forget(key) {
    this.wanted.delete(key);
    this.opened.delete(key);
    this.worker.close(key);
    this.tools.gone(key);
  }

  // Of networks whose layers are the same.
  form(key) {
    return (this.opened.get(key)?.layers ?? []).map(({ name, maps }) => `${name} ${maps}`).join();
  }

  // All of the form on screen.
  scale(scales) {
    const form = this.form(this.active);
    for (const key of this.opened.keys()) if (this.form(key) === form) this.worker.scales(key, scales);
  }
}
