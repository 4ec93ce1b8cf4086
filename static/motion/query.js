// One row of attention: a query against every key, scaled, masked, softmax, the values added up by weight.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { factor, floats, num, percent } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { Grid, most } = await import("./grid.js" + version);
const { gauge } = await import("./tables.js" + version);

const ADDITIVE = "v · tanh(q + k)", SCALED = "/ √d", SAME = "s"; // what columns of scores hold
const TERMS = 6; // products of a query and a key that are written out

export class Query {
  query; keyed; titles; mix; value; mixed; keyTitle; valueTitle; sum; _weights; _scaled; _scores; _keys; _values; _query; _mixed;

  constructor() {
    this.intro = element("p");
    this.body = element("tbody");
    this.titles = Object.fromEntries(Object.entries(texts.COLUMNS).map(([key, text]) => [key, element("th", "", text)]));
    const head = element("tr", "", ...Object.values(this.titles));
    this.table = element("table", "numbers places", element("thead", "", head), this.body);
    this.table.tabIndex = 0;
    this.table.setAttribute("aria-label", texts.KEYS_TABLE);
    this.table.onkeydown = (event) => this.key(event);
    this.product = element("p", "maths");
    const nothing = () => {};
    [this.query, this.keyed, this.value, this.mixed] = Object.values(texts.GRIDS).map((label) =>
      new Grid(label, nothing, nothing));
    [this.keyTitle, this.valueTitle, this.sum] = [element("h4"), element("h4"), element("p", "result")];
    const words = element("div", "side", element("h4", "", texts.THE_QUERY), this.query.root, this.keyTitle,
      this.keyed.root,
      this.product, this.valueTitle, this.value.root,
        element("h4", "", texts.TAKES_ALONG),
      this.mixed.root, this.sum);
    this.root = element("div", "rowview", element("div", "side", this.intro, this.table), words);
    this.at = 0;
  }

  update(data) {
    for (const name of ["query", "keys", "values", "scores", "scaled", "weights",
      "mixed"]) this[`_${name}`] = floats(data[name]);
    this.data = data;
    this.mix = data.score_weight ? floats(data.score_weight) : null;
    const best = Math.max(0, this._weights.indexOf(Math.max(...this._weights)));
    if (this.of !== `${data.head} ${data.row} ${data.input}`) this.at = best;
    this.of = `${data.head} ${data.row} ${data.input}`;
    const { head, width, row } = data, root = num(Math.sqrt(width));
    const asks = fill(this.mix ? texts.ASKS_ADDITIVE : texts.ASKS, { head, place: this.place(row, true), width, root });
    const positions = { rotary: texts.TURNED, alibi: texts.DISTANCE }[data.position];
    setText(this.intro, [asks, positions].filter(Boolean).join(" "));
    this.head();
    this.draw();
  }

  /** What the columns of scores hold, by how they are made. */
  head() {
    const scaled = this.mix ? "" : SCALED, distance = this.data.position === "alibi" ? texts.DISTANCE_COLUMN : "";
    setText(this.titles.product, this.mix ? ADDITIVE : texts.COLUMNS.product);
    setText(this.titles.scaled, [scaled, distance].filter(Boolean).join(" ") || SAME);
  }

  /** A key's place with its word, where the first input has one for each; a query's only of its own row. */
  name(place, query = false) {
    const { words, crossing, places } = this.data, known = words.length === places && !(query && crossing);
    return known ? fill(texts.WORD_AT, { place, word: words[place] }) : String(place);
  }

  place(at, query = false) {
    return fill(texts.PLACE, { place: this.name(at, query) });
  }

  key(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    this.at = Math.max(0, Math.min(this.data.places - 1, this.at + move));
    this.draw();
  }

  draw() {
    const { places } = this.data, largest = Math.max(...this._scaled);
    this.body.replaceChildren(...Array.from({ length: places }, (_, place) => {
      const masked = this._scaled[place] === -Infinity;
      const cells = [this.name(place), num(this._scores[place]), masked ? texts.MASKED : num(this._scaled[place]),
        masked ? "0" : num(Math.exp(this._scaled[place] - largest)), num(this._weights[place]),
          gauge(this._weights[place])];
      const row = element("tr", place === this.at ? "lit" : "",
        ...cells.map((cell) => element("td", "", cell)));
      row.onpointerenter = () => this.choose(place);
      return row;
    }));
    this.show();
  }

  choose(place) {
    if (place === this.at) return;
    this.body.children[this.at]?.classList.remove("lit");
    this.body.children[place].classList.add("lit");
    this.at = place;
    this.show();
  }

  show() {
    const { width } = this.data, at = this.at, part = (all) => all.subarray(at * width, (at + 1) * width);
    const key = part(this._keys), value = part(this._values), strip = (grid, values, size) =>
      grid.update({ values, rows: 1, columns: values.length, most: size, side: 420 });
    const size = Math.max(most(this._query), most(this._keys));
    strip(this.query, this._query, size);
    strip(this.keyed, key, size);
    strip(this.value, value, most(this._values));
    strip(this.mixed, this._mixed, most(this._values));
    setText(this.keyTitle, fill(texts.KEY_OF, { place: this.place(at) }));
    setText(this.valueTitle, fill(texts.VALUE_WEIGHT, { weight: num(this._weights[at]) }));
    const left = this.mix ?? this._query;
    const right = this.mix ? Array.from(key, (k, i) => Math.tanh(k + this._query[i])) : Array.from(key);
    const products = right.map((k, i) => k * left[i]),
      order = products.map((p, i) => i).sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]));
    const named = order.slice(0, TERMS).map((i) => `${factor(left[i])} × ${factor(right[i])}`).join(" + ");
    const more = width > TERMS ? ` + ${texts.SMALLER_PRODUCTS(width - TERMS)}` : "";
    const what = this.mix ? ADDITIVE : texts.COLUMNS.product;
    setText(this.product, `${what} = ${named}${more} = ${num(products.reduce((a, b) => a + b, 0), 4)}`);
    setText(this.sum, fill(texts.COMES_FROM, { fraction: percent(this._weights[at]), place: this.place(at) }));
  }
}
