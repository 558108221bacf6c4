// What is said of a cell, once it has been picked: one sentence, for who hears the page. Nothing is said while a pointer
// hovers or the window slides.

const MOST_PRODUCTS = 9; // more are too long to listen to: the largest, and how many are left

class Speech {
  // view: the explorer
  constructor(view, place) {
    this.view = view;
    this.place = place;
  }

  say(taps, value, added) {
    const { chosen, shape } = this.view;
    const where = `Row ${chosen.row}, column ${chosen.column}${shape.channels > 1 ? `, map ${chosen.map}` : ""}`;
    this.tell(`${where}: ${this.how(taps, value, added)}`);
  }

  // The same words again are said again.
  tell(words) {
    this.place.replaceChildren(element("span", "", words));
  }

  how(taps, value, added) {
    const { data } = this.view;
    const result = `value ${show(value)}.`;
    if (data.takes === "nothing") return result;
    if (data.takes === "value") return `${data.function} of ${show(taps[0].value)}, ${result}`;
    if (data.takes === "products") return `${this.products(taps, added)}, ${result}`;
    const inside = taps.filter((tap) => tap.inside);
    const of = `${data.takes === "maximum" ? "the largest" : "the mean"} of ${inside.length} values`;
    return `${of} ${listed(inside.map((tap) => show(tap.value)))}, ${result}`;
  }

  products(taps, added) {
    const { view } = this;
    const { data, chosen } = view;
    const kernel = view.kernelOf(view.kernelChannel(), chosen.map);
    const factors = taps.map((tap, i) => [tap.value, kernel[i]]).filter(([input, weight]) => input * weight !== 0)
      .sort(([a, b], [c, d]) => Math.abs(c * d) - Math.abs(a * b));
    const many = added.length > 1 ? ` of channel ${chosen.channel}` : "";
    const said = factors.length ? ` not zero: ${listed(factors.map(([input, weight]) => `${show(input)} times ${show(weight)}`))}`
      : " not zero";
    const sum = added.reduce((total, part) => total + part, 0);
    const all = added.length > 1 ? `, sum of all ${added.length} channels ${show(sum)}` : `, sum ${show(sum)}`;
    const bias = data.arrays.bias ? `, bias ${show(data.arrays.bias.values[chosen.map])}` : ", no bias";
    return `${factors.length} of ${taps.length} products${many}${said}${all}${bias}, function ${data.function}`;
  }
}

function listed(parts) {
  const more = parts.length - MOST_PRODUCTS;
  return parts.slice(0, MOST_PRODUCTS).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

// Where an output is furthest from zero; null where it is zero everywhere.
function strongest(values, width) {
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(values[best])) best = i;
  });
  return values[best] === 0 ? null : { row: Math.floor(best / width), column: best % width };
}
