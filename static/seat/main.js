// A learner's seat: the name in a corner, "look up" over the page, and a pulse that tells the server of life.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { component } = await import("../shared/mount.js" + version);
const { texts } = await import("./texts.js" + version);
const { Pulse } = await import("./pulse.js" + version);

class Seat {
  constructor() {
    this.dot = element("span", "dot");
    this.name = element("span", "name");
    this.note = element("span", "note");
    this.note.role = "status";
    this.words = element("p", "large");
    this.dialog = element("dialog", "look-up", this.words, element("p", "why"));
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.root = element("div", "seat", this.dot, this.name, this.note, this.dialog);
    this.pulse = new Pulse({ came: (found) => this.came(found), lost: (is) => this.lost(is) });
  }

  update(data, setStateValue) {
    this.turn = data.turn;
    this.send = (turn) => setStateValue("turn", turn);
    this.dot.style.background = data.color;
    this.data = data;
    setText(this.name, data.name);
    this.say();
  }

  say() {
    setText(this.words, texts.LOOK_UP);
    setText(this.dialog.lastElementChild, texts.LOOK_UP_WHY);
    setText(this.note, this.gone ? texts.LOST : this.data.waiting ? texts.WAITING : "");
  }

  came({ turn, paused }) {
    if (paused && !this.dialog.open) this.dialog.showModal();
    if (!paused && this.dialog.open) this.dialog.close();
    if (turn === this.turn || turn === this.announced) return;
    this.announced = turn;  // once: where a browser keeps no cookie, the server never knows its seat
    this.send(turn);
  }

  lost(is) {
    this.gone = is;
    this.say();
  }

  destroy() {
    this.pulse.end();
  }
}

export default component(() => new Seat());
