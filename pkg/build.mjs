// Builds the package: node build.mjs [option…]. Needs cargo, wasm-bindgen and wasm-pack on PATH (scripts/setup.sh, scripts/env.sh).
//   --release            the package that is published; fails if the standard library cannot be built for size. Without this option the
//                        build then uses the standard library that came with rustc, and the module comes out larger.
//   --plain              nothing is optimised further than cargo does it, and no file is rewritten (see build/steps.mjs)
//   --debug              like --plain, and cargo does not optimise either, nor build a module for slim: fast to build, slow to run
//   --without step,step  leaves out these steps of build/steps.mjs
// With PROFILE=1 the functions of the wasm keep their names, so that a profiler can show them.
//
// The files:
//   wasm/full/, wasm/slim/         the two modules, with wasm-bindgen's glue: full has EngineCore, slim does not
//   dist/browser.js, browser.cjs   one file with the wasm inside, as ES module and as CommonJS: for pages, workers, bundlers
//   dist/browser.global.js         the same as a classic script, for <script src>: its exports are the global SocketIOWasm
//   dist/workerd.js                the same for the edge, which compiles no bytes: it imports dist/socketio_wasm_bg.wasm
//   dist/node.cjs, node.mjs        the same for Node, with what only Node can do; node.mjs is for `import`, and loads node.cjs
//   dist/jsdom.cjs                 loads node.cjs in a simulated browser inside of Node, such as Jest's
//   dist/ws.cjs                    npm `ws`, which the files for Node load
//   dist/cli.mjs                   the command line
//   dist/slim.js, .cjs, .mjs       the scripts of socketio-wasm/slim, which load dist/slim.wasm
//   dist/serializers/*.js, *.cjs   a file for each serializer: loaded when it is used; users import it as socketio-wasm/serializers/*
//   dist/testing.js, testing.cjs   socketio-wasm/testing: a server in memory, for tests
//   dist/*.d.ts, *.d.cts           the types, for `import` and for `require`
//   dist/LICENSES                  the licences of the libraries that these files contain
//   dist/**/*.map                  source maps, with the sources inside
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "./build/bundles.mjs";
import { declare } from "./build/declarations.mjs";
import { licences } from "./build/licences.mjs";
import { buildModules } from "./build/module.mjs";
import { stepsOf } from "./build/steps.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const at = (...path) => join(here, ...path);

const FULL = { name: "full", features: ["engine-client"], optimise: "s" }; // for speed
const SLIM = { name: "slim", features: [], optimise: "z" };

try {
  await build();
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}

async function build() {
  if (!existsSync(at("node_modules"))) throw new Error("no node_modules: run scripts/setup.sh, or npm ci in pkg/");
  const options = process.argv.slice(2);
  const steps = stepsOf(options);
  const has = (option) => options.includes(`--${option}`);
  await rm(at("dist"), { recursive: true, force: true });
  await mkdir(at("dist"));
  const debug = has("debug");
  await buildModules(debug ? [FULL] : [FULL, SLIM], { steps, debug, release: has("release"), profile: process.env.PROFILE === "1" });
  // The class that slim has is in the full module, too.
  if (debug) await cp(at("wasm", FULL.name), at("wasm", SLIM.name), { recursive: true });
  await copyFile(at("wasm", "full", "socketio_wasm_bg.wasm"), at("dist", "socketio_wasm_bg.wasm"));
  await copyFile(at("wasm", "slim", "socketio_wasm_bg.wasm"), at("dist", "slim.wasm"));
  await copyFile(at("entry", "jsdom.cjs"), at("dist", "jsdom.cjs"));
  const scripts = await bundle(here, steps);
  await declare(here);
  await licences(here, FULL.features);
  for (const name of [...scripts, "socketio_wasm_bg.wasm", "slim.wasm"]) {
    const bytes = await readFile(at("dist", name));
    console.log(`build: dist/${name} ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} with gzip`);
  }
}
