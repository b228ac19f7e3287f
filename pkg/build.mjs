// Builds the package: node build.mjs [crate folder]. Needs wasm-pack and cargo on PATH (scripts/setup.sh, scripts/env.sh).
//   wasm/                          what wasm-pack makes of the crate, then optimised
//   dist/browser.js                one ES module with the wasm inside: pages, workers, bundlers
//   dist/node.cjs, dist/*.wasm     one CommonJS bundle that reads the wasm beside it
//   dist/node.mjs, index.d.cts     the same bundle for `import`, the same types for `require`
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const crate = resolve(process.argv[2] ?? join(here, ".."));
const at = (...path) => join(here, ...path);

// What rustc may emit for wasm32 unless told otherwise; wasm-opt must be told, since it refuses what it was not told of.
const WASM_FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

const BUNDLE = { absWorkingDir: here, bundle: true, legalComments: "none", logLevel: "warning" };

try {
  await build();
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}

async function build() {
  if (!existsSync(join(crate, "Cargo.toml"))) throw new Error(`no Cargo.toml in ${crate}`);
  if (!existsSync(at("node_modules"))) throw new Error("no node_modules: run scripts/setup.sh, or npm ci in pkg/");
  await rm(at("dist"), { recursive: true, force: true });
  await mkdir(at("dist"));
  await buildWasm();
  await bundle();
  await report();
}

async function buildWasm() {
  run("wasm-pack", ["build", crate, "--target", "web", "--no-pack", "--mode", "no-install", "--release", "--out-dir", at("wasm")].concat(
    ["--out-name", "socketio_wasm", "--", "--features", "js"],
  ));
  await rm(at("wasm", ".gitignore"), { force: true }); // it would keep the folder out of what is packed
  const wasm = at("wasm", "socketio_wasm_bg.wasm");
  const features = WASM_FEATURES.map((feature) => `--enable-${feature}`);
  run(at("node_modules", ".bin", "wasm-opt"), ["-Oz", "--strip-debug", "--strip-producers", ...features, wasm, "-o", wasm]);
  await copyFile(wasm, at("dist", "socketio_wasm_bg.wasm"));
}

async function bundle() {
  const esbuild = await import("esbuild");
  await esbuild.build({
    ...BUNDLE,
    entryPoints: ["entry/browser.js"],
    outfile: "dist/browser.js",
    format: "esm",
    platform: "browser",
    target: "es2022",
    loader: { ".wasm": "binary" },
    minify: true,
  });
  await esbuild.build({
    ...BUNDLE,
    entryPoints: ["entry/node.js"],
    outfile: "dist/node.cjs",
    format: "cjs",
    platform: "node",
    target: "node20",
    external: ["ws"],
  });
  // The names are written out, since not every bundler finds those of a CommonJS file.
  const names = Object.keys(createRequire(import.meta.url)("./dist/node.cjs"));
  await writeFile(at("dist", "node.mjs"), `import node from "./node.cjs";\nexport const { ${names.join(", ")} } = node;\n`);
  await copyFile(at("index.d.ts"), at("dist", "index.d.cts"));
}

async function report() {
  for (const name of ["socketio_wasm_bg.wasm", "browser.js", "node.cjs"]) {
    const bytes = await readFile(at("dist", name));
    const { size } = await stat(at("dist", name));
    console.log(`build: dist/${name} ${size} bytes, ${gzipSync(bytes, { level: 9 }).length} with gzip`);
  }
}

function run(command, parameters) {
  try {
    execFileSync(command, parameters, { stdio: "inherit" });
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`${command} is not on PATH: run scripts/setup.sh, then \`source scripts/env.sh\``);
    throw new Error(`${command} ${parameters[0]} failed (${error.signal ?? `status ${error.status}`}); what it says stands above`);
  }
}
