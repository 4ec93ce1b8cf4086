// Axes on which a learner draws the curve that they expect, by mouse, finger or keyboard; later the real one beside it.
const version = new URL(import.meta.url).search;
const { element, fit, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { component } = await import("../shared/mount.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { blank, clamped, nudged, pieces, pointAt, stroked } = await import("./curve.js" + version);
const { texts } = await import("./texts.js" + version);

const BOX = { left: 34, top: 10, width: 256, height: 150 };
const STEP = 0.05; // of the height, for one press of a key

class Sketch {
  constructor() {
    this.drawn = {};
    this.at = 0;
    this.grid = shape("g");
    this.lines = shape("g");
    this.cursor = shape("circle", { r: 4, class: "cursor" });
    this.svg = shape("svg", { viewBox: "0 0 300 190", role: "slider", tabindex: "0" });
    this.svg.append(this.grid, this.lines, this.cursor);
    this.buttons = element("div", "row");
    this.legend = element("div", "row");
    this.clear = element("button");
    this.keys = element("p", "row");
    this.root = element("div", "sketch", this.buttons, this.svg, this.legend, this.keys);
    this.listen();
  }

  listen() {
    this.svg.addEventListener("pointerdown", (event) => this.begin(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) this.svg.addEventListener(kind, () => this.end());
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.clear.addEventListener("click", () => this.put(blank(this.data.points)));
  }

  update(data, setStateValue) {
    const first = this.data?.of !== data.of;
    this.data = data;
    this.send = setStateValue;
    if (first || data.locked) {
      this.drawn = Object.fromEntries(data.curves.map(({ name }) => [name, data.sketch[name] ?? blank(data.points)]));
      this.name = data.curves[0].name;
    }
    this.draw();
  }

  // drawing by hand

  place(event) {
    const size = this.svg.getBoundingClientRect();
    const x = ((event.clientX - size.left) / size.width) * 300, y = ((event.clientY - size.top) / size.height) * 190;
    return { at: pointAt((x - BOX.left) / BOX.width, this.data.points), height: clamped(1 - (y - BOX.top) / BOX.height) };
  }

  begin(event) {
    if (this.data.locked) return;
    this.svg.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.stroke(this.last);
  }

  move(event) {
    if (this.last) this.stroke(this.place(event));
  }

  stroke(to) {
    this.drawn[this.name] = stroked(this.drawn[this.name], this.last, to);
    this.last = to;
    this.at = to.at;
    this.draw();
  }

  end() {
    if (!this.last) return;
    this.last = null;
    this.put(this.drawn[this.name]);
  }

  key(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1 }, lifts = { ArrowUp: STEP, ArrowDown: -STEP };
    if (this.data.locked || !(event.key in moves || event.key in lifts)) return;
    event.preventDefault();
    if (event.key in moves) {
      this.at = Math.max(0, Math.min(this.data.points - 1, this.at + moves[event.key]));
      this.draw();
    } else {
      this.put(nudged(this.drawn[this.name], this.at, lifts[event.key]));
    }
  }

  /** Keeps the heights of the curve in hand, and tells the server. */
  put(heights) {
    this.drawn[this.name] = heights;
    this.draw();
    const curves = Object.entries(this.drawn).filter(([, curve]) => curve.some((height) => height !== null));
    this.send("sketch", { of: this.data.of, curves: Object.fromEntries(curves) });
  }

  // what is seen

  draw() {
    const { data } = this;
    setAttributes(this.svg, { "data-locked": data.locked ? "" : null, ...this.spoken() });
    this.axes();
    const drawn = data.curves.flatMap(({ name }, tone) => pieces(this.drawn[name] ?? [], BOX)
      .map((points) => ({ points, class: `yours tone${tone}` })));
    const real = data.curves.flatMap(({ name }, tone) => pieces(data.measured[name] ?? [], BOX)
      .map((points) => ({ points, class: `measured tone${tone}` })));
    const lines = [...real, ...drawn];
    fit(this.lines, lines.length, () => shape("polyline")).forEach((line, at) => setAttributes(line, lines[at]));
    this.point();
    this.words();
  }

  spoken() {
    const heights = this.drawn[this.name] ?? [], { label, top } = this.curve();
    const height = heights[this.at];
    const value = height === null || height === undefined ? texts.NOTHING : numeral((height * top).toPrecision(2));
    return {
      "aria-label": texts.DRAW_HERE, "aria-valuemin": 1, "aria-valuemax": this.data.points,
      "aria-valuenow": this.at + 1,
      "aria-valuetext": fill(texts.PLACE, { curve: label, number: this.at + 1, count: this.data.points, value }),
    };
  }

  curve() {
    return this.data.curves.find(({ name }) => name === this.name) ?? this.data.curves[0];
  }

  axes() {
    const { top } = this.curve(), rows = [0, 0.5, 1];
    const parts = fit(this.grid, 2 * rows.length + 2, (at) => shape(at < rows.length ? "line" : "text", {}));
    rows.forEach((part, at) => {
      const y = BOX.top + BOX.height * (1 - part);
      setAttributes(parts[at], { x1: BOX.left, x2: BOX.left + BOX.width, y1: y, y2: y, class: "grid" });
      const words = parts[rows.length + at];
      setAttributes(words, { x: BOX.left - 4, y: y + 3, "text-anchor": "end", class: "tick" });
      setText(words, numeral(Number((part * top).toPrecision(3)).toString()));
    });
    const ends = [[texts.START, BOX.left, "start"], [texts.END, BOX.left + BOX.width, "end"]];
    ends.forEach(([text, x, anchor], at) => {
      const words = parts[2 * rows.length + at];
      setAttributes(words, { x, y: BOX.top + BOX.height + 16, "text-anchor": anchor, class: "tick" });
      setText(words, text);
    });
  }

  point() {
    const height = (this.drawn[this.name] ?? [])[this.at];
    const shown = !this.data.locked && height !== null && height !== undefined;
    this.cursor.style.display = shown ? "" : "none";
    const tone = this.data.curves.findIndex(({ name }) => name === this.name);
    if (shown) {
      setAttributes(this.cursor, { class: `cursor tone${tone}`, cy: BOX.top + BOX.height * (1 - height),
        cx: BOX.left + (BOX.width * this.at) / (this.data.points - 1) });
    }
  }

  words() {
    const { curves, locked, measured } = this.data;
    const many = curves.length > 1 && !locked;
    this.buttons.hidden = locked;
    setText(this.clear, texts.CLEAR);
    const buttons = many ? curves.map((curve, tone) => this.button(curve, tone)) : [];
    this.buttons.replaceChildren(...buttons, this.clear);
    const known = Object.keys(measured).length > 0;
    this.legend.replaceChildren(...curves.flatMap(({ label }, tone) => [
      this.swatch(`${label}: ${texts.YOURS}`, tone, true), ...(known ? [this.swatch(`${label}: ${texts.MEASURED}`, tone)] : []),
    ]));
    this.keys.hidden = locked;
    setText(this.keys, texts.KEYS);
  }

  button({ name, label }, tone) {
    const made = element("button", `tone${tone}`);
    setText(made, label);
    setAttributes(made, { "aria-pressed": name === this.name });
    made.addEventListener("click", () => {
      this.name = name;
      this.draw();
    });
    return made;
  }

  swatch(text, tone, dashed = false) {
    const line = element("span", dashed ? "swatch dashed" : "swatch"), words = element("span", `tone${tone}`);
    words.append(line, text);
    return words;
  }
}

export default component(() => new Sketch());
