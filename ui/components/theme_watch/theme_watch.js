// Tells the server, once, that light and dark have changed since it drew the page: it hears of that with the next press
// only, and what it has painted would keep the colours of before.

class ThemeWatch {
  constructor(parent) {
    this.parent = parent;
  }

  update({ theme }) {
    const now = isDark(this.parent) ? "dark" : "light";
    if (now !== theme && now !== this.told) this.emit("change", now);
    this.told = now;
  }
}

export default mounting(ThemeWatch);
