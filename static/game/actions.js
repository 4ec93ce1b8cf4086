// What the network says of each action, as bars: values, or probabilities.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

export class ActionBars {
  constructor() {
    this.title = element("h4", "title");
    this.rows = element("ul", "bars");
    this.root = element("section", "actions", this.title, this.rows);
  }

  /** `said` is a number for each action, `allowed` whether it is possible, `chosen` the action taken, or null. */
  update(game, output, allowed, chosen) {
    setText(this.title, game.probabilistic ? texts.PROBABILITIES : texts.VALUES);
    const values = output ? (game.probabilistic ? softmax(output, allowed) : [...output]) : [];
    const most = game.probabilistic ? 1 : Math.max(1e-6, ...values.map(Math.abs));
    fit(this.rows, game.actions.length, row).forEach((one, at) => {
      const [name, bar, number] = one.children, possible = !output || allowed[at];
      setText(name, game.actions[at]);
      setText(number, !output ? "" : possible ? text(values[at], game.probabilistic) : texts.NOT_ALLOWED);
      one.classList.toggle("chosen", at === chosen);
      const part = output && possible ? values[at] / most : 0;
      bar.firstElementChild.style.width = `${Math.abs(part) * (game.probabilistic ? 100 : 50)}%`;
      bar.firstElementChild.style.left = game.probabilistic ? "0" : `${part < 0 ? 50 + part * 50 : 50}%`;
      bar.classList.toggle("signed", !game.probabilistic);
      bar.firstElementChild.classList.toggle("negative", part < 0);
    });
  }
}

function row() {
  return element("li", "bar-row", element("span", "name"), element("span", "bar", element("span", "part")),
                 element("span", "number"));
}

function text(value, probabilistic) {
  return probabilistic ? `${Math.round(value * 100)} %` : numeral(value.toFixed(2)).replace("-", "−");
}

export function softmax(values, allowed) {
  const most = Math.max(...[...values].filter((_, at) => allowed[at]));
  const powers = [...values].map((value, at) => (allowed[at] ? Math.exp(value - most) : 0));
  const sum = powers.reduce((left, right) => left + right, 0);
  return powers.map((power) => power / sum);
}
