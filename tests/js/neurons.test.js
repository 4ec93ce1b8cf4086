// Numbers as people type them, what has moved, and where neurons stand and are found.
import assert from "node:assert/strict";
import { test } from "node:test";

import { layout, lineAt, unitAt } from "../../static/neurons/layout.js";
import { changes, largest, parse, placesOf } from "../../static/neurons/numbers.js";

test("numbers are read as they are written", () => {
  const read = { "1.5": 1.5, "1,5": 1.5, "3/2": 1.5, " -3 / 2 ": -1.5, "−0,25": -0.25, "1e-3": 0.001, ".5": 0.5, "7.": 7,
    "1,234.5": 1234.5, "1000000": 1e6, "+2": 2 };
  for (const [text, value] of Object.entries(read)) assert.equal(parse(text), value, text);
});

test("what is no number that a weight can have is null", () => {
  for (const text of ["", " ", "abc", "1/0", "0/0", "1/2/3", "1e9", "-1000001", "1.2.3", "1,2,3", "Infinity", "NaN", "0x10",
    "--1", "1 2x"]) assert.equal(parse(text), null, text);
});

test("all places are drawn where none are named", () => {
  assert.deepEqual(placesOf({ places: null, units: 2, inputs: 3 }), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(placesOf({ places: [1, 4], units: 2, inputs: 3 }), [1, 4]);
});

test("a change is known where the weight was drawn before", () => {
  const moved = changes([0, 4], Float32Array.of(1.5, 2), new Map([[0, 1]]));
  assert.equal(moved[0], 0.5);
  assert.ok(Number.isNaN(moved[1]));
  assert.ok(Number.isNaN(changes([0], Float32Array.of(1), undefined)[0]));
});

test("the largest leaves out what is no number", () => {
  assert.equal(largest([1, -3, NaN, Infinity]), 3);
  assert.equal(largest([]), 1);
});

for (const [width, sizes] of [[1000, [2, 8, 8, 1]], [1000, [784, 128, 64, 10]], [360, [2, 8, 1]], [340, [784, 256, 10]]]) {
  test(`neurons of ${sizes} stand apart and inside ${width} pixels`, () => {
    const stages = sizes.map((count) => ({ width: count, picture: count === 784 ? [1, 28, 28] : null }));
    const places = layout(stages, width, 460), all = places.flatMap(({ units, radius }) => units.map((unit) => ({ ...unit, radius })));
    for (const { x, y, radius } of all) assert.ok(x - radius >= 0 && x + radius <= width && y - radius >= 18 && y + radius <= 460);
    const order = places.map(({ x }) => x);
    assert.deepEqual(order, order.toSorted((a, b) => a - b));
    places.forEach(({ units }, stage) => units.forEach(({ x, y }, unit) => {
      if (width > 400) assert.deepEqual(unitAt(places, x, y), [stage, unit]);
    }));
  });
}

test("the nearest line within reach is found", () => {
  const lines = [{ id: 1, x1: 0, y1: 0, x2: 100, y2: 0 }, { id: 2, x1: 0, y1: 8, x2: 100, y2: 8 }];
  assert.equal(lineAt(lines, 50, 3).id, 1);
  assert.equal(lineAt(lines, 50, 6).id, 2);
  assert.equal(lineAt(lines, 50, 20), null);
  assert.equal(lineAt(lines, 120, 0), null);
});
