// Numbers as people read them: Slow motion, Look, Explain.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as explain from "../../static/explain/numbers.js";
import * as look from "../../static/look/numbers.js";
import * as motion from "../../static/motion/numbers.js";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** The value that a text of Slow motion stands for. */
function parsed(text) {
  const [head, power = "⁰"] = text.replaceAll("−", "-").split("·10");
  const digits = [...power].map((sign) => (sign === "⁻" ? "-" : RAISED.indexOf(sign))).join("");
  return Number(head) * 10 ** Number(digits);
}

test("base64 comes back as the floats that Python sent, bit for bit", () => {
  const sent = new Float32Array([0, -1.5, Math.PI, 1e-30, Infinity]);
  const text = Buffer.from(sent.buffer).toString("base64");
  for (const module of [explain, look, motion]) assert.deepEqual(module.floats(text), sent);
});

test("a number in Slow motion is right to three digits at every size", () => {
  for (let value = 1.2345e-12; value < 1e12; value *= 7.31) {
    for (const signed of [value, -value]) {
      const error = Math.abs(parsed(motion.num(signed)) / signed - 1);
      assert.ok(error <= 0.005, `${signed} reads ${motion.num(signed)}`);
    }
  }
});

test("what is no number says so", () => {
  assert.deepEqual([null, undefined, NaN].map((value) => motion.num(value)), ["–", "–", "–"]);
  assert.deepEqual([Infinity, -Infinity, 0].map((value) => motion.num(value)), ["∞", "−∞", "0"]);
  assert.equal(look.short(NaN), "–");
  assert.equal(explain.signed(Infinity), "–");
});

test("terms of a sum and factors carry their sign", () => {
  assert.equal(motion.signed(-0.5), "− 0.500");
  assert.equal(motion.signed(0.5), "+ 0.500");
  assert.equal(motion.factor(-2), "(−2.00)");
  assert.equal(explain.signed(-1.234), "−1.23");
});

test("a percentage is never rounded to all or nothing", () => {
  for (const { percent } of [look, motion]) {
    assert.deepEqual([0, 0.001, 0.42, 0.999, 1].map((value) => percent(value)), ["0 %", "< 1 %", "42 %", "> 99 %", "100 %"]);
  }
});

test("what rounds to zero has no sign", () => {
  assert.equal(look.short(-0.001), "0.00");
  assert.equal(look.short(-0.25), "−0.25");
});

test("a range leaves out what is not finite", () => {
  assert.deepEqual(look.range([NaN, 3, -1, Infinity]), [-1, 3]);
  assert.deepEqual(look.range([NaN]), [0, 1]);
});

test("a count agrees with its noun", () => {
  assert.equal(motion.plural(1, "unit"), "1 unit");
  assert.equal(motion.plural(1234, "unit"), "1,234 units");
});
