// What the compiler says of a client that is used wrongly. Each file of compile-fail/ begins with the words that must be said of it;
// one without is right, and must compile.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const scratch = new URL("target/compile-fail/", root);
const sources = new URL("compile-fail/", import.meta.url);
const names = (await readdir(sources)).filter((name) => name.endsWith(".rs")).sort();
const library = (name) => name.slice(0, -".rs".length);

const example = (name) => `
[[example]]
name = "${library(name)}"
path = ${JSON.stringify(fileURLToPath(new URL(name, sources)))}
crate-type = ["lib"]
`;

// Each is an example of an empty crate, so that cargo checks them all at once, and goes on after a wrong one.
const manifest = `[package]
name = "compile-fail"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
serde = { version = "1", features = ["derive"] }
socketio-wasm = { path = ${JSON.stringify(fileURLToPath(root))} }

[lib]
path = "empty.rs"
${names.map(example).join("")}`;

/** What the compiler says as errors of each example, as people read it. */
const errors = new Map();
const built = new Set();

before(async () => {
  await mkdir(scratch, { recursive: true });
  await writeFile(new URL("Cargo.toml", scratch), manifest);
  await writeFile(new URL("empty.rs", scratch), "");
  // The crate's own versions of what it depends on.
  await copyFile(new URL("Cargo.lock", root), new URL("Cargo.lock", scratch));
  const parameters = "check --examples --keep-going --target wasm32-unknown-unknown --message-format json".split(" ");
  const [stdout, stderr] = await new Promise((resolve) => {
    const environment = { ...process.env, CARGO_TARGET_DIR: fileURLToPath(new URL("target", root)) };
    execFile("cargo", parameters, { cwd: scratch, env: environment, maxBuffer: 1 << 26, timeout: 300_000 }, (_, ...said) => resolve(said));
  });
  for (const line of stdout.split("\n").filter(Boolean)) {
    const { reason, target, message } = JSON.parse(line);
    if (reason === "compiler-artifact") built.add(target.name);
    if (reason !== "compiler-message" || message.level !== "error") continue;
    errors.set(target.name, (errors.get(target.name) ?? "") + message.rendered);
  }
  assert.ok(built.has("socketio_wasm"), `the crate itself must compile:\n${stderr}`);
});

for (const name of names) {
  const words = [...(await readFile(new URL(name, sources), "utf8")).matchAll(/^\/\/ error: (.*)$/gm)].map(([, text]) => text);
  test(`${library(name)}: ${words[0] ?? "compiles"}`, () => {
    const said = errors.get(library(name)) ?? "";
    assert.equal(built.has(library(name)), words.length === 0, said);
    for (const text of words) assert.ok(said.includes(text), `"${text}" is not in:\n${said}`);
  });
}
