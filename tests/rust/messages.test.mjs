// The compiler's messages for wrong uses of a client. Each file of compile-fail/ begins with the messages that it must cause. A file
// without messages must compile.

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

// Each file is an example of an empty crate: cargo checks all of them in one run, and goes on after an error.
const manifest = `[package]
name = "compile-fail"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
serde = { version = "1", features = ["derive"] }
socketio-wasm = { path = ${JSON.stringify(fileURLToPath(root))}, features = ["dioxus", "leptos", "yew"] }

[lib]
path = "empty.rs"
${names.map(example).join("")}`;

/** The rendered errors of each example. */
const errors = new Map();
const built = new Set();

before(async () => {
  await mkdir(scratch, { recursive: true });
  await writeFile(new URL("Cargo.toml", scratch), manifest);
  await writeFile(new URL("empty.rs", scratch), "");
  // The same versions of the dependencies as in the crate.
  await copyFile(new URL("Cargo.lock", root), new URL("Cargo.lock", scratch));
  const parameters = "check --examples --keep-going --target wasm32-unknown-unknown --message-format json".split(" ");
  const [stdout, stderr] = await new Promise((resolve) => {
    const environment = { ...process.env, CARGO_TARGET_DIR: fileURLToPath(new URL("target", root)) };
    execFile("cargo", parameters, { cwd: scratch, env: environment, maxBuffer: 1 << 26, timeout: 600_000 }, (_, ...outputs) => resolve(outputs));
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
  const messages = [...(await readFile(new URL(name, sources), "utf8")).matchAll(/^\/\/ error: (.*)$/gm)].map(([, text]) => text);
  test(`${library(name)}: ${messages[0] ?? "compiles"}`, () => {
    const reported = errors.get(library(name)) ?? "";
    assert.equal(built.has(library(name)), messages.length === 0, reported);
    for (const text of messages) assert.ok(reported.includes(text), `"${text}" is not in:\n${reported}`);
  });
}
