// Vite, without a configuration: its builds, and its development server.
import { join } from "node:path";
import { after, test } from "node:test";
import { assertHears } from "./support/browsers.mjs";
import { assertWasm, createPage, serve } from "./support/page.mjs";
import { run, serveWith, startServers, tool } from "./support/project.mjs";

const servers = await startServers({ after });

for (const { title, script, wasm = { inside: 1, files: 0 } } of [
  { title: "a page with a file for each serializer", script: "talk-in-page.js" },
  { title: "a page with a worker", script: "talk-in-worker.js" },
  { title: "a page with slim", script: "talk-slim.js", wasm: { inside: 0, files: 1 } },
  // Vite 7 and earlier need the address in development.
  { title: "a page with slim and the address of its wasm", script: "talk-slim-by-address.js", wasm: { inside: 0, files: 1 } },
]) {
  test(`${title} talks, built`, async (t) => {
    const project = createPage(t, script);
    await run(project, tool("vite"), "build", "--outDir", "out");
    assertWasm(join(project, "out"), wasm);
    await assertHears(await serve(t, join(project, "out")), servers);
  });

  test(`${title} talks, in development`, async (t) => {
    const parameters = ["--host", "127.0.0.1", "--port", "0", "--base", "/below/"];
    const url = await serveWith(t, createPage(t, script), /Local: +(http\S+)/, tool("vite"), ...parameters);
    await assertHears(url, servers);
  });
}
