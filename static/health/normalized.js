// What a batch normalization does: the numbers that come in, those that go out while training (with the batch's
// own mean and spread), those that would go out in use (with the running ones); each channel's batch against running.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { known, num } = await import("../shared/numbers.js" + version);

const WIDE = 260, TALL = 96, SIDE = 150, PAD = 10;
const SHAPES = [["entering", "Input"], ["training", "Output in training"],
  ["evaluation", "Output in evaluation"]];

export class Normalized {
  constructor() {
    this.curves = Object.fromEntries(SHAPES.map(([name, title]) => [name, new Curve(name, title)]));
    this.means = new Plane("Mean of each channel");
    this.spreads = new Plane("Spread of each channel");
    const curves = element("div", "curves", ...Object.values(this.curves).map(({ root }) => root));
    this.note = element("p", "note");
    this.root = element("section", "normalized", element("h5", "", "Input and output"), curves,
                        element("div", "planes", this.means.root, this.spreads.root, this.note));
    setText(this.note, "A dot for each channel: across what this batch has, upwards what is remembered for use "
      + "(running). On the line both are the same; far off it, the network answers otherwise in use than it did "
      + "while training.");
  }

  update({ shapes, batch_mean, running_mean, batch_std, running_std }) {
    const out = ["training", "evaluation"].flatMap((name) => (shapes[name] ? [shapes[name].low, shapes[name].high] : []));
    const ranges = { entering: [shapes.entering.low, shapes.entering.high] };
    ranges.training = ranges.evaluation = [Math.min(...known(out)), Math.max(...known(out))];
    for (const [name, curve] of Object.entries(this.curves)) {
      curve.root.hidden = !shapes[name];
      if (shapes[name]) curve.update(shapes[name], ranges[name]);
    }
    this.means.root.hidden = this.spreads.root.hidden = this.note.hidden = !running_mean.length;
    this.means.update(batch_mean, running_mean);
    this.spreads.update(batch_std, running_std);
  }
}

class Curve {
  constructor(name, title) {
    this.area = shape("path", { class: "area" });
    this.zero = shape("path", { class: "zero" });
    this.svg = shape("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    this.svg.append(this.zero, this.area);
    this.low = element("span");
    this.high = element("span");
    this.root = element("figure", name, element("figcaption", "", title), this.svg,
                        element("div", "ends", this.low, this.high));
  }

  update({ low, high, shares }, [from, to]) {
    const span = to - from || 1, most = Math.max(...shares) || 1, step = (high - low) / shares.length;
    const x = (value) => ((value - from) / span) * WIDE;
    const y = (value) => TALL - (value / most) * (TALL - 4);
    const steps = shares.map((value, at) => `${x(low + at * step).toFixed(1)} ${y(value).toFixed(1)}L`
      + `${x(low + (at + 1) * step).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
    setAttributes(this.area, { d: `M${x(low).toFixed(1)} ${TALL}L${steps}L${x(high).toFixed(1)} ${TALL}Z` });
    setAttributes(this.zero, { d: from < 0 && to > 0 ? `M${x(0).toFixed(1)} 0L${x(0).toFixed(1)} ${TALL}` : "" });
    setText(this.low, num(from, 2));
    setText(this.high, num(to, 2));
  }
}

/** Batch across, running upwards, on equal scales. */
class Plane {
  constructor(title) {
    this.line = shape("path", { class: "zero" });
    this.dots = shape("path", { class: "dots" });
    this.svg = shape("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, width: SIDE, height: SIDE, role: "img",
      "aria-label": `${title}: batch across, running upwards` });
    this.svg.append(this.line, this.dots);
    this.root = element("figure", "plane", element("figcaption", "", title), this.svg);
  }

  update(batch, running) {
    const all = known([...batch, ...running]), low = Math.min(...all), high = Math.max(...all);
    const place = (value) => PAD + ((value - low) / (high - low || 1)) * (SIDE - 2 * PAD);
    const dots = batch.flatMap((value, at) => (value === null || (running[at] ?? null) === null ? []
      : [`M${place(value).toFixed(1)} ${(SIDE - place(running[at])).toFixed(1)}h0`]));
    setAttributes(this.line, { d: `M${PAD} ${SIDE - PAD}L${SIDE - PAD} ${PAD}` });
    setAttributes(this.dots, { d: dots.join("") });
  }
}
