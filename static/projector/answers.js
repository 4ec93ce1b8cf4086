// What a class has answered: a row for each answer with a bar, or all sketches on one pair of axes.
const version = new URL(import.meta.url).search;
const { element, fit, setText } = await import("../shared/dom.js" + version);
const { Chart } = await import("./chart.js" + version);

export class Answers {
  constructor() {
    this.title = element("p", "asked");
    this.rows = element("ul", "bars");
    this.chart = new Chart();
    this.note = element("p", "note");
    this.root = element("div", "answers", this.title, this.rows, this.chart.root, this.note);
  }

  /** `answers`: { title, rows: [{ word, count }], note }, a count null where it is hidden; `chart` as a `Chart` takes it, or null. */
  update({ answers, chart }) {
    setText(this.title, answers.title);
    setText(this.note, answers.note);
    this.chart.root.hidden = !chart;
    this.rows.hidden = Boolean(chart);
    if (chart) this.chart.update({ chart });
    const most = Math.max(1, ...answers.rows.map(({ count }) => count ?? 0));
    fit(this.rows, answers.rows.length, row);
    answers.rows.forEach(({ word, count }, at) => {
      const [name, track, number] = this.rows.children[at].children;
      setText(name, word);
      track.firstElementChild.style.width = `${(100 * (count ?? 0)) / most}%`;
      setText(number, count === null ? "" : String(count));
    });
  }
}

function row() {
  return element("li", "", element("span", "word"), element("span", "track", element("span", "bar")), element("b", "number"));
}
