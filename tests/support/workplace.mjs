// A server and a folder for tests of the command line. A file of tests that imports this gets both.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { folder } from "./installed.mjs";
import { sharedServer } from "./shared-server.mjs";

/** An address without a server. */
export const NOBODY = "http://127.0.0.1:9";

/** The content of the file bytes.bin, and its base64. */
export const BYTES = [0, 1, 254, 255, 10];
export const BASE64 = Buffer.from(BYTES).toString("base64");

/** The server of the file. */
export const npm = sharedServer("npm");

/** The folder of the file. */
export let files;

before(() => {
  files = mkdtempSync(join(folder, "cli-"));
  writeFileSync(join(files, "bytes.bin"), Buffer.from(BYTES));
  writeFileSync(join(files, "auth.json"), '{"token":"secret"}\n');
  writeFileSync(join(files, "wrong.json"), "token");
});
after(() => rmSync(files, { recursive: true }));
