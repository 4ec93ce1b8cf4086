// A design from what is new of it: the same as the whole, and nothing where it cannot be put together.
import assert from "node:assert/strict";
import { test } from "node:test";

import { completed } from "../../web/canvas/src/delta.ts";

const node = (name, kind = "K", picture = null) => ({ name, kind, picture });
const wire = (source, target, shape = "8") => ({ source, target, slot: 0, shape });
const base = { inputs: [node("in")], nodes: [node("a", "K", "data:a"), node("b"), node("c")], wires: [wire("in", "a"), wire("a", "b"), wire("b", "c")], blocks: [], output: "c" };
const patch = (more) => ({ set: [], gone: [], after: [], order: null, ...more });
const same = { inputs: null, nodes: null, wires: null, blocks: null, output: "c" };

test("a list that is as it was is the one before", () => {
  assert.deepEqual(completed(same, base), base);
});

test("what changed stands in its place, with the picture that it had", () => {
  const sent = { ...same, nodes: patch({ set: [node("a", "L", "=")] }) };
  assert.deepEqual(completed(sent, base).nodes, [node("a", "L", "data:a"), node("b"), node("c")]);
});

test("what is new stands behind what it stands behind, also at the top and in a row, and what has gone is gone", () => {
  const sent = { ...same, nodes: patch({ set: [node("first"), node("x"), node("y")], gone: ["b"], after: [["first", ""], ["x", "a"], ["y", "x"]] }),
    wires: patch({ set: [wire("in", "a", "9"), wire("y", "c")], gone: ["a>b>0", "b>c>0"], after: [["y>c>0", "in>a>0"]] }) };
  const found = completed(sent, base);
  assert.deepEqual(found.nodes.map(({ name }) => name), ["first", "a", "x", "y", "c"]);
  assert.deepEqual(found.wires, [wire("in", "a", "9"), wire("y", "c")]);
});

test("an order that changed is said whole", () => {
  const sent = { ...same, nodes: patch({ order: ["c", "a", "b"] }) };
  assert.deepEqual(completed(sent, base).nodes.map(({ name }) => name), ["c", "a", "b"]);
});

test("a whole design needs nothing before it, and one that speaks of what is not there is none", () => {
  assert.deepEqual(completed(base, null), base);
  assert.equal(completed({ ...same, nodes: patch({ order: ["z"] }) }, base), null);
  assert.equal(completed({ ...same, nodes: patch({ set: [node("a")] }) }, null), null);
  assert.equal(completed({ ...base, wires: null }, null), null);
});
