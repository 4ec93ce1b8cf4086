// A design from what is new of it: the same as the whole, and nothing where it cannot be put together.
import assert from "node:assert/strict";
import { test } from "node:test";

import { completed } from "../../web/canvas/src/delta.ts";

const node = (name, kind = "K", picture = null) => ({ name, kind, picture });
const base = { inputs: [node("in")], nodes: [node("a", "K", "data:a"), node("b")], wires: [{ source: "a", target: "b", slot: 0 }], blocks: [], output: "b" };

test("what is as before comes from the version before, its picture too", () => {
  const sent = { inputs: ["=in"], nodes: [node("c"), node("a", "L", "="), "=b"], wires: null, blocks: [{ title: "B" }], output: "c" };
  assert.deepEqual(completed(sent, base), { inputs: [node("in")], nodes: [node("c"), node("a", "L", "data:a"), node("b")], wires: base.wires,
    blocks: [{ title: "B" }], output: "c" });
});

test("a whole design needs nothing before it, and one that names what is not there is none", () => {
  assert.deepEqual(completed(base, null), base);
  assert.equal(completed({ ...base, nodes: ["=z"] }, base), null);
  assert.equal(completed({ ...base, nodes: ["=a"] }, null), null);
  assert.equal(completed({ ...base, wires: null }, null), null);
});
