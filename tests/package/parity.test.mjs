// The tables of docs/parity.md cannot rot: each row of the reference is there once, each test that they name exists, and each
// public member is used by a test.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import * as classes from "../../pkg/facade/errors.js";
import { toError } from "../../pkg/facade/messages.js";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const count = (letter, last) => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);

// The rows of the reference, in the order of its tables.
const ROWS = [
  ...count("S", 10),
  ...count("C", 14),
  ...count("K", 14),
  ...count("E", 14),
  ...count("M", 8),
  ...count("T", 8),
  ...count("R", 8),
  ...["default", "msgpack", "cbor", "pickle", "custom", "JSON"].map((format) => `H-${format}`),
  ...count("G", 10),
  ...count("P", 10), // what has no meaning on a platform (section 2)
  ...count("trap ", 21), // section 3
  ...["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map((letter) => `6${letter}`),
  ...count("0.", 11), // where the documentation is wrong
];

const ERRORS = [...read("pkg/facade/messages.js").matchAll(/^ {2}([A-Z_]+): \[/gm)].map(([, code]) => code);

/** The cells of the rows of all tables, but for their heads. */
const rows = read("docs/parity.md")
  .split("\n")
  .filter((line) => /^\| (?!-|(row|code) \|)/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));

// A test is named by folder and file, then its titles as they stand in the source, or its functions in Rust.
const NAMED = /\b(package|interop|page|machines|wasm)\/([\w-]+)((?: `[^`]+`,?)+)/g;

const isRust = (folder) => folder === "machines" || folder === "wasm";

function source(folder, name) {
  const endings = isRust(folder) ? [".rs"] : [".test.mjs", ".mjs"];
  const path = endings.map((ending) => `tests/${folder}/${name}${ending}`).find((path) => existsSync(new URL(`../../${path}`, import.meta.url)));
  return path && read(path);
}

/** What is wrong with the tests that a cell names. */
function faults(cell) {
  const named = [...cell.matchAll(NAMED)];
  if (named.length === 0) return ["it names no test"];
  return named.flatMap(([, folder, name, titles]) => {
    const text = source(folder, name);
    if (text === undefined) return [`there is no ${folder}/${name}`];
    const isThere = (title) => (isRust(folder) ? text.includes(`fn ${title}(`) : [...`"'\``].some((quote) => text.includes(quote + title)));
    return [...titles.matchAll(/`([^`]+)`/g)].filter(([, title]) => !isThere(title)).map(([, title]) => `${folder}/${name} has no "${title}"`);
  });
}

describe("docs/parity.md", () => {
  test("has each row of the reference and each error once", () => {
    const ids = rows.map(([id]) => id.replaceAll("`", ""));
    assert.deepEqual([...ids].sort(), [...ROWS, ...ERRORS].sort());
  });

  test("has five columns in each row, none of them empty", () => {
    for (const cells of rows) assert.ok(cells.length === 5 && cells.every((cell) => cell !== ""), cells.join(" | "));
  });

  for (const [id, ...cells] of rows) {
    test(`names tests of ${id} that exist`, () => assert.deepEqual(faults(cells.at(-1)), []));
  }

  for (const code of ERRORS) {
    test(`names a test of ${code} that asks for it`, () => {
      const cell = rows.find(([id]) => id === `\`${code}\``)?.at(-1) ?? "";
      const sources = [...cell.matchAll(NAMED)].map(([, folder, name]) => source(folder, name));
      assert.ok(sources.some((text) => text?.includes(`"${code}"`)), cell);
    });
  }
});

describe("the types of errors", () => {
  const types = new Map(declarations(read("pkg/types/errors.d.ts")));
  for (const code of ERRORS) {
    test(`have ${code} with its fields`, () => {
      const error = toError(code, "a", "b", "c", "d");
      const Class = Object.keys(classes.errors).find((name) => classes.errors[name] === error.constructor);
      const body = types.get(Class);
      assert.ok(body.includes(`"${code}"`), `${Class} has no code ${code}`);
      const fields = Object.keys(error).filter((name) => name !== "fault");
      assert.deepEqual(fields.filter((name) => !membersOf(body).includes(name)), []);
    });
  }
});

describe("each public member is used by a test", () => {
  const folders = ["tests/package", "tests/interop"];
  const tests = folders.flatMap((folder) => readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`));
  const all = tests.filter((path) => path.endsWith(".mjs") && !path.includes("parity")).map(read).join("\n");

  for (const file of readdirSync(new URL("../../pkg/types", import.meta.url))) {
    for (const [name, body] of declarations(read(`pkg/types/${file}`))) {
      const members = membersOf(body);
      if (members.length === 0) continue;
      test(`${name}: ${members.join(", ")}`, () => {
        assert.deepEqual(members.filter((member) => !new RegExp(`\\b${member}\\b`).test(all)), []);
      });
    }
  }
});

/** The names of the exported classes and interfaces of a declaration file, with what they declare. */
function declarations(types) {
  return [...types.matchAll(/^export (?:class|interface|const) (\w+)[^]*?\{\n([^]*?)^\}/gm)].map(([, name, body]) => [name, body]);
}

function membersOf(body) {
  const members = [...body.matchAll(/^ {2}(?:static |readonly |protected |get )*(\w+)\??[(<:]/gm)].map(([, member]) => member);
  return [...new Set(members)];
}
