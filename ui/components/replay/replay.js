// A training watched again: its curves grow as they did, as fast as somebody likes.

const SPEEDS = [1, 2, 5, 10, 50, 100];
const USUAL_S = 12; // what is not chosen otherwise takes no longer

class Replay {
  constructor(parent) {
    const find = (selector) => parent.querySelector(selector);
    this.root = find(".replay");
    this.button = find(".play");
    this.speed = find(".speed");
    this.time = find(".time");
    this.told = find(".told");
    this.place = find(".charts");
    this.button.onclick = () => this.toggle();
    this.time.oninput = () => this.go(Number(this.time.value));
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.place);
  }

  update(data) {
    const made = JSON.stringify([data.charts, data.epochs, data.arrays.seen.shape]);
    const first = this.made !== made; // another run: the same one, sent again, goes on where it is
    this.data = data;
    const lines = (chart, kind) => ({
      x: data.arrays[`${chart}.${kind}.x`].values,
      y: data.arrays[`${chart}.${kind}.y`].values,
    });
    const { x } = lines(0, "batches");
    const ends = data.charts.flatMap((_, i) => [...lines(i, "train").x, ...lines(i, "validation").x]);
    // In whole milliseconds: of more digits the slider keeps less at its right end, and the last numbers stay hidden.
    this.end = Math.ceil(1000 * Math.max(x[x.length - 1], ...ends)) / 1000;
    this.charts = data.charts.map((chart, i) => new ReplayChart(
      chart,
      { batches: lines(i, "batches"), train: lines(i, "train"), validation: lines(i, "validation") },
      this.end,
      data.colour,
    ));
    this.place.replaceChildren(...this.charts.map((chart) => chart.root));
    if (first) this.begin(made);
    this.go(this.now);
  }

  begin(made) {
    this.made = made;
    this.pause();
    this.now = 0;
    this.time.max = this.end;
    const usual = SPEEDS.find((speed) => this.end / speed <= USUAL_S) ?? SPEEDS[SPEEDS.length - 1];
    this.speed.replaceChildren(...SPEEDS.map((speed) => {
      const option = element("option", "", speed === 1 ? _("as it was") : _("{speed} times", { speed }));
      option.value = speed;
      option.selected = speed === usual;
      return option;
    }));
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.now >= this.end) this.now = 0;
    this.playing = true;
    this.button.textContent = _("Pause");
    let before = performance.now();
    const step = (moment) => {
      if (!this.playing) return;
      this.go(this.now + (Math.max(0, moment - before) / 1000) * Number(this.speed.value));
      before = moment;
      if (this.now >= this.end) this.pause();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  pause() {
    this.playing = false;
    this.button.textContent = _("Play");
  }

  go(seconds) {
    this.now = Math.min(this.end, Math.max(0, seconds));
    this.time.value = this.now;
    const words = this.words();
    this.told.textContent = words;
    this.time.setAttribute("aria-valuetext", words);
    this.root.dataset.now = this.now;
    this.draw();
  }

  draw() {
    if (!this.charts) return;
    const ink = getComputedStyle(this.root).color;
    for (const chart of this.charts) chart.draw(this.now, ink);
  }

  // The newest number of each kind, in words.
  words() {
    const { charts, arrays, epochs } = this.data;
    const times = arrays["0.batches.x"].values;
    const last = times.findLastIndex((at) => at <= this.now);
    const clock = { now: this.now.toFixed(1), end: this.end.toFixed(1) };
    if (last < 0) return _("{now} s of {end} s: before the first numbers.", clock);
    const done = arrays["0.train.x"].values.filter((at) => at <= this.now).length;
    const numbers = charts.map(({ name, digits }, i) => {
      const value = arrays[`${i}.batches.y`].values[last];
      return `${name.toLowerCase()} ${Number.isFinite(value) ? value.toFixed(digits) : _("no number")}`;
    });
    const seen = arrays.seen.values[last].toLocaleString("en");
    return _("{now} s of {end} s: epoch {epoch} of {epochs}, {seen} images seen, {numbers}.",
      { ...clock, epoch: Math.min(done + 1, epochs), epochs, seen, numbers: numbers.join(", ") });
  }

  leave() {
    this.playing = false;
    this.resized.disconnect();
  }
}

export default mounting(Replay);
