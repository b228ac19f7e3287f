// A program for Node that is bundled, by esbuild: as CommonJS with all inside, and as ES module with the package beside it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HEARD, createProject, run, startServers, tool } from "./support/project.mjs";

const project = createProject({ after }, "program");
const servers = JSON.stringify(await startServers({ after }));
const build = (entry, out, ...parameters) => run(project, tool("esbuild"), entry, "--bundle", "--platform=node", `--outfile=${out}`, ...parameters);

async function assertTalks(path) {
  assert.deepEqual(JSON.parse(await run(project, process.execPath, path, servers)), HEARD);
}

test("CommonJS, with nothing beside it, talks", async (t) => {
  const elsewhere = mkdtempSync(join(tmpdir(), "socketio-wasm-bundled-"));
  t.after(() => rmSync(elsewhere, { recursive: true }));
  const out = join(elsewhere, "program.cjs");
  await build("commonjs.cjs", out, "--format=cjs");
  await assertTalks(out);
});

test("ES module, with --packages=external, talks", async () => {
  const out = join(project, "out.mjs");
  await build("esm.mjs", out, "--format=esm", "--packages=external");
  await assertTalks(out);
});

test("ES module with all inside talks, given the `require` that esbuild leaves to its user", async () => {
  const out = join(project, "whole.mjs");
  const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  await build("esm.mjs", out, "--format=esm", `--banner:js=${banner}`);
  await assertTalks(out);
});
