// Prints how much larger the crate makes a frontend in Rust. Fails if one has outgrown its ceiling.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const folder = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const FRONTEND = folder("benches/rust/size");
const TARGET = folder("target/size");
const { buildSync } = createRequire(folder("pkg/package.json"))("esbuild");

// Ceilings are a little above the present sizes, in bytes after gzip.
const FRONTENDS = [
  { title: "without the crate", features: "" },
  { title: "with Client", features: "client", ceiling: 111_500 },
  { title: "with SimpleClient and EngineClient, too", features: "all", ceiling: 122_700 },
];

function run(command, ...parameters) {
  execFileSync(command, parameters, { cwd: FRONTEND, stdio: ["ignore", "ignore", "inherit"] });
}

/** Returns the bytes after gzip of a frontend's wasm, and of its minified glue. */
function sizes(features) {
  const target = ["--target", "wasm32-unknown-unknown", "--target-dir", TARGET];
  run("cargo", "build", "--quiet", "--release", ...target, "--features", features);
  const built = join(TARGET, "wasm32-unknown-unknown/release/size.wasm");
  run("wasm-bindgen", "--target", "web", "--no-typescript", "--out-dir", TARGET, built);
  const wasm = join(TARGET, "size_bg.wasm");
  run("wasm-opt", "-Oz", "--strip-debug", "--all-features", wasm, "-o", wasm);
  // wasm-bindgen imports a snippet file once for each function, which esbuild reports, and which is harmless.
  const options = { bundle: true, minify: true, format: "esm", write: false, logLevel: "error" };
  const { outputFiles } = buildSync({ entryPoints: [join(TARGET, "size.js")], ...options });
  return { wasm: zipped(readFileSync(wasm)), glue: zipped(outputFiles[0].contents) };
}

const zipped = (bytes) => gzipSync(bytes, { level: 9 }).length;
const row = (title, ...cells) => console.log(title.padEnd(42) + cells.map((cell) => cell.toLocaleString("en").padStart(9)).join(""));

row("bytes after gzip", "wasm", "glue", "together", "ceiling");
for (const { title, features, ceiling = Infinity } of FRONTENDS) {
  const { wasm, glue } = sizes(features);
  row(title, wasm, glue, wasm + glue, ceiling === Infinity ? "" : ceiling);
  if (wasm + glue <= ceiling) continue;
  console.error(`a frontend ${title} has ${wasm + glue} bytes after gzip, the ceiling is ${ceiling} (scripts/size-rust.mjs)`);
  process.exitCode = 1;
}
