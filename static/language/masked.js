// A text with what a network puts in its hidden places; the place that is pointed at says what else it held likely.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export default class Masked {
  constructor() {
    this.summary = element("p", "summary");
    this.text = element("p", "surprise masked");
    this.pointed = element("p", "hint pointed");
    this.root = element("div", "language", this.summary, this.text, this.pointed);
  }

  update(data) {
    this.data = data;
    const { rows, right, judged } = data;
    setText(this.summary, judged ? fill(texts.MASKED_RIGHT, { right, judged }) : texts.MASKED_GUESSED);
    fit(this.text, rows.length, () => this.symbol()).forEach((span, at) => this.paint(span, rows[at]));
    this.tell(this.at ?? -1);
  }

  symbol() {
    const span = element("span", "symbol");
    const tell = () => this.tell([...this.text.children].indexOf(span));
    span.addEventListener("pointerenter", tell);
    span.addEventListener("focus", tell);
    return span;
  }

  paint(span, row) {
    const asked = row.guess !== undefined;
    setText(span, asked ? row.guess : row.word);
    span.tabIndex = asked ? 0 : -1;
    span.classList.toggle("asked", asked);
    span.classList.toggle("hit", row.right === true);
    span.classList.toggle("miss", row.right === false);
    span.style.setProperty("--chance", asked ? String(row.probability) : "0");
    span.setAttribute("aria-label", asked ? sentence(row) : row.word);
  }

  tell(at) {
    const row = this.data.rows[at];
    this.at = at;
    setText(this.pointed, row?.guess === undefined ? texts.MASKED_POINT : sentence(row));
  }
}

function sentence({ word, hidden, target, next }) {
  const guesses = next.map(([other, chance]) => fill(texts.EXPECTED, { word: other, probability: percent(chance) })).join(", ");
  const given = hidden ? texts.MASKED_HIDDEN : fill(texts.MASKED_SHOWN, { word });
  return [given, fill(texts.MASKED_GUESSES, { guesses }), target && fill(texts.MASKED_TARGET, { word: target })]
    .filter(Boolean).join(" ");
}
