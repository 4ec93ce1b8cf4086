// The plane of codes: a point for each test sample over what the decoder draws all over it; a place is chosen by dragging.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, floats, short } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { colourOf, mark } = await import("../plane/paint.js" + version);
const { paint } = await import("../shared/ink.js" + version);
const { texts } = await import("./texts.js" + version);

const POINT = 3; // px, the radius of a point
const PACE = 120; // ms between two places that are asked for while one drags
const STEP = 1 / 24; // of the plane's width, for one press of an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export default class CodePlane {
  constructor() {
    this.canvas = Object.assign(element("canvas", "codes"), { tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.canvas.onpointerdown = (event) => { this.canvas.setPointerCapture(event.pointerId); this.drag(event); };
    this.canvas.onpointermove = (event) => { if (event.buttons) this.drag(event); };
    this.canvas.onkeydown = (event) => this.key(event);
    this.tiles = element("canvas");
    this.title = element("p", "head");
    this.decoded = element("canvas", "sharp decoded");
    this.decoded.setAttribute("role", "img");
    this.decoded.setAttribute("aria-label", texts.DECODED);
    this.at = element("p", "at");
    this.legend = element("p", "legend");
    this.note = element("p", "note");
    this.root = element("div", "patterns walk", element("div", "where", this.title, this.canvas, this.legend, this.note),
                        element("div", "what", this.decoded, this.at));
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.canvas);
  }

  update(data, setStateValue) {
    this.data = data;
    this.send = setStateValue;
    this.points = floats(data.points);
    this.labels = bytes(data.labels);
    if (data.behind) paint(this.tiles, data.behind.levels, data.behind.size);
    this.decoded.hidden = !data.walked;
    if (data.walked) paint(this.decoded, data.walked.levels, data.walked.size);
    setText(this.title, data.title);
    setText(this.note, data.note);
    this.canvas.setAttribute("aria-label", fill(texts.PLANE, { count: this.labels.length }));
    this.draw();
  }

  draw() {
    const room = this.canvas.clientWidth, ratio = devicePixelRatio;
    if (!this.data || !room) return;
    this.theme = readTheme(this.root);
    const size = Math.round(room * ratio);
    if (this.canvas.width !== size) Object.assign(this.canvas, { width: size, height: size });
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, room, room);
    if (this.data.behind) this.ground(pen, room);
    this.drawPoints(pen, room);
    this.cross(pen, room);
    this.say();
  }

  /** What the decoder draws all over the plane, faint enough for the points over it. */
  ground(pen, room) {
    pen.imageSmoothingEnabled = false;
    pen.globalAlpha = 0.55;
    pen.drawImage(this.tiles, 0, 0, room, room);
    pen.globalAlpha = 1;
  }

  drawPoints(pen, room) {
    const { dark, background, text } = this.theme, bright = dark || this.data.behind;
    this.labels.forEach((label, at) => {
      const [x, y] = this.pixel([this.points[2 * at], this.points[2 * at + 1]], room);
      mark(pen, [x, y], POINT, { label, colour: colourOf(label, bright), filled: true, background, text });
    });
  }

  cross(pen, room) {
    const place = this.chosen ?? this.data.place;
    if (!place) return;
    const [x, y] = this.pixel(place, room);
    for (const [width, colour] of [[5, "#000"], [2.5, "#fff"]]) {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.beginPath();
      pen.arc(x, y, 9, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  pixel([x, y], room) {
    const { low, high } = this.data;
    return [(x - low[0]) / (high[0] - low[0]) * room, (high[1] - y) / (high[1] - low[1]) * room];
  }

  drag(event) {
    const room = this.canvas.clientWidth, { low, high } = this.data;
    const [right, down] = [event.offsetX, event.offsetY].map((value) => Math.min(1, Math.max(0, value / room)));
    this.choose([low[0] + right * (high[0] - low[0]), high[1] - down * (high[1] - low[1])]);
  }

  key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.data) return;
    event.preventDefault();
    const { low, high } = this.data, from = this.chosen ?? this.data.place ?? low.map((least, axis) => (least + high[axis]) / 2);
    this.choose(from.map((value, axis) => Math.min(high[axis], Math.max(low[axis], value + arrow[axis] * STEP * (high[axis] - low[axis])))));
  }

  /** Asked for at once, and while one drags no more often than answers can come; the last place is always asked for. */
  choose(place) {
    this.chosen = place;
    this.draw();
    if (this.timer) return;
    const ask = () => {
      this.asked = this.chosen;
      this.send("place", this.chosen);
    };
    ask();
    this.timer = setTimeout(() => { this.timer = null; if (this.asked !== this.chosen) this.choose(this.chosen); }, PACE);
  }

  say() {
    const place = this.data.place ?? this.chosen;
    setText(this.at, place ? fill(texts.AT, { x: short(place[0]), y: short(place[1]) }) : texts.PRESS);
    const key = JSON.stringify([this.data.names, this.theme.dark, Boolean(this.data.behind)]);
    if (key === this.legendOf) return;
    this.legendOf = key;
    const bright = this.theme.dark || this.data.behind, { background, text } = this.theme;
    this.legend.replaceChildren(...this.data.names.map((name, label) => {
      const swatch = Object.assign(element("canvas", "mark"), { width: 28, height: 28 }), pen = swatch.getContext("2d");
      pen.scale(2, 2);
      mark(pen, [7, 7], 4, { label, colour: colourOf(label, bright), filled: true, background, text });
      return element("span", "group", swatch, name);
    }));
  }

  destroy() {
    clearTimeout(this.timer);
    this.watcher.disconnect();
  }
}
