// The digit's way through the network: one row of maps after the other lights up, and is named.

const STEP_MS = 900;

class Way {
  constructor(maps, networks, chosen, said) {
    Object.assign(this, { maps, networks, chosen, said });
  }

  go(at = 0) {
    this.stop();
    const row = this.maps.light(at);
    if (!row) {
      this.chosen.clear();
      this.said.textContent = "";
      return;
    }
    const layer = this.networks.shown.layers[row.stage - 1];
    this.said.textContent = layer ? `${layer.name}: ${layer.title}, ${row.label[1]}` : _("The image: 28×28×1");
    this.timer = setTimeout(() => this.go(at + 1), STEP_MS);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
