// Writes the minified form of the crate's JavaScript, src/host/*.min.js, which the Rust code imports. wasm-bindgen and trunk copy these files
// as they are into the page of a Rust frontend. The npm package bundles the readable sources instead (pkg/build/bundles.mjs).
//   node scripts/snippets.mjs           writes the files
//   node scripts/snippets.mjs --check   fails if a file is not what this script would write (`make lint`)
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { minify } = createRequire(new URL("../pkg/package.json", import.meta.url))("terser");
const path = (name) => fileURLToPath(new URL(`../src/host/${name}`, import.meta.url));

for (const name of ["runtime", "values"]) {
  const { code } = await minify(readFileSync(path(`${name}.js`), "utf8"), { module: true, ecma: 2022, compress: { passes: 3 } });
  const file = path(`${name}.min.js`);
  // An unchanged file is not written: cargo would compile the crate again.
  if (existsSync(file) && readFileSync(file, "utf8") === `${code}\n`) continue;
  if (!process.argv.includes("--check")) writeFileSync(file, `${code}\n`);
  else {
    console.error(`snippets: src/host/${name}.min.js is not up to date with src/host/${name}.js: run node scripts/snippets.mjs`);
    process.exitCode = 1;
  }
}
