// Builds the package: node build.mjs. Needs cargo and wasm-bindgen on PATH (scripts/setup.sh, scripts/env.sh).
// With --release it is the package that is published, or none; else, where the standard library cannot be built for size, a larger one.
// With PROFILE=1 the functions of the wasm keep their names, for a profiler to show.
//   wasm/full/, wasm/slim/         the two modules, with wasm-bindgen's glue: with EngineCore and without
//   dist/browser.js, browser.cjs   one file with the wasm inside, as ES module and as CommonJS: pages, workers, bundlers
//   dist/workerd.js                the same for the edge, where no bytes may be compiled: it imports dist/socketio_wasm_bg.wasm
//   dist/node.cjs, node.mjs        the same for Node, with what only Node has: for `require`, and for `import`, which loads the former
//   dist/jsdom.cjs                 loads the former where a browser is simulated inside of Node, as by Jest
//   dist/ws.cjs                    npm `ws`, which those for Node load
//   dist/cli.mjs                   the command line
//   dist/slim.js, .cjs, .mjs       those of socketio-wasm/slim, which is told where its dist/slim.wasm is
//   dist/serializers/*.js, *.cjs   a file for each serializer: loaded where it is used, and by users as socketio-wasm/serializers/*
//   dist/*.d.ts, *.d.cts           the types, for `import` and for `require`
//   dist/LICENSES                  of what others wrote and these files have inside
//   dist/**/*.map                  source maps, with the sources inside
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "./build/bundles.mjs";
import { declare } from "./build/declarations.mjs";
import { licences } from "./build/licences.mjs";
import { buildModules } from "./build/module.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const at = (...path) => join(here, ...path);

const MODULES = [
  { name: "full", features: "engine-client", optimise: "s" }, // for speed
  { name: "slim", features: "js", optimise: "z" },
];

try {
  await build();
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}

async function build() {
  if (!existsSync(at("node_modules"))) throw new Error("no node_modules: run scripts/setup.sh, or npm ci in pkg/");
  await rm(at("dist"), { recursive: true, force: true });
  await mkdir(at("dist"));
  await buildModules(MODULES, { release: process.argv.includes("--release"), profile: process.env.PROFILE === "1" });
  await copyFile(at("wasm", "full", "socketio_wasm_bg.wasm"), at("dist", "socketio_wasm_bg.wasm"));
  await copyFile(at("wasm", "slim", "socketio_wasm_bg.wasm"), at("dist", "slim.wasm"));
  await copyFile(at("entry", "jsdom.cjs"), at("dist", "jsdom.cjs"));
  const scripts = await bundle(here);
  await declare(here);
  await licences(here, MODULES.map(({ features }) => features).join());
  for (const name of [...scripts, "socketio_wasm_bg.wasm", "slim.wasm"]) {
    const bytes = await readFile(at("dist", name));
    console.log(`build: dist/${name} ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} with gzip`);
  }
}
