// Builds the package: node build.mjs. Needs cargo and wasm-bindgen on PATH (scripts/setup.sh, scripts/env.sh).
// With PROFILE=1 the functions of the wasm keep their names, for a profiler to show.
//   wasm/                          what wasm-bindgen makes of the crate, then optimised
//   dist/browser.js                one ES module with the wasm inside: pages, workers, bundlers
//   dist/node.cjs, dist/*.wasm     one CommonJS bundle that reads the wasm beside it
//   dist/node.mjs                  the same bundle for `import`
//   dist/serializers/*.js, *.cjs   a file for each serializer: loaded where it is used, and by users as socketio-wasm/serializers/*
//   dist/index.d.ts, index.d.cts   the types of types/ as one file, for `import` and for `require`
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const crate = resolve(here, "..");
const profile = process.env.PROFILE === "1";
const at = (...path) => join(here, ...path);

// What rustc may emit for wasm32 unless told otherwise; wasm-opt must be told, since it refuses what it was not told of.
const WASM_FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

const BUNDLE = {
  absWorkingDir: here,
  bundle: true,
  legalComments: "none",
  logLevel: "warning",
  // wasm-bindgen names a JS file once for each Rust file that imports from it: the same module under the same key.
  logOverride: { "duplicate-object-key": "silent" },
};

const SERIALIZERS = ["msgpack", "cbor", "pickle"];
// What is inside of them: their licenses want to be where they are.
const LIBRARIES = ["@msgpack/msgpack", "cborg"];

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
  await buildWasm();
  await bundle();
  await declarations();
  await report();
}

async function buildWasm() {
  const forSize = standardLibraryForSize();
  // As a cdylib alone: what else the crate may be built as (an rlib) keeps functions in the module that nobody calls.
  const target = ["--release", "--target", "wasm32-unknown-unknown", "--lib", "--crate-type", "cdylib"];
  const environment = { ...forSize.environment, ...(profile && { CARGO_PROFILE_RELEASE_STRIP: "none", CARGO_PROFILE_RELEASE_DEBUG: "1" }) };
  run("cargo", ["rustc", "--manifest-path", join(crate, "Cargo.toml"), "--features", "engine-client", ...target, ...forSize.parameters], environment);
  const built = join(environment.CARGO_TARGET_DIR ?? join(crate, "target"), "wasm32-unknown-unknown", "release", "socketio_wasm.wasm");
  await rm(at("wasm"), { recursive: true, force: true });
  run("wasm-bindgen", ["--target", "web", "--omit-default-module-path", "--out-dir", at("wasm"), built, ...(profile ? ["--keep-debug"] : [])]);
  const wasm = at("wasm", "socketio_wasm_bg.wasm");
  const features = WASM_FEATURES.map((feature) => `--enable-${feature}`);
  // Inlining into the one caller makes code smaller up to some length, and harder to compress beyond it.
  const optimise = ["-Oz", "--converge", "--one-caller-inline-max-function-size=25"];
  const strip = profile ? ["-g"] : ["--strip-debug", "--strip-target-features", "--strip-producers"];
  run(at("node_modules", ".bin", "wasm-opt"), [...optimise, ...strip, ...features, wasm, "-o", wasm]);
  if (!profile) await shortenNames(wasm, at("wasm", "socketio_wasm.js"), features);
  await copyFile(wasm, at("dist", "socketio_wasm_bg.wasm"));
}

/** The names across the boundary, which end in hashes that no compression shrinks, replaced by short ones on both sides. */
async function shortenNames(wasm, glue, features) {
  const said = run(at("node_modules", ".bin", "wasm-opt"), [...features, "--minify-imports-and-exports-and-modules", wasm, "-o", wasm]);
  const { imports, exports } = JSON.parse(said);
  const exported = new Map(exports);
  const own = new Map(imports.filter(([module]) => module === "./socketio_wasm_bg.js").map(([, name, short]) => [name, short]));
  const others = imports.filter(([module]) => module !== "./socketio_wasm_bg.js");
  // wasm-bindgen's functions are the keys of `import0`; those of the crate's own JavaScript come from its modules.
  const namespaceOf = (module, text) => text.match(new RegExp(`import \\* as (\\w+) from "${module.replaceAll(".", "\\.")}"`))?.[1];
  let text = await readFile(glue, "utf8");
  const rest = others.map(([module, name, short]) => `${JSON.stringify(short)}: ${namespaceOf(module, text)}.${name}`);
  text = text.replace(/^( {8})(__\w+)(?=: function)/gm, (whole, indent, name) => (own.has(name) ? indent + JSON.stringify(own.get(name)) : whole));
  text = text.replace(/\bwasm\.([\w$]+)/g, (whole, name) => (exported.has(name) ? `wasm[${JSON.stringify(exported.get(name))}]` : whole));
  const returned = /return \{\s+__proto__: null,\s+"\.\/socketio_wasm_bg\.js": import0,[^}]*\};/;
  if (!returned.test(text) || rest.some((entry) => entry.includes("undefined."))) {
    throw new Error("wasm-bindgen's glue is not as build.mjs knows it: shortenNames() must learn its new shape");
  }
  text = text.replace(returned, `return { __proto__: null, a: { ...import0, ${rest.join(", ")} } };`);
  await writeFile(glue, text);
}

/**
 * The standard library is built with the crate, for size and without the words of panics: a tenth less to download. It needs
 * its source (rustup's component rust-src, Debian's rust-web-src); where that is missing, the one that came with rustc is used.
 */
function standardLibraryForSize() {
  const sysroot = execFileSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).trim();
  if (!existsSync(join(sysroot, "lib", "rustlib", "src", "rust", "library", "Cargo.lock"))) {
    console.log("build: the standard library's source is not here (scripts/setup.sh rust): the module comes out larger");
    return { parameters: [], environment: {} };
  }
  return {
    parameters: ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
    environment: {
      RUSTC_BOOTSTRAP: "1", // these options are unstable
      RUSTFLAGS: "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none",
      CARGO_TARGET_DIR: join(crate, "target", "npm"), // other flags, and so other files, than those of the tests
    },
  };
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
    plugins: [serializersApart(".js")],
  });
  await esbuild.build({
    ...BUNDLE,
    entryPoints: ["entry/node.js"],
    outfile: "dist/node.cjs",
    format: "cjs",
    platform: "node",
    target: "node20",
    external: Object.keys(JSON.parse(await readFile(at("package.json"), "utf8")).dependencies),
    // An import() becomes a require(), which also works where a test runner loads this file into a sandbox.
    supported: { "dynamic-import": false },
    plugins: [serializersApart(".cjs")],
  });
  await serializers(esbuild);
  // The names are written out, since not every bundler finds those of a CommonJS file.
  const names = Object.keys(createRequire(import.meta.url)("./dist/node.cjs"));
  await writeFile(at("dist", "node.mjs"), `import node from "./node.cjs";\nexport const { ${names.join(", ")} } = node;\n`);
}

/** Leaves the serializers out of a bundle: in their place stands the file beside it that serializers() makes of each. */
function serializersApart(extension) {
  const setup = (bundle) => {
    bundle.onResolve({ filter: /\/serializers\/\w+\.js$/ }, ({ path }) => ({
      path: `./serializers/${path.match(/(\w+)\.js$/)[1]}${extension}`,
      external: true,
    }));
  };
  return { name: "serializers-apart", setup };
}

/** Each by itself with its library inside, so that whoever loads it loads one file. */
async function serializers(esbuild) {
  const entryPoints = SERIALIZERS.map((name) => `serializers/${name}.js`);
  const common = { ...BUNDLE, entryPoints, outdir: "dist/serializers", target: "es2022" };
  await esbuild.build({ ...common, format: "esm", platform: "browser", minify: true });
  await esbuild.build({ ...common, format: "cjs", platform: "node", outExtension: { ".js": ".cjs" } });
  for (const name of SERIALIZERS) {
    const types = await readFile(at("serializers", "index.d.ts"), "utf8");
    await writeFile(at("dist", "serializers", `${name}.d.ts`), types);
    await writeFile(at("dist", "serializers", `${name}.d.cts`), types.replace('"../index.js"', '"../index.cjs"'));
  }
  const notices = LIBRARIES.map(async (name) => `${name}\n\n${await readFile(at("node_modules", name, "LICENSE"), "utf8")}`);
  await writeFile(at("dist", "serializers", "LICENSES"), (await Promise.all(notices)).join("\n\n"));
}

/** The declarations as one file, for `import` and for `require`: what a CommonJS module's types import must be CommonJS too. */
async function declarations() {
  const names = (await readdir(at("types"))).sort();
  const texts = await Promise.all(names.map((name) => readFile(at("types", name), "utf8")));
  const imports = /^import type \{[^}]*\} from "\.\/[^"]+";\n/gm;
  const whole = ['/// <reference lib="esnext.disposable" />\n', ...texts.map((text) => text.replace(imports, ""))].join("\n");
  for (const name of ["index.d.ts", "index.d.cts"]) await writeFile(at("dist", name), whole);
}

async function report() {
  for (const name of ["socketio_wasm_bg.wasm", "browser.js", "node.cjs", ...SERIALIZERS.map((name) => `serializers/${name}.js`)]) {
    const bytes = await readFile(at("dist", name));
    const { size } = await stat(at("dist", name));
    console.log(`build: dist/${name} ${size} bytes, ${gzipSync(bytes, { level: 9 }).length} with gzip`);
  }
}

/** Runs a program; returns what it writes to its standard output. */
function run(command, parameters, environment = {}) {
  try {
    const said = execFileSync(command, parameters, { stdio: ["inherit", "pipe", "inherit"], env: { ...process.env, ...environment } });
    return said.toString();
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`${command} is not on PATH: run scripts/setup.sh, then \`source scripts/env.sh\``);
    throw new Error(`${command} ${parameters[0]} failed (${error.signal ?? `status ${error.status}`}); what it says stands above`);
  }
}
