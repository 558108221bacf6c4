// Ten bars with their digits under them. A second network has a second bar for every digit, or, where it is the same one
// before it learned anything, a dashed line; the words below say which is which.

class Answers {
  constructor(root, legend) {
    this.root = root;
    this.legend = legend;
    this.columns = Array.from({ length: 10 }, (_, digit) => {
      const column = element("div", "answer");
      const track = element("div", "track");
      const [fill, other, second] = ["fill", "other", "fill second"].map((name) => element("div", name));
      const [share, otherShare] = [element("div", "share"), element("div", "share second")];
      track.append(fill, other, second);
      column.append(share, otherShare, track, element("div", "digit", digit));
      root.append(column);
      return { column, fill, other, second, share, otherShare };
    });
  }

  // first, other: { label, values }: ten probabilities, or any ten numbers; other may be missing. pair: whether the
  // other one has bars of its own.
  show(first, other, pair) {
    const [one, two] = [shared(first.values), other && shared(other.values)];
    this.root.classList.toggle("pair", Boolean(pair));
    this.columns.forEach((parts, digit) => {
      parts.fill.style.transform = `scaleY(${one.heights[digit]})`;
      write(parts.share, one.texts[digit]);
      parts.column.classList.toggle("best", digit === one.best);
      parts.other.hidden = !two || pair;
      parts.second.hidden = parts.otherShare.hidden = !two || !pair;
      if (!two) return;
      parts.other.style.transform = `translateY(${100 * (1 - two.heights[digit])}%)`;
      parts.second.style.transform = `scaleY(${two.heights[digit]})`;
      write(parts.otherShare, two.texts[digit]);
      parts.otherShare.classList.toggle("most", digit === two.best);
    });
    const sides = [[first, one, "fill"], ...(two ? [[other, two, pair ? "fill second" : "other"]] : [])];
    this.name(sides);
    const said = sides.map(([{ label }, { texts }]) => `${label}. ${texts.map((text, i) => `${i}: ${text}`).join(", ")}`);
    attribute(this.root, "aria-label", `${_("What the network answers")}. ${said.join(". ")}`);
  }

  // Only where there are two.
  name(sides) {
    const told = (sides.length < 2 ? [] : sides).map(([{ label }, { best, texts }, kind]) => ({
      kind: `key ${kind}`, text: best < 0 ? label : `${label}: ${best}, ${texts[best]}`,
    }));
    if (this.legend.children.length !== told.length) {
      this.legend.replaceChildren(...told.map(() => {
        const entry = element("span", "side");
        entry.append(element("span"), element("span"));
        return entry;
      }));
    }
    told.forEach(({ kind, text }, i) => {
      const [key, words] = this.legend.children[i].children;
      attribute(key, "class", kind);
      write(words, text);
    });
  }
}

// Ten numbers as heights from 0 to 1 and as text, and the place of the largest.
function shared(values) {
  const low = Math.min(0, ...values);
  const shares = low >= 0 && Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-3;
  const high = shares ? 1 : Math.max(1e-9, ...values.map(Math.abs));
  return {
    heights: [...values].map((value) => Math.min(1, Math.max(0, value / high)) || 0),
    texts: [...values].map((value) => (shares ? share(value) : show(value))),
    best: values.indexOf(Math.max(...values)),
  };
}
