// The server's file for Rust is what scripts/testing-snippet.mjs makes of pkg/testing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the file for Rust is made from the present sources", () => {
  const script = fileURLToPath(new URL("../../../scripts/testing-snippet.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
});
