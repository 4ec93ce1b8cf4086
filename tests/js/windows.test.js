// The arithmetic of a sliding window, against sums written out.
import assert from "node:assert/strict";
import { test } from "node:test";

import { convolve, covered, pool, products, reader } from "../../static/motion/windows.js";

const SQUARE = { shape: [1, 3, 3], numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9], size: [2, 2], stride: [1, 1], padding: [0, 0],
  dilation: [1, 1], weights: [1, 10, 100, 1000], bias: 0.5, out: [2, 2] };

test("a window covers what torch's does", () => {
  assert.deepEqual(covered(SQUARE, 0, 1, 1).map((cell) => cell.value), [5, 6, 8, 9]);
  assert.deepEqual(covered({ ...SQUARE, stride: [2, 2], padding: [1, 1] }, 0, 0, 0).map((cell) => [cell.pad, cell.value]),
    [[true, 0], [true, 0], [true, 0], [false, 1]]);
  assert.deepEqual(covered({ ...SQUARE, dilation: [2, 2] }, 0, 0, 0).map((cell) => cell.value), [1, 3, 7, 9]);
});

test("a convolution is the sum of its products and the bias", () => {
  assert.equal(products(SQUARE, 0, 0, 0).sum, 1 + 20 + 400 + 5000);
  assert.equal(convolve(SQUARE, 0, 0).total, 5421.5);
  const two = { ...SQUARE, shape: [2, 3, 3], numbers: [...SQUARE.numbers, ...SQUARE.numbers], weights: [...SQUARE.weights, 1, 1, 1, 1] };
  assert.deepEqual(convolve(two, 0, 0).sums, [5421, 12]);
});

test("a maximum is never taken from the padding, a mean counts it as zero", () => {
  const negative = { ...SQUARE, numbers: SQUARE.numbers.map((value) => -value), padding: [1, 1], slides: "max" };
  assert.equal(pool(negative, 0, 0).total, -1);
  assert.equal(pool({ ...SQUARE, padding: [1, 1], slides: "mean" }, 0, 0).total, 0.25);
});

test("the window around a cell has the cell inside", () => {
  for (const at of [{ row: 0, column: 0 }, { row: 1, column: 2 }, { row: 2, column: 2 }]) {
    const [row, column] = reader(SQUARE, at);
    assert.ok(covered(SQUARE, 0, row, column).some((cell) => cell.row === at.row && cell.column === at.column));
  }
});
