// One unit of a Linear, one softmax, one normalized number: the lines of their arithmetic.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { factor, floats, num, percent, term } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { Grid, most } = await import("./grid.js" + version);
const { bar, gauge, table } = await import("./tables.js" + version);

export class Linear {
  words; table;

  constructor() {
    const point = ({ row, column }) => this.point(row * this.width + column);
    const key = ([down, across]) => this.point(this.at + down * this.width + across);
    this.grids = Object.values(texts.LINEAR_GRIDS).map((label) => new Grid(label, point, key));
    this.line = element("p", "maths");
    const captions = Object.values(texts.LINEAR_CAPTIONS);
    this.pictures = element("div", "pictures", ...this.grids.map((grid, at) => element("div", "",
      grid.root, element("span", "label", captions[at]))));
    [this.words, this.table] = [element("div", "side"), element("div", "side")];
    this.words.append(this.pictures, this.line);
    this.root = element("div", "two", this.table, this.words);
    this.at = 0;
  }

  update(data) {
    const { unit, terms, others, rest, bias, output, layer } = data;
    const largest = Math.max(...terms.map(({ product }) => Math.abs(product)), 1e-12);
    const rows = terms.map(({ input, weight, value, product }) =>
      [fill(texts.INPUT_AT, { number: input }), num(weight), "×", num(value), "=", num(product),
        bar(product / largest)]);
    const sum = terms.reduce((total, { product }) => total + product, 0) + rest + bias;
    const foot = [...(others ? [[texts.OTHERS(others), "", "", "", "", num(rest), ""]] : []),
                  [texts.BIAS, "", "", "", "", num(bias), bar(bias / largest)],
                    [texts.SUM, "", "", "", "=", num(sum, 4), ""]];
    this.table.replaceChildren(
      element("p", "", fill(texts.UNIT_OF, { unit, layer })),
      table("linear", Object.values(texts.LINEAR), rows, { foot }), check(sum, output));
    this.inputs = floats(data.inputs);
    this.weights = floats(data.weights);
    this.products = this.inputs.map((value, at) => value * this.weights[at]);
    this.width = Math.ceil(Math.sqrt(this.inputs.length));
    this.at = terms[0].input < this.inputs.length ? terms[0].input : 0;
    this.draw();
  }

  point(at) {
    if (at < 0 || at >= this.inputs.length) return;
    this.at = at;
    this.draw();
  }

  draw() {
    const { width, at } = this, rows = Math.ceil(this.inputs.length / width);
    [this.inputs, this.weights, this.products].forEach((values, place) => {
      const filled = new Float32Array(rows * width).fill(NaN);
      filled.set(values);
      this.grids[place].update({ values: filled, rows, columns: width, most: most(values), side: 200,
                                 lit: { row: Math.floor(at / width), column: at % width } });
    });
    const [value, weight] = [this.inputs[at], this.weights[at]];
    this.line.textContent = fill(texts.PRODUCT_OF, {
      number: at, value: factor(value), weight: factor(weight), product: num(value * weight),
    });
  }
}

export class Softmax {
  constructor() {
    this.root = element("div", "sums");
  }

  update({ terms, others, rest, largest, total }) {
    const rows = terms.map(({ word, logit, exp, probability }) =>
      [word, num(logit), num(exp), num(probability), gauge(probability), percent(probability)]);
    const foot = [...(others ? [[texts.OTHERS(others), "", "", num(rest), "", percent(rest)]] : []),
                  [texts.SUM, "", num(total, 4), "1", "", "100 %"]];
    this.root.replaceChildren(
      element("p", "", fill(texts.SOFTMAX_IS, { largest: num(largest) })),
      table("softmax", Object.values(texts.SOFTMAX), rows, { foot }));
  }
}

export class Norm {
  constructor() {
    this.root = element("div", "sums");
  }

  update({ over, count, x, mean, variance, eps, root, scale, shift, y, numbers, kind }) {
    const flat = (x - mean) / root, made = flat * scale + shift;
    const rows = [
      [texts.NORM_MEAN, texts.OF_NUMBERS(count), num(mean, 4)],
      [texts.NORM_SPREAD, `√(${num(variance)} + ${num(eps)})`, num(root, 4)],
      [texts.NORM_SCALED, `(${num(x)} − ${factor(mean)}) / ${num(root)}`, num(flat, 4)],
      [texts.NORM_LEARNED, `${factor(flat)} × ${factor(scale)} ${term(shift)}`, num(made, 4)],
    ];
    const before = floats(numbers), after = before.map((v) => ((v - mean) / root) * scale + shift);
    const ends = [Math.min(...before, ...after), Math.max(...before, ...after)];
    this.root.replaceChildren(
      element("p", "", fill(texts.NORM_IS, { kind, over })),
      element("div", "two",
        element("div", "side", table("norm", [], rows), check(made, y)),
        element("div", "side", element("h4", "", texts.BEFORE), histogram(before, x, ends),
                element("h4", "", texts.AFTER), histogram(after, y, ends))));
  }
}

/** How the numbers lie, in 48 columns between the ends; the chosen one's column is lifted out. */
/**
 * @param {Float32Array} values
 * @param {number} chosen
 * @param {number[]} ends lowest and highest
 */
function histogram(values, chosen, [low, high]) {
  const columns = new Array(48).fill(0), at = (value) =>
    Math.max(0, Math.min(47, Math.floor(((value - low) / (high - low || 1)) * 48)));
  for (const value of values) columns[at(value)] += 1;
  const tallest = Math.max(...columns), plot = element("div", "histogram", ...columns.map((count, column) => {
    const made = element("i", column === at(chosen) ? "lit" : "");
    made.style.height = `${(count / tallest) * 100}%`;
    return made;
  }));
  return element("div", "spread", plot, element("p", "ends", element("span", "", num(low)),
    element("span", "", num(high))));
}

function check(made, real) {
  const right = Math.abs(made - real) <= 1e-3 * Math.max(1, Math.abs(real));
  const words = fill(right ? texts.LAYER_GAVE : texts.LAYER_GAVE_ANOTHER, { value: num(real, 4) });
  return element("p", right ? "check" : "check wrong", words);
}
