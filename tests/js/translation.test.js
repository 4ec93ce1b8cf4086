import assert from "node:assert/strict";
import { test } from "node:test";

const { _, _n, fill, install, locale, numeral, speak, translatable } = await import("../../static/shared/translation.js");

const texts = translatable({ PAUSE: _("Pause"), LAYERS: _n("{count} layer", "{count} layers"),
  KEYS: { undo: _("undo") }, NAMED: _("{name} is now called {other}.") });

test("without a catalogue a text is its source", () => {
  install();
  assert.equal(texts.PAUSE, "Pause");
  assert.equal(texts.KEYS.undo, "undo");
  assert.equal(texts.LAYERS(1), "1 layer");
  assert.equal(texts.LAYERS(1200), "1,200 layers");
});

test("a catalogue counts as soon as it is there, and what it lacks stays English", () => {
  install({ "Pause": "Pausa", "{count} layer": ["{count} lager", "{count} lager"] });
  assert.equal(texts.PAUSE, "Pausa");
  assert.equal(texts.LAYERS(3), "3 lager");
  assert.equal(texts.KEYS.undo, "undo");
  install();
  assert.equal(texts.PAUSE, "Pause");
});

test("a language has as many forms as it needs, and its own signs in numbers", () => {
  const polish = (count) => (count === 1 ? 0 : count % 10 > 1 && count % 10 < 5 && !(count % 100 > 11 && count % 100 < 15) ? 1 : 2);
  install({ "{count} layer": ["{count} warstwa", "{count} warstwy", "{count} warstw"] }, "pl",
    Array.from({ length: 200 }, (nothing, count) => polish(count)).join(""));
  assert.deepEqual([0, 1, 2, 5, 22, 112, 1002, 201].map((count) => texts.LAYERS(count).split(" ").at(-1)),
    [0, 1, 2, 5, 22, 112, 1002, 201].map((count) => ["warstwa", "warstwy", "warstw"][polish(count)]));
  assert.equal(locale(), "pl");
  assert.equal(numeral("0.31"), "0,31");
  install({}, "de", "10");
  assert.equal(texts.LAYERS(13750), "13.750 layers");
  install();
  assert.equal(numeral("0.31"), "0.31");
});

test("a language is fetched once for all components of a page", async () => {
  const asked = [], { fetch } = globalThis;
  globalThis.fetch = async (address) => {
    asked.push(address);
    return { ok: true, json: async () => ({ language: "de", texts: { "Pause": "Halt" }, forms: "101" }) };
  };
  await Promise.all([speak("texts/de.json"), speak("texts/de.json")]);
  globalThis.fetch = fetch;
  assert.deepEqual(asked, ["texts/de.json"]);
  assert.equal(texts.PAUSE, "Halt");
  assert.equal(texts.LAYERS(2), "2 layers");
  install();
});

test("places are filled in, in any order, and what a name holds is no place", () => {
  assert.equal(fill(texts.NAMED, { name: "{other}", other: "b" }), "{other} is now called b.");
});
