// Each public member is used by a test, in JavaScript and in Rust, and the types of errors say what the errors have.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import * as classes from "../../../pkg/facade/errors.js";
import { toError } from "../../../pkg/facade/to-error.js";
import { client, isPublic, tests as rustTests } from "../../support/crate.mjs";
import { DECLARED, ERROR_CODES, membersOf } from "../../support/declarations.mjs";

describe("in JavaScript, each public member is used by a test", () => {
  const read = (folder) => {
    const url = new URL(`../../${folder}/`, import.meta.url);
    const paths = readdirSync(url, { recursive: true }).filter((path) => path.endsWith(".mjs"));
    return paths.map((path) => readFileSync(new URL(path, url), "utf8"));
  };
  const tests = [...read("package"), ...read("interop")].join("\n");
  for (const [name, body] of DECLARED) {
    const members = membersOf(body);
    if (members.length === 0) continue;
    test(`${name}: ${members.join(", ")}`, () => {
      assert.deepEqual(members.filter((member) => !new RegExp(`\\b${member}\\b`).test(tests)), []);
    });
  }
});

describe("the types of errors", () => {
  const types = new Map(DECLARED);
  for (const code of ERROR_CODES) {
    test(`have ${code} with its fields`, () => {
      const error = toError(code, "a", "b", "c", "d");
      const name = Object.keys(classes.errors).find((name) => classes.errors[name] === error.constructor);
      const body = types.get(name);
      assert.ok(body.includes(`"${code}"`), `${name} has no code ${code}`);
      const fields = Object.keys(error).filter((field) => field !== "fault");
      assert.deepEqual(fields.filter((field) => !membersOf(body).includes(field)), []);
    });
  }
});

describe("in Rust", () => {
  const page = readFileSync(new URL("../../../docs/parity.md", import.meta.url), "utf8");

  test("each variant of Error is in docs/parity.md, and a test expects it", () => {
    const enums = [...client.matchAll(/^pub enum Error \{\n([^]*?)^\}/gm)];
    const variants = enums.flatMap(([, body]) => [...body.matchAll(/^ {4}(\w+)/gm)]).map(([, name]) => name);
    assert.ok(variants.length > 20);
    assert.deepEqual(variants.filter((name) => !page.includes(`\`Error::${name}\``)), []);
    assert.deepEqual(variants.filter((name) => !rustTests.includes(`Error::${name}`)), []);
  });

  test("each public method is used by a test", () => {
    const blocks = [...client.matchAll(/^impl(?:<[^{]*?>)? (\w+)[^{;]*\{\n([^]*?)^\}/gm)].filter(([, type]) => isPublic(type));
    const found = blocks.flatMap(([, , body]) => [...body.matchAll(/^ {4}pub (?:async )?fn (\w+)/gm)]);
    const methods = [...new Set(found.map(([, name]) => name))];
    assert.ok(methods.length > 50);
    assert.deepEqual(methods.filter((name) => !new RegExp(`(\\.|::)${name}\\b`).test(rustTests)), []);
  });
});
