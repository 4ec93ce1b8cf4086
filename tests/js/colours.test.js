// The scales of pictures: where a value stands in them, and how a canvas takes them.
import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";

const { gradient, packed, palette, place, signedPlace, SIZE } = await import("../../static/shared/colours.js");

test("a scale begins and ends with its own colours", () => {
  const { css, rgb, bright } = palette("signed", false);
  assert.equal(css.length, SIZE);
  assert.deepEqual([rgb[0], rgb.at(-1)], [[0x1D, 0x4A, 0x96], [0xA6, 0x2A, 0x1E]]);
  assert.deepEqual([bright[0], bright[127], bright.at(-1)], [false, true, false]);
  assert.equal(palette("signed", false), palette("signed", false), "made once");
});

test("packed colours are opaque and in the order of memory", () => {
  const [red, green, blue, alpha] = new Uint8Array(Uint32Array.of(packed([1, 2, 3])).buffer);
  assert.deepEqual([red, green, blue, alpha], [1, 2, 3, 255]);
});

test("a value's place is between the ends, whatever it is", () => {
  assert.deepEqual([-1, 0, 5, 10, 99].map((value) => place(value, 0, 10)), [0, 0, 128, 255, 255]);
  assert.equal(place(0.25, 0, 1, 0.5), 128, "bent, so that small fractions are seen");
});

test("zero is in the middle of a signed scale, also where all is zero", () => {
  assert.deepEqual([-2, 0, 2].map((value) => signedPlace(value, 2)), [0, 128, 255]);
  assert.equal(signedPlace(0, 0), 128);
});

test("a gradient runs from the lowest to the highest", () => {
  const { css } = palette("fraction", true);
  assert.ok(gradient({ css }).startsWith(`linear-gradient(to right, ${css[0]}`) && gradient({ css }).endsWith(`${css.at(-1)})`));
});
