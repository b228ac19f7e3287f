// Tests for every bundler of scripts: the page itself is the user's.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { assertHears } from "./browsers.mjs";
import { assertWasm, createPage, serve } from "./page.mjs";
import { startServers } from "./project.mjs";

/**
 * Tests that pages talk, and that an unused import leaves nothing in the bundle.
 * @param {(project: string, ...parameters: string[]) => Promise<unknown>} build makes out/main.js of a project's main.js
 * @param {{ title: string, script: string, parameters?: string[], beside?: string, wasm?: { inside: number, files: number } }[]} pages
 *   `script`: a script of projects/page; `parameters` of build(); `beside`: a file of the package that the user copies next to the
 *   script; `wasm`: the number of copies of a module inside of scripts, and as files
 */
export async function testBundler(build, pages) {
  const servers = await startServers({ after });

  for (const { title, script, parameters = [], beside, wasm = { inside: 1, files: 0 } } of pages) {
    test(`${title} talks`, async (t) => {
      const project = createPage(t, script);
      await build(project, ...parameters);
      const out = join(project, "out");
      copyFileSync(join(project, "index.html"), join(out, "index.html"));
      if (beside) copyFileSync(join(project, "node_modules/socketio-wasm/dist", beside), join(out, beside));
      assertWasm(out, wasm);
      await assertHears(await serve(t, out), servers);
    });
  }

  test("an unused import leaves nothing in the bundle", async (t) => {
    const project = createPage(t, "unused.js");
    await build(project);
    const text = readFileSync(join(project, "out", "main.js"), "utf8");
    assert.ok(text.includes("nothing of it") && text.length < 600, text.slice(0, 2_000));
  });
}
