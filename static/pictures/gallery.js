// Mistakes as cards: the picture, what it is, what it was taken for, how sure the network was.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { Picture } = await import("../shared/picture.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export class Gallery {
  constructor() {
    this.root = element("div", "gallery");
    this.cards = [];
    this.note = element("p", "note");
    this.grid = element("ul", "cards");
    this.root.append(this.note, this.grid);
  }

  update({ cards, note }) {
    setText(this.note, note);
    while (this.cards.length < cards.length) this.add();
    this.cards.forEach((card, index) => {
      card.item.hidden = index >= cards.length;
      if (!card.item.hidden) fillCard(card, cards[index]);
    });
  }

  add() {
    const [target, prediction, probability] = ["target", "prediction", "sure"].map((part) => element("span", part));
    const card = { item: element("li", "card"), picture: new Picture("sharp"), target, prediction, probability };
    const words = element("span", "words");
    words.append(card.target, element("span", "arrow", "→"), card.prediction);
    card.item.append(card.picture.img, words, card.probability);
    this.cards.push(card);
    this.grid.append(card.item);
  }
}

function fillCard(card, { picture, target, prediction, probability }) {
  const percentage = percent(probability);
  card.picture.show(picture, fill(texts.PICTURE, { target, prediction }));
  setText(card.target, target);
  setText(card.prediction, prediction);
  setText(card.probability, fill(texts.SURE, { probability: percentage }));
  card.item.title = fill(texts.MISTAKE, { target, prediction, probability: percentage });
}
