// The plane: the prediction as a coloured surface with the points over it, and small pictures of what each unit says.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, floats, percent, plain, short } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { bitmap, blended, colourOf, mark, numberColour, signed } = await import("./paint.js" + version);
const { Glide } = await import("./glide.js" + version);
const { Units } = await import("./units.js" + version);
const { texts } = await import("./texts.js" + version);

const POINT = 4; // px, the radius of a point
const NAMED = 3; // classes whose probability is said where one points

const same = (a, b) => Boolean(a && b) && a.length === b.length && a.every((level, at) => level === b[at]);

export default class Surface {
  constructor() {
    this.canvas = element("canvas", "surface");
    this.canvas.setAttribute("role", "img");
    this.canvas.onpointermove = (event) => this.point(event);
    this.canvas.onpointerleave = () => this.point(null);
    this.test = Object.assign(element("input"), { type: "checkbox", onchange: () => this.draw() });
    this.legend = element("p", "legend");
    this.pointed = element("p", "pointed");
    this.note = element("p", "note");
    const toggle = element("label", "toggle", this.test, texts.SHOW_TEST);
    this.units = new Units(() => this.draw());
    this.glide = new Glide(() => this.paint());
    this.root = element("div", "plane", this.units.root,
                        element("div", "answer", this.canvas, this.note, this.pointed, this.legend, toggle));
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.canvas);
  }

  update(data) {
    this.data = data;
    const output = data.output && bytes(data.output);
    if (!same(output, this.output)) this.glide.next(output, !data.classes.length);
    this.output = output;
    this.sets = Object.fromEntries(["train", "test"].map((name) => [name, this.read(data[name])]));
    this.draw();
  }

  read({ places, targets }) {
    return { places: floats(places), targets: this.data.classes.length ? bytes(targets) : floats(targets) };
  }

  draw() {
    if (!this.data || !this.root.isConnected) return;
    this.theme = readTheme(this.root);
    this.units.draw(this.data, this.theme);
    setText(this.note, this.data.note);
    this.paint();
    this.say();
  }

  /** The large picture alone. */
  paint() {
    if (!this.data || !this.theme || !this.root.isConnected) return;
    const room = this.canvas.clientWidth, ratio = devicePixelRatio;
    if (!room) return;
    const size = Math.round(room * ratio);
    if (this.canvas.width !== size) Object.assign(this.canvas, { width: size, height: size });
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, room, room);
    const picture = this.units.chosen ? this.units.large(this.data, this.theme) : this.picture();
    if (picture) pen.drawImage(picture, 0, 0, room, room);
    this.drawPoints(pen, room);
  }

  /** The prediction, a picture of bytes. */
  picture() {
    const levels = this.glide.levels();
    if (!levels) return null;
    const { classes, side } = this.data, { dark, background } = this.theme;
    return bitmap(classes.length ? blended(levels, classes.length, side, dark, background)
      : signed(levels, dark, background), side);
  }

  drawPoints(pen, room) {
    const { extent, classes } = this.data, { dark, background, text } = this.theme;
    for (const name of this.test.checked ? ["test", "train"] : ["train"]) {
      const { places, targets } = this.sets[name];
      targets.forEach((target, at) => {
        const place = [(places[2 * at] / extent + 1) * room / 2, (1 - places[2 * at + 1] / extent) * room / 2];
        const colour = classes.length ? colourOf(target, dark) : numberColour(target, dark);
        mark(pen, place, POINT, { label: classes.length ? target : 0, colour, filled: name === "train", background, text });
      });
    }
  }

  /** Where the pointer is, as a cell of the surface. */
  point(event) {
    const side = this.data?.side ?? 1, room = this.canvas.clientWidth;
    this.at = event && [event.offsetX, event.offsetY].map((value) => Math.min(side - 1, Math.max(0, Math.floor(value / room * side))));
    this.say();
  }

  say() {
    if (!this.data || !this.theme) return;
    const points = texts.POINTS(this.sets.train.targets.length), chosen = this.units.chosen;
    const label = chosen ? fill(texts.SURFACE_OF, { unit: chosen.title }) : fill(texts.SURFACE, { points });
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
    setText(this.pointed, this.sentence());
    this.drawLegend();
  }

  sentence() {
    const { chosen } = this.units;
    if (chosen) {
      const range = fill(texts.RANGE, { unit: chosen.title, most: plain(chosen.most, 3) });
      return this.units.hovered ? range : fill(texts.PINNED, { range });
    }
    if (!this.at || !this.output) return texts.POINT_AT;
    const { side, extent } = this.data, [column, row] = this.at;
    const x = short(extent * ((column + 0.5) * 2 / side - 1)), y = short(extent * (1 - (row + 0.5) * 2 / side));
    return fill(texts.AT, { x, y, prediction: this.prediction(row * side + column) });
  }

  prediction(cell) {
    const { classes, side } = this.data;
    if (!classes.length) return short((this.output[cell] - 128) / 127);
    const likeliest = classes.map((name, label) => ({ name, probability: this.output[label * side * side + cell] / 255 }));
    likeliest.sort((a, b) => b.probability - a.probability);
    return likeliest.slice(0, NAMED).map(({ name, probability }) => fill(texts.CLASS, { name, probability: percent(probability) })).join(", ");
  }

  drawLegend() {
    const { classes } = this.data, { dark, background, text } = this.theme;
    const scale = this.units.chosen ? [] : [texts.NUMBERS];
    const forms = [...(classes.length ? [texts.TRAINING] : scale), ...(this.test.checked ? [texts.TEST] : [])].join(", ");
    const key = JSON.stringify([classes, dark, forms, background]);
    if (key === this.legendOf) return;
    this.legendOf = key;
    this.legend.replaceChildren(...classes.map((name, label) => {
      const swatch = Object.assign(element("canvas", "mark"), { width: 28, height: 28 }), pen = swatch.getContext("2d");
      pen.scale(2, 2);
      mark(pen, [7, 7], POINT, { label, colour: colourOf(label, dark), filled: true, background, text });
      return element("span", "class", swatch, name);
    }), element("span", "forms", forms));
  }

  destroy() {
    this.watcher.disconnect();
    this.glide.stop();
  }
}

