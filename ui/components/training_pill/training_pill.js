// What trains now, asked of the server by itself: no script runs for it. A click sends the run's id.

const EVERY_MS = 2000;
const ENDS = 3; // answers in a row that nothing trains, before it stops asking

class TrainingPill {
  constructor(parent) {
    this.button = parent.querySelector(".pill");
    this.button.onclick = () => this.emit("open", this.now.id);
  }

  update({ now, path }) {
    this.path = path;
    this.idle = 0;
    this.show(now);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), EVERY_MS);
  }

  async ask() {
    if (!document.hidden) {
      const base = window.__streamlit?.BACKEND_BASE_URL ?? location.origin;
      try {
        const asked = `lang=${document.documentElement.lang}&id=${this.now.id}`;
        const now = await (await fetch(`${base.replace(/\/$/, "")}/${this.path}?${asked}`)).json();
        this.idle = now.id ? 0 : this.idle + 1;
        this.show(now.id ? now : { ...this.now, where: _("has ended"), share: 1 });
      } catch {
        // the server is being restarted: what is on screen stays
      }
    }
    if (this.idle < ENDS && !this.left) this.timer = setTimeout(() => this.ask(), EVERY_MS);
  }

  show(now) {
    this.now = now;
    this.button.querySelector(".name").textContent = now.name;
    this.button.querySelector(".where").textContent = now.where;
    this.button.querySelector("i").style.width = `${100 * now.share}%`;
    this.button.setAttribute("aria-label", _("Training {name}: {where}. Watch it", now));
    this.button.title = _("Watch it on the Train page");
  }

  leave() {
    this.left = true;
    clearTimeout(this.timer);
  }
}

export default mounting(TrainingPill);
