// Files are imported by an address that has a version in it, which no checker follows: every name must be there.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { test } from "node:test";

const IMPORT = /const \{([^}]*)\} = await import\("([^"]+)" \+ /g;
const EXPORT = /^export (?:default )?(?:async )?(?:function|class|const) (\w+)/gm;
const FILES = readdirSync("static", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".js") && !file.includes("vendor") && !file.startsWith("canvas")).map((file) => normalize(`static/${file}`));

const read = (file) => readFileSync(file, "utf8");
const exported = (file) => new Set(Array.from(read(file).matchAll(EXPORT), ([, name]) => name));

test("what a file imports, the other file exports", () => {
  let count = 0;
  for (const file of FILES) {
    for (const [, names, address] of read(file).matchAll(IMPORT)) {
      const known = exported(normalize(`${dirname(file)}/${address}`));
      for (const name of names.split(",").map((part) => part.split(":")[0].trim()).filter(Boolean)) {
        assert.ok(known.has(name), `${file} imports ${name} from ${address}`);
        count += 1;
      }
    }
  }
  assert.ok(count > 200, `found ${count} names only`);
});

test("what all components share is used, and knows none of them", () => {
  const used = FILES.flatMap((file) => Array.from(read(file).matchAll(IMPORT), ([, , address]) => normalize(`${dirname(file)}/${address}`)));
  for (const file of FILES.filter((path) => path.includes("shared"))) {
    assert.ok(used.includes(file), `nobody imports ${file}`);
    assert.doesNotMatch(read(file), /import\("\.\.\//, file);
  }
});

test("no function is written twice", () => {
  const homes = new Map();
  for (const file of FILES) {
    for (const [body] of read(file).matchAll(/^(?:export )?(?:async )?function \w+\([^)]*\) \{\n(?: .*\n|\n){2,}?\}/gm)) {
      const text = body.replace(/^export /, "");
      assert.ok(!homes.has(text), `${file} and ${homes.get(text)} both have\n${text}`);
      homes.set(text, file);
    }
  }
});
