// Ticks of every axis that is drawn by hand.
import assert from "node:assert/strict";
import { test } from "node:test";

import { multiples, niceStep, powers, rounds } from "../../static/shared/scale.js";

test("a step is 1, 2 or 5 times a power of ten, at or above what was asked", () => {
  for (let rough = 1e-6; rough < 1e6; rough *= 1.37) {
    const step = niceStep(rough);
    const head = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
    assert.ok([1, 2, 5, 10].some((nice) => Math.abs(head - nice) < 1e-6), `${rough} gives ${step}`);
    assert.ok(step >= rough * 0.9998 && step <= rough * 2.5001, `${rough} gives ${step}`);
  }
});

test("multiples reach from end to end", () => {
  assert.deepEqual(multiples(0, 1, 0.25), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(multiples(-3, 3, 2), [-2, 0, 2]);
  assert.deepEqual(multiples(0.1, 0.2, 1), []);
});

test("round numbers are within, about as many as asked, and read well", () => {
  assert.deepEqual(rounds(-2, 2, 4), [-2, -1, 0, 1, 2]);
  assert.deepEqual(rounds(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(rounds(5, 5, 4), [5]);
});

test("powers rise, are within, and are round numbers where the span is short", () => {
  assert.deepEqual(powers(1, 1000, 5), [1, 10, 100, 1000]);
  assert.deepEqual(powers(1e-3, 1e3, 3), [0.001, 0.01, 0.1, 1, 10, 100, 1000], "no fewer than whole powers");
  for (const [low, high] of [[0.3, 0.9], [1.01, 1.2], [2e-7, 4e3]]) {
    const ticks = powers(low, high, 5);
    assert.ok(ticks.length > 1 && ticks.every((tick, at) => tick >= low && tick <= high && (at === 0 || tick > ticks[at - 1])));
  }
});
