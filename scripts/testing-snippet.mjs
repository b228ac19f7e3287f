// Writes src/client/testing/server.js, the snippet of socketio_wasm::testing, from pkg/testing: node scripts/testing-snippet.mjs [--check]
// It is committed, since cargo builds the crate without npm. With --check, nothing is written, and an old snippet is an error.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../pkg/", import.meta.url));
const FILE = new URL("../src/client/testing/server.js", import.meta.url);
const HEAD = "// Written by scripts/testing-snippet.mjs, from pkg/testing: change the files there.";

const { build } = createRequire(new URL("../pkg/package.json", import.meta.url))("esbuild");
const { outputFiles } = await build({
  absWorkingDir: PACKAGE,
  entryPoints: ["testing/rust.js"],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  banner: { js: HEAD },
});
const [{ text }] = outputFiles;

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (readFileSync(FILE, "utf8") !== text) {
  console.error("testing-snippet: src/client/testing/server.js is not up to date with pkg/testing/: run node scripts/testing-snippet.mjs");
  process.exitCode = 1;
}
