// Tests of the style check: each rule, in each language, finds what it should and leaves other prose alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenLinks } from "./links.mjs";
import { paragraphs } from "./prose.mjs";
import { check } from "./rules.mjs";

/** Returns the rules that the prose of a file breaks, each with its line. */
const found = (path, source) =>
  paragraphs(path, source).flatMap((paragraph) => check(paragraph).map(({ rule, at }) => `${paragraph.lineAt(at)} ${rule.name}`));

test("a headless opening is found in comments of each language, in titles, in messages and in pages", () => {
  for (const [path, source, line] of [
    ["a.js", "const a = 1;\n// What waits here.\n", 2],
    ["a.js", "/**\n * Whether it is open.\n */\n", 2],
    ["a.mjs", 'test("where it ends", () => {});\n', 1],
    ["a.mjs", "throw new Error(`What ${name} holds is lost`);\n", 1],
    ["a.d.ts", "interface A {\n  /** How many there are. */\n  a: number;\n}\n", 2],
    ["a.rs", "/// Who is told.\nfn a() {}\n", 1],
    ["a.rs", "//! Lines.\n//!\n//! Why it is so.\n", 3],
    ["a.sh", "a=1 # which of them\n", 1],
    ["a.py", '"""What it reads."""\n', 1],
    ["Makefile", "a: b ## how large it is\n", 1],
    ["a.toml", "# What is shared.\n", 1],
    ["a.css", "/* Where it ends */\n", 1],
    ["a.md", "# What it costs\n\nText.\n\n- **What comes** is printed.\n", 5],
  ]) {
    assert.ok(found(path, source).includes(`${line} headless opening`), `${path}: ${source}`);
  }
});

test("questions, headings, code, identifiers and sentences with a subject are left alone", () => {
  for (const [path, source] of [
    ["a.js", "// What is left? Nothing.\n"],
    ["a.js", "// Whatever-named things.\nconst what = `where ${it} is`;\n"],
    ["a.js", 'const pattern = /\\/\\/ What waits/;\nconst url = "https://example.com/what/where/who";\n'],
    ["a.rs", "fn a<'a>(what: &'a str) -> char { '\"' } // The string.\n"],
    ["a.md", "## How it works\n\n```js\n// What waits here.\n```\n\nThe server says what it holds.\n"],
    ["a.md", "| where | what |\n|---|---|\n"],
    ["a.sh", "echo ${#what} $#\n"],
  ]) {
    assert.deepEqual(found(path, source), [], `${path}: ${source}`);
  }
});

test("each listed word is found, and its other meanings are not", () => {
  for (const [bad, good] of [
    ["The handler is told of it.", "The two are told apart."],
    ["Nothing waits any more.", "It waits any more than that."],
    ["A parser of the user's, which may throw.", "A field of the user's class."],
    ["An option of yours.", "Your option."],
    ["It throws where it is none.", "In Node, where there are no origins, it is ignored; it shows where it is."],
    ["Events are kept until then.", "Cookies are kept."],
    ["The server's words are shown.", "It is printed in words for people."],
    ["A text of 20 characters.", "A text frame."],
    ["It would fail else.", "Something else. Then, or else the console."],
  ]) {
    assert.notDeepEqual(found("a.md", `${bad}\n`), [], bad);
    assert.deepEqual(found("a.md", `${good}\n`), [], good);
  }
});

test("a finding names the line of the word in a long comment", () => {
  assert.deepEqual(found("a.js", "// A first line,\n// a second line that\n// is told of it.\n"), ["3 told"]);
});

test("links, files and names of code that do not exist are found", () => {
  const exists = new Set(["docs/style.md", "scripts/style/links.mjs"]);
  const broken = (source) => paragraphs("docs/a.md", source).flatMap((paragraph) => brokenLinks("docs/a.md", paragraph, exists).map(({ name }) => name));
  assert.deepEqual(broken("[a](style.md), [b](style.md#glossary), [c](https://example.com), `scripts/style/links.mjs` `brokenLinks`.\n"), []);
  assert.deepEqual(broken("[a](styles.md)\n"), ["styles.md"]);
  assert.deepEqual(broken("[a](style.md#glosary)\n"), ["style.md#glosary"]);
  assert.deepEqual(broken("`scripts/style/link.mjs`\n"), ["scripts/style/link.mjs"]);
  assert.deepEqual(broken("`scripts/style/links.mjs` `brokenLinks`, `noSuchFunction`\n"), ["scripts/style/links.mjs noSuchFunction"]);
});
