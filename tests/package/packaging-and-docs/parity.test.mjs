// docs/parity.md is current: its column of tests is up to date, and the crate has the names in it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { check, filesByTag, rowsOf } from "../../../scripts/parity.mjs";
import { ERROR_CODES } from "../../support/declarations.mjs";
import { crate, isPublic } from "../../support/crate.mjs";

const page = readFileSync(new URL("../../../docs/parity.md", import.meta.url), "utf8");
const rows = rowsOf(page);
const files = filesByTag();
const isError = (id) => ERROR_CODES.includes(id);

describe("docs/parity.md", () => {
  test("is what scripts/parity.mjs writes; each row has a test, and each tag of a test has a row", () => {
    const now = check(page, files);
    assert.deepEqual(now.problems, []);
    assert.ok(now.page === page, "it is out of date: run `node scripts/parity.mjs`");
  });

  test("has each id once, and each error code", () => {
    const ids = rows.map(({ id }) => id);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
    assert.deepEqual(ERROR_CODES.filter((code) => !ids.includes(code)), []);
    assert.deepEqual(ids.filter((id) => !isError(id) && !/^[A-Z]\d+$/.test(id)), []);
  });

  test("has six columns in each row, none of them empty", () => {
    for (const { cells } of rows) assert.ok(cells.length === 6 && cells.every((cell) => cell !== ""), cells.join(" | "));
  });

  test("has a test of each error that expects its code", () => {
    const expects = (code) => (path) => readFileSync(new URL(`../../${path}.test.mjs`, import.meta.url), "utf8").includes(`"${code}"`);
    const inJavaScript = (path) => /^(package|interop|page)\//.test(path);
    assert.deepEqual(ERROR_CODES.filter((code) => !files.get(code)?.filter(inJavaScript).some(expects(code))), []);
  });

  for (const { id, cells } of rows) {
    const inRust = cells[4];
    if (inRust.startsWith("none: ")) continue;
    test(`names what the crate has for ${id}`, () => {
      const names = [...inRust.matchAll(/`([A-Z]\w+(?:::\w+)?)`/g)].map(([, name]) => name);
      assert.notEqual(names.length + inRust.startsWith("the default"), 0, "it names nothing of the crate");
      assert.deepEqual(names.flatMap(missingIn), []);
      if (!isError(id)) assert.ok(files.get(id).some((path) => /^(wasm|machines)\//.test(path)), `no test in Rust has the tag [${id}]`);
    });
  }
});

/** A sentence if the crate has no public type of this name, or the type has no such method or variant. */
function missingIn(name) {
  const [type, member] = name.split("::");
  if (!isPublic(type)) return [`there is no ${type}`];
  const bodies = [...crate.matchAll(new RegExp(`^(?:impl|pub enum|pub trait)\\b[^{;]*\\b${type}\\b[^{;]*\\{\\n([^]*?)^\\}`, "gm"))].map(([, body]) => body);
  const exists = member === undefined || bodies.some((body) => new RegExp(`^ {4}(pub )?((async )?fn )?${member}\\b`, "m").test(body));
  return exists ? [] : [`${type} has no ${member}`];
}
