// Who races: a row for each optimizer with its own learning rate, one momentum for the two that have it, and how it goes.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { num, plain } = await import("../shared/numbers.js" + version);
const { curvature } = await import("./grounds.js" + version);
const { KINDS, LIMITS, racer } = await import("./rules.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const COLORS = {
  light: { SGD: "#D9480F", Momentum: "#0B7285", Nesterov: "#2B8A3E", RMSprop: "#A61E8F", Adam: "#B8860B", Adagrad: "#5F3DC4" },
  dark: { SGD: "#FFA066", Momentum: "#4DD4E8", Nesterov: "#7BD88F", RMSprop: "#F28BDD", Adam: "#F2C94C", Adagrad: "#B9A3FF" },
};
const FIRST = ["SGD", "Momentum"]; // who races when the page opens
const ROLLING = ["Momentum", "Nesterov"];
const RATES = [-4, 0.6]; // powers of ten at the slider's ends

export function racers(changed) {
  return new Racers(changed);
}

class Racers {
  constructor(changed) {
    this.changed = changed;
    this.rows = Object.fromEntries(KINDS.map((kind) => [kind, this.row(kind)]));
    this.momentum = slider(texts.MOMENTUM, 0, 0.99, 0.01, () => this.announce());
    this.momentum.input.value = 0.9;
    this.momentumRow = element("label", "momentum", element("span", "", texts.MOMENTUM), this.momentum.input, this.momentum.shown);
    this.root = element("div", "racers", element("h4", "", texts.OPTIMIZERS),
      ...KINDS.map((kind) => this.rows[kind].root), this.momentumRow);
  }

  row(kind) {
    const box = element("input");
    Object.assign(box, { type: "checkbox", checked: FIRST.includes(kind) });
    box.onchange = () => this.announce();
    const rate = slider(fill(texts.RATE_OF, { optimizer: texts.NAMES[kind] }), RATES[0], RATES[1], 0.005, () => this.announce());
    const swatch = element("span", "swatch"), outcome = element("p", "fate");
    swatch.dataset.kind = kind;
    const head = element("label", "who", box, swatch, element("span", "", texts.NAMES[kind]));
    return { root: element("div", "racer", head, rate.input, rate.shown, outcome), box, rate, outcome, swatch };
  }

  /** Another hill: rates that suit it. */
  reset(hill) {
    for (const kind of KINDS) this.rows[kind].rate.input.value = Math.log10(hill.rates[kind]);
    this.numbers();
  }

  announce() {
    this.numbers();
    this.changed();
  }

  numbers() {
    for (const kind of KINDS) setText(this.rows[kind].rate.shown, plain(this.rate(kind)));
    setText(this.momentum.shown, plain(this.mu));
  }

  rate(kind) {
    return Number((10 ** Number(this.rows[kind].rate.input.value)).toPrecision(2));
  }

  get mu() {
    return Number(this.momentum.input.value);
  }

  /** Those who race, at the start. */
  enter(start) {
    return KINDS.filter((kind) => this.rows[kind].box.checked).map((kind) => racer(kind, this.rate(kind), this.mu, start));
  }

  color(kind, dark) {
    return COLORS[dark ? "dark" : "light"][kind];
  }

  /** How each one is doing, in words; why, where it is gone. */
  tell(racing, hill) {
    const dark = luminous(this.root);
    for (const kind of KINDS) {
      const { root, swatch, outcome, rate, box } = this.rows[kind], one = racing.find((found) => found.kind === kind);
      swatch.style.background = this.color(kind, dark);
      root.classList.toggle("out", !box.checked);
      rate.input.disabled = !box.checked;
      outcome.classList.toggle("lost", Boolean(one?.gone));
      setText(outcome, one ? fate(one, hill) : "");
    }
    this.momentumRow.hidden = !ROLLING.some((kind) => this.rows[kind].box.checked);
  }
}

/** Where a racer stands, or why it has flown away. */
export function fate(one, hill) {
  if (one.gone) {
    one.why ??= why(one, hill);
    return fill(texts.FLEW_AWAY, { step: one.steps.toLocaleString(locale()), why: one.why });
  }
  const height = hill.height(...one.at) - hill.low;
  return one.steps ? fill(texts.ABOVE_LOWEST, { height: num(Math.max(0, height)) }) : "";
}

function why(one, hill) {
  const limit = LIMITS[one.kind];
  const bends = hill.curve ? [hill.curve] : one.trail.map((place) => curvature(hill, place));
  const curve = bends.find((bend) => limit && bend > 0 && one.rate > limit(bend, one.momentum)); // where it first was too much
  const most = limit && limit(curve, one.momentum);
  if (!curve) return fill(texts.TOO_LONG, { rate: plain(one.rate) });
  return fill(hill.curve ? texts.BENDS : texts.BENDS_ON_WAY,
    { curvature: num(curve), rule: texts.RULES[one.kind], limit: num(most), rate: plain(one.rate) });
}

function slider(label, low, high, gap, act) {
  const input = element("input"), shown = element("span", "number");
  Object.assign(input, { type: "range", min: low, max: high, step: gap });
  input.setAttribute("aria-label", label);
  input.oninput = act;
  return { input, shown };
}

function luminous(host) {
  const [r, g, b] = getComputedStyle(host).color.match(/[\d.]+/g).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b > 128; // light text: a dark theme
}
