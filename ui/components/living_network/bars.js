// Ten bars with their digits under them; a dashed line says what a second network thinks.

class Answers {
  constructor(root) {
    this.root = root;
    this.columns = Array.from({ length: 10 }, (_, digit) => {
      const column = element("div", "answer");
      const track = element("div", "track");
      const [fill, other, share] = [element("div", "fill"), element("div", "other"), element("div", "share")];
      track.append(fill, other);
      column.append(share, track, element("div", "digit", digit));
      root.append(column);
      return { column, fill, other, share };
    });
  }

  // values: ten probabilities, or any ten numbers; others: those of a second network, or null.
  show(values, others) {
    const low = Math.min(0, ...values);
    const shares = low >= 0 && Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-3;
    const high = shares ? 1 : Math.max(1e-9, ...values.map(Math.abs));
    const best = values.indexOf(Math.max(...values));
    this.columns.forEach(({ column, fill, other, share }, digit) => {
      fill.style.transform = `scaleY(${Math.max(0, values[digit]) / high})`;
      other.hidden = !others;
      if (others) other.style.transform = `translateY(${100 * (1 - Math.max(0, Math.min(1, others[digit])))}%)`;
      share.textContent = shares ? percent(values[digit]) : show(values[digit]);
      column.classList.toggle("best", digit === best);
    });
    const said = [...values].map((value, digit) => `${digit}: ${shares ? percent(value) : show(value)}`);
    this.root.setAttribute("aria-label", `What the network answers. ${said.join(", ")}`);
  }
}

function percent(share) {
  if (share > 0 && share < 0.0005) return "<0.1 %";
  return `${(100 * share).toFixed(share > 0.9995 || share === 0 ? 0 : 1)} %`;
}
