// One chart of a training over seconds: axes that stay, lines that end at a moment.

const LEFT = 46;
const BOTTOM = 22;
const TOP = 8;
const RIGHT = 10;
const DECADES = 100; // a loss that falls further is drawn on a logarithmic axis, as in the curves beside it

class ReplayChart {
  // share: whether these are shares, whose axis goes up to 1
  constructor({ name, share }, lines, end, colour) {
    this.lines = lines;
    this.end = end;
    this.colour = colour;
    this.root = element("figure");
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", _("{name} over the seconds of the training", { name }));
    this.root.append(element("figcaption", "", name), this.canvas);
    const values = Object.values(lines).flatMap(({ y }) => Array.from(y)).filter(Number.isFinite);
    const low = Math.min(...values);
    const high = Math.max(...values);
    this.log = low > 0 && high / low > DECADES;
    const shares = low >= 0 && high <= 1 && share;
    this.span = this.log ? [Math.log10(low), Math.log10(high)] : [0, shares ? 1 : high];
    if (!(this.span[1] > this.span[0])) this.span = [this.span[0] - 1, this.span[0] + 1];
  }

  draw(now, ink) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    const x = (seconds) => LEFT + (seconds / this.end) * (width - LEFT - RIGHT);
    const y = (value) => {
      const at = this.log ? Math.log10(value) : value;
      return TOP + (1 - (at - this.span[0]) / (this.span[1] - this.span[0])) * (height - TOP - BOTTOM);
    };
    this.axes(context, x, y, width, height, ink);
    context.strokeStyle = context.fillStyle = this.colour;
    this.line(context, this.lines.batches, now, x, y, { width: 1, alpha: 0.75 });
    this.line(context, this.lines.train, now, x, y, { width: 2, dots: true });
    this.line(context, this.lines.validation, now, x, y, { width: 2, dots: true, dash: [5, 4] });
    context.globalAlpha = 0.5;
    context.fillStyle = ink;
    context.fillRect(x(now), TOP, 1, height - TOP - BOTTOM);
    context.globalAlpha = 1;
  }

  line(context, { x: at, y: values }, now, x, y, { width, alpha = 1, dash = [], dots = false }) {
    context.globalAlpha = alpha;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
    let begun = false;
    for (let i = 0; i < at.length && at[i] <= now; i++) {
      if (!Number.isFinite(values[i])) begun = false;
      else if (begun) context.lineTo(x(at[i]), y(values[i]));
      else {
        context.moveTo(x(at[i]), y(values[i]));
        begun = true;
      }
    }
    context.stroke();
    context.setLineDash([]);
    for (let i = 0; dots && i < at.length && at[i] <= now; i++) {
      context.beginPath();
      context.arc(x(at[i]), y(values[i]), 3, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  axes(context, x, y, width, height, ink) {
    context.font = "11px sans-serif";
    context.fillStyle = ink;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of this.log ? decades(this.span) : round(this.span[1])) {
      context.globalAlpha = 0.15;
      context.fillRect(LEFT, y(value), width - LEFT - RIGHT, 1);
      context.globalAlpha = 0.8;
      context.fillText(show(value), LEFT - 5, y(value));
    }
    context.textBaseline = "top";
    context.textAlign = "center";
    const stops = round(this.end);
    stops.forEach((seconds, i) => {
      context.textAlign = i ? "center" : "left";
      context.fillText(i === stops.length - 1 ? _("{seconds} s", { seconds: show(seconds) }) : show(seconds), x(seconds), height - BOTTOM + 6);
    });
    context.globalAlpha = 1;
  }
}

// From 0 up to `high` in at most five round steps.
function round(high) {
  const size = 10 ** Math.floor(Math.log10(high / 5));
  const step = [1, 2, 5, 10].map((times) => times * size).find((each) => high / each <= 5);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}

function decades([low, high]) {
  const found = [];
  for (let power = Math.ceil(low); power <= high; power++) found.push(10 ** power);
  return found.length > 1 ? found : [10 ** low, 10 ** high];
}
