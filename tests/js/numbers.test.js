// Numbers as people read them, on every page.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as numbers from "../../static/shared/numbers.js";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** The value that a text stands for. */
function parsed(text) {
  const [head, power = "⁰"] = text.replaceAll("−", "-").split("·10");
  const digits = [...power].map((sign) => (sign === "⁻" ? "-" : RAISED.indexOf(sign))).join("");
  return Number(head) * 10 ** Number(digits);
}

test("base64 comes back as the floats that Python sent, bit for bit", () => {
  const sent = new Float32Array([0, -1.5, Math.PI, 1e-30, Infinity]);
  assert.deepEqual(numbers.floats(Buffer.from(sent.buffer).toString("base64")), sent);
});

test("a number is right to its digits at every size", () => {
  for (const digits of [2, 3, 5]) {
    for (let value = 1.2345e-12; value < 1e12; value *= 7.31) {
      for (const signed of [value, -value]) {
        const error = Math.abs(parsed(numbers.num(signed, digits)) / signed - 1);
        assert.ok(error <= 5.01 * 10 ** -digits, `${signed} reads ${numbers.num(signed, digits)}`);
      }
    }
  }
});

test("labels have no needless zeros", () => {
  assert.deepEqual([0, 0.5, -2, 1234.5, 0.0005].map((value) => numbers.plain(value)), ["0", "0.5", "−2", "1235", "0.0005"]);
  assert.deepEqual([3e-6, 2e7].map((value) => numbers.plain(value)), ["3·10⁻⁶", "2·10⁷"]);
  assert.equal(numbers.plain(0.03456, 3), "0.0346");
});

test("what is no number says so", () => {
  assert.deepEqual([null, undefined, NaN].map((value) => numbers.num(value)), ["–", "–", "–"]);
  assert.deepEqual([Infinity, -Infinity, 0].map((value) => numbers.num(value)), ["∞", "−∞", "0"]);
  for (const write of [numbers.short, numbers.signed, numbers.percent, numbers.decimalPercent]) assert.equal(write(NaN), "–", write.name);
  assert.equal(numbers.percent(null), "–");
});

test("terms of a sum and factors carry their sign", () => {
  assert.equal(numbers.term(-0.5), "− 0.500");
  assert.equal(numbers.term(0.5), "+ 0.500");
  assert.equal(numbers.factor(-2), "(−2.00)");
  assert.equal(numbers.signed(-1.234), "−1.23");
  assert.equal(numbers.signed(0.0012), "+1·10⁻³");
});

test("small numbers below a row of symbols do not crowd it, unless all are small", () => {
  const row = (...values) => values.map((value) => numbers.signedBeside(value, Math.max(...values.map(Math.abs))));
  assert.deepEqual(row(9.98, -0.02, 3e-5, -4e-4, 0), ["+9.98", "−0.02", "≈ 0", "≈ 0", "0"]);
  assert.deepEqual(row(3e-5, -1e-5, 0), ["+3·10⁻⁵", "−1·10⁻⁵", "0"]);
});

test("a percentage is never rounded to all or nothing", () => {
  const fractions = [0, 0.001, 0.42, 0.999, 1];
  assert.deepEqual(fractions.map((fraction) => numbers.percent(fraction)), ["0 %", "< 1 %", "42 %", "> 99 %", "100 %"]);
  assert.equal(numbers.decimalPercent(0.9712), "97.1 %");
});

test("what rounds to zero has no sign", () => {
  assert.equal(numbers.short(-0.001), "0.00");
  assert.equal(numbers.short(-0.25), "−0.25");
});

test("a range leaves out what is not finite", () => {
  assert.deepEqual(numbers.range([NaN, 3, -1, Infinity]), [-1, 3]);
  assert.deepEqual(numbers.range([NaN]), [0, 1]);
});

test("what is missing is left out", () => {
  assert.deepEqual(numbers.known([1, null, 0, undefined]), [1, 0]);
  assert.equal(numbers.last([1, 2, null]), 2);
  assert.equal(numbers.last([null]), null);
});

test("a count is short where it is large", () => {
  assert.deepEqual([980, 1234, 109386, 999_950, 1234567].map(numbers.compact), ["980", "1.2k", "109k", "1M", "1.2M"]);
});
