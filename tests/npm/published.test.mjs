// The packed tarball in the eyes of the tools that look at what others publish.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { run, tool } from "./support/project.mjs";

const PACKAGE = fileURLToPath(new URL("../../pkg/", import.meta.url));

async function pack(t) {
  const folder = mkdtempSync(join(tmpdir(), "socketio-wasm-published-"));
  t.after(() => rmSync(folder, { recursive: true }));
  await run(PACKAGE, "npm", "pack", "--silent", "--pack-destination", folder);
  return join(folder, readdirSync(folder)[0]);
}

test("publint finds nothing to say", async () => {
  const { messages } = await publint({ pkgDir: PACKAGE, strict: true });
  // The field `browser` is for bundlers that know no `exports`, where publint would have it.
  const others = messages.filter(({ code, path }) => !(code === "USE_EXPORTS_BROWSER" && path.join() === "browser"));
  assert.deepEqual(others, []);
});

test("attw finds the right types for every entry, however it is resolved", async (t) => {
  await run(PACKAGE, tool("attw"), await pack(t), "--exclude-entrypoints", "slim.wasm"); // no script, and so of neither kind
});
