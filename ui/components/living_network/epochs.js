// The epochs of a run as a slider that plays: the same drawing, the same maps, other weights. What the hand chose goes
// to the server when it lets go; until the server says the same, what it says is out of date.

const EPOCH_MS = 800;
const SETTLE_MS = 2500;
const MOST_SETTLED = 5;

class Epochs {
  // tools: { touch, load, prefetch, settle, changed }: called when a hand comes, with the address of the weights that
  // shall be on screen or will be next, with the epoch that was chosen, and whenever another one is.
  constructor(root, tools) {
    this.root = root;
    this.tools = tools;
    this.slider = root.querySelector("input");
    this.output = root.querySelector("output");
    this.button = root.querySelector("button");
    this.told = null; // what the server says: { run, at, heard, stops: [{ epoch, label, name, address }] }
    this.place = 0; // of the stop on screen
    this.number = 0; // of the last choice that was sent; the server says up to which it has heard
    this.playing = false;
    this.slider.oninput = () => this.drag();
    // a slider that is back where it was has not changed, but was let go
    this.slider.onchange = this.slider.onpointerup = this.slider.onblur = () => this.held && this.letGo();
    this.button.onclick = () => (this.playing ? this.letGo() : this.play());
  }

  leave() {
    clearTimeout(this.next);
    clearTimeout(this.settling);
  }

  get stop() {
    return this.told?.stops[this.place] ?? null;
  }

  // Whether what the server says of its epoch holds for what is on screen.
  get agreed() {
    return !this.told || this.stop.epoch === this.told.at;
  }

  // Returns whether the network must be opened anew: it is another one than before.
  show(told) {
    const [before, shown] = [this.told, this.stop];
    this.root.hidden = !told;
    this.told = told;
    if (!told || before?.run !== told.run) {
      this.pause();
      this.number = told?.heard ?? 0;
      this.place = told ? this.placeOf(told.at) : 0;
      this.say();
      return true;
    }
    // what was chosen here may have been changed elsewhere before the server came to say so
    const news = told.at !== before.at || told.heard !== before.heard;
    const moved = news && told.at !== shown.epoch && !this.waits && !this.held;
    this.place = this.placeOf(moved ? told.at : shown.epoch);
    if (moved) this.pause();
    if (this.stop.address !== shown.address) this.tools.load(this.stop.address); // newest weights move on
    this.say();
    return false;
  }

  // Not while the network that they are for is on its way.
  enable(yes) {
    this.slider.disabled = this.button.disabled = !yes;
  }

  // Whether the server has not heard of the last choice yet.
  get waits() {
    return this.told.heard < this.number;
  }

  placeOf(epoch) {
    const place = this.told.stops.findIndex((stop) => stop.epoch === epoch);
    return place < 0 ? this.placeOf(this.told.at) : place;
  }

  drag() {
    this.held = true;
    this.playing = false;
    clearTimeout(this.next);
    this.tools.touch();
    this.go(Number(this.slider.value));
  }

  go(place) {
    this.place = place;
    this.say();
    this.tools.load(this.stop.address);
  }

  play() {
    this.tools.touch();
    this.playing = true;
    const last = this.told.stops.length - 1;
    this.go(this.place === last ? 0 : this.place + 1);
  }

  pause() {
    this.playing = false;
    clearTimeout(this.next);
    this.say();
  }

  // These weights are on screen: while it plays, the next ones are fetched and come after a while.
  arrived() {
    if (!this.playing) return;
    const last = this.told.stops.length - 1;
    if (this.place === last) {
      this.letGo();
      return;
    }
    this.tools.prefetch(this.told.stops[this.place + 1].address);
    clearTimeout(this.next);
    this.next = setTimeout(() => this.go(this.place + 1), EPOCH_MS);
  }

  letGo() {
    this.held = false;
    this.pause();
    this.number += 1;
    this.settle(0);
  }

  // A run that ends just then loses what was sent, so it is sent until the server answers for it.
  settle(times) {
    clearTimeout(this.settling);
    if (!this.told || !this.waits || times > MOST_SETTLED) return;
    this.tools.settle({ epoch: this.stop.epoch, number: this.number });
    this.settling = setTimeout(() => this.settle(times + 1), SETTLE_MS);
  }

  say() {
    if (!this.told) return;
    const last = this.told.stops.length - 1;
    this.slider.max = last;
    // a browser does not tell of a change to what a script has set
    if (Number(this.slider.value) !== this.place) this.slider.value = this.place;
    this.output.textContent = this.stop.label;
    this.slider.setAttribute("aria-valuetext", this.stop.label);
    this.button.textContent = this.playing ? _("❚❚ Pause") : _("▶ Play");
    this.button.setAttribute("aria-label", this.playing ? _("Pause") : _("Play the epochs"));
    this.tools.changed();
  }
}
