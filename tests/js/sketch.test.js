import assert from "node:assert/strict";
import test from "node:test";

import { blank, nudged, pieces, pointAt, stroked } from "../../static/sketch/curve.js";

test("a stroke fills what lies between its ends, whichever way it goes", () => {
  const right = stroked(blank(5), { at: 0, height: 0 }, { at: 4, height: 1 });
  assert.deepEqual(right, [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(stroked(blank(5), { at: 4, height: 1 }, { at: 0, height: 0 }), right);
  assert.deepEqual(stroked(blank(3), { at: 1, height: 0.2 }, { at: 1, height: 0.9 }), [null, 0.9, null]);
});

test("heights stay on the axes", () => {
  assert.deepEqual(stroked(blank(2), { at: 0, height: -3 }, { at: 1, height: 7 }), [0, 1]);
  assert.equal(pointAt(-1, 24), 0);
  assert.equal(pointAt(2, 24), 23);
});

test("a key moves one point; a new one begins at its neighbour's height", () => {
  assert.deepEqual(nudged([0.5, null], 1, -0.25), [0.5, 0.25]);
  assert.deepEqual(nudged([null, null], 0, 0.25), [0.75, null]);
});

test("a curve is drawn in pieces where there are gaps", () => {
  const box = { left: 0, top: 0, width: 20, height: 10 };
  assert.deepEqual(pieces([0, 1, null, 0.5, null], box), ["0.0,10.0 5.0,0.0", "15.0,5.0"]);
  assert.deepEqual(pieces([null], box), []);
});
