// A digit that draws itself until somebody touches the pad, so that the first sight is a network at work.

const GHOST_PEN = 18;
const GHOST_STEP_MS = 50; // every step lights the whole map: more of them nobody sees
const GHOST_POINTS = 2; // a step
const GHOST_LATEST_MS = 500; // a step waits so long while the browser has better to do, such as the rest of the page
const GHOST_REST_MS = 2600;
const GHOST_ROUNDS = 2;
// digits as somebody writes them: each stroke a few points on a pad of 280, which a smooth line joins
const GHOST_DIGITS = [
  [[[92, 84], [120, 62], [160, 62], [184, 88], [166, 122], [132, 136], [172, 146], [192, 178], [170, 212], [128, 222], [90, 202]]],
  [[[178, 66], [136, 60], [108, 84], [104, 130], [112, 178], [140, 212], [176, 202], [186, 168], [158, 144], [122, 158], [108, 184]]],
  [[[88, 72], [140, 72], [192, 70], [170, 118], [146, 168], [132, 222]]],
  [[[150, 60], [122, 104], [92, 156], [140, 158], [200, 156]], [[164, 112], [162, 168], [160, 224]]],
];

class Ghost {
  // drawn: called with the acts so far, many times a second; it ends with `stop`.
  constructor(drawn) {
    this.drawn = drawn;
    this.digit = 0;
    this.seen = () => this.next();
    this.start();
  }

  start() {
    if (this.digit === GHOST_ROUNDS * GHOST_DIGITS.length) return; // whoever has not looked by now is away
    this.strokes = GHOST_DIGITS[this.digit % GHOST_DIGITS.length].map(smooth);
    this.digit += 1;
    this.acts = [];
    this.next();
  }

  next() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", this.seen, { once: true });
      return;
    }
    const stroke = this.strokes[0];
    if (!stroke) {
      this.timer = setTimeout(() => this.start(), GHOST_REST_MS);
      return;
    }
    if (!this.act) this.acts.push((this.act = [DRAW, GHOST_PEN]));
    this.act.push(...stroke.splice(0, GHOST_POINTS).flat());
    if (!stroke.length) {
      this.strokes.shift();
      this.act = null;
    }
    this.drawn(this.acts);
    this.timer = setTimeout(() => this.whenIdle(() => this.next()), GHOST_STEP_MS);
  }

  whenIdle(act) {
    if (!window.requestIdleCallback) act(); // Safari has none
    else this.idle = requestIdleCallback(act, { timeout: GHOST_LATEST_MS });
  }

  stop() {
    clearTimeout(this.timer);
    if (this.idle) cancelIdleCallback(this.idle);
    document.removeEventListener("visibilitychange", this.seen);
  }
}

// A pad that a ghost draws on, until somebody touches it.
class Haunted {
  constructor(pad) {
    this.pad = pad;
    this.ghost = null;
    this.touched = false;
  }

  // data: what the pad is given besides the strokes; draw: called with the acts so far. Returns whether a ghost came: none
  // does where somebody was before, or wants less motion.
  begin(data, draw) {
    this.data = data;
    const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!moves || this.ghost || this.touched) return false;
    this.ghost = new Ghost((acts) => {
      this.pad.put({ ...this.data, acts: structuredClone(acts), undone: [] });
      draw(acts);
    });
    return true;
  }

  // For good.
  end() {
    this.touched = true;
    if (!this.ghost) return;
    this.leave();
    this.ghost = null;
    this.pad.put({ ...this.data, acts: [], undone: [] });
  }

  leave() {
    this.ghost?.stop();
  }
}

// Catmull-Rom through the points, a point for every few pixels.
function smooth(points) {
  const found = [];
  const at = (i) => points[Math.min(points.length - 1, Math.max(0, i))];
  for (let i = 0; i < points.length - 1; i++) {
    const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const steps = Math.max(2, Math.round(Math.hypot(r[0] - q[0], r[1] - q[1]) / 7));
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      found.push([0, 1].map((k) => {
        const value = 0.5 * (2 * q[k] + (r[k] - p[k]) * t + (2 * p[k] - 5 * q[k] + 4 * r[k] - s[k]) * t ** 2
          + (3 * q[k] - p[k] - 3 * r[k] + s[k]) * t ** 3);
        return Math.round(value * 10) / 10;
      }));
    }
  }
  return [...found, points.at(-1)];
}
