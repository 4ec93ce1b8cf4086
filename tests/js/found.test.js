// What was found counts for just the span and the threshold that it was asked for.
import assert from "node:assert/strict";
import { test } from "node:test";

const { foundFor } = await import("../../static/look/found.js");

test("an answer to another span or threshold, or to none, is no answer", () => {
  const found = { start: 2, stop: 5, threshold: 0.3 };
  assert.equal(foundFor(found, [2, 5], 0.1 + 0.2), found);
  for (const [span, threshold] of [[[2, 6], 0.3], [[1, 5], 0.3], [[2, 5], 0.31], [null, 0.3]]) assert.equal(foundFor(found, span, threshold), null);
  assert.equal(foundFor(null, [2, 5], 0.3), null);
});
