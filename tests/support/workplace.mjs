// Where the command line is tested: a server to talk to, and a folder to run it in. Whoever imports this has them for its tests.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { folder } from "./installed.mjs";
import { startServer } from "./server.mjs";

/** An address where nobody listens. */
export const NOBODY = "http://127.0.0.1:9";

/** What is in the file bytes.bin, and its base64. */
export const BYTES = [0, 1, 254, 255, 10];
export const BASE64 = Buffer.from(BYTES).toString("base64");

/** The server. */
export let npm;

/** The folder. */
export let files;

before(async () => {
  npm = await startServer({ after: () => {} }, "npm");
  files = mkdtempSync(join(folder, "cli-"));
  writeFileSync(join(files, "bytes.bin"), Buffer.from(BYTES));
  writeFileSync(join(files, "auth.json"), '{"token":"secret"}\n');
  writeFileSync(join(files, "wrong.json"), "token");
});
after(async () => {
  rmSync(files, { recursive: true });
  await npm.kill();
});
