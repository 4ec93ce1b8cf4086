// Pictures that went in, with those that came out below them: one column for each sample.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { paint } = await import("../shared/ink.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Pairs {
  constructor() {
    this.list = element("ul", "pairs");
    this.note = element("p", "note");
    this.root = element("div", "patterns", this.list, this.note);
  }

  update({ cards, note }) {
    setText(this.note, note);
    this.list.classList.toggle("single", cards.length === 1);
    fit(this.list, cards.length, () => element("li", "pair")).forEach((item, at) => show(item, cards[at]));
  }
}

function show(item, { title, error, size, levels }) {
  const [head, pictures, foot] = fit(item, 3, (at) => element(at === 1 ? "div" : "p", ["head", "stack", "foot"][at]));
  setText(head, title);
  setText(foot, error && fill(texts.ERROR, { error }));
  pictures.setAttribute("role", "img");
  pictures.setAttribute("aria-label", fill(texts.PAIR, { title }));
  fit(pictures, levels.length, () => element("canvas", "sharp")).forEach((canvas, at) => paint(canvas, levels[at], size));
}
