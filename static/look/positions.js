// The pattern that is added at each place, and how alike the patterns of any two places are.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("./dom.js" + version);
const { Heat } = await import("./heat.js" + version);
const { fillLegend, legend } = await import("./legend.js" + version);
const { floats, range, short } = await import("./numbers.js" + version);

const TABLE = { least: 3, most: 26, square: false, tall: 420 };
const ALIKE = { least: 4, most: 40, square: true, tall: 420 };

function section(title, heat, ...words) {
  return element("section", "", element("h4", "", title), heat.root, ...words);
}

export class Positions {
  constructor() {
    this.table = new Heat("Positional encoding: rows are places, columns are its numbers", () => this.say());
    this.alike = new Heat("Dot products between places", () => this.say());
    [this.left, this.right] = [element("p", "pointed"), element("p", "pointed")];
    [this.signs, this.shades] = [legend(), legend()];
    const table = section("The pattern of each place", this.table, this.signs, this.left);
    const alike = section("How alike two places are", this.alike, this.shades, this.right);
    this.root = element("div", "look", element("div", "positions", table, alike));
  }

  update(data) {
    const [places, width] = data.size;
    Object.assign(this, { data, numbers: floats(data.table), products: floats(data.alike) });
    const numbered = (count) => Array.from({ length: count }, (_, at) => `${at + 1}`);
    const [low, high] = range(this.products);
    this.table.update({
      values: this.numbers, rows: places, columns: width, low: -data.span, high: data.span, cell: TABLE,
      scale: "signed", bend: 1, rowWords: numbered(places), columnWords: numbered(width), rowTitle: "place", columnTitle: "its numbers",
    });
    this.alike.update({
      values: this.products, rows: places, columns: places, low, high, cell: ALIKE, scale: "share", bend: 1,
      rowWords: numbered(places), columnWords: numbered(places), rowTitle: "place", columnTitle: "place", say: short,
    });
    fillLegend(this.signs, "signed", -data.span, data.span);
    fillLegend(this.shades, "share", low, high);
    this.say();
  }

  say() {
    if (!this.data) return;
    const one = this.table.at, two = this.alike.at, [places, width] = this.data.size;
    setText(this.left, one ? `Place ${one.row + 1}, number ${one.column + 1}: ${short(this.numbers[one.row * width + one.column])}.`
                           : "Point at a square to read its number.");
    setText(this.right, two ? `Places ${two.row + 1} and ${two.column + 1}: dot product ${short(this.products[two.row * places + two.column])} of the largest.`
                            : "Dot products, divided by the largest: the darker, the more alike.");
  }

  destroy() {
    this.table.destroy();
    this.alike.destroy();
  }
}
