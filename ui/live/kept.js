// Bundles that a worker fetches by itself, by their address: the epochs of a run, one after the other and again.

const MOST_KEPT_BYTES = 2 ** 26; // about ten networks of the usual size

class KeptBundles {
  constructor(most = MOST_KEPT_BYTES) {
    this.most = most;
    this.size = 0;
    this.kept = new Map(); // the least used first
    this.coming = new Map();
  }

  // A promise of an ArrayBuffer that is not to be changed. What is asked for twice while it comes is fetched once.
  async get(address) {
    const found = this.kept.get(address);
    if (found) {
      this.kept.delete(address);
      this.kept.set(address, found);
      return found;
    }
    if (!this.coming.has(address)) this.coming.set(address, this.bring(address).finally(() => this.coming.delete(address)));
    return this.coming.get(address);
  }

  async bring(address) {
    const answer = await fetch(address);
    if (!answer.ok) {
      throw new Said(_("The server should give the weights of this epoch, and answers {status}."), { status: answer.status });
    }
    const bundle = await answer.arrayBuffer();
    this.kept.set(address, bundle);
    this.size += bundle.byteLength;
    for (const [oldest, { byteLength }] of this.kept) {
      if (this.size <= this.most) break;
      this.kept.delete(oldest);
      this.size -= byteLength;
    }
    return bundle;
  }
}
