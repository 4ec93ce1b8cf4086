// The logit lens: a row for each layer, the last on top, with the symbol that it holds likeliest at each step.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Lens {
  constructor() {
    this.table = element("table", "lens");
    this.pointed = element("p", "hint pointed");
    this.root = element("div", "language", element("div", "scroll", this.table), this.pointed);
  }

  update({ rows, inputs, targets }) {
    const lines = [
      ...rows.map((row) => ({ title: row.layer, cells: row.words.map((word, at) => this.cell(row, word, at, targets[at])) })),
      { title: texts.GOES_IN, cells: inputs.map((word) => ({ word, kind: "input" })) },
      { title: texts.TARGET, cells: targets.map((word) => ({ word, kind: "input" })) },
    ];
    fit(this.table, lines.length, () => element("tr")).forEach((line, at) => this.fill(line, lines[at]));
    setText(this.pointed, texts.POINT_LENS);
  }

  cell({ layer, probabilities }, word, at, target) {
    const probability = probabilities[at];
    const pointed = fill(texts.LENS_CELL, { layer, word, probability: percent(probability), step: at + 1 });
    return { word, probability, pointed, kind: target && word === target ? "right" : "" };
  }

  fill(line, { title, cells }) {
    fit(line, cells.length + 1, (at) => element(at ? "td" : "th")).forEach((box, at) => {
      const cell = cells[at - 1];
      setText(box, at ? cell.word : title);
      if (!at) return;
      box.className = cell.kind;
      box.style.setProperty("--chance", String(cell.probability ?? 0));
      box.onpointerenter = () => setText(this.pointed, cell.pointed ?? texts.POINT_LENS);
    });
  }
}
