// The program of the guide for node:test, as it stands there.
import { spawnSync } from "node:child_process";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { programBehind } from "../../npm/support/guide.mjs";
import { folder } from "../../support/installed.mjs";

test("the guide's test for node:test passes", (t) => {
  const project = mkdtempSync(join(folder, "guide-"));
  t.after(() => rmSync(project, { recursive: true }));
  writeFileSync(join(project, "guide.test.mjs"), programBehind("With `node:test`"));
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }; // its tests are not of this run
  const { status, stdout } = spawnSync(process.execPath, ["--test", join(project, "guide.test.mjs")], { encoding: "utf8", env, timeout: 30_000 });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /pass 1/);
});
