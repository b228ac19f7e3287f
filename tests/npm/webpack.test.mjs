// webpack, as it is without a configuration.
import { join } from "node:path";
import { after, test } from "node:test";
import { assertHears } from "./support/browsers.mjs";
import { addFiles, assertNothingOf, assertWasm, createPage, serve } from "./support/page.mjs";
import { run, startServers, tool } from "./support/project.mjs";

const servers = await startServers({ after });

async function build(t, script) {
  const project = createPage(t, script);
  await run(project, tool("webpack"), "build", "--mode", "production", "--entry", "./main.js", "--output-path", "out");
  const out = join(project, "out");
  addFiles(project, out);
  return out;
}

for (const { title, script, wasm = { inside: 1, files: 0 } } of [
  { title: "with a file for each serializer", script: "talk-in-page.js" },
  { title: "one that calls require()", script: "require.cjs" },
  { title: "with a worker", script: "talk-in-worker.js" },
  { title: "of slim, whose wasm comes along", script: "talk-slim.js", wasm: { inside: 0, files: 1 } },
]) {
  test(`a page talks: ${title}`, async (t) => {
    const out = await build(t, script);
    assertWasm(out, wasm);
    await assertHears(await serve(t, out), servers);
  });
}

test("what nobody uses is left out", async (t) => assertNothingOf(join(await build(t, "unused.js"), "main.js")));
