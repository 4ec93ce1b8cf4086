// Lines over the same steps: a word for each step below, numbers or powers of ten at the left, names above.
const version = new URL(import.meta.url).search;
const { element, fit, setAttributes, setText, shape } = await import("./dom.js" + version);
const { floats, range } = await import("./numbers.js" + version);

const TALL = 300, WIDEST = 1100, TOP = 10, FOOT = 46, LEFT = 56, RIGHT = 12; // CSS pixels
const STEEPEST = 10; // powers of ten that are shown at most

export class Lines {
  constructor() {
    this.title = element("h4");
    this.names = element("p", "names");
    this.svg = shape("svg", { class: "lines", role: "img", tabindex: 0 });
    this.grid = shape("g", { class: "grid" });
    this.words = shape("g", { class: "words" });
    this.start = shape("line", { class: "start" });
    this.curves = shape("g");
    this.cursor = shape("line", { class: "cursor" });
    this.svg.append(this.grid, this.words, this.start, this.curves, this.cursor);
    this.pointed = element("p", "pointed");
    this.note = element("p", "told");
    this.root = element("div", "look chart", this.title, this.names, this.svg, this.pointed, this.note);
    this.at = null;
    this.svg.onpointermove = (event) => this.point(this.place(event));
    this.svg.onpointerleave = () => this.point(null);
    this.svg.onblur = () => this.point(null);
    this.svg.onkeydown = (event) => this.step(event);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.root);
  }

  destroy() {
    this.watcher.disconnect();
  }

  update(data) {
    this.data = data;
    this.series = data.series.map((one) => ({ ...one, numbers: floats(one.values) }));
    if (this.at !== null && this.at >= data.words.length) this.at = null;
    this.draw();
  }

  draw() {
    const room = Math.min(WIDEST, this.root.clientWidth);
    if (!this.data || !room) return;
    const { title, words, note, start = null } = this.data;
    this.plan = this.measure(room);
    const { width, x, bottom } = this.plan;
    setText(this.title, title);
    setText(this.note, note);
    setAttributes(this.svg, { width, height: TALL, viewBox: `0 0 ${width} ${TALL}`, "aria-label": title });
    fit(this.names, this.series.length, key).forEach((item, at) => fillKey(item, this.series[at]));
    this.drawGrid();
    this.drawWords(words);
    show(this.start, start !== null);
    if (start !== null) setAttributes(this.start, { x1: x(start), x2: x(start), y1: TOP, y2: bottom });
    fit(this.curves, this.series.length, () => shape("polyline")).forEach((curve, at) => {
      const { look, numbers } = this.series[at];
      setAttributes(curve, { class: `series ${look}`, points: this.points(numbers) });
    });
    this.say();
  }

  measure(width) {
    const { words, log } = this.data, bottom = TALL - FOOT, last = Math.max(1, words.length - 1);
    const known = this.series.flatMap(({ numbers }) => [...numbers].filter(Number.isFinite));
    const [low, high] = log ? decades(known) : padded(range(known));
    const scale = log ? Math.log10 : (value) => value;
    const share = (value) => Math.min(1, Math.max(0, (scale(value) - low) / (high - low || 1)));
    const x = (at) => LEFT + (at / last) * (width - LEFT - RIGHT);
    return { width, bottom, low, high, last, x, y: (value) => bottom - share(value) * (bottom - TOP) };
  }

  /** Steps without a number leave the line out; they are only ever at its ends. */
  points(numbers) {
    const { x, y } = this.plan, points = [];
    numbers.forEach((value, at) => {
      if (Number.isFinite(value)) points.push(`${x(at).toFixed(1)},${y(value).toFixed(1)}`);
    });
    return points.join(" ");
  }

  drawGrid() {
    const { low, high, width, y } = this.plan, { log, digits = 2 } = this.data;
    const ticks = log ? powers(low, high) : rounded(low, high, digits);
    fit(this.grid, ticks.length, tick).forEach((group, at) => {
      const [line, text] = group.children, height = y(ticks[at].value);
      setAttributes(line, { x1: LEFT, x2: width - RIGHT, y1: height, y2: height });
      setAttributes(text, { x: LEFT - 8, y: height + 4, "text-anchor": "end" });
      setText(text, ticks[at].text);
    });
  }

  drawWords(words) {
    const { x, bottom, width } = this.plan, longest = Math.max(...words.map((word) => word.length));
    const apart = (width - LEFT - RIGHT) / words.length, every = Math.ceil((longest * 7 + 10) / apart);
    const chosen = [...words.keys()].filter((at) => at % every === 0);
    fit(this.words, chosen.length, () => shape("text", { "text-anchor": "middle" })).forEach((text, index) => {
      const at = chosen[index];
      setAttributes(text, { x: x(at).toFixed(1), y: bottom + 18 });
      setText(text, words[at]);
    });
  }

  place(event) {
    if (!this.plan) return null;
    const box = this.svg.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (this.plan.width - LEFT - RIGHT);
    return Math.min(this.plan.last, Math.max(0, Math.round(share * this.plan.last)));
  }

  step(event) {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move || !this.plan) return;
    event.preventDefault();
    this.point(Math.min(this.plan.last, Math.max(0, (this.at ?? 0) + move)));
  }

  point(at) {
    this.at = at;
    this.say();
  }

  say() {
    if (!this.plan) return;
    const { at } = this, { words, log, digits = 2 } = this.data, { x, bottom } = this.plan;
    show(this.cursor, at !== null);
    if (at !== null) setAttributes(this.cursor, { x1: x(at), x2: x(at), y1: TOP, y2: bottom });
    const told = this.series.filter(({ numbers }) => at !== null && Number.isFinite(numbers[at]))
      .map(({ name, numbers }) => `${name} ${log ? power(numbers[at]) : numbers[at].toFixed(digits)}`);
    const where = log ? `Step ${(at ?? 0) + 1} “${words[at ?? 0]}”` : words[at ?? 0];
    setText(this.pointed, at === null ? "Point at the chart to read its numbers." : `${where}: ${told.join(", ")}.`);
  }
}

function key() {
  const swatch = shape("svg", { width: 26, height: 10, "aria-hidden": "true" });
  swatch.append(shape("line", { x1: 1, x2: 25, y1: 5, y2: 5 }));
  return element("span", "key", swatch, element("span"));
}

function fillKey(item, { name, look }) {
  setAttributes(item.firstElementChild.firstElementChild, { class: `series ${look}` });
  setText(item.lastElementChild, name);
}

function tick() {
  const group = shape("g");
  group.append(shape("line"), shape("text"));
  return group;
}

function show(part, shown) {
  part.style.display = shown ? "" : "none";
}

/** The powers of ten around the numbers, `STEEPEST` at most below the highest. */
function decades(known) {
  const [low, high] = range(known), top = Math.ceil(Math.log10(Math.max(high, 1e-30)) - 1e-6);
  const bottom = Math.floor(Math.log10(Math.max(low, 1e-30)) + 1e-6);
  return [Math.max(top - STEEPEST, Math.min(bottom, top - 2)), top];
}

function padded([low, high]) {
  const more = (high - low || 1) * 0.06;
  return [low - more, high + more];
}

function powers(low, high) {
  const every = high - low > 6 ? 2 : 1, ticks = [];
  for (let exponent = high; exponent >= low; exponent -= every) {
    ticks.push({ value: 10 ** exponent, text: exponent >= -2 && exponent <= 2 ? `${+(10 ** exponent).toPrecision(1)}`
                                                                              : `10${raised(exponent)}` });
  }
  return ticks;
}

function rounded(low, high, digits) {
  const rough = (high - low) / 5, size = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 5, 10].find((step) => step * size >= rough) * size, ticks = [];
  for (let value = Math.ceil(low / unit) * unit; value <= high; value += unit) {
    ticks.push({ value, text: value.toFixed(Math.min(digits, Math.max(0, -Math.floor(Math.log10(unit)))))
      .replace(/^-(?=0*\.?0*$)/, "").replace("-", "−") });
  }
  return ticks;
}

function raised(exponent) {
  return [...`${exponent}`].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("");
}

/** A share as people read it: 0.34, or 2 · 10⁻⁵. */
function power(value) {
  if (value >= 0.01) return value.toFixed(value >= 10 ? 0 : 2);
  const exponent = Math.floor(Math.log10(value));
  return exponent <= -12 ? "nothing" : `${(value / 10 ** exponent).toFixed(1)} · 10${raised(exponent)}`;
}
