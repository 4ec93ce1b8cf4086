// A text with the loss of each symbol painted behind it; the symbol that is pointed at says what was expected.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const MANY = 8; // bits at which the colour is full

export default class Surprise {
  constructor() {
    this.summary = element("p", "summary");
    this.text = element("p", "surprise");
    this.pointed = element("p", "hint pointed");
    const legend = element("p", "legend", element("span", "", texts.FEW_BITS), element("i"),
      element("span", "", fill(texts.MANY_BITS, { bits: MANY })));
    this.root = element("div", "language", this.summary, this.text, this.pointed, legend);
  }

  update(data) {
    this.data = data;
    const { rows, mean, perplexity, symbol, per_character: characters } = data;
    setText(this.summary, summary(numeral(mean.toFixed(2)), symbol, numeral(perplexity.toPrecision(3)), characters));
    this.text.classList.toggle("apart", !data.glued);
    fit(this.text, rows.length + 1, () => this.symbol()).forEach((span, at) => this.paint(span, at - 1));
    this.tell(this.at ?? -1);
  }

  symbol() {
    const span = element("span", "symbol");
    span.tabIndex = 0;
    const tell = () => this.tell([...this.text.children].indexOf(span) - 1);
    span.addEventListener("pointerenter", tell);
    span.addEventListener("focus", tell);
    return span;
  }

  paint(span, at) {
    const row = this.data.rows[at];
    setText(span, row ? row.word : this.data.first);
    span.style.setProperty("--loss", row ? String(Math.min(1, row.bits / MANY)) : "0");
    span.classList.toggle("given", !row);
    span.setAttribute("aria-label", row ? cost(row) : span.textContent);
  }

  tell(at) {
    const row = this.data.rows[at];
    this.at = at;
    setText(this.pointed, row ? cost(row) : fill(texts.POINT, { symbol: this.data.symbol }));
  }
}

function summary(bits, symbol, perplexity, each) {
  if (each === null) return fill(texts.MEAN, { bits, symbol, perplexity });
  return fill(texts.MEAN_CHARACTER, { bits, symbol, perplexity, characters: numeral(each.toFixed(2)) });
}

function cost({ word, bits, probability, rank, next }) {
  const expected = next.map(([other, chance]) => fill(texts.EXPECTED, { word: other, probability: percent(chance) })).join(", ");
  return fill(texts.COST, { word, bits: numeral(bits.toFixed(2)), probability: percent(probability), rank, expected });
}
