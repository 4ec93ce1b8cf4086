// All learners of a class, and above them how many there are of each sign.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { SIGNS, Sign } = await import("./signs.js" + version);
const { Tile } = await import("./tile.js" + version);
const { texts } = await import("./texts.js" + version);

export class Grid {
  constructor(choose = null) {
    this.choose = choose;
    this.tiles = [];
    this.counts = SIGNS.map(() => ({ sign: new Sign(), number: element("b"), word: element("span") }));
    this.head = element("div", "counts", ...this.counts.map(({ sign, number, word }) =>
      element("span", "count", sign.root, number, word)));
    this.body = element("div", "tiles");
    this.nobody = element("p", "nobody");
    this.root = element("div", "wall", this.head, this.nobody, this.body);
  }

  update({ tiles, chosen = "" }) {
    SIGNS.forEach((name, at) => {
      const { sign, number, word } = this.counts[at];
      sign.update(name);
      setText(number, String(tiles.filter((tile) => tile.sign === name).length));
      setText(word, texts.SIGNS[name]);
    });
    setText(this.nobody, texts.NOBODY);
    this.nobody.hidden = tiles.length > 0;
    this.body.style.setProperty("--columns", String(Math.max(3, Math.ceil(Math.sqrt(1.3 * tiles.length)))));
    this.tiles.length = Math.min(this.tiles.length, tiles.length);
    fit(this.body, tiles.length, () => this.made());
    tiles.forEach((tile, at) => this.tiles[at].update(tile, tile.id !== "" && tile.id === chosen));
  }

  made() {
    this.tiles.push(new Tile(this.choose));
    return this.tiles.at(-1).root;
  }
}
