// From values to places on an axis, and where its ticks stand. `spec`: {low, high, log, labels, percent}.
const { plain } = await import("./dom.js" + new URL(import.meta.url).search);

/** A share of the axis, 0 to 1, for a value. */
export function share(spec, value) {
  const [low, high, at] = spec.log ? [spec.low, spec.high, value].map(Math.log10) : [spec.low, spec.high, value];
  return high > low ? (at - low) / (high - low) : 0.5;
}

/** Ticks as {at, text}: the names of an axis of words, powers of ten, or round numbers. */
export function ticks(spec, most = 6) {
  if (spec.labels) return spec.labels.map((text, at) => ({ at, text }));
  const values = spec.log ? logTicks(spec, most) : roundTicks(spec, most);
  return values.map((at) => ({ at, text: spec.percent ? `${Number((at * 100).toPrecision(4))} %` : plain(at) }));
}

function logTicks({ low, high }, most) {
  const all = (factors) => {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
      found.push(...factors.map((factor) => factor * 10 ** power));
    }
    return found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
  };
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const found = all(factors);
    if (found.length <= most && found.length > 1) return found;
  }
  const powers = all([1]);
  const every = Math.ceil(powers.length / most) || 1;
  return powers.length > 1 ? powers.filter((_, index) => index % every === 0) : [low, high];
}

function roundTicks({ low, high }, most) {
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const gap = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const found = [];
  for (let at = Math.ceil(low / gap - 1e-9) * gap; at <= high + gap * 1e-6; at += gap) found.push(Number(at.toPrecision(12)));
  return found;
}
