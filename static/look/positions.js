// The pattern that is added at each place, and how alike the patterns of any two places are.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { floats, range, short } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { Heat } = await import("./heat.js" + version);
const { fillLegend, legend } = await import("./legend.js" + version);
const { texts } = await import("./texts.js" + version);

const TABLE = { least: 3, most: 26, square: false, tall: 420 };
const ALIKE = { least: 4, most: 40, square: true, tall: 420 };

function section(title, heat, ...words) {
  return element("section", "", element("h4", "", title), heat.root, ...words);
}

function number(at, numbers, width) {
  if (!at) return texts.POINT_AT_NUMBER;
  const value = short(numbers[at.row * width + at.column]);
  return fill(texts.NUMBER_AT, { place: at.row + 1, number: at.column + 1, value });
}

function product(at, products, places) {
  if (!at) return texts.ABOUT_PRODUCTS;
  const value = short(products[at.row * places + at.column]);
  return fill(texts.PRODUCT_OF, { place: at.row + 1, other: at.column + 1, value });
}

export default class Positions {
  left; right; signs; shades;

  constructor() {
    this.table = new Heat(texts.ENCODING_MAP, () => this.say());
    this.alike = new Heat(texts.PRODUCTS_MAP, () => this.say());
    [this.left, this.right] = [element("p", "pointed"), element("p", "pointed")];
    [this.signs, this.shades] = [legend(), legend()];
    const table = section(texts.ENCODING, this.table, this.signs, this.left);
    const alike = section(texts.PRODUCTS, this.alike, this.shades, this.right);
    this.root = element("div", "look", element("div", "positions", table, alike));
  }

  update(data) {
    const [places, width] = data.size;
    this.data = data;
    this.numbers = floats(data.table);
    this.products = floats(data.alike);
    const numbered = (count) => Array.from({ length: count }, (_, at) => `${at + 1}`);
    const [low, high] = range(this.products);
    const rowWords = numbered(places);
    this.table.update({
      values: this.numbers, rows: places, columns: width, low: -data.span, high: data.span, cell: TABLE,
      scale: "signed", bend: 1, rowWords, columnWords: numbered(width), rowTitle: texts.PLACE,
      columnTitle: texts.ITS_NUMBERS,
    });
    this.alike.update({
      values: this.products, rows: places, columns: places, low, high, cell: ALIKE, scale: "fraction", bend: 1,
      rowWords, columnWords: rowWords, rowTitle: texts.PLACE, columnTitle: texts.PLACE, say: short,
    });
    fillLegend(this.signs, "signed", -data.span, data.span);
    fillLegend(this.shades, "fraction", low, high);
    this.say();
  }

  say() {
    if (!this.data) return;
    const [places, width] = this.data.size;
    setText(this.left, number(this.table.at, this.numbers, width));
    setText(this.right, product(this.alike.at, this.products, places));
  }

  destroy() {
    this.table.destroy();
    this.alike.destroy();
  }
}
