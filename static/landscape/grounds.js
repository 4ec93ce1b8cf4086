// The hills of the playground: height and slope of two weights, where to look, where to start. What each teaches stands in texts.js.
// `low` is the lowest height; `curve` is the greatest curvature where that is the same everywhere; `power` lowers the
// walls of the 3D view where they would hide the rest.

const sum = (rows) => rows.reduce((all, value) => all + value, 0);
const beale = (x, y) => [1.5 - x + x * y, 2.25 - x + x * y ** 2, 2.625 - x + x * y ** 3];

export const GROUNDS = {
  bowl: {
    formula: "f = (x² + y²) / 2",
    height: (x, y) => (x * x + y * y) / 2,
    slope: (x, y) => [x, y],
    xs: [-5, 5], ys: [-4, 4], start: [-4, 2.5], low: 0, curve: 1,
    goals: [[0, 0]],
    rates: { SGD: 0.1, Momentum: 0.1, Nesterov: 0.1, RMSprop: 0.1, Adam: 0.2, Adagrad: 0.8 },
  },
  valley: {
    formula: "f = (x² + 100 y²) / 2",
    height: (x, y) => (x * x + 100 * y * y) / 2,
    slope: (x, y) => [x, 100 * y],
    xs: [-5, 5], ys: [-2, 2], start: [-4.5, 1], low: 0, curve: 100,
    goals: [[0, 0]],
    rates: { SGD: 0.018, Momentum: 0.01, Nesterov: 0.01, RMSprop: 0.05, Adam: 0.2, Adagrad: 0.8 },
  },
  saddle: {
    formula: "f = x²/2 − y²/2 + y⁴/20 + 5/4",
    height: (x, y) => x * x / 2 - y * y / 2 + y ** 4 / 20 + 1.25,
    slope: (x, y) => [x, -y + y ** 3 / 5],
    xs: [-4, 4], ys: [-3.2, 3.2], start: [-3.2, 0.01], low: 0,
    goals: [[0, -Math.sqrt(5)], [0, Math.sqrt(5)]],
    rates: { SGD: 0.1, Momentum: 0.05, Nesterov: 0.05, RMSprop: 0.02, Adam: 0.05, Adagrad: 0.3 },
  },
  banana: {
    formula: "f = (1 − x)² + 100 (y − x²)²   (Rosenbrock)",
    height: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    slope: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    xs: [-2, 2], ys: [-1, 3], start: [-1.5, 2.5], low: 0, power: 0.35,
    goals: [[1, 1]],
    rates: { SGD: 0.0008, Momentum: 0.0005, Nesterov: 0.0005, RMSprop: 0.01, Adam: 0.05, Adagrad: 0.5 },
  },
  two: {
    formula: "f = (x² − 1)² + 0.3 x + y²/2 + 0.3054",
    height: (x, y) => (x * x - 1) ** 2 + 0.3 * x + y * y / 2 + 0.3054,
    slope: (x, y) => [4 * x * (x * x - 1) + 0.3, y],
    xs: [-2, 2], ys: [-1.6, 1.6], start: [1.7, 1.1], low: 0,
    goals: [[-1.0355, 0]],
    rates: { SGD: 0.05, Momentum: 0.02, Nesterov: 0.02, RMSprop: 0.02, Adam: 0.05, Adagrad: 0.3 },
  },
  beale: {
    formula: "f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    height: (x, y) => sum(beale(x, y).map((part) => part * part)),
    slope: (x, y) => {
      const parts = beale(x, y);
      const across = [y - 1, y ** 2 - 1, y ** 3 - 1], along = [x, 2 * x * y, 3 * x * y * y];
      return [2 * sum(parts.map((part, at) => part * across[at])), 2 * sum(parts.map((part, at) => part * along[at]))];
    },
    xs: [-4.5, 4.5], ys: [-4.5, 4.5], start: [1, 1.6], low: 0, power: 0.2,
    goals: [[3, 0.5]],
    rates: { SGD: 0.01, Momentum: 0.005, Nesterov: 0.002, RMSprop: 0.02, Adam: 0.05, Adagrad: 0.3 },
  },
};

/** The greatest curvature at a place: the larger eigenvalue of the second derivatives, from differences of slopes. */
export function curvature(ground, [x, y], gap = 1e-4) {
  const [right, left, up, down] = [[x + gap, y], [x - gap, y], [x, y + gap], [x, y - gap]].map((at) => ground.slope(...at));
  const [a, b, c] = [right[0] - left[0], (right[1] - left[1] + up[0] - down[0]) / 2, up[1] - down[1]].map((d) => d / (2 * gap));
  return (a + c) / 2 + Math.hypot((a - c) / 2, b);
}
