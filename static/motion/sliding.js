// A window slides over the input: its products and their sum, or its largest, make one number of the output.
// Hovering on either side moves it, so do the arrow keys.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { factor, floats, num, term } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);
const { Grid, most } = await import("./grid.js" + version);
const { convolve, covered, pool, products, reader } = await import("./windows.js" + version);

const CHANNELS = 8; // sums that are written out in words
const WRITTEN = 25; // numbers of a window up to which the squares are large enough to be read
const INSIDE = 6; // products that are written out otherwise
const SMALL = 150; // CSS pixels of the window, the kernel and their products

export class Sliding {
  input; inside; output; inputTitle; insideTitle; outputTitle; how; total;

  constructor() {
    const key = ([down, across]) => this.point([this.at[0] + down, this.at[1] + across]);
    this.left = new Grid(texts.MOVE_WINDOW, (cell) =>
      this.point(reader(this.data, cell)), key);
    this.small = Object.values(texts.TRIO_GRIDS).map((label) =>
      new Grid(label, () => {}, key));
    this.right = new Grid(texts.MOVE_CELL, ({ row, column }) =>
      this.point([row, column]), key);
    [this.input, this.inside, this.output] = ["side", "side inside", "side"].map((name) =>
      element("div", name));
    [this.inputTitle, this.insideTitle, this.outputTitle] = [0, 1, 2].map(() => element("h4"));
    this.terms = element("div", "terms");
    this.channels = element("div", "pick");
    this.input.append(this.inputTitle, this.left.root, this.channels);
    this.signs = ["", "×", "="].map((sign) => element("span", "sign", sign));
    this.captions = Object.values(texts.TRIO).map((text) => element("span", "label", text));
    this.trio = element("div", "trio", ...this.small.flatMap((grid, at) =>
      [this.signs[at], element("div", "", grid.root, this.captions[at])]));
    this.inside.append(this.insideTitle, this.trio, this.terms);
    this.output.append(this.outputTitle, this.right.root);
    [this.how, this.total] = [element("p", "how"), element("p", "result")];
    this.check = element("p", "check");
    this.hint = element("p", "note", texts.POINT);
    this.output.append(this.how, this.total, this.check, this.hint);
    this.root = element("div", "sliding", this.input, this.inside, this.output);
    this.watcher = new ResizeObserver(() => this.data && this.draw());
    this.watcher.observe(this.root);
    this.at = [0, 0];
    this.channel = 0;
  }

  update(data) {
    const same = this.data && String(this.data.out) === String(data.out);
    this.data = { ...data, numbers: floats(data.input), weights: data.kernel && floats(data.kernel),
      made: floats(data.output) };
    if (!same) this.at = data.out.map((side) => Math.floor(side / 2));
    if (this.channel >= data.shape[0]) this.channel = 0;
    this.largest = most(this.data.numbers);
    this.fillChannels();
    this.draw();
  }

  point(at) {
    this.at = at.map((place, axis) => Math.max(0, Math.min(this.data.out[axis] - 1, place)));
    this.draw();
  }

  fillChannels() {
    const { shape: [count], first } = this.data;
    this.buttons = count < 2 ? [] : Array.from({ length: count }, (_, channel) => {
      const button = element("button", "small", `${first + channel}`);
      button.type = "button";
      button.onclick = () => {
        this.channel = channel;
        this.draw();
      };
      return button;
    });
    this.channels.replaceChildren(...(count < 2 ? [] : [element("span", "label", texts.CHANNELS)]),
      ...this.buttons);
  }

  draw() {
    const { data, channel, at: [row, column] } = this;
    const cells = covered(data, channel, row, column), { shape: [, height, width] } = data;
    const open = { row: cells[0].row, column: cells[0].column, tall: (data.size[0] - 1) * data.dilation[0]
      + 1,
                   wide: (data.size[1] - 1) * data.dilation[1] + 1 };
    const values = data.numbers.subarray(channel * height * width, (channel + 1) * height * width);
    const winner = data.slides === "max" ? pool(data, row, column).winner : null;
    this.left.update({ values, rows: height, columns: width, most: this.largest, pad: data.padding, side: 364,
                       window: open, cells: data.dilation[0] > 1 ? cells : [], lit: winner });
    this.right.update({ values: data.made, rows: data.out[0], columns: data.out[1], most: most(data.made),
      side: 340,
                        lit: { row, column } });
    this.titles(height, width);
    this.buttons.forEach((button, at) => button.setAttribute("aria-pressed", at === channel));
    if (data.slides === "convolution") this.convolution(row, column);
    else this.pooling(row, column);
  }

  titles(height, width) {
    const { data, channel } = this, convolves = data.slides === "convolution", [padding] = data.padding;
    const [input, padded, output] = convolves ? [texts.CHANNEL, texts.CHANNEL_PADDED, texts.FILTER_GIVES]
      : [texts.MAP, texts.MAP_PADDED, texts.MAP_GIVES];
    setText(this.inputTitle, fill(padding ? padded : input, { channel: data.first + channel, height, width, padding }));
    setText(this.outputTitle, fill(output, { channel: data.channel, size: data.out.join(" x ") }));
  }

  convolution(row, column) {
    const { data, channel } = this, { terms, sum } = products(data, channel, row, column), [k, l] = data.size;
    const found = convolve(data, row, column);
    const values = Float32Array.from(terms, ({ value }) => value),
      made = Float32Array.from(terms, ({ product }) => product);
    this.three([[values, this.largest], [data.weights.subarray(channel * k * l, (channel + 1) * k * l),
      most(data.weights)],
                [made, most(made)]]);
    setText(this.insideTitle, fill(texts.TIMES_KERNEL, { row, column }));
    const order = k * l > WRITTEN ? terms.toSorted((a, b) =>
      Math.abs(b.product) - Math.abs(a.product)).slice(0, INSIDE) : [];
    this.terms.replaceChildren(...order.map(({ value, weight, product }) =>
      element("p", "maths", `${factor(value)} × ${factor(weight)} = `, element("b", "", num(product)))),
      ...(order.length ? [element("p", "label", texts.AND_SMALLER(terms.length - INSIDE))] : []),
      element("p", "maths sum", texts.PRODUCTS_TOGETHER(terms.length), element("b", "", num(sum, 4))));
    const how = fill(texts.WITH_BIAS, { sums: written(found.sums, data.first), bias: term(data.bias) });
    this.say(how, found.total, row, column);
  }

  pooling(row, column) {
    const { data } = this, { cells, total } = pool(data, row, column), [, l] = data.size;
    const values = Float32Array.from(cells, ({ value, pad }) => (pad && data.slides === "max" ? NaN : value));
    this.three([[values, this.largest, data.slides === "max" ? winnerOf(cells, total, l) : null]]);
    setText(this.insideTitle, fill(texts.WINDOW, { row, column }));
    this.terms.replaceChildren();
    const how = data.slides === "max" ? texts.LARGEST : fill(texts.SUM_OVER, { count: cells.length });
    this.say(how, total, row, column);
  }

  /** The small squares: for a pooling only the window. */
  three(parts) {
    const [rows, columns] = this.data.size;
    this.small.forEach((grid, at) => {
      const [values, size, lit] = parts[at] ?? [];
      for (const shown of [grid.root.parentElement, this.signs[at]]) shown.hidden = !values;
      if (values) grid.update({ values, rows, columns, most: size, side: SMALL, lit });
    });
  }

  say(how, total, row, column) {
    const real = this.data.made[row * this.data.out[1] + column];
    const right = Math.abs(total - real) <= 1e-4 * Math.max(1, Math.abs(real));
    setText(this.how, how);
    setText(this.total, num(total, 4));
    setText(this.check, fill(right ? texts.LAYER_GAVE : texts.LAYER_GAVE_ANOTHER, { value: num(real, 4) }));
    this.check.classList.toggle("wrong", !right);
  }

  destroy() {
    this.watcher.disconnect();
  }
}

function winnerOf(cells, total, columns) {
  const at = Math.max(0, cells.findIndex(({ value, pad }) => !pad && value === total));
  return { row: Math.floor(at / columns), column: at % columns };
}

/** The channels' sums as a sum: the largest by name, the others together. */
function written(sums, first) {
  if (sums.length === 1) return `Σ ${num(sums[0])}`;
  const order = sums.map((sum, at) => [sum, at]).sort(([a], [b]) => Math.abs(b) - Math.abs(a));
  const named = order.slice(0, CHANNELS).map(([sum, at]) =>
    fill(texts.CHANNEL_SUM, { sum: factor(sum), channel: first + at })).join(" + ");
  const rest = order.slice(CHANNELS).reduce((total, [sum]) => total + sum, 0);
  const others = order.length - CHANNELS;
  return others > 0 ? `${named} ${fill(texts.OTHER_CHANNELS(others), { sum: term(rest) })}` : named;
}
