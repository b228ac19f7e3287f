// esbuild: one file, or split; as a module that imports, and as CommonJS.
import { join } from "node:path";
import { after, test } from "node:test";
import { assertHears } from "./support/browsers.mjs";
import { addFiles, assertNothingOf, assertWasm, createPage, serve } from "./support/page.mjs";
import { run, startServers, tool } from "./support/project.mjs";

const servers = await startServers({ after });

async function build(t, script, ...parameters) {
  const project = createPage(t, script);
  await run(project, tool("esbuild"), "main.js", "--bundle", "--format=esm", "--minify", "--outdir=out", ...parameters);
  const out = join(project, "out");
  addFiles(project, out);
  return out;
}

for (const { title, script, parameters = [], wasm = { inside: 1, files: 0 } } of [
  { title: "one file", script: "talk-in-page.js" },
  { title: "with a file for each serializer", script: "talk-in-page.js", parameters: ["--splitting"] },
  { title: "one that calls require()", script: "require.cjs" },
  { title: "with a worker, which is an entry of its own", script: "talk-in-worker.js", parameters: ["worker.js"] },
  { title: "of slim, whose wasm is copied to its side", script: "talk-slim.js", wasm: { inside: 0, files: 1 } },
]) {
  test(`a page talks: ${title}`, async (t) => {
    const out = await build(t, script, ...parameters);
    assertWasm(out, wasm);
    await assertHears(await serve(t, out), servers);
  });
}

test("what nobody uses is left out", async (t) => assertNothingOf(join(await build(t, "unused.js"), "main.js")));
