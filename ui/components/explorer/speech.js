// What is said of a cell, once it has been picked: one sentence, for who hears the page. Nothing is said while a pointer
// hovers or the window slides. Keys on the picture have their answer from the picture itself, all else from a place beside
// it: never from both.

const MOST_PRODUCTS = 9; // more are too long to listen to: the largest, and how many are left

class Speech {
  // layer: the one that is shown; picture: of its output; place: where all else is said
  constructor(layer, picture, place) {
    Object.assign(this, { layer, picture, place });
  }

  say(taps, value, added) {
    const { chosen, shape } = this.layer;
    const said = { ...chosen, how: this.how(taps, value, added) };
    const words = shape.channels > 1 ? _("Row {row}, column {column}, map {map}: {how}", said)
      : _("Row {row}, column {column}: {how}", said);
    if (hasFocus(this.picture)) this.stand(words);
    else this.tell(words);
  }

  // What is said of the picture to who comes to it.
  stand(words) {
    const { row, column } = this.layer.chosen;
    standAt(this.picture, row * this.layer.shape.width + column, this.layer.cells() - 1, words);
  }

  // The same words again are said again.
  tell(words) {
    this.place.replaceChildren(element("span", "", words));
  }

  how(taps, value, added) {
    const { data } = this.layer;
    const result = _("value {value}.", { value: show(value) });
    if (data.takes === "nothing") return result;
    if (data.takes === "value") {
      const applied = _("{function} of {input}", { function: data.function, input: show(taps[0].value) });
      return `${applied}, ${result}`;
    }
    if (data.takes === "products") return [...this.products(taps, added), result].join(", ");
    const inside = taps.filter((tap) => tap.inside);
    const read = { count: inside.length, values: listed(inside.map((tap) => show(tap.value))), value: show(value) };
    return data.takes === "maximum"
      ? _("the largest of {count} values {values}, value {value}.", read)
      : _("the mean of {count} values {values}, value {value}.", read);
  }

  // What there is to say of a sum of products, one thing after the other.

  products(taps, added) {
    const { layer } = this;
    const { data, chosen } = layer;
    const kernel = layer.kernelOf(layer.kernelChannel(), chosen.map);
    const factors = taps.map((tap, i) => [tap.value, kernel[i]]).filter(([input, weight]) => input * weight !== 0)
      .sort(([a, b], [c, d]) => Math.abs(c * d) - Math.abs(a * b));
    const found = { count: factors.length, all: taps.length, channel: chosen.channel };
    const counted = added.length > 1
      ? _("{count} of {all} products of channel {channel} not zero", found)
      : _("{count} of {all} products not zero", found);
    const each = factors.map(([input, weight]) => _("{input} times {weight}", { input: show(input), weight: show(weight) }));
    const total = { count: added.length, sum: show(added.reduce((sum, part) => sum + part, 0)) };
    return [
      each.length ? `${counted}: ${listed(each)}` : counted,
      added.length > 1 ? _("sum of all {count} channels {sum}", total) : _("sum {sum}", total),
      data.arrays.bias ? _("bias {bias}", { bias: show(data.arrays.bias.values[chosen.map]) }) : _("no bias"),
      _("function {function}", { function: data.function }),
    ];
  }
}

function listed(parts) {
  const more = parts.length - MOST_PRODUCTS;
  const first = parts.slice(0, MOST_PRODUCTS).join(", ");
  return more > 0 ? _("{first} and {more} more", { first, more }) : first;
}

// Where an output is furthest from zero; null where it is zero everywhere.
function strongest(values, width) {
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(values[best])) best = i;
  });
  return values[best] === 0 ? null : { row: Math.floor(best / width), column: best % width };
}
