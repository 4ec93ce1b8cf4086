// One head, large: three stages with their formula, words on both axes, a sentence for what is pointed at.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { bytes, floats, percent, range, short } = await import("../shared/numbers.js" + version);
const { Heat } = await import("./heat.js" + version);
const { fillLegend, legend } = await import("./legend.js" + version);

const CELL = { least: 7, most: 46, square: true, tall: 520 };
const STAGES = {
  scores: { title: "1 Scores", formula: () => ["Q · K", up("T")] },
  scaled: { title: "2 Scaled and masked", formula: (width) => ["Q · K", up("T"), " / ", root(width)] },
  weights: { title: "3 Softmax", formula: (width) => ["softmax( Q · K", up("T"), " / ", root(width), " )"] },
};
const LINES = ["formula", "about", "reading", "pointed", "habit"];
const PLACES = {
  itself: "each place attends to itself", before: "each place attends to the one before it",
  after: "each place attends to the one after it",
  mirror: "each place attends to its mirror place, counted from the end",
};

export class Head {
  formula; about; reading; habit; pointed;

  constructor() {
    this.stage = "weights";
    this.stages = element("div", "stages");
    this.stages.setAttribute("role", "group");
    this.stages.setAttribute("aria-label", "Stage");
    this.buttons = Object.entries(STAGES).map(([name, { title }]) => this.stageButton(name, title));
    this.stages.append(...this.buttons);
    this.heat = new Heat("Attention: rows are queries, columns are keys", () => this.say());
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
    const shares = stage === "weights", [low, high] = shares ? [0, 1] : range(values);
    this.heat.update({
      values, rows, columns, rowWords, columnWords, low, high, say: shares ? brief : short, scale: "share",
      bend: shares ? 0.5 : 1, rowTitle: "who looks (query)", columnTitle: "at what (key)", cell: CELL,
    });
    this.describe(stage, low, high);
    this.say();
  }

  describe(stage, low, high) {
    const { name, masked, writes } = this.module, width = this.exact?.width ?? 0;
    setText(this.title, `${name}, head ${this.head + 1}`);
    const names = Object.keys(STAGES);
    this.buttons.forEach((button, at) => button.setAttribute("aria-pressed", names[at] === this.stage));
    this.formula.replaceChildren(...(width ? STAGES[stage].formula(width) : []));
    setText(this.about, told(stage, width, masked));
    const reading = `A row “${writes}”: the network has read the first and writes the second.`;
    setText(this.reading, writes ? reading : "");
    fillLegend(this.legend, "share", low, high, stage === "weights" ? percent : short);
    setText(this.habit, habit(this.exact?.habit, this.module));
  }

  /** Names query, key and number of the cell that is pointed at. */
  say() {
    const at = this.heat.at;
    if (!at) {
      setText(this.pointed, "Point at a square: who looks there, at what, and how much?");
      return;
    }
    const { rows, columns, size } = this.module, index = at.row * size[1] + at.column;
    const query = `place ${at.row + 1} “${rows[at.row]}” (query)`;
    const key = `place ${at.column + 1} “${columns[at.column]}” (key)`;
    const stage = this.stored[this.stage] ? this.stage : "weights";
    setText(this.pointed, sentence(stage, query, key, this.stored[stage][index]));
  }

  destroy() {
    this.heat.destroy();
  }
}

/** A share that fits into a square: .57, and nothing for what rounds to nothing. */
function brief(share) {
  return share < 0.005 ? "" : share.toFixed(2).replace(/^0/, "");
}

function sentence(stage, query, key, value) {
  if (stage === "weights") return `${capital(query)} gives ${percent(value)} of its attention to ${key}.`;
  if (value === -Infinity) return `${capital(query)} may not look at ${key}: it is masked.`;
  const scaled = stage === "scaled" ? " after scaling" : "";
  return `${capital(query)} and ${key} fit with a score of ${short(value)}${scaled}.`;
}

function told(stage, width, masked) {
  if (stage === "scores") {
    return `How well the query of one place fits the key of another: ${width} numbers times ${width} `
         + "numbers, added up (dot product).";
  }
  if (stage === "weights") return "Each row made into shares that add up to 100 %: the attention weights.";
  const mask = masked ? "Crossed out: places that may not be looked at (mask)." : "Nothing is masked here.";
  return `Divided by the root of ${width}, because so many products were added up. ${mask}`;
}

/** What a head mostly does, where a simple rule says it. */
function habit(found, { rows, columns }) {
  if (!found) return "";
  const all = rows.length > 1 ? "all places look" : "it looks";
  const one = `${all} at place ${found.key + 1} “${columns[found.key]}”`;
  const rule = found.place === "one" ? one : PLACES[found.place];
  return `Mostly ${rule} (${percent(found.fraction)} of the attention).`;
}

/** Weights as far as the small map tells them: it holds their roots as bytes. None of one that was shrunk. */
function rough({ shape: [, rows, columns], size, small }, head) {
  if (rows !== size[0] || columns !== size[1]) return new Float32Array(0);
  const levels = bytes(small).subarray(head * rows * columns, (head + 1) * rows * columns);
  return Float32Array.from(levels, (level) => (level / 255) ** 2);
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function up(text) {
  return element("sup", "", text);
}

function root(number) {
  return element("span", "root", "√", element("span", "under", `${number}`));
}
