// One panel's uPlot chart: its options from what Python sent, and its table of points. Holds no state.
import uPlot from "./vendor/uPlot-1.6.32/uPlot.esm.js";

const version = new URL(import.meta.url).search; // pages/ui/shared/component.py says why
const axes = await import("./axes.js" + version);
const { faded } = await import("../shared/colours.js" + version);
const { multiples } = await import("../shared/scale.js" + version);
const { drawMarks, drawMoment } = await import("./marks.js" + version);

const POINT = 6; // CSS pixels across
const ROOM = 9; // CSS pixels a dot needs before dots are drawn

/** [faint, clear] columns of a series as [steps, values]: peaks behind the average, or only its points. */
function layers(series, log) {
  const unpack = (wire) => {
    let step = 0;
    const steps = wire.gaps.map((gap) => (step += gap));
    return [steps, log ? wire.values.map((value) => (value > 0 ? value : null)) : wire.values];
  };
  return series.mean ? [unpack(series.points), unpack(series.mean)] : [[[], []], unpack(series.points)];
}

/**
 * Aligned columns for uPlot: [steps, every series' faint column, every series' clear column]. `null` is a gap
 * that came as such (NaN, or what a log scale cannot show), `undefined` that only others have a point there.
 */
export function table(spec) {
  const pairs = spec.series.map((series) => layers(series, spec.log));
  return uPlot.join([...pairs.map(([faint]) => faint), ...pairs.map(([, clear]) => clear)]);
}

/** Where a series' two columns stand in the table. */
export function columns(spec, index) {
  return { faint: 1 + index, clear: 1 + spec.series.length + index };
}

/**
 * `view` gives what all panels share, read anew at each drawing: `range()`, `unit()`, `marks()`, `syncKey`.
 * It is told of `zoom(from, to)` and `reset()`; each move of the cursor goes to `panel.moved(chart)`.
 */
export function createChart(target, spec, theme, view, panel, size) {
  const options = {
    ...size,
    padding: [8, 22, 0, 0],
    scales: { x: { time: false, range: () => view.range() }, y: yScale(spec) },
    axes: [xAxis(theme, view), yAxis(spec, theme)],
    series: lines(spec.series, theme),
    legend: { show: false },
    focus: { alpha: 0.2 },
    cursor: cursor(view, theme, spec),
    hooks: {
      draw: [
        (chart) => drawMarks(chart, view.marks(), theme, panel.first),
        (chart) => drawMoment(chart, view.moment(), theme),
      ],
      setCursor: [(chart) => panel.moved(chart)],
      setSelect: [(chart) => select(chart, view)],
    },
  };
  return new uPlot(options, table(spec), target);
}

function select(chart, view) {
  const { left, width } = chart.select;
  if (width > 0) view.zoom(chart.posToVal(left, "x"), chart.posToVal(left + width, "x"));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function cursor(view, theme, spec) {
  const count = spec.series.length;
  return {
    y: false,
    drag: { x: true, y: false, setScale: false, dist: 4 },
    bind: { dblclick: () => () => view.reset() },
    sync: { key: view.syncKey, scales: ["x", null], filters: { pub: (kind) => kind === "mousemove" } },
    dataIdx: (chart, index, nearest, step) => {
      if (index === 0) return nearest;
      return index <= count ? null : nearestPoint(chart.data, index, nearest, step);
    },
    points: { size: 8, width: 1.5, stroke: () => theme.background,
              fill: (chart, index) => color(spec.series[(index - 1) % count], theme) },
  };
}

/** Index of the series' point nearest to `step`, looking outwards from `start`; null where it has none. */
function nearestPoint(data, index, start, step) {
  const values = data[index];
  let left = start;
  let right = start + 1;
  while (left >= 0 && values[left] == null) left -= 1;
  while (right < values.length && values[right] == null) right += 1;
  if (left < 0) return right < values.length ? right : null;
  if (right >= values.length) return left;
  return step - data[0][left] <= data[0][right] - step ? left : right;
}

export function color(series, theme) {
  return theme.dark ? series.dark : series.light;
}

/** Peaks behind the average: fainter still where many runs share the chart. */
function faintLine(series, theme, count) {
  const strength = (theme.dark ? 0.34 : 0.28) * (count > 3 ? 0.55 : 1);
  return { stroke: faded(color(series, theme), strength), width: 1, points: { show: false } };
}

/** Each value as a dot of its own. */
function scattered(series, theme) {
  const colour = faded(color(series, theme), theme.dark ? 0.55 : 0.4);
  return { stroke: colour, fill: colour, width: 0, paths: () => null,
           points: { show: true, size: 4, width: 0, fill: colour, stroke: colour } };
}

function lines(series, theme) {
  const faint = series.map((one) => faintLine(one, theme, series.length));
  return [{}, ...faint, ...series.map((one) => line(one, theme))];
}

function line(series, theme) {
  if (series.style === "dots") return scattered(series, theme);
  const dots = series.style === "points";
  return {
    stroke: color(series, theme),
    width: 2,
    dash: series.style === "dashed" ? [6, 4] : undefined,
    points: { size: POINT, width: 0, show: (chart, index, from, to) => dotted(chart, index, from, to, dots) },
  };
}

/** Dots where the style asks for them and there is room; and always for one or two points. */
function dotted(chart, index, from, to, dots) {
  let count = 0;
  for (let i = from; i <= to; i += 1) count += Number(chart.data[index][i] != null);
  return count <= 2 || (dots && count * ROOM < chart.width);
}

function yScale(spec) {
  if (!spec.log) return { range: (chart, low, high) => axes.linearRange(low, high, spec.percent) };
  return { distr: 3, range: (chart, low, high) => axes.logRange(low, high) };
}

function axisLooks(theme) {
  return {
    stroke: theme.muted,
    font: `12px ${theme.font}`,
    labelFont: `12px ${theme.font}`,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
  };
}

function xAxis(theme, view) {
  return {
    ...axisLooks(theme),
    grid: { show: false },
    border: { show: true, stroke: theme.axis, width: 1 },
    ticks: { show: true, stroke: theme.axis, width: 1, size: 4 },
    size: 26,
    gap: 4,
    label: view.small() ? undefined : () => (view.unit() > 1 ? "epoch" : "step"),
    labelSize: 18,
    space: (chart, axis, low, high) => (high > 1e5 && high < 1e6 && view.unit() === 1 ? 80 : 60),
    incrs: () => axes.increments(view.unit()),
    splits: (chart, axis, low, high, increment) => multiples(low, high, increment),
    values: (chart, ticks, axis, space, increment) =>
      axes.placeLabels(ticks.map((tick) => tick / view.unit()), increment / view.unit()),
  };
}

function yAxis(spec, theme) {
  const looks = { ...axisLooks(theme), size: 52, gap: 8, space: 30 };
  if (spec.log) return { ...looks, ...logAxis };
  return {
    ...looks,
    incrs: axes.INCREMENTS,
    splits: (chart, axis, low, high, increment) => multiples(low, high, increment),
    // before the first point nobody knows how far a loss will reach
    values: (chart, ticks, axis, space, increment) => {
      const known = chart.data[0].length || spec.percent;
      return known ? axes.valueLabels(ticks, increment, spec.percent) : ticks.map(() => "");
    },
  };
}

const logAxis = {
  splits: (chart, axis, low, high) => axes.logTicks(low, high, Math.max(3, chart.height / 30)),
  filter: (chart, ticks) => ticks,
  values: (chart, ticks) => (chart.data[0].length ? axes.logLabels(ticks) : ticks.map(() => "")),
};
