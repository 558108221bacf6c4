// The networks by their names: buttons that choose whose maps are on screen, and which of them the bars compare.

class Which {
  // networks, epochs: see there; choose: called with a key
  constructor(root, networks, epochs, choose) {
    Object.assign(this, { root, networks, epochs, choose });
  }

  show() {
    const { told, active } = this.networks;
    this.root.replaceChildren(...(told.length < 2 ? [] : told).map(({ key }) => {
      const button = element("button", "", this.nameOf(key));
      button.type = "button";
      button.setAttribute("aria-pressed", String(key === active));
      button.onclick = () => this.choose(key);
      return button;
    }));
  }

  nameOf(key) {
    const { label } = this.networks.told.find((network) => network.key === key) ?? { label: "" };
    return (key === this.networks.first.key && this.epochs.stop?.name) || label;
  }

  // What the bars show: of a pair the second network is always the second one, whosever maps are on screen.
  // answers: by key
  compared(answers) {
    const { told, opened, first, active } = this.networks;
    // an answer may still be about a network that is gone
    const there = (key) => opened.has(key) && answers[key];
    const side = (key) => there(key) && { label: this.nameOf(key), values: answers[key].probabilities };
    if (there("second")) return [side(active === "second" ? first.key : active), side("second"), true];
    return [side(active), side(told.find(({ key }) => key !== active)?.key), false];
  }
}
