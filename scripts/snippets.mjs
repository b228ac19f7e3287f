// Writes the JavaScript that the crate's Rust code imports, in the form in which wasm-bindgen and trunk copy it into a page. It is committed,
// since cargo builds the crate without npm.
//
// | written | from |
// |---|---|
// | `src/host/*.min.js` | the readable file beside it, which the npm package bundles (pkg/build/bundles.mjs) |
// | `src/client/testing/server.js` | `pkg/testing/`, the server in memory |
//
//   node scripts/snippets.mjs           writes the files
//   node scripts/snippets.mjs --check   fails if a file is not what this script would write (`make lint`)
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));
const ofPackage = createRequire(path("pkg/package.json"));
const { minify } = ofPackage("terser");
const { build } = ofPackage("esbuild");

async function minified(source) {
  const { code } = await minify(readFileSync(path(source), "utf8"), { module: true, ecma: 2022, compress: { passes: 3 } });
  return `${code}\n`;
}

async function bundled(entry, head) {
  const { outputFiles } = await build({
    absWorkingDir: path("."),
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    banner: { js: head },
  });
  return outputFiles[0].text;
}

const files = {
  "src/host/runtime.min.js": await minified("src/host/runtime.js"),
  "src/host/values.min.js": await minified("src/host/values.js"),
  "src/client/testing/server.js": await bundled(
    "pkg/testing/rust.js",
    "// Written by scripts/snippets.mjs, from pkg/testing: change the files there.",
  ),
};

for (const [name, text] of Object.entries(files)) {
  const file = path(name);
  // An unchanged file is not written: cargo would compile the crate again.
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else {
    console.error(`snippets: ${name} is not up to date: run node scripts/snippets.mjs`);
    process.exitCode = 1;
  }
}
