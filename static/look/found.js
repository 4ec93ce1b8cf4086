// What Python was asked for of units over a span of steps.
const CLOSE = 1e-9; // two thresholds that are one

/** What was found, where it is of this span and this threshold; else null: Python has not answered yet. */
export function foundFor(found, span, threshold) {
  const same = found && span && found.start === span[0] && found.stop === span[1] && Math.abs(found.threshold - threshold) < CLOSE;
  return same ? found : null;
}
