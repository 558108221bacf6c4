// What to think of an answer: how sure is sure enough, and how far the drawing is from what the network was trained on.

// A threshold under which the answer is "I don't know", and what it costs on test images.
class Threshold {
  // changed: called with the share, 0 to 1, while it is moved; settled: once it rests.
  constructor(root, changed, settled) {
    this.root = root;
    this.slider = root.querySelector("input");
    this.output = root.querySelector("output");
    this.cost = root.querySelector(".cost");
    this.slider.oninput = () => {
      this.say();
      changed();
    };
    this.slider.onchange = () => settled(Number(this.slider.value));
  }

  get share() {
    return this.judged ? Number(this.slider.value) / 100 : 0;
  }

  // judged: { sure, right }: for test images the probability of the answer, and whether it is right; or null.
  show(judged, value) {
    this.judged = judged;
    this.slider.disabled = !judged;
    if (!judged) {
      this.output.textContent = this.cost.textContent = "";
      return;
    }
    if (document.activeElement !== this.slider) this.slider.value = value;
    this.say();
  }

  // yes: whether what is on screen is what was judged; the answers of other weights were not counted.
  count(yes) {
    this.counted = yes;
    if (this.judged) this.say();
  }

  say() {
    const { sure, right } = this.judged;
    this.output.textContent = `${Number(this.slider.value).toFixed(1)} %`;
    this.slider.setAttribute("aria-valuetext", this.output.textContent);
    const wrong = (from) => sure.reduce((count, value, i) => count + (value >= from && !right[i]), 0);
    const answered = sure.reduce((count, value) => count + (value >= this.share), 0);
    const [now, always] = [wrong(this.share), wrong(0)];
    const counts = { answered: answered.toLocaleString("en"), all: sure.length.toLocaleString("en"), always, now,
      right: sure.length - answered - (always - now) };
    this.cost.textContent = !this.counted ? "" : this.share === 0
      ? _("It answers all of {all} test images, {always} wrong.", counts)
      : _("It answers {answered} of {all} test images, {now} wrong; of those it leaves out, {right} would be right.", counts);
  }
}

// The image of MNIST that is nearest to a drawing.
function showNearest(root, nearest, image) {
  root.hidden = !nearest;
  if (!nearest) return;
  const canvas = root.querySelector("canvas");
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(28, 28);
  image.values.forEach((value, i) => pixels.data.set([value, value, value, 255], 4 * i));
  context.putImageData(pixels, 0, 0);
  canvas.setAttribute("aria-label", _("Training image {index}, a {label}", nearest));
  const { label } = nearest;
  const [among, away, usual] = [nearest.among.toLocaleString("en"), show(nearest.distance), show(nearest.usual)];
  root.querySelector("span").textContent = _(
    "Nearest of {among} training images: a {label}, {away} a pixel away; 95 % of MNIST's test digits are nearer than {usual}.",
    { among, label, away, usual },
  );
}
