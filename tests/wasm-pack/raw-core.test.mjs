// The page docs/raw-core.md: its command builds the raw core for each target, and its program runs with it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startServer } from "../support/server.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/raw-core.md"), "utf8");
const [, command] = /```sh\n(wasm-pack build .*)\n```/.exec(page);
const [, program] = /```js\n([^]*?)```/.exec(page);
const IMPORT = 'import { Core } from "./pkg/core/pkg/socketio_wasm_core.js";';
assert(program.includes(IMPORT));

const run = (file, parameters, options) => promisify(execFile)(file, parameters, { cwd: root, maxBuffer: Infinity, ...options });

/** Builds for a target by the command of the page, below target/, and returns the folder. */
async function build(target) {
  const folder = join(root, "target/raw-core", target);
  rmSync(folder, { recursive: true, force: true });
  const [wasmPack, ...parameters] = command.replace("nodejs", target).split(" ");
  // A proxy that nobody serves: wasm-pack must not download anything.
  const env = { ...process.env, HTTPS_PROXY: "http://127.0.0.1:1", https_proxy: "http://127.0.0.1:1", CARGO_NET_OFFLINE: "true" };
  await run(wasmPack, [...parameters, "--out-dir", folder], { env });
  return folder;
}

/** Runs the program of the page beside a package, whose classes `loading` imports. */
async function output(folder, loading, url) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "raw.mjs"), program.replace(IMPORT, loading));
  const { stdout } = await run(process.execPath, ["raw.mjs", url], { cwd: folder });
  return stdout;
}

test("the program runs with the package for Node", async (t) => {
  const server = await startServer(t, "npm");
  const folder = await build("nodejs");
  assert.equal(await output(folder, 'import { Core } from "./socketio_wasm_core.js";', server.url), '["hello",7]\n');
});

test("the program runs with the package for pages, which loads its file of wasm", async (t) => {
  const server = await startServer(t, "npm");
  const folder = await build("web");
  // Node's fetch reads no files: the bytes stand for the response that a page would get.
  const loading = `import init, { Core } from "./socketio_wasm_core.js"; import { readFileSync } from "node:fs";
await init({ module_or_path: readFileSync(new URL("socketio_wasm_core_bg.wasm", import.meta.url)) });`;
  assert.equal(await output(folder, loading, server.url), '["hello",7]\n');
  assert.match(readFileSync(join(folder, "socketio_wasm_core.js"), "utf8"), /new URL\('socketio_wasm_core_bg\.wasm', import\.meta\.url\)/);
});

test("the package for bundlers becomes a program by a bundler that can import wasm", async (t) => {
  const server = await startServer(t, "npm");
  const folder = await build("bundler");
  const { files, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const name of files) assert(readdirSync(folder).includes(name), `package.json lists ${name}`);
  const { stdout } = await run(process.execPath, ["--no-warnings", "--experimental-wasm-modules", await programFile(folder, main), server.url]);
  assert.equal(stdout, '["hello",7]\n');
});

/** Node can import wasm as bundlers do. */
async function programFile(folder, main) {
  const file = join(folder, "raw.mjs");
  writeFileSync(file, program.replace(IMPORT, `import { Core } from "./${main}";`));
  return file;
}
