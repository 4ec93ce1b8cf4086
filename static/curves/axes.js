// Where ticks stand, what numbers look like, how far a scale reaches. Pure; knows nothing of the page.
const version = new URL(import.meta.url).search;
const { niceStep } = await import("../shared/scale.js" + version);
const { locale, numeral } = await import("../shared/translation.js" + version);

/** 1, 2 and 5 times each power of ten from `low` to `high`. */
function ladder(low, high) {
  const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return powers.flatMap((power) => [1, 2, 5].map((head) => Number(`${head}e${power}`)));
}

const FRACTIONS = ladder(-2, 12);
const WHOLES = ladder(0, 12);
export const INCREMENTS = ladder(-45, 38); // a loss may be any 32-bit number

/** [low, high] of a linear scale around the values: round ends, so that it seldom moves; zero if near. */
export function linearRange(low, high, percent) {
  if (low === null || (low === high && (percent || low === 0))) return [0, 1];
  if (low === high && low <= 0) return [low - 1, low + 1];
  const least = Math.abs(high) * 1e-3; // no closer than digits were sent
  const span = low === high ? high : Math.max(high - low, least);
  const step = niceStep(span / 7);
  const padding = (span - (high - low)) / 2 + span * 0.04;
  const from = low === high || (low >= 0 && low < span * 0.4) ? 0 : Math.floor((low - padding) / step) * step;
  const to = Math.ceil((high + (low === high ? 0 : padding)) / step) * step;
  return percent ? [Math.max(0, from), Math.min(1, to)] : [from, to];
}

/** [low, high] of a log scale: the next 1, 2 or 5 times a power of ten outside the values. */
export function logRange(low, high) {
  if (low === null) return [0.1, 1];
  return low === high ? [1 / niceStep(2 / low), niceStep(high * 2)] : [1 / niceStep(1 / low), niceStep(high)];
}

/** Ticks of a log scale: 1, 2 and 5 of each power of ten while there is room, else whole powers only. */
export function logTicks(low, high, room) {
  const from = Math.floor(Math.log10(low) + 1e-9);
  const to = Math.ceil(Math.log10(high) - 1e-9);
  const inside = (tick) => tick >= low * 0.999 && tick <= high * 1.001;
  const fine = ladder(from, to).filter(inside);
  if (fine.length <= room) return fine;
  const powers = ladder(from, to).filter((_, i) => i % 3 === 0).filter(inside);
  const keep = Math.ceil(powers.length / room);
  return powers.filter((_, i) => i % keep === 0);
}

/** Distances that may lie between two ticks, in steps, where one unit of the axis is `unit` steps. */
export function increments(unit) {
  return (unit > 1 ? FRACTIONS : WHOLES).map((step) => step * unit);
}

function decimals(increment) {
  return Math.min(8, Math.max(0, -Math.floor(Math.log10(increment) + 1e-9)));
}

export function integer(number) {
  return Math.round(number).toLocaleString(locale());
}

function fixed(number, digits) {
  return number.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Tick labels of the x-axis, in its own units, whose ticks lie `increment` apart: millions as M. */
export function placeLabels(ticks, increment) {
  if (Math.max(...ticks) < 1e6) return ticks.map((tick) => fixed(tick, decimals(increment)));
  return ticks.map((tick) => (tick ? `${fixed(tick / 1e6, decimals(increment / 1e6))}M` : "0"));
}

/** Tick labels of a linear y-axis whose ticks lie `increment` apart. */
export function valueLabels(ticks, increment, percent) {
  if (percent) return ticks.map((tick) => `${fixed(tick * 100, decimals(increment * 100))} %`);
  const written = increment >= 1e-8 ? (tick) => fixed(tick, decimals(increment)) : exponent;
  return ticks.map((tick) => (Math.abs(tick) < 1e5 && increment < 1e5 ? written(tick) : exponent(tick)));
}

/** Tick labels of a log axis. */
export function logLabels(ticks) {
  return ticks.map((tick) => {
    return tick >= 1e-4 && tick < 1e6 ? numeral(String(Number(tick.toPrecision(3)))) : exponent(tick);
  });
}

function exponent(number) {
  if (number === 0) return "0";
  const [head, power] = number.toExponential(2).split("e");
  return `${numeral(String(Number(head)))}e${Number(power)}`;
}

/** One value as the legend says it; `undefined` is no value yet, `null` came as NaN or infinity. */
export function reading(value, percent) {
  if (value === undefined) return "–";
  if (value === null) return "NaN";
  if (percent) return `${numeral((value * 100).toFixed(1))} %`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return exponent(value);
  return numeral(value.toFixed(size < 1 ? 4 : size < 100 ? 3 : 1));
}
