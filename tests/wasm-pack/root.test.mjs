// `wasm-pack` in the root of the repository: a build writes nothing, and tests that need no server run.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs wasm-pack; returns its status and all that it prints. */
function wasmPack(folder, parameters, environment = {}) {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...environment }, maxBuffer: Infinity };
    execFile("wasm-pack", parameters, options, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, printed: stdout + stderr }));
  });
}

test("a build in the root fails at once, and changes no file", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "socketio-wasm-root-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const git = (...parameters) => execFileSync("git", parameters, { cwd: folder, encoding: "utf8" });
  // The files as they are here, committed or not.
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8" });
  for (const file of files.split("\0").filter(Boolean)) cpSync(join(root, file), join(folder, file));
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "all");
  for (const options of [[], ["--target", "web"], ["--dev"]]) {
    const { status, printed } = await wasmPack(folder, ["build", ...options]);
    assert.equal(status, 1, printed);
    assert.match(printed, /crate-type must be cdylib/);
  }
  assert.equal(git("status", "--porcelain", "--ignored"), "");
});

const RUNS = {
  "--node": {},
  // The runner takes the browser of the other driver if both are named.
  "--headless --chrome": { GECKODRIVER: undefined },
};

for (const [options, environment] of Object.entries(RUNS)) {
  test(`wasm-pack test ${options} passes without a server, and names make test-wasm for the rest`, async () => {
    const { status, printed } = await wasmPack(root, ["test", ...options.split(" ")], environment);
    assert.equal(status, 0, printed);
    assert.match(printed, /test result: ok\. [1-9]\d* passed; 0 failed; [1-9]\d* ignored/);
    assert.match(printed, /ignored, it needs a server: make test-wasm runs it, with all tests that need one/);
  });
}
