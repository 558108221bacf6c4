// Tells the server, once each time, that light and dark have changed since it drew the page: it hears of that with the next press
// only, and what it has painted would keep the colours of before.

class ThemeWatch {
  constructor(parent) {
    this.parent = parent;
  }

  // theme: the one that the page was drawn in
  update({ theme }) {
    if (theme !== this.drawn) this.told = null; // what was told is answered; meanwhile there may be yet another theme
    this.drawn = theme;
    const now = isDark(this.parent) ? "dark" : "light";
    if (now === theme || now === this.told) return;
    this.told = now;
    this.emit("change", now);
  }
}

export default mounting(ThemeWatch);
