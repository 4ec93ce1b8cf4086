// Where the ticks of an axis stand. Pure; knows nothing of the page.

/** The next of 1, 2, 5, 10, 20, ... at or above `rough`. */
export function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const head = rough / power;
  return power * (head <= 1.0001 ? 1 : head <= 2.0001 ? 2 : head <= 5.0001 ? 5 : 10);
}

/** Multiples of `increment` from `low` to `high`. */
export function multiples(low, high, increment) {
  const first = Math.ceil(low / increment - 1e-9);
  const count = Math.floor(high / increment + 1e-6) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * increment).toPrecision(12)));
}

/** Round numbers between low and high, about `most` of them. */
export function rounds(low, high, most) {
  return multiples(low, high, niceStep((high - low) / most || 1));
}

/** 1, 2, 5, 10, 20 ... between two positive numbers; fewer of them, or round ones, so that about `most` are there. */
export function powers(low, high, most) {
  const all = (factors) => {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
      found.push(...factors.map((factor) => Number((factor * 10 ** power).toPrecision(3))));
    }
    return found.filter((value) => value >= low && value <= high);
  };
  const choices = [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]].map(all);
  const fitting = choices.find((found) => found.length <= most) ?? choices.at(-1);
  return fitting.length > most / 3 ? fitting : rounds(low, high, most);
}
