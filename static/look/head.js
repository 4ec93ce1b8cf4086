// One head, large: three stages with their formula, words on both axes, a sentence for what is pointed at.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, floats, percent, range, short } = await import("../shared/numbers.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { Heat } = await import("./heat.js" + version);
const { fillLegend, legend } = await import("./legend.js" + version);
const { texts } = await import("./texts.js" + version);

const CELL = { least: 7, most: 46, square: true, tall: 520 };
const FORMULAS = {
  scores: () => ["Q · K", up("T")],
  scaled: (width) => ["Q · K", up("T"), " / ", root(width)],
  weights: (width) => ["softmax( Q · K", up("T"), " / ", root(width), " )"],
};
const LINES = ["formula", "about", "reading", "pointed", "habit"];

export class Head {
  formula; about; reading; habit; pointed;

  constructor() {
    this.stage = "weights";
    this.stages = element("div", "stages");
    this.stages.setAttribute("role", "group");
    this.stages.setAttribute("aria-label", texts.STAGE);
    this.buttons = Object.entries(texts.STAGES).map(([name, title]) => this.stageButton(name, title));
    this.stages.append(...this.buttons);
    this.heat = new Heat(texts.ATTENTION_MAP, () => this.say());
    const lines = LINES.map((name) => [name, element("p", name)]);
    Object.assign(this, Object.fromEntries(lines));
    this.title = element("p", "title");
    this.legend = legend();
    this.words = element("div", "words", this.title, this.stages, ...lines.map(([, line]) => line));
    this.root = element("section", "large", element("div", "map", this.heat.root, this.legend), this.words);
  }

  stageButton(name, title) {
    const button = element("button", "stage", title);
    button.type = "button";
    button.onclick = () => {
      this.stage = name;
      this.draw();
    };
    return button;
  }

  /** `exact` is null until Python has sent the numbers of this head. */
  update(module, head, exact) {
    this.module = module;
    this.head = head;
    this.exact = exact;
    const [rows, columns] = module.size;
    this.stored = { weights: exact ? floats(exact.weights) : rough(module, head) };
    if (exact) Object.assign(this.stored, { scores: floats(exact.scores), scaled: floats(exact.scaled) });
    if (this.stored.weights.length === rows * columns) this.draw();
  }

  draw() {
    const stage = this.stored[this.stage] ? this.stage : "weights", values = this.stored[stage];
    const { rows: rowWords, columns: columnWords, size: [rows, columns] } = this.module;
    const normalized = stage === "weights", [low, high] = normalized ? [0, 1] : range(values);
    this.heat.update({
      values, rows, columns, rowWords, columnWords, low, high, say: normalized ? brief : short, scale: "fraction",
      bend: normalized ? 0.5 : 1, rowTitle: texts.QUERIES, columnTitle: texts.KEYS, cell: CELL,
    });
    this.describe(stage, low, high);
    this.say();
  }

  describe(stage, low, high) {
    const { name, masked, writes } = this.module, width = this.exact?.width ?? 0;
    setText(this.title, fill(texts.MODULE_HEAD, { name, head: this.head + 1 }));
    const names = Object.keys(FORMULAS);
    this.buttons.forEach((button, at) => button.setAttribute("aria-pressed", names[at] === this.stage));
    this.formula.replaceChildren(...(width ? FORMULAS[stage](width) : []));
    setText(this.about, explained(stage, width, masked));
    setText(this.reading, writes ? fill(texts.WRITES, { row: writes }) : "");
    fillLegend(this.legend, "fraction", low, high, stage === "weights" ? percent : short);
    setText(this.habit, habit(this.exact?.habit, this.module));
  }

  /** Names query, key and number of the cell that is pointed at. */
  say() {
    const at = this.heat.at;
    if (!at) {
      setText(this.pointed, texts.POINT_AT_HEAD);
      return;
    }
    const { rows, columns, size } = this.module, index = at.row * size[1] + at.column;
    const pair = { query: at.row + 1, asking: rows[at.row], key: at.column + 1, asked: columns[at.column] };
    const stage = this.stored[this.stage] ? this.stage : "weights";
    setText(this.pointed, sentence(stage, pair, this.stored[stage][index]));
  }

  destroy() {
    this.heat.destroy();
  }
}

/** A fraction that fits into a square: .57, and nothing for what rounds to nothing. */
function brief(fraction) {
  return fraction < 0.005 ? "" : numeral(fraction.toFixed(2).replace(/^0/, ""));
}

/** What a cell says; `pair` names its query and its key: { query, asking, key, asked }. */
function sentence(stage, pair, value) {
  const values = { ...pair, fraction: percent(value), value: short(value) };
  if (stage === "weights") return fill(texts.ATTENDS, values);
  if (value === -Infinity) return fill(texts.MASKED, values);
  return fill(stage === "scaled" ? texts.FITS_SCALED : texts.FITS, values);
}

function explained(stage, width, masked) {
  if (stage === "scores") return fill(texts.ABOUT_SCORES, { width });
  if (stage === "weights") return texts.ABOUT_WEIGHTS;
  return masked ? fill(texts.ABOUT_MASK, { width }) : fill(texts.ABOUT_SCALED, { width });
}

/** What a head mostly does, where a simple rule says it. */
function habit(found, { rows, columns }) {
  if (!found) return "";
  const fraction = percent(found.fraction);
  if (found.place !== "one") return fill(texts.HABITS[found.place], { fraction });
  return fill(rows.length > 1 ? texts.ALL_LOOK_AT : texts.LOOKS_AT,
              { place: found.key + 1, word: columns[found.key], fraction });
}

/** Weights as far as the small map tells them: it holds their roots as bytes. None of one that was shrunk. */
function rough({ shape: [, rows, columns], size, small }, head) {
  if (rows !== size[0] || columns !== size[1]) return new Float32Array(0);
  const levels = bytes(small).subarray(head * rows * columns, (head + 1) * rows * columns);
  return Float32Array.from(levels, (level) => (level / 255) ** 2);
}

function up(text) {
  return element("sup", "", text);
}

function root(number) {
  return element("span", "root", "√", element("span", "under", `${number}`));
}
