// One panel: title, legend with live values, chart. Built anew only when more than its points changed.
const version = new URL(import.meta.url).search;
const { color, columns, createChart, table } = await import("./chart.js" + version);
const { reading, integer } = await import("./axes.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const MANY = 3; // series above which the legend takes rows of its own

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text; // never HTML: titles and labels may be what a user typed
  return made;
}

/** What Python says the legend reads; else the last value of the line that the eye follows. */
function latest(series) {
  if (series.read) return series.read[0];
  return (series.mean ?? series.points).values.at(-1);
}

export class Panel {
  constructor(view, first) {
    this.view = view;
    this.first = first;
    this.chart = null;
    this.built = "";
    this.entries = [];
    this.hidden = new Set();
    this.root = element("section", "panel");
    const head = element("div", "head");
    this.title = element("h3", "title");
    this.legend = element("ul", "legend");
    this.plot = element("div", "plot");
    this.plot.setAttribute("role", "img");
    this.empty = element("p", "empty");
    head.append(this.title, this.legend);
    this.plot.append(this.empty);
    this.root.append(head, this.plot);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.plot);
  }

  /** Take in one tick. A chart that is already there only gets new points, so nothing flickers. */
  update(spec, theme) {
    this.spec = spec;
    const shape = JSON.stringify([spec.title, spec.percent, spec.log, theme, this.view.shape(),
                                  spec.series.map((s) => [s.name, s.label, s.light, s.dark, s.style])]);
    if (shape === this.built) this.chart.setData(table(spec));
    else this.build(theme);
    this.built = shape;
    const points = spec.series.some((series) => series.points.values.length);
    this.empty.hidden = points;
    this.empty.textContent = this.view.emptyText();
    this.describe();
    this.say();
  }

  build(theme) {
    this.chart?.destroy();
    this.title.textContent = this.spec.title;
    this.plot.style.minHeight = `${this.view.height()}px`;
    this.chart = createChart(this.plot, this.spec, theme, this.view, this, this.size());
    this.legend.classList.toggle("many", this.spec.series.length > MANY);
    this.entries = this.spec.series.map((series, index) => this.entry(series, index, theme));
    this.legend.replaceChildren(...this.entries.map(({ item }) => item));
    this.spec.series.forEach((series, index) => {
      if (this.hidden.has(series.name)) this.show(index, false);
    });
  }

  /** A legend entry is a button: press it to hide its line, point at it to see its line alone. */
  entry(series, index, theme) {
    const item = element("li");
    const button = element("button", "entry");
    const swatch = element("span", `swatch ${series.style}`);
    const value = element("span", "value");
    swatch.style.color = color(series, theme);
    button.type = "button";
    button.title = series.label;
    button.setAttribute("aria-pressed", "true");
    button.append(swatch, element("span", "label", series.label), value);
    button.onclick = () => this.show(index, this.hidden.has(series.name));
    button.onpointerenter = () => this.chart.setSeries(columns(this.spec, index).clear, { focus: true });
    button.onpointerleave = () => this.chart.setSeries(null, { focus: true });
    item.append(button);
    return { item, button, value };
  }

  show(index, shown) {
    const { name } = this.spec.series[index];
    if (shown) this.hidden.delete(name);
    else this.hidden.add(name);
    this.entries[index].button.setAttribute("aria-pressed", String(shown));
    const { faint, clear } = columns(this.spec, index);
    [faint, clear].forEach((column) => this.chart.setSeries(column, { show: shown }));
  }

  size() {
    return { width: Math.max(120, this.plot.clientWidth), height: this.view.height() };
  }

  resize() {
    if (!this.chart || !this.plot.clientWidth) return; // not built, or on a tab that is not shown
    if (this.chart.width !== this.size().width) this.chart.setSize(this.size());
  }

  /** The zoom or the axis changed, the points did not. */
  redraw() {
    this.chart.setData(this.chart.data);
  }

  moved(chart) {
    this.say();
    this.view.moved(chart);
  }

  /** Values in the legend: at the cursor, or the last ones. */
  say() {
    const { cursor, data } = this.chart;
    const away = !(cursor.left >= 0) || cursor.idx == null;
    this.entries.forEach(({ value }, index) => {
      const column = columns(this.spec, index).clear;
      const at = away ? null : cursor.idxs[column];
      const number = at == null ? latest(this.spec.series[index]) : data[column][at];
      const cut = !away && this.spec.top && number >= this.spec.top * 0.9999;
      const text = (cut ? "> " : "") + reading(number, this.spec.percent);
      if (value.textContent !== text) value.textContent = text;
    });
  }

  /** What a person hears who does not see the chart. */
  describe() {
    const last = this.spec.series.filter((series) => series.points.values.length)
      .map((series) => `${series.label} ${reading(latest(series), this.spec.percent)}`);
    const { title } = this.spec;
    const text = last.length ? fill(texts.PANEL, { title, step: integer(this.view.last()), values: last.join(", ") })
      : fill(texts.PANEL_EMPTY, { title });
    this.plot.setAttribute("aria-label", text);
  }

  destroy() {
    this.observer.disconnect();
    this.chart?.destroy();
    this.root.remove();
  }
}
