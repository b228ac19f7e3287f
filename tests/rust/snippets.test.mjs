// The JavaScript that the crate brings into a page is minified, and up to date with its readable source.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const folder = new URL("src/", root);
const read = (path) => readFileSync(new URL(path, folder), "utf8");
const FILES = readdirSync(folder, { recursive: true });

test("the Rust code imports minified files alone, which hold no comment and have a readable source beside them", () => {
  const sources = FILES.filter((path) => path.endsWith(".rs")).map(read);
  const imported = new Set(sources.flatMap((text) => [...text.matchAll(/\bmodule = "\/src\/([^"]*)"/g)].map(([, path]) => path)));
  const testing = "client/testing/server.js"; // only with the feature of that name
  assert.deepEqual([...imported].sort(), [testing, "host/runtime.min.js", "host/values.min.js"]);
  imported.delete(testing);
  assert.deepEqual(sources.filter((text) => /\binline_js\b/.test(text)), []);
  for (const path of imported) {
    const [minified, readable] = [read(path), read(path.replace(".min.js", ".js"))];
    assert.doesNotMatch(minified, /\/\*|(^|[^:"'`\\])\/\//m, path);
    assert.equal(minified.trimEnd().split("\n").length, 1, path);
    assert.ok(minified.length < readable.length / 2, `${path} has ${minified.length} bytes, its source ${readable.length}`);
  }
});

test("the minified files are those that their sources give", () => {
  execFileSync(process.execPath, [fileURLToPath(new URL("scripts/snippets.mjs", root)), "--check"]);
});

test("the published crate has both forms", () => {
  const files = execFileSync("cargo", ["package", "--list", "--allow-dirty"], { cwd: root, encoding: "utf8" }).split("\n");
  for (const path of FILES.filter((path) => path.endsWith(".js"))) assert.ok(files.includes(`src/${path}`), path);
});
