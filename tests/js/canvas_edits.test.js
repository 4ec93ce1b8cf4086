// The canvas' list of edits: nothing is lost, nothing twice, whatever overtakes what. A clock of the test's own runs it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Edits } from "../../web/canvas/src/edits.ts";

function bench() {
  let now = 0, number = 0;
  const timers = new Map(), sent = [], passed = [];
  const later = (work, pause) => {
    timers.set(++number, { at: now + pause, work });
    return number;
  };
  const edits = new Edits("m1", (message) => sent.push(structuredClone(message)), () => passed.push(edits.held()),
    { now: () => now, date: () => 1_000 + now, later, cancel: (id) => timers.delete(id) });
  const pass = (time) => {
    now += time;
    for (const [id, { at, work }] of [...timers]) {
      if (at > now || !timers.has(id)) continue;
      timers.delete(id);
      work();
    }
  };
  edits.accept("c", 0);
  edits.adopt(1);
  pass(200);
  sent.length = passed.length = 0;
  return { edits, sent, passed, pass };
}

const add = (kind) => ({ type: "add", kind });
const revs = (message) => message.edits.map((entry) => entry.rev);

test("every message carries all that is not answered, in growing revs", () => {
  const { edits, sent, pass } = bench();
  edits.push(add("A"));
  pass(100);
  edits.push(add("B"));
  pass(100);
  assert.deepEqual(sent.map(revs), [[1], [1, 2]]);
  edits.accept("c", 1);
  edits.push(add("C"));
  pass(100);
  assert.deepEqual(revs(sent.at(-1)), [2, 3]);
  assert.equal(sent.at(-1).mount, "m1");
});

test("edits at once go in one message", () => {
  const { edits, sent, pass } = bench();
  for (const kind of ["A", "B", "C"]) edits.push(add(kind));
  pass(100);
  assert.deepEqual(sent.map(revs), [[1, 2, 3]]);
});

test("a later selection replaces an earlier one that was not sent, and no other edit", () => {
  const { edits, sent, pass } = bench();
  edits.push({ type: "select", names: ["a"] });
  edits.push({ type: "select", names: ["b"] });
  edits.push(add("A"));
  edits.push({ type: "select", names: ["c"] });
  pass(200);
  assert.deepEqual(sent.at(-1).edits.map(({ edit }) => edit.names ?? edit.kind), [["b"], "A", ["c"]]);
});

test("a fresh mount goes on above what was acknowledged to an older one", () => {
  const { edits, sent, pass } = bench();
  edits.accept("c", 41);
  edits.push(add("A"));
  pass(100);
  assert.deepEqual(revs(sent.at(-1)), [42]);
});

test("Python is passed once which version is here without edits, and not as an edit, which would start the page anew", () => {
  const { edits, sent, passed, pass } = bench();
  edits.adopt(7);
  pass(2_000);
  pass(5_000);
  assert.deepEqual([passed.map(({ have }) => have), sent], [[7], []]);
});

test("of two words of the version that is here the later one has the larger turn, in one moment too", () => {
  const { edits, sent, passed, pass } = bench();
  edits.adopt(7);
  edits.push(add("A"));
  pass(0);
  edits.adopt(8);
  edits.accept("c", 1);
  edits.flush();
  assert.deepEqual([sent, passed].map(([word]) => word.have), [7, 8]);
  assert.ok(passed[0].turn > sent[0].turn);
});

test("what is not answered is sent again, ever more seldom, and a lost request for the design too", () => {
  const { edits, sent, pass } = bench();
  edits.push(add("A"));
  pass(100);
  for (let at = 0; at < 20; at += 1) pass(1_000);
  assert.ok(sent.length >= 3 && sent.length <= 5, `${sent.length} times`);
  assert.ok(sent.every((message) => revs(message).join() === "1"));
  edits.accept("c", 1);
  edits.adopt(-1);
  sent.length = 0;
  for (let at = 0; at < 6; at += 1) pass(1_000);
  assert.ok(sent.length >= 2 && sent.every(({ have }) => have === -1));
});

test("another channel drops the waiting edits", () => {
  const { edits, sent, pass } = bench();
  edits.push(add("A"));
  assert.equal(edits.accept("d", 0), false);
  assert.equal(edits.waiting, false);
  edits.adopt(-1);
  pass(200);
  assert.deepEqual([sent.at(-1).channel, sent.at(-1).have], ["d", -1]);
});
