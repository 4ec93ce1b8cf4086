// Live curves in the browser: panels side by side that share one x-axis, one zoom and one cursor.
// Python owns the points (pages/ui/shared/curves.py sends them all at each tick), the browser zoom and cursor.
const version = new URL(import.meta.url).search;
const { Panel, element } = await import("./panel.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { marksNear } = await import("./marks.js" + version);
const { integer } = await import("./axes.js" + version);
const { fill, numeral } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const NARROWEST = 2; // steps that a zoom shows at least
const SMALL = 160; // px below which a chart has no foot: what it would say stands elsewhere
const views = new WeakMap();
let count = 0;

/** Streamlit's entry point: at mount and at every change of data or theme. */
export default function (component) {
  const parent = component.parentElement;
  if (!views.has(parent)) views.set(parent, new View(parent));
  const view = views.get(parent);
  view.update(component.data, component.setStateValue);
  return () => {
    views.delete(parent);
    view.destroy();
  };
}

class View {
  constructor(parent) {
    this.host = parent.host ?? parent;
    this.panels = [];
    this.window = null;
    this.at = null;
    this.data = null;
    this.syncKey = `curves-${(count += 1)}`;
    this.root = element("div", "curves");
    this.grid = element("div", "panels");
    this.readout = element("span", "readout");
    this.hint = element("span", "hint", texts.ZOOM_HINT);
    this.button = element("button", "reset", texts.RESET_ZOOM);
    this.button.type = "button";
    this.button.onclick = () => this.reset();
    const foot = element("div", "foot");
    foot.append(this.readout, this.hint, this.button);
    this.root.append(this.grid, foot);
    parent.append(this.root);
    document.fonts.ready.then(() => this.redraw()); // a canvas does not notice that its font has come
  }

  update(data, setStateValue) {
    if (this.data && this.data.run !== data.run) this.window = null;
    this.data = data;
    this.setStateValue = setStateValue;
    while (this.panels.length > data.panels.length) this.panels.pop().destroy();
    while (this.panels.length < data.panels.length) this.add();
    this.root.classList.toggle("small", this.small());
    this.grid.style.setProperty("--columns", data.panels.length === 4 ? 2 : Math.min(3, data.panels.length));
    const theme = readTheme(this.host);
    this.panels.forEach((panel, index) => panel.update(data.panels[index], theme));
    this.say();
  }

  add() {
    const panel = new Panel(this, this.panels.length === 0);
    this.panels.push(panel);
    this.grid.append(panel.root);
  }

  // What the panels ask for at each drawing.

  range() {
    return this.window ?? [0, Math.max(1, this.data.planned, this.last())];
  }

  unit() {
    return this.data.axis === "epoch" ? this.data.perEpoch : 1;
  }

  marks() {
    return this.data.marks;
  }

  moment() {
    return this.data.moment ?? null;
  }

  small() {
    return this.data.height < SMALL;
  }

  height() {
    return this.data.height;
  }

  /** What changes a chart's build beside its own series. */
  shape() {
    return [this.data.height, this.unit()];
  }

  emptyText() {
    return this.started() ? texts.NO_POINTS : this.data.empty;
  }

  series() {
    return this.data.panels.flatMap((panel) => panel.series);
  }

  started() {
    return this.series().some((one) => one.points.values.length);
  }

  /** The last step of any series: the gaps of a series add up to it. */
  last() {
    return Math.max(0, ...this.series().map((one) => one.points.gaps.reduce((sum, gap) => sum + gap, 0)));
  }

  // What the panels tell.

  zoom(from, to) {
    if (from >= this.last()) return; // the run has not come that far: there is nothing to see closer
    const start = Math.max(0, from);
    this.window = [start, Math.max(to, start + NARROWEST)];
    this.redraw();
    this.setStateValue("zoom", { run: this.data.run, from: this.window[0], to: this.window[1] });
  }

  reset() {
    if (!this.window) return;
    this.window = null;
    this.redraw();
    this.setStateValue("zoom", null);
  }

  moved(chart) {
    this.at = chart.cursor.left >= 0 ? chart.posToVal(chart.cursor.left, "x") : null;
    this.say();
  }

  redraw() {
    this.panels.forEach((panel) => panel.redraw());
    this.say();
  }

  /** The line below the charts: where the cursor is and what marks are there, else how far the run is. */
  say() {
    const { planned, perEpoch, marks, stepless } = this.data;
    const step = this.at ?? this.moment() ?? this.last();
    const reach = this.at === null && planned ? texts.STEP_OF : texts.STEP;
    const parts = [fill(texts.EPOCH, { epoch: numeral((step / perEpoch).toFixed(perEpoch > 1 ? 1 : 0)) })];
    if (!stepless) parts.unshift(fill(reach, { step: integer(step), planned: integer(planned ?? 0) }));
    if (this.at !== null) parts.push(...marksNear(this.panels[0].chart, marks, step));
    else if (this.series().some((one) => one.mean)) parts.push(texts.THICK_LINE);
    const text = this.started() ? parts.join("  ·  ") : "";
    if (this.readout.textContent !== text) this.readout.textContent = text;
    this.hint.hidden = this.window !== null || !this.started();
    this.button.hidden = this.window === null;
  }

  destroy() {
    this.panels.forEach((panel) => panel.destroy());
    this.root.remove();
  }
}
