// A component made from a view: made once a place, updated at every call, gone at the end.
import assert from "node:assert/strict";
import { test } from "node:test";

import { component } from "../../static/shared/mount.js";

class View {
  constructor(log, data) {
    this.log = log;
    this.root = { remove: () => log.push("removed") };
    log.push(`made of ${data}`);
  }

  update(data, set) {
    this.log.push(`${data} ${set()}`);
  }

  destroy() {
    this.log.push("destroyed");
  }
}

test("a view is made once and updated at every call", () => {
  const log = [], children = [];
  const run = component((data) => new View(log, data));
  const parentElement = { append: (child) => children.push(child) };
  run({ parentElement, data: 1, setStateValue: () => "set" });
  const cleanup = run({ parentElement, data: 2, setStateValue: () => "set" });
  assert.deepEqual(log, ["made of 1", "1 set", "2 set"]);
  assert.equal(children.length, 1);
  cleanup();
  cleanup();
  assert.deepEqual(log.slice(3), ["destroyed", "removed"], "a second cleanup finds nothing");
});

test("each place on a page has a view of its own", () => {
  const log = [];
  const run = component((data) => new View(log, data));
  for (const data of ["a", "b"]) run({ parentElement: { append() {} }, data, setStateValue: () => "" });
  assert.deepEqual(log.filter((line) => line.startsWith("made")), ["made of a", "made of b"]);
});
