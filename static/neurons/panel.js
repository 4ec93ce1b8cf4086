// What one neuron adds up, as a table; a weight or the bias becomes a number field where it is clicked.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { num, factor } = await import("../shared/numbers.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { parse } = await import("./numbers.js" + version);
const { texts } = await import("./texts.js" + version);

const ROWS = 12; // the products that count most

export class Panel {
  /** `edit(key, index, value, old)` is told of a number that was typed. */
  constructor(edit) {
    this.edit = edit;
    this.editing = null; // {id, input}
    this.caption = element("caption");
    this.body = element("tbody");
    const heads = [texts.FROM, texts.INPUT_VALUE, texts.WEIGHT, texts.PRODUCT, texts.GRADIENT];
    this.table = element("table", "sums", this.caption, element("thead", "", element("tr", "", ...heads.map((word) => {
      const head = element("th", "", word);
      head.scope = "col";
      return head;
    }))), this.body);
    this.note = element("p", "note");
    this.error = element("p", "error");
    this.error.setAttribute("role", "alert");
    this.root = element("div", "panel", this.table, this.error, this.note);
  }

  /** `sums` is null before a neuron is chosen: {unit, key, row, inputs, weights, gradients, bias, ...}. */
  update(sums, note) {
    this.sums = sums;
    setText(this.note, note);
    this.table.hidden = !sums;
    if (!sums || this.editing) return; // what is typed is not taken away
    setText(this.caption, fill(texts.CAPTION, { unit: sums.unit }));
    this.body.replaceChildren(...this.rows(sums));
    if (this.pending) this.open(this.pending);
  }

  /** Open the field of the weight from input number `input` as soon as its row is there. */
  want(input) {
    this.pending = `w${input}`;
  }

  rows(sums) {
    const { inputs, weights } = sums, all = Array.from(weights, (_, at) => at);
    const size = (at) => Math.abs(inputs[at] * weights[at]) + 1e-9 * Math.abs(weights[at]);
    const first = all.sort((a, b) => size(b) - size(a)).slice(0, ROWS);
    const pending = this.pending?.startsWith("w") ? Number(this.pending.slice(1)) : null;
    if (pending !== null && pending < weights.length && !first.includes(pending)) first[first.length - 1] = pending;
    const rest = all.filter((at) => !first.includes(at));
    const others = rest.reduce((sum, at) => sum + inputs[at] * weights[at], 0);
    return [...first.map((at) => this.term(sums, at)),
      ...(rest.length ? [row(texts.OTHERS(rest.length), "", "", num(others), "")] : []),
      ...(sums.bias === null ? [] : [this.bias(sums)]),
      row(texts.SUM, "", "", num(sums.sum), "", "total"),
      ...(sums.after ? [row(fill(texts.OUTPUT_OF, { layer: sums.after }), "", "", num(sums.value), "", "total")] : [])];
  }

  term(sums, at) {
    const weight = sums.weights[at], from = sums.names(at);
    const label = fill(texts.EDIT, { from, value: num(weight) });
    const cell = this.cell(`w${at}`, label, weight, sums.gradients !== undefined, [sums.row, at], "weight");
    return row(from, num(sums.inputs[at]), cell, num(sums.inputs[at] * weight),
               sums.gradients ? num(sums.gradients[at], 2) : "");
  }

  bias(sums) {
    const label = fill(texts.EDIT_BIAS, { value: num(sums.bias) });
    const cell = this.cell("b", label, sums.bias, true, [sums.row], "bias");
    return row(texts.BIAS, "1", cell, num(sums.bias), sums.biasGradient === null ? "" : num(sums.biasGradient, 2));
  }

  cell(id, label, value, shown, index, parameter) {
    if (!this.sums.editable) return factor(value);
    const button = element("button", "weight", num(value));
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.onclick = () => this.open(id);
    button.field = { id, value, key: `${this.sums.key}.${parameter}`, index };
    return button;
  }

  open(id) {
    const button = [...this.body.querySelectorAll("button")].find((one) => one.field.id === id);
    this.pending = null;
    if (!button) return;
    const { value, key, index } = button.field, input = document.createElement("input");
    Object.assign(input, { type: "text", inputMode: "decimal", value: String(Number(value.toPrecision(6))), className: "field" });
    input.setAttribute("aria-label", `${button.getAttribute("aria-label")}. ${texts.NEW_VALUE}`);
    this.editing = { id, input };
    const close = (focus) => {
      if (!this.editing) return;
      this.editing = null;
      setText(this.error, "");
      this.update(this.sums, this.note.textContent);
      if (focus) [...this.body.querySelectorAll("button")].find((one) => one.field.id === id)?.focus();
    };
    const take = (focus) => {
      if (!this.editing) return;
      if (input.value === String(Number(value.toPrecision(6)))) return close(focus);
      const typed = parse(input.value);
      if (typed === null) {
        setText(this.error, texts.NO_NUMBER);
        if (!focus) close(false);
        return;
      }
      close(focus);
      if (typed !== value) this.edit(key, index, typed, value);
    };
    input.onkeydown = (event) => {
      if (event.key === "Enter") take(true);
      else if (event.key === "Escape") close(true);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    input.onblur = () => take(false);
    button.replaceWith(input);
    input.focus();
    input.select();
  }
}

function row(from, input, weight, product, gradient, className = "") {
  const head = element("th", "", from);
  head.scope = "row";
  return element("tr", className, head, ...[input, weight, product, gradient].map((cell) => element("td", "", cell)));
}
