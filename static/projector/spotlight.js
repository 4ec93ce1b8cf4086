// One network by itself: its layers, its curve, how good it is. Cards are looked through one after the other.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { Chart } = await import("./chart.js" + version);
const { texts } = await import("./texts.js" + version);

export class Spotlight {
  constructor() {
    this.name = element("p", "whose");
    this.layers = element("ol", "layers");
    this.figures = element("p", "figures");
    this.chart = new Chart(640);
    this.root = element("div", "spotlight", element("div", "beside", this.name, this.figures, this.layers), this.chart.root);
  }

  update({ run }) {
    setText(this.name, run.name);
    setText(this.figures, run.figures);
    fit(this.layers, run.layers.length, () => element("li"));
    run.layers.forEach((layer, at) => setText(this.layers.children[at], layer));
    this.chart.update(run);
  }
}

export class Cards {
  constructor() {
    this.at = 0;
    this.one = new Spotlight();
    this.back = element("button", "turn", "‹");
    this.on = element("button", "turn", "›");
    this.place = element("span", "which");
    this.none = element("p", "note");
    this.back.addEventListener("click", () => this.turn(-1));
    this.on.addEventListener("click", () => this.turn(1));
    this.root = element("div", "cards", this.none, this.one.root, element("div", "turning", this.back, this.place, this.on));
    this.root.tabIndex = -1;
    this.root.addEventListener("keydown", ({ key }) => this.turn({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0));
  }

  update(data) {
    this.data = data;
    this.back.setAttribute("aria-label", texts.CARD_BEFORE);
    this.on.setAttribute("aria-label", texts.CARD_AFTER);
    this.turn(0);
  }

  turn(by) {
    const { cards } = this.data;
    this.at = Math.min(cards.length - 1, Math.max(0, this.at + by));
    setText(this.none, cards.length ? "" : texts.NO_CARDS);
    for (const part of [this.one.root, this.back, this.on]) part.hidden = !cards.length;
    if (!cards.length) return;
    this.one.update({ run: cards[this.at] });
    this.back.disabled = this.at === 0;
    this.on.disabled = this.at === cards.length - 1;
    setText(this.place, fill(texts.CARD_OF, { number: this.at + 1, count: cards.length }));
  }
}
