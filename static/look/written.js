// What a network writes by itself, the newest above and the first tries below; and its bars for the next letter.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { percent } = await import("../shared/numbers.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const NAMED = 0.08; // a probability from which on its number is written above the bar

export default class Written {
  constructor() {
    this.rows = element("ol", "written");
    this.hint = element("p", "hint", texts.APPEARS_HERE);
    this.title = element("h4");
    this.bars = element("div", "letters");
    const end = element("p", "hint", texts.DOT_ENDS);
    const right = element("section", "", this.title, this.bars, end);
    const left = element("section", "", element("h4", "", texts.WRITTEN_BY), this.rows, this.hint);
    this.root = element("div", "look", element("div", "samples", left, right));
  }

  update({ rows, after, bars }) {
    fit(this.rows, rows.length, line).forEach((item, at) => fillLine(item, rows[at], at));
    this.hint.hidden = rows.length > 1;
    setText(this.title, after ? fill(texts.COMES_AFTER, { text: after }) : texts.COMES_FIRST);
    const most = Math.max(...bars.map(({ probability }) => probability), 1e-9);
    fit(this.bars, bars.length, letter).forEach((bar, at) => fillLetter(bar, bars[at], most));
  }
}

function line() {
  return element("li", "", element("span", "step-of"), element("span", "texts"));
}

function fillLine(item, { step, texts: lines }, at) {
  const [when, list] = item.children;
  item.classList.toggle("newest", at === 0);
  setText(when, fill(texts.AT_STEP, { step: step.toLocaleString(locale()) }));
  fit(list, lines.length, () => element("span", "text")).forEach((text, index) => {
    setText(text, lines[index].text || "␣");
    text.classList.toggle("known", lines[index].known);
    text.title = lines[index].known ? texts.ON_LIST : "";
  });
}

function letter() {
  return element("div", "letter", element("span", "number"), element("span", "bar"), element("span", "sign"));
}

function fillLetter(bar, { word, probability }, most) {
  const [number, column, sign] = bar.children;
  setText(number, probability >= NAMED ? percent(probability).replace(" ", "") : "");
  column.style.height = `${(100 * probability) / most}px`;
  setText(sign, word);
  bar.classList.toggle("likeliest", probability === most);
  bar.setAttribute("aria-label", fill(texts.PROBABLE, { symbol: word, probability: percent(probability) }));
}
