// Ten numbers, one for each digit.

class ClassBars {
  constructor(parent) {
    this.root = parent.querySelector(".class-bars");
    this.bars = barRows();
    this.root.append(...this.bars.nodes);
  }

  update(data) {
    this.bars.show(data);
  }
}

export default mounting(ClassBars);
