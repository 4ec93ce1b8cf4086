// One unit of a Linear, one softmax, one normalized number: the lines of their arithmetic.
const version = new URL(import.meta.url).search;
const { element } = await import("./dom.js" + version);
const { bar, gauge, table } = await import("./table.js" + version);
const { factor, floats, num, percent, plural, signed } = await import("./numbers.js" + version);

export class Linear {
  constructor() {
    this.root = element("div", "sums");
  }

  update({ unit, terms, others, rest, bias, output, layer }) {
    const largest = Math.max(...terms.map(({ product }) => Math.abs(product)), 1e-12);
    const rows = terms.map(({ input, weight, value, product }) =>
      [`input ${input}`, num(weight), "×", num(value), "=", num(product), bar(product / largest)]);
    const sum = terms.reduce((total, { product }) => total + product, 0) + rest + bias;
    const foot = [...(others ? [[plural(others, "other"), "", "", "", "", num(rest), bar(rest / largest)]] : []),
                  ["bias", "", "", "", "", num(bias), bar(bias / largest)], ["sum", "", "", "", "=", num(sum, 4), ""]];
    this.root.replaceChildren(
      element("p", "", `Unit ${unit} of ${layer}: each input times its weight, added up, plus a bias. The largest come first.`),
      table("linear", ["", "weight", "", "input", "", "product", ""], rows, { foot }), check(sum, output));
  }
}

export class Softmax {
  constructor() {
    this.root = element("div", "sums");
  }

  update({ terms, others, rest, largest, total }) {
    const rows = terms.map(({ unit, score, exp, share }) =>
      [`${unit}`, num(score), num(exp), num(share), gauge(share), percent(share)]);
    const foot = [...(others ? [[plural(others, "other"), "", "", num(rest), "", percent(rest)]] : []),
                  ["sum", "", num(total, 4), "1", "", "100 %"]];
    this.root.replaceChildren(
      element("p", "", `Softmax turns scores into shares that add up to 1. Each score, less the largest (${num(largest)}), `
        + "is raised to a power of e; each result is divided by the sum of all."),
      table("softmax", ["class", "score", "e^(score − largest)", "share", "", ""], rows, { foot }));
  }
}

export class Norm {
  constructor() {
    this.canvas = element("div", "spread");
    this.root = element("div", "sums");
  }

  update({ over, count, x, mean, variance, eps, root, scale, shift, y, numbers, kind }) {
    const flat = (x - mean) / root, made = flat * scale + shift;
    const rows = [
      ["mean μ", `of ${plural(count, "number")}`, num(mean, 4)],
      ["spread √(σ² + ε)", `√(${num(variance)} + ${num(eps)})`, num(root, 4)],
      ["centred and scaled", `(${num(x)} − ${factor(mean)}) / ${num(root)}`, num(flat, 4)],
      ["× scale γ, + shift β", `${factor(flat)} × ${factor(scale)} ${signed(shift)}`, num(made, 4)],
    ];
    this.root.replaceChildren(
      element("p", "", `${kind}: mean and spread are taken over ${over}. Each number loses the mean, is divided by the spread, `
        + "and then gets a learned scale and shift."),
      table("norm", ["", "", ""], rows), check(made, y),
      element("h4", "", "All numbers before"), histogram(floats(numbers), (v) => v, x),
      element("h4", "", "and after"), histogram(floats(numbers), (v) => ((v - mean) / root) * scale + shift, y));
  }
}

/** How the numbers lie, in 40 columns from the lowest to the highest; the chosen one's column is lifted out. */
function histogram(numbers, change, chosen) {
  const values = Array.from(numbers, change), low = Math.min(...values), high = Math.max(...values);
  const columns = new Array(40).fill(0), at = (value) => Math.min(39, Math.floor(((value - low) / (high - low || 1)) * 40));
  for (const value of values) columns[at(value)] += 1;
  const tallest = Math.max(...columns), made = element("div", "histogram", ...columns.map((count, column) => {
    const fill = element("i", column === at(chosen) ? "lit" : "");
    fill.style.height = `${(count / tallest) * 100}%`;
    return fill;
  }));
  return element("div", "spread", made, element("p", "ends", element("span", "", num(low)), element("span", "", num(high))));
}

function check(made, real) {
  const right = Math.abs(made - real) <= 1e-3 * Math.max(1, Math.abs(real));
  return element("p", right ? "check" : "check wrong", `${right ? "✓" : "✗"} the layer gave ${num(real, 4)}`);
}
