// The sliding window: it fills the output cell by cell in reading order, from where the input has something on it, at
// one of three speeds, with a pause and single steps. `filled` is the last cell that is there, null where all are.

// milliseconds from one picture to the next, and cells that it adds
const SPEEDS = { medium: [120, 1], fast: [32, 3], slow: [500, 1] };
const LESS_MOTION = "(prefers-reduced-motion: reduce)";

class Slide {
  // view: the explorer; it has the layer, and is told by moved() and rested()
  constructor(view, find) {
    this.view = view;
    this.filled = null;
    this.timer = null;
    this.play = find(".play");
    this.step = find(".step");
    this.speed = find(".speed");
    this.play.onclick = () => (this.timer ? this.pause() : this.start());
    this.step.onclick = () => {
      this.pause();
      this.advance(1);
      this.view.rested();
    };
    this.speed.onclick = () => this.faster();
    this.goAt("medium");
    // who wants less motion moves the window step by step
    const calm = matchMedia(LESS_MOTION);
    calm.onchange = () => this.still(calm.matches);
    this.still(calm.matches);
  }

  still(calm) {
    if (calm) this.pause();
    this.play.hidden = calm;
    this.speed.hidden = calm;
    this.view.toolbar?.refresh();
  }

  // A button, not a box of three: a box keeps the focus, and then takes keys that are the page's, such as P.
  faster() {
    const names = Object.keys(SPEEDS);
    this.goAt(names[(names.indexOf(this.pace) + 1) % names.length]);
    if (this.timer) this.tick();
  }

  goAt(pace) {
    this.pace = pace;
    const said = { slow: _("Speed: slow"), medium: _("Speed: medium"), fast: _("Speed: fast") };
    this.speed.textContent = said[pace];
  }

  start() {
    this.play.textContent = _("❚❚ Pause");
    this.play.setAttribute("aria-pressed", "true");
    this.advance(this.filled === null ? 0 : 1);
    this.tick();
  }

  tick() {
    clearInterval(this.timer);
    const [pause, cells] = SPEEDS[this.pace];
    this.timer = setInterval(() => this.advance(cells), pause);
  }

  // From the first cell whose window has ink in it, then on and on; behind the last cell all is there again.
  advance(by) {
    const next = this.filled === null ? this.view.layer.firstWithInk() : this.filled + by;
    const last = this.view.layer.cells() - 1;
    this.filled = next >= last ? null : next;
    this.view.moved(Math.min(next, last));
    if (next >= last) this.pause();
  }

  // Stops where it is. Returns whether it was moving.
  pause() {
    if (!this.timer) return false;
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = _("▶ Slide");
    this.play.setAttribute("aria-pressed", "false");
    this.view.rested();
    return true;
  }

  // The whole output at once.
  finish() {
    this.filled = null;
    this.pause();
  }

  // Without a word to anybody: the component goes, or another picture comes.
  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.filled = null;
    this.play.textContent = _("▶ Slide");
    this.play.setAttribute("aria-pressed", "false");
  }
}
