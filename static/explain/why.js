// Four ways to say why: a card each, with its map beside the picture and over it, or with coloured words.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { bytes, floats, signed } = await import("../shared/numbers.js" + version);
const { Overlay } = await import("./overlay.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { Tokens } = await import("./tokens.js" + version);

export default class Why {
  constructor() {
    this.root = element("div", "explain why");
    this.question = element("p", "question");
    this.grid = element("div", "cards");
    this.root.append(this.question, this.grid);
    this.cards = new Map();
  }

  update(data) {
    const { cards, ink, shape, words } = data;
    setText(this.question, asked(data));
    const sample = { ink: ink && bytes(ink), rows: shape[0], columns: shape[1], words };
    const shown = cards.map((card) => {
      if (!this.cards.has(card.name)) this.cards.set(card.name, new Card((at) => this.point(at)));
      const made = this.cards.get(card.name);
      made.update(card, sample);
      return made;
    });
    this.shown = shown;
    const roots = shown.map((card) => card.root);
    if (roots.some((root, index) => this.grid.children[index] !== root) || this.grid.children.length !== roots.length) {
      this.grid.replaceChildren(...roots);
    }
    shown.forEach((card) => card.draw());
  }

  /** The same pixel in all pictures at once. */
  point(at) {
    this.shown.forEach((card) => card.point(at));
  }
}

function asked({ of, scale, logit, score }) {
  if (score === null) return "";
  const value = signed(score);
  if (scale) return fill(texts.QUESTION_SCALE, { of, value, scale });
  return logit ? fill(texts.QUESTION_LOGIT, { of, value }) : fill(texts.QUESTION, { of, value });
}

class Card {
  constructor(onPoint) {
    this.title = element("h4");
    this.term = element("span", "term");
    this.body = element("div", "body");
    this.plain = new Overlay(texts.ALONE, onPoint);
    this.over = new Overlay(texts.OVER_PICTURE, onPoint);
    this.maps = element("div", "maps", this.plain.root, this.over.root);
    this.tokens = new Tokens();
    this.missing = element("p", "missing");
    this.pointed = element("p", "pointed");
    this.says = element("p", "says");
    this.not = element("p", "not");
    this.figures = element("dl", "figures");
    this.body.append(this.maps, this.tokens.root, this.missing);
    this.root = element("section", "card", element("header", "", this.title, this.term), this.body, this.pointed,
                        this.figures, this.says, this.not);
  }

  update(card, sample) {
    this.card = card;
    this.sample = sample;
    this.values = card.values.map(floats);
    this.root.dataset.name = card.name;
    setText(this.title, card.title);
    setText(this.term, card.term);
    setText(this.says, card.missing ? "" : card.says);
    setText(this.not, card.missing ? "" : card.not);
    setText(this.missing, card.missing);
    this.root.classList.toggle("bare", Boolean(card.missing));
    const has = this.values.length > 0;
    this.maps.hidden = !has || !sample.ink;
    this.tokens.root.hidden = !has || Boolean(sample.ink);
    this.pointed.hidden = this.maps.hidden;
    fit(this.figures, card.figures.length, () => element("div", "", element("dt"), element("dd")))
      .forEach((row, index) => row.childNodes.forEach((part, side) => setText(part, card.figures[index][side])));
  }

  /** Only in the page do colours of the theme exist. */
  draw() {
    if (!this.values.length) return;
    const { card, sample } = this;
    if (!sample.ink) {
      this.tokens.update({ words: sample.words, values: this.values, most: card.most, signed: card.signed });
      return;
    }
    const common = { ...sample, values: this.values[0], most: card.most, signed: card.signed, name: card.title };
    this.plain.update({ ...common, ink: null });
    this.over.update(common);
    this.point(null);
  }

  say(value) {
    return this.card.signed ? signed(value) : signed(value).slice(1);
  }

  point(at) {
    if (this.maps.hidden) return;
    this.plain.draw(at);
    this.over.draw(at);
    const { columns } = this.sample;
    const value = at && this.say(this.values[0][at.row * columns + at.column]);
    setText(this.pointed, at ? fill(texts.PIXEL, { row: at.row + 1, column: at.column + 1, value }) : " ");
  }
}
