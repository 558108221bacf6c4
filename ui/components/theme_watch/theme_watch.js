// Tells the server that light and dark have changed since it drew the page: it hears of that with the next press only, and
// what it has painted would keep the colours of before.

// What is told reaches the server with the theme that Streamlit knows of at that moment, which may be one change behind; so
// it is told again where the answer has come and is of another theme still. Not for ever: an answer may never be right.
const TIMES = 3;

class ThemeWatch {
  constructor(parent) {
    this.parent = parent;
    this.times = 0;
  }

  // theme: the one that the page was drawn in; answered: how often the server has heard of a change
  update({ theme, answered }) {
    const now = isDark(this.parent) ? "dark" : "light";
    if (now === theme) {
      this.told = null;
      this.times = 0;
      return;
    }
    const waits = now === this.told && answered === this.answered;
    this.answered = answered;
    if (waits || this.times >= TIMES) return;
    this.told = now;
    this.times += 1;
    this.emit("change", now);
  }
}

export default mounting(ThemeWatch);
