// What the server is told of the pad, and which drawing it has put there itself.

const TOLD_MS = 2500;
const MOST_TOLD = 5;

class Told {
  // emit: sends a drawing
  constructor(pad, emit) {
    Object.assign(this, { pad, emit });
  }

  // data: what the server says. A number that was never sent from here: it has put another drawing on the pad.
  hear(data) {
    this.heard = data.number;
    if (this.number !== undefined && data.number <= this.number) return;
    this.number = data.number;
    this.pad.put(data);
  }

  // Whether the server speaks of the drawing that is on the pad.
  get agreed() {
    return this.heard === this.number;
  }

  // The pen is up.
  drawn() {
    this.number += 1;
    this.tell(0);
  }

  // A run that ends just then loses what was sent, so it is sent until the server answers for it.
  tell(times) {
    this.stop();
    if (this.pad.act || this.heard >= this.number || times > MOST_TOLD) return;
    const { acts, undone, pen } = this.pad;
    this.emit(structuredClone({ number: this.number, acts, undone, pen, done: true }));
    this.timer = setTimeout(() => this.tell(times + 1), TOLD_MS);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
