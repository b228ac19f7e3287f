// Every file names the same oldest Rust, and the same version of wasm-bindgen: its tool must have the version of the crate. clippy's lint
// `incompatible_msrv`, which Cargo.toml denies, checks that the sources need no later Rust.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const found = (path, pattern) => pattern.exec(read(path))?.[1] ?? assert.fail(`${path} has no ${pattern}`);

test("every file names the same oldest Rust", () => {
  const version = found("Cargo.toml", /^rust-version = "(.*)"$/m);
  assert.equal(`1.${found("scripts/setup.sh", /^rust_minor=(\d+)/m)}`, version);
  assert.equal(found("docs/rust.md", /Rust ([\d.]+) or later/), version);
  assert.match(read("Cargo.toml"), /^incompatible_msrv = "deny"$/m);
});

test("every file names the same wasm-bindgen", () => {
  const version = found("scripts/setup.sh", /^wasm_bindgen=([\d.]+)/m);
  assert.equal(found("Cargo.toml", /^wasm-bindgen = "(.*)"$/m), version);
  assert.equal(found("docs/rust.md", /wasm-bindgen-cli --version ([\d.]+)/), version);
  const examples = readdirSync(new URL("examples/", root), { recursive: true }).filter((path) => path.endsWith("Cargo.lock"));
  assert.ok(examples.length > 0);
  for (const path of [...examples.map((path) => `examples/${path}`), "tests/rust/hooks/Cargo.lock", "Cargo.lock"]) {
    assert.equal(found(path, /name = "wasm-bindgen"\nversion = "(.*)"/), version, path);
  }
});
