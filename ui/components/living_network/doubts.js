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
    this.cost.textContent = !this.counted ? "" : this.share === 0
      ? `It answers all of ${sure.length.toLocaleString("en")} test images, ${always} wrong.`
      : `It answers ${answered.toLocaleString("en")} of ${sure.length.toLocaleString("en")} test images, ${now} wrong; `
        + `of those it leaves out, ${sure.length - answered - (always - now)} would be right.`;
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
  canvas.setAttribute("aria-label", `Training image ${nearest.index}, a ${nearest.label}`);
  root.querySelector("span").textContent =
    `Nearest of ${nearest.among.toLocaleString("en")} training images: a ${nearest.label}, ${show(nearest.distance)} a pixel `
    + `away; 95 % of MNIST's test digits are nearer than ${show(nearest.usual)}.`;
}
