// Ticks, ranges and labels of the live curves.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as axes from "../../static/curves/axes.js";

test("a linear range holds its values", () => {
  for (const [low, high] of [[0.1, 2.3], [-4, 4], [0.29, 0.31], [1e-5, 3e-5], [7, 7], [-2, -2], [0, 0]]) {
    const [from, to] = axes.linearRange(low, high, false);
    assert.ok(from <= low && to >= high && from < to, `${low} to ${high} gives ${from} to ${to}`);
  }
});

test("a range of percentages stays between 0 and 1", () => {
  assert.deepEqual(axes.linearRange(0.02, 0.999, true), [0, 1]);
  assert.deepEqual(axes.linearRange(null, null, true), [0, 1]);
});

test("a logarithmic range holds its values", () => {
  for (const [low, high] of [[0.003, 2.3], [1, 1000], [0.5, 0.5], [2e-8, 3]]) {
    const [from, to] = axes.logRange(low, high);
    assert.ok(from > 0 && from <= low && to >= high, `${low} to ${high} gives ${from} to ${to}`);
  }
});

test("logarithmic ticks are no more than there is room for, and rise", () => {
  assert.deepEqual(axes.logTicks(0.1, 10, 10), [0.1, 0.2, 0.5, 1, 2, 5, 10]);
  for (const room of [3, 5, 9]) {
    const ticks = axes.logTicks(1e-9, 1e3, room);
    assert.ok(ticks.length <= room && ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]));
  }
});

test("labels have the decimals that tell neighbours apart", () => {
  assert.deepEqual(axes.valueLabels([0, 0.2, 0.4], 0.2, false), ["0.0", "0.2", "0.4"]);
  assert.deepEqual(axes.valueLabels([0, 0.05, 0.1], 0.05, true), ["0 %", "5 %", "10 %"]);
  assert.deepEqual(axes.placeLabels([0, 5e5, 1e6], 5e5), ["0", "0.5M", "1.0M"]);
  assert.deepEqual(axes.logLabels([1e-5, 0.01, 1, 1000]), ["1e-5", "0.01", "1", "1000"]);
});

test("a reading tells no value from one that is not finite", () => {
  assert.equal(axes.reading(undefined, false), "–");
  assert.equal(axes.reading(null, false), "NaN");
  assert.equal(axes.reading(0.9712, true), "97.1 %");
  assert.equal(axes.reading(0.00012, false), "1.2e-4");
  assert.equal(axes.reading(12.3456, false), "12.346");
});

test("an axis has ticks however far a training goes astray, or however near it comes", () => {
  for (const [low, high] of [[2.3, 4.1e16], [0, 3e38], [1e-15, 4e-15], [0, 2e13]]) {
    const [from, to] = axes.linearRange(low, high, false);
    const fitting = axes.INCREMENTS.filter((step) => (to - from) / step >= 2 && (to - from) / step <= 6);
    assert.ok(fitting.length > 0, `nothing divides ${from} to ${to}`);
  }
  assert.deepEqual(axes.valueLabels([0, 2e-15, 4e-15], 2e-15, false), ["0", "2e-15", "4e-15"]);
  assert.deepEqual(axes.valueLabels([0, 2e16, 4e16], 2e16, false), ["0", "2e16", "4e16"]);
});
