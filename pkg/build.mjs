// Builds the package: node build.mjs. Needs cargo and wasm-bindgen on PATH (scripts/setup.sh, scripts/env.sh).
// With --release it is the package that is published, or none; else, where the standard library cannot be built for size, a larger one.
// With PROFILE=1 the functions of the wasm keep their names, for a profiler to show.
//   wasm/full/, wasm/slim/         the two modules, with wasm-bindgen's glue: with EngineCore and without
//   dist/browser.js                one ES module with the wasm inside: pages, workers, bundlers
//   dist/node.cjs, dist/*_bg.wasm  one CommonJS bundle that reads the wasm beside it
//   dist/slim.js, dist/slim.cjs    the same two for socketio-wasm/slim, which is told where its dist/slim.wasm is
//   dist/node.mjs, dist/slim.mjs   the bundles of Node for `import`
//   dist/serializers/*.js, *.cjs   a file for each serializer: loaded where it is used, and by users as socketio-wasm/serializers/*
//   dist/index.d.ts, index.d.cts   the types of types/ as one file, for `import` and for `require`; slim.d.ts, slim.d.cts
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildModules } from "./build/module.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const at = (...path) => join(here, ...path);

const MODULES = [
  { name: "full", features: "engine-client", optimise: "s" }, // for speed
  { name: "slim", features: "js", optimise: "z" },
];

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
  await buildModules(MODULES, { release: process.argv.includes("--release"), profile: process.env.PROFILE === "1" });
  await copyFile(at("wasm", "full", "socketio_wasm_bg.wasm"), at("dist", "socketio_wasm_bg.wasm"));
  await copyFile(at("wasm", "slim", "socketio_wasm_bg.wasm"), at("dist", "slim.wasm"));
  await bundle();
  await declarations();
  await report();
}

async function bundle() {
  const esbuild = await import("esbuild");
  const forBrowsers = (entry, name) =>
    esbuild.build({
      ...BUNDLE,
      entryPoints: [`entry/${entry}`],
      outfile: `dist/${name}.js`,
      format: "esm",
      platform: "browser",
      target: "es2022",
      loader: { ".wasm": "binary" },
      minify: true,
      plugins: [serializersApart(".js")],
    });
  await forBrowsers("browser.js", "browser");
  await forBrowsers("slim.js", "slim");
  await forNode(esbuild, "node.js", "node");
  await forNode(esbuild, "slim-node.js", "slim");
  await serializers(esbuild);
  for (const name of ["browser", "slim", ...SERIALIZERS.map((name) => `serializers/${name}`)]) await shorten(at("dist", `${name}.js`));
}

/** What esbuild has minified, by terser once more, which knows more ways to say a thing: 3 % less to download. */
async function shorten(path) {
  const { minify } = await import("terser").catch(() => {
    throw new Error("no terser in node_modules: run scripts/setup.sh npm, or npm ci in pkg/");
  });
  const { code } = await minify(await readFile(path, "utf8"), { module: true, ecma: 2022, compress: { passes: 3 } });
  await writeFile(path, code);
}

async function forNode(esbuild, entry, name) {
  await esbuild.build({
    ...BUNDLE,
    entryPoints: [`entry/${entry}`],
    outfile: `dist/${name}.cjs`,
    format: "cjs",
    platform: "node",
    target: "node20",
    external: Object.keys(JSON.parse(await readFile(at("package.json"), "utf8")).dependencies),
    // An import() becomes a require(), which also works where a test runner loads this file into a sandbox.
    supported: { "dynamic-import": false },
    plugins: [serializersApart(".cjs")],
  });
  // The names are written out, since not every bundler finds those of a CommonJS file.
  const names = Object.keys(createRequire(import.meta.url)(`./dist/${name}.cjs`));
  await writeFile(at("dist", `${name}.mjs`), `import node from "./${name}.cjs";\nexport const { ${names.join(", ")} } = node;\n`);
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
  const slim = await readFile(at("entry", "slim.d.ts"), "utf8");
  await writeFile(at("dist", "slim.d.ts"), slim);
  await writeFile(at("dist", "slim.d.cts"), slim.replaceAll('"./index.js"', '"./index.cjs"'));
}

async function report() {
  const names = ["socketio_wasm_bg.wasm", "browser.js", "node.cjs", "slim.wasm", "slim.js", "slim.cjs"];
  for (const name of [...names, ...SERIALIZERS.map((name) => `serializers/${name}.js`)]) {
    const bytes = await readFile(at("dist", name));
    console.log(`build: dist/${name} ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} with gzip`);
  }
}
