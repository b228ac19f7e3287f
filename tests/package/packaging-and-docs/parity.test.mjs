// The tables of docs/parity.md cannot rot: each row of the reference is there once, each test and each name of the crate that they
// name exists, and each public member is used by a test, in JavaScript and in Rust.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import * as classes from "../../../pkg/facade/errors.js";
import { toError } from "../../../pkg/facade/messages.js";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

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
const NAMED = /\b(package|interop|page|machines|wasm)\/([\w/-]+)((?: `[^`]+`,?)+)/g;

const isRust = (folder) => folder === "machines" || folder === "wasm";

function source(folder, name) {
  const endings = isRust(folder) ? [".rs"] : [".test.mjs", ".mjs"];
  const path = endings.map((ending) => `tests/${folder}/${name}${ending}`).find((path) => existsSync(new URL(`../../../${path}`, import.meta.url)));
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

  test("has six columns in each row, none of them empty", () => {
    for (const cells of rows) assert.ok(cells.length === 6 && cells.every((cell) => cell !== ""), cells.join(" | "));
  });

  for (const [id, , , , tests] of rows) {
    test(`names tests of ${id} that exist`, () => assert.deepEqual(faults(tests), []));
  }

  for (const code of ERRORS) {
    test(`names a test of ${code} that asks for it`, () => {
      const cell = rows.find(([id]) => id === `\`${code}\``)?.[4] ?? "";
      const sources = [...cell.matchAll(NAMED)].map(([, folder, name]) => source(folder, name));
      assert.ok(sources.some((text) => text?.includes(`"${code}"`)), cell);
    });
  }
});

// The crate. Its clients' modules, in which all that is `pub` without a restriction is for users.
const MODULES = [
  ...["builder", "call", "client_namespace", "connecting", "data", "engine_client", "error", "event", "handlers", "listening", "message"],
  ...["mod", "scope", "serializers/mod", "simple_client", "streams", "timing"],
];
// A macro has the methods that both builders share.
const ofBuilders = read("src/client/connection_options.rs").replaceAll(/^ {8}/gm, "");
const shared = ["ClientBuilder", "EngineClientBuilder"].map((builder) => ofBuilders.replaceAll("$builder", builder));
const sources = [...MODULES.map((name) => read(`src/client/${name}.rs`)), ...shared].join("\n");
const rust = [sources, ...["socket/io", "socket/mod"].map((name) => read(`src/${name}.rs`)), ...readRust("src/client/serializers")].join("\n");
const rustTests = readRust("tests/wasm").join("\n");
const variants = [...read("src/client/error.rs").matchAll(/^pub enum Error \{\n([^]*?)^\}/gm)].flatMap(([, body]) => [...body.matchAll(/^ {4}(\w+)/gm)]).map(([, name]) => name);

describe("the crate in docs/parity.md", () => {
  for (const [id, ...cells] of rows) {
    const cell = cells[4];
    test(`${id}: ${cell}`, () => {
      if (cell?.startsWith("none: ")) return;
      const names = [...cell.matchAll(/`([A-Z]\w+(?:::\w+)?)`/g)].map(([, name]) => name);
      assert.notEqual(names.length + cell.startsWith("the default"), 0, "it names nothing of the crate");
      assert.deepEqual(names.flatMap(rustFault), []);
      if (!ERRORS.includes(id.replaceAll("`", ""))) assert.deepEqual(faults(cell), []);
    });
  }

  test("has each variant of Error", () => {
    assert.ok(variants.length > 20);
    assert.deepEqual(variants.filter((name) => !read("docs/parity.md").includes(`\`Error::${name}\``)), []);
    assert.deepEqual(variants.filter((name) => !rustTests.includes(`Error::${name}`)), [], "and a test of each");
  });

  test("each public method is used by a test", () => {
    const blocks = [...sources.matchAll(/^impl(?:<[^{]*?>)? (\w+)[^{;]*\{\n([^]*?)^\}/gm)].filter(([, type]) => isPublic(type));
    const found = blocks.flatMap(([, , body]) => [...body.matchAll(/^ {4}pub (?:async )?fn (\w+)/gm)]);
    const methods = [...new Set(found.map(([, name]) => name))];
    assert.ok(methods.length > 50);
    assert.deepEqual(methods.filter((name) => !new RegExp(`(\\.|::)${name}\\b`).test(rustTests)), []);
  });
});

/** What is wrong with a name such as `Client::builder` or `Call`: the type is not there, or has no such method or variant. */
function rustFault(name) {
  const [type, member] = name.split("::");
  if (!isPublic(type)) return [`there is no ${type}`];
  const bodies = [...rust.matchAll(new RegExp(`^(?:impl|pub enum|pub trait)\\b[^{;]*\\b${type}\\b[^{;]*\\{\\n([^]*?)^\\}`, "gm"))].map(([, body]) => body);
  const isThere = member === undefined || bodies.some((body) => new RegExp(`^ {4}(pub )?((async )?fn )?${member}\\b`, "m").test(body));
  return isThere ? [] : [`${type} has no ${member}`];
}

function isPublic(type) {
  return new RegExp(`^pub (struct|enum|trait) ${type}\\b`, "m").test(rust);
}

function readRust(folder) {
  const files = readdirSync(new URL(`../../../${folder}`, import.meta.url)).filter((name) => name.endsWith(".rs"));
  return files.map((name) => read(`${folder}/${name}`));
}

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
  const tests = folders.flatMap((folder) => readdirSync(new URL(`../../../${folder}`, import.meta.url), { recursive: true }).map((name) => `${folder}/${name}`));
  const all = tests.filter((path) => path.endsWith(".mjs") && !path.includes("parity")).map(read).join("\n");

  for (const file of readdirSync(new URL("../../../pkg/types", import.meta.url))) {
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
