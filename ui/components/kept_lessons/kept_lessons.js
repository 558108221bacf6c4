// How far somebody is in which lesson, kept by this browser alone, so that it is there tomorrow as well.

const PLACE = "layer-lab-lessons";

class KeptLessons {
  // keep: lesson → [step, answers], or null where it is to be forgotten; asks: whether the server wants to know all.
  update({ keep, asks }) {
    const known = this.read();
    if (asks && !this.told && Object.keys(known).length) this.emit("found", known);
    this.told = true;
    if (!Object.keys(keep).length) return;
    for (const [lesson, at] of Object.entries(keep)) {
      if (at) known[lesson] = at;
      else delete known[lesson];
    }
    try {
      localStorage.setItem(PLACE, JSON.stringify(known));
    } catch {
      // a browser that keeps nothing forgets this too
    }
  }

  read() {
    try {
      const known = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
      return known && typeof known === "object" && !Array.isArray(known) ? known : {};
    } catch {
      return {};
    }
  }
}

export default mounting(KeptLessons);
