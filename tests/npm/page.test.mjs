// A page without a bundler: module scripts, with one copied file and with an import map.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { assertHears } from "./support/browsers.mjs";
import { createPage, serve } from "./support/page.mjs";
import { HEARD, startServers } from "./support/project.mjs";

const servers = await startServers({ after });

test("with one copied file, a page talks, without serializers", async (t) => {
  const project = createPage(t, "talk-alone.js");
  copyFileSync(join(project, "node_modules/socketio-wasm/dist/browser.js"), join(project, "browser.js"));
  await assertHears(await serve(t, project), servers, HEARD.slice(0, -1));
});

test("with an import map, a page talks", async (t) => {
  const project = createPage(t, "talk-in-page.js");
  copyFileSync(join(project, "import-map.html"), join(project, "index.html"));
  await assertHears(await serve(t, project), servers);
});
