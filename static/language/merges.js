// Byte pair encoding: a text in the pieces that it is cut into after so many merges, and the merges before.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Merges {
  constructor() {
    this.summary = element("p", "hint");
    this.text = element("p", "pieces");
    this.rows = element("ol", "merges");
    this.title = element("h4", "", texts.LAST_MERGES);
    this.nothing = element("p", "hint", texts.NOTHING_MERGED);
    this.root = element("div", "language", this.text, this.summary, this.title, this.rows, this.nothing);
  }

  update({ pieces, characters, symbols, last, rows }) {
    setText(this.summary, fill(texts.CUT, { characters, pieces: pieces.length, symbols }));
    fit(this.text, pieces.length, () => element("span", "piece")).forEach((span, at) => {
      setText(span, pieces[at]);
      span.classList.toggle("last", pieces[at] === last);
    });
    this.nothing.hidden = rows.length > 0;
    this.title.hidden = rows.length === 0;
    fit(this.rows, rows.length, row).forEach((item, at) => fillRow(item, rows[at]));
  }
}

function row() {
  return element("li", "", element("span", "hint"), element("span", "piece"), element("span", "", "+"),
    element("span", "piece"), element("span", "", "→"), element("span", "piece last"), element("span", "hint"));
}

function fillRow(item, { number, left, right, joined, count }) {
  const [place, first, , second, , both, times] = item.children;
  setText(place, fill(texts.MERGE, { number }));
  setText(first, left);
  setText(second, right);
  setText(both, joined);
  setText(times, texts.TIMES(count));
}
