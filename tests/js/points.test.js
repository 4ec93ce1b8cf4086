// Points as text, and which of them a hand may take.
import assert from "node:assert/strict";
import { test } from "node:test";

const { nearest, read, removable, write } = await import("../../static/points/points.js");

test("points come back as they were written", () => {
  const text = "-45 30 A; 12 8 B; 0 0 J";
  assert.equal(write(read(text)), text);
  assert.deepEqual(read(text)[2], { x: 0, y: 0, label: 9 });
});

test("the nearest point within reach is taken", () => {
  const points = read("0 0 A; 10 0 A; 50 50 B");
  assert.equal(nearest(points, { x: 8, y: 1 }, 7), 1);
  assert.equal(nearest(points, { x: 30, y: 30 }, 7), -1);
  assert.equal(nearest([], { x: 0, y: 0 }, 7), -1);
});

test("enough points of two classes are left", () => {
  const points = read("0 0 A; 1 0 A; 2 0 A; 3 0 B");
  assert.equal(removable(points, 0, 3), true);
  assert.equal(removable(points, 0, 4), false);
  assert.equal(removable(points, 3, 3), false);
});
