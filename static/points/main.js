// Sets, moves and removes points in the plane by hand; Python is told all points after each edit.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { component } = await import("../shared/mount.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { colourOf, mark } = await import("../plane/paint.js" + version);
const { LETTERS, STEPS, nearest, read, removable, write } = await import("./points.js" + version);
const { texts } = await import("./texts.js" + version);

const POINT = 5, REACH = 7; // px: how large a point is, in hundredths: how near is on it

let chosen = 0; // the class of new points, also where the page has mounted the editor anew

class Editor {
  constructor() {
    this.canvas = element("canvas", "board");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", texts.PLANE);
    Object.assign(this.canvas, {
      onpointerdown: (event) => this.take(event), onpointermove: (event) => this.drag(event),
      onpointerup: () => this.drop(), onpointercancel: () => this.drop(), ondblclick: (event) => this.remove(event),
    });
    this.sent = [];
    this.turn = 0;
    this.help = element("p", "help");
    this.root = element("div", "editor", this.choice(), this.canvas, this.help);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.canvas);
  }

  choice() {
    const group = element("div", "classes");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", texts.CLASS);
    this.buttons = [...LETTERS].map((letter, label) => {
      const button = Object.assign(element("button", "letter", letter), { type: "button", onclick: () => this.choose(label) });
      button.setAttribute("aria-label", fill(texts.NAME, { letter }));
      return button;
    });
    group.append(...this.buttons);
    return group;
  }

  choose(label) {
    chosen = label;
    this.draw();
  }

  /** What the browser itself has sent and is not the newest is passed over: more is on its way. */
  update(data, setStateValue) {
    this.data = data;
    this.send = setStateValue;
    const at = this.sent.indexOf(data.text), late = at >= 0 && at < this.sent.length - 1;
    if (this.held === undefined && !late) {
      this.sent = [];
      this.points = read(data.text);
    }
    this.draw();
  }

  place({ offsetX, offsetY }) {
    const room = this.canvas.clientWidth, { extent } = this.data, most = extent * STEPS;
    const inside = (value) => Math.round(Math.min(most, Math.max(-most, value)));
    return { x: inside((offsetX / room * 2 - 1) * most), y: inside((1 - offsetY / room * 2) * most) };
  }

  take(event) {
    const place = this.place(event), found = nearest(this.points, place, REACH);
    if (found < 0 && this.points.length >= this.data.most) return;
    this.held = found < 0 ? this.points.push({ ...place, label: chosen }) - 1 : found;
    this.changed = found < 0;
    this.canvas.setPointerCapture(event.pointerId);
    this.draw();
  }

  drag(event) {
    if (this.held === undefined) return;
    Object.assign(this.points[this.held], this.place(event));
    this.changed = true;
    this.draw();
  }

  drop() {
    if (this.held === undefined) return;
    this.held = undefined;
    if (this.changed) this.tell();
  }

  /** The first of the two clicks may have set a point here: then that one goes. */
  remove(event) {
    const found = nearest(this.points, this.place(event), REACH);
    if (found < 0 || !removable(this.points, found, this.data.least)) return;
    this.points.splice(found, 1);
    this.tell();
    this.draw();
  }

  tell() {
    const text = write(this.points);
    this.turn += 1;
    this.sent.push(text);
    this.send("points", { text, turn: this.turn });
  }

  draw() {
    if (!this.data || !this.root.isConnected) return;
    const { dark, background, text } = readTheme(this.root), room = this.canvas.clientWidth, ratio = devicePixelRatio;
    this.buttons.forEach((button, label) => {
      button.ariaPressed = String(label === chosen);
      button.style.setProperty("--class", colourOf(label, dark));
    });
    setText(this.help, fill(texts.HELP, { count: this.points.length, most: this.data.most }));
    if (!room) return;
    Object.assign(this.canvas, { width: Math.round(room * ratio), height: Math.round(room * ratio) });
    const pen = this.canvas.getContext("2d"), { extent } = this.data;
    pen.scale(ratio, ratio);
    for (const { x, y, label } of this.points) {
      const at = [(x / STEPS / extent + 1) * room / 2, (1 - y / STEPS / extent) * room / 2];
      mark(pen, at, POINT, { label, colour: colourOf(label, dark), filled: true, background, text });
    }
  }

  destroy() {
    this.watcher.disconnect();
  }
}

export default component(() => new Editor());
