// The tree of a beam search: a column for each symbol, the likeliest answer marked, what was dropped faint.
const version = new URL(import.meta.url).search;
const { element, fit, setAttributes, setText, shape } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const WIDE = 92, TALL = 25, EDGE = 14; // px between columns and rows, and around

export default class Beams {
  constructor() {
    this.summary = element("p", "summary");
    this.lines = shape("g", { class: "branches" });
    this.words = shape("g", { class: "nodes" });
    this.tree = shape("svg", { role: "img" });
    this.tree.append(this.lines, this.words);
    this.pointed = element("p", "hint pointed");
    this.root = element("div", "language", this.summary, element("div", "tree", this.tree), this.pointed);
  }

  update({ nodes, rows, depth, best, greedy }) {
    const found = nodes.filter((node) => node.best).map(({ word }) => word).join("");
    const text = best > greedy + 0.0005 ? texts.BETTER : texts.SAME;
    setText(this.summary, fill(text, { text: found, best: numeral(best.toFixed(2)), greedy: numeral(greedy.toFixed(2)) }));
    const width = (depth + 1) * WIDE + EDGE, height = rows * TALL + EDGE;
    setAttributes(this.tree, { width, height, viewBox: `0 0 ${width} ${height}`, "aria-label": this.summary.textContent });
    const root = { x: 0, y: nodes.reduce((sum, { y, x }) => (x === 1 ? sum + y : sum), 0) / nodes.filter(({ x }) => x === 1).length };
    fit(this.lines, nodes.length, () => shape("path")).forEach((line, at) => drawLine(line, nodes[at], nodes[nodes[at].parent] ?? root));
    fit(this.words, nodes.length, () => shape("text")).forEach((word, at) => this.write(word, nodes[at]));
    setText(this.pointed, texts.POINT_NODE);
  }

  write(word, node) {
    const { x, y, word: symbol, best, followed } = node;
    setAttributes(word, { x: x * WIDE, y: place(y) + 4, class: kind(best, followed), tabindex: 0, "aria-label": described(node) });
    setText(word, symbol);
    word.onpointerenter = word.onfocus = () => setText(this.pointed, described(node));
  }
}

function drawLine(line, { x, y, best, followed, probability }, parent) {
  const from = parent.x * WIDE + (parent.x ? 46 : 20), to = x * WIDE - 8, middle = (from + to) / 2;
  setAttributes(line, {
    d: `M${from},${place(parent.y)} C${middle},${place(parent.y)} ${middle},${place(y)} ${to},${place(y)}`,
    class: kind(best, followed), "stroke-width": (0.8 + 3.2 * probability).toFixed(2),
  });
}

const place = (y) => EDGE + y * TALL;
const kind = (best, followed) => (best ? "best" : followed ? "followed" : "dropped");

function described({ word, probability, total }) {
  return fill(texts.NODE, { word, probability: percent(probability), total: numeral(total.toFixed(2)) });
}
