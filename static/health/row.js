// One layer: its name in the colour of its family, and how active, stuck, pulled and moved it is.
const version = new URL(import.meta.url).search;
const { element, setAttributes, setText } = await import("../shared/dom.js" + version);
const { num, percent } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { Spark } = await import("./spark.js" + version);
const { texts } = await import("./texts.js" + version);

const RATIO = [-6, 0]; // powers of ten: from a millionth to all of the weights
const HEALTHY = 1e-3;

const two = (value) => num(value, 2);
const clamped = (value) => Math.min(1, Math.max(0, value));
/** @param {number[]} powers of ten, lowest and highest */
const ofPowers = ([low, high]) => (value) => (value > 0 ? clamped((Math.log10(value) - low) / (high - low)) : 0);

export class Row {
  constructor(choose) {
    this.powers = [-4, 1];
    this.name = element("span", "name");
    this.kind = element("span", "kind");
    this.active = new Spark({ place: clamped, say: percent, className: "active" });
    this.stuck = new Spark({ place: clamped, say: percent, className: "stuck" });
    this.gradient = new Spark({ place: (value) => ofPowers(this.powers)(value), say: two });
    this.ratio = new Spark({ place: ofPowers(RATIO), say: two,
      mark: HEALTHY, className: "ratio" });
    const title = element("span", "title", element("span", "dot"), this.name, this.kind);
    this.head = element("button", "row", title, this.active.root, this.stuck.root, this.gradient.root,
                        this.ratio.root);
    this.head.type = "button";
    this.head.onclick = () => choose(this.spec.name);
    this.root = element("li", "layer", this.head);
  }

  /** `powers`: from which power of ten to which the gradients of all layers reach. */
  update(spec, steps, powers, open) {
    this.spec = spec;
    this.powers = powers;
    setText(this.name, spec.name);
    setText(this.kind, spec.frozen ? fill(texts.FROZEN, { kind: spec.kind }) : spec.kind);
    this.head.title = spec.name;
    this.root.style.setProperty("--light", spec.light);
    this.root.style.setProperty("--dark", spec.dark);
    setAttributes(this.head, { "aria-expanded": open });
    this.active.update(spec.dropped.length ? spec.dropped : spec.active, steps,
                       spec.dropped.length ? texts.DROPPED : texts.ACTIVE);
    this.stuck.update(spec.stuck, steps, spec.stuckWord);
    this.gradient.update(spec.gradient, steps);
    this.ratio.update(spec.ratio, steps);
  }
}
