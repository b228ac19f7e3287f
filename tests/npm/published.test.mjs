// The packed tarball, checked by publint and attw.
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

test("publint has no objections", async () => {
  const { messages } = await publint({ pkgDir: PACKAGE, strict: true });
  // publint wants the field `browser` in `exports`. Bundlers that do not know `exports` need it here.
  const others = messages.filter(({ code, path }) => !(code === "USE_EXPORTS_BROWSER" && path.join() === "browser"));
  assert.deepEqual(others, []);
});

test("attw finds the right types for every entry in every resolution mode", async (t) => {
  await run(PACKAGE, tool("attw"), await pack(t), "--exclude-entrypoints", "slim.wasm"); // not a script, so neither CommonJS nor ES module
});
