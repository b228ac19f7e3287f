// A program for Node that esbuild bundles: as CommonJS with the package inside, and as ES module with the package beside it.
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

test("a CommonJS bundle talks without the package beside it", async (t) => {
  const elsewhere = mkdtempSync(join(tmpdir(), "socketio-wasm-bundled-"));
  t.after(() => rmSync(elsewhere, { recursive: true }));
  const out = join(elsewhere, "program.cjs");
  await build("commonjs.cjs", out, "--format=cjs");
  await assertTalks(out);
});

test("an ES module that was built with --packages=external talks", async () => {
  const out = join(project, "out.mjs");
  await build("esm.mjs", out, "--format=esm", "--packages=external");
  await assertTalks(out);
});

test("an ES module with the package inside talks, if a banner defines the `require` that esbuild does not", async () => {
  const out = join(project, "whole.mjs");
  const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  await build("esm.mjs", out, "--format=esm", `--banner:js=${banner}`);
  await assertTalks(out);
});
