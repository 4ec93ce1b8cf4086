// How each optimizer moves two weights: torch's own rules (torch.optim), held to torch in tests/browser.
// A racer is {kind, rate, momentum, at: [x, y]} and what its rule remembers; `step` moves it once.

const BETAS = [0.9, 0.999], ALPHA = 0.99, EPS = 1e-8, ADAGRAD_EPS = 1e-10;

export const KINDS = ["SGD", "Momentum", "Nesterov", "RMSprop", "Adam", "Adagrad"];

/** The rate above which a rule never settles where the surface bends with `curve` (a bowl); null: it has none. */
export const LIMITS = {
  SGD: (curve) => 2 / curve,
  Momentum: (curve, mu) => (2 + 2 * mu) / curve,
  Nesterov: (curve, mu) => (2 + 2 * mu) / (1 + 2 * mu) / curve,
};

export function racer(kind, rate, momentum, start) {
  return { kind, rate, momentum, at: [...start], steps: 0, first: [0, 0], second: [0, 0] };
}

/** One update with the slope `g` [gx, gy] at the racer's place. */
export function step(one, g) {
  one.steps += 1;
  RULES[one.kind](one, g);
}

const each = (work) => (one, g) => {
  for (const axis of [0, 1]) one.at[axis] -= one.rate * work(one, g[axis], axis);
};

const roll = (one, g, axis) => (one.first[axis] = one.steps === 1 ? g : one.momentum * one.first[axis] + g);

const RULES = {
  SGD: each((one, g) => g),
  Momentum: each(roll),
  Nesterov: each((one, g, axis) => g + one.momentum * roll(one, g, axis)),
  RMSprop: each((one, g, axis) => {
    one.second[axis] = ALPHA * one.second[axis] + (1 - ALPHA) * g * g;
    return g / (Math.sqrt(one.second[axis]) + EPS);
  }),
  Adam: each((one, g, axis) => {
    one.first[axis] = BETAS[0] * one.first[axis] + (1 - BETAS[0]) * g;
    one.second[axis] = BETAS[1] * one.second[axis] + (1 - BETAS[1]) * g * g;
    const mean = one.first[axis] / (1 - BETAS[0] ** one.steps), spread = one.second[axis] / (1 - BETAS[1] ** one.steps);
    return mean / (Math.sqrt(spread) + EPS);
  }),
  Adagrad: each((one, g, axis) => {
    one.second[axis] += g * g;
    return g / (Math.sqrt(one.second[axis]) + ADAGRAD_EPS);
  }),
};
