// By which whole number a small picture is enlarged.
import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";

const { enlargement } = await import("../../static/shared/picture.js");

test("a picture grows by a whole number, to its room and no further", () => {
  assert.equal(enlargement([28, 28], [300, 260], 8), 8);
  assert.equal(enlargement([100, 50], [300, 260], 8), 3);
  assert.equal(enlargement([100, 100], [300, 260], 8), 2);
  assert.equal(enlargement([500, 50], [300, 260], 8), 1, "one that is wider than its room is not made smaller here");
});
