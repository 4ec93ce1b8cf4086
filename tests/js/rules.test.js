// The optimizers of the playground: what the papers say of a step. tests/browser compares whole paths with torch.
import assert from "node:assert/strict";
import { test } from "node:test";

import { GROUNDS } from "../../static/landscape/grounds.js";
import { KINDS, LIMITS, racer, step } from "../../static/landscape/rules.js";

const close = (value, expected, room = 1e-6) => assert.ok(Math.abs(value - expected) <= room, `${value}, not ${expected}`);

test("Adam's first step is as long as the rate, whatever the gradient (Kingma and Ba, 2015)", () => {
  for (const gradient of [1e-3, 1, 1e3]) {
    const one = racer("Adam", 0.1, 0.9, [1, 1]);
    step(one, [gradient, -gradient]);
    close(one.at[0], 0.9, 2e-6);
    close(one.at[1], 1.1, 2e-6);
  }
});

test("momentum grows towards 1 / (1 - momentum) times a constant gradient", () => {
  const one = racer("Momentum", 0.01, 0.9, [0, 0]);
  let before = 0;
  for (let i = 0; i < 200; i += 1) {
    before = one.at[0];
    step(one, [1, 0]);
  }
  close(one.at[0] - before, -0.1, 1e-8);
});

test("a rate below the limit settles in the bowl, one above it does not", () => {
  for (const kind of Object.keys(LIMITS)) {
    const limit = LIMITS[kind](1, 0.9);
    const ends = [0.95, 1.05].map((times) => {
      const one = racer(kind, limit * times, 0.9, [1, 1]);
      for (let i = 0; i < 2000; i += 1) step(one, one.at);
      return Math.hypot(...one.at);
    });
    assert.ok(ends[0] < 1e-3 && !(ends[1] < 1e3), `${kind}: ${ends}`);
  }
});

test("every kind goes downhill", () => {
  for (const kind of KINDS) {
    const one = racer(kind, 0.01, 0.9, [2, -1]);
    step(one, [2, -1]);
    assert.ok(one.at[0] < 2 && one.at[1] > -1, kind);
  }
});

test("the slope of every surface is the derivative of its height", () => {
  for (const [name, { height, slope, start: [x, y] }] of Object.entries(GROUNDS)) {
    const h = 1e-5;
    const [dx, dy] = slope(x, y);
    const scale = 1 + Math.abs(dx) + Math.abs(dy);
    close((height(x + h, y) - height(x - h, y)) / (2 * h) / scale, dx / scale, 1e-5);
    close((height(x, y + h) - height(x, y - h)) / (2 * h) / scale, dy / scale, 1e-5);
    assert.ok(name);
  }
});
