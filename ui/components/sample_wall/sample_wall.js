// A wall of digits; clicking one, or Enter on it, sends its index. Arrow keys walk over the wall.

class SampleWall {
  constructor(parent) {
    this.wall = parent.querySelector(".sample-wall");
  }

  update(data) {
    this.data = data;
    const { images, indexes, labels, wrong } = data.arrays;
    this.wall.setAttribute("aria-label", data.title);
    this.wall.classList.toggle("captioned", data.captions.length > 0);
    while (this.wall.children.length > indexes.values.length) this.wall.lastChild.remove();
    while (this.wall.children.length < indexes.values.length) this.wall.append(this.tile(this.wall.children.length));
    const here = Math.max(0, indexes.values.indexOf(data.chosen));
    indexes.values.forEach((index, i) => {
      const tile = this.wall.children[i];
      tile.setAttribute("aria-selected", String(index === data.chosen));
      const caption = data.captions[i] ?? "";
      // begins with what is seen, so that who says what they see is understood
      const seen = `${labels.values[i]} #${index} ${caption}`.trim();
      const named = namesOf(data.split, { seen, index, label: labels.values[i] });
      tile.setAttribute("aria-label", named.aloud);
      tile.title = named.pointed;
      tile.querySelector(".label").textContent = labels.values[i];
      tile.querySelector("small").textContent = `#${index}`;
      tile.querySelector(".caption").textContent = caption;
      tile.classList.toggle("wrong", wrong.values[i] > 0);
      this.paint(tile.querySelector("canvas"), images.values.subarray(i * 784, (i + 1) * 784));
    });
    stopAt(this.wall, here);
  }

  tile(i) {
    const tile = element("button", "sample");
    tile.type = "button";
    tile.setAttribute("role", "option");
    const canvas = element("canvas");
    canvas.width = canvas.height = 28;
    tile.append(canvas, element("span", "label"), element("small"), element("span", "caption"));
    tile.onclick = () => this.pick(i);
    tile.onkeydown = (event) => walk(event, this.wall, i);
    return tile;
  }

  paint(canvas, pixels) {
    const context = canvas.getContext("2d");
    const picture = context.createImageData(28, 28);
    pixels.forEach((pixel, i) => picture.data.set([pixel, pixel, pixel, 255], 4 * i));
    context.putImageData(picture, 0, 0);
  }

  pick(i) {
    const { indexes } = this.data.arrays;
    Array.from(this.wall.children).forEach((tile, at) => tile.setAttribute("aria-selected", String(at === i)));
    this.emit("pick", indexes.values[i]);
  }
}

function namesOf(split, image) {
  return split === "train"
    ? { aloud: _("{seen}, training image", image), pointed: _("training image {index}, label {label}", image) }
    : { aloud: _("{seen}, test image", image), pointed: _("test image {index}, label {label}", image) };
}

export default mounting(SampleWall);
