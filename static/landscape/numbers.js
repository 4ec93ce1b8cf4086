// Numbers as people read them.

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** Three digits that count, a true minus, a power of ten where it is tiny or huge. */
export function num(value, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e5) {
    const [head, power] = value.toExponential(digits - 1).split("e");
    const raised = Array.from(power.replace("+", ""), (sign) => RAISED[sign]).join("");
    return `${head.replace("-", "−")}·10${raised}`;
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(decimals, 5)).replace("-", "−");
}

/** A number without needless zeros, for axes. */
export function plain(value) {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? num(value, 1) : String(Number(value.toPrecision(4))).replace("-", "−");
}

/** Round numbers between low and high, about `most` of them. */
export function rounds(low, high, most) {
  const rough = (high - low) / most || 1, power = 10 ** Math.floor(Math.log10(rough));
  const gap = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const found = [];
  for (let at = Math.ceil(low / gap - 1e-9) * gap; at <= high + gap * 1e-6; at += gap) found.push(Number(at.toPrecision(12)));
  return found;
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
