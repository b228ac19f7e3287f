// The scripts in dist/: each entry as one file with everything it imports, each serializer as a file of its own, and the command line.
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { base64Wasm, inlinedWasm, wasmInlined } from "./inlined-wasm.mjs";
import { crate } from "./module.mjs";

const BUNDLE = {
  bundle: true,
  legalComments: "none",
  logLevel: "warning",
  sourcemap: true,
  // wasm-bindgen imports a JS file once for each Rust file that uses it: the same module under the same key.
  logOverride: { "duplicate-object-key": "silent" },
};

const FOR_BROWSERS = { platform: "browser", target: "es2022" };
const FOR_NODE = { platform: "node", target: "node20" };
// An import() becomes a require(), which also works if a test runner loads the file into a sandbox.
const COMMONJS = { format: "cjs", supported: { "dynamic-import": false } };

const BUNDLES = [
  { entry: "browser.js", file: "browser.js", format: "esm", ...FOR_BROWSERS },
  { entry: "browser.js", file: "browser.cjs", ...COMMONJS, ...FOR_BROWSERS },
  { entry: "browser.js", file: "browser.global.js", format: "iife", globalName: "SocketIOWasm", ...FOR_BROWSERS },
  { entry: "workerd.js", file: "workerd.js", format: "esm", ...FOR_BROWSERS, external: ["./socketio_wasm_bg.wasm?module"] },
  { entry: "slim.js", file: "slim.js", format: "esm", ...FOR_BROWSERS },
  { entry: "node.js", file: "node.cjs", ...COMMONJS, ...FOR_NODE },
  { entry: "slim-node.js", file: "slim.cjs", ...COMMONJS, ...FOR_NODE },
];

const SERIALIZERS = ["msgpack", "cbor", "pickle"];

/**
 * Makes the scripts.
 * @param {string} folder the package's
 * @param {Set<string>} steps that are taken, see steps.mjs
 * @returns {Promise<string[]>} their names below dist/
 */
export async function bundle(folder, steps) {
  const { build } = await import("esbuild");
  const dependencies = Object.keys(JSON.parse(await readFile(join(folder, "package.json"), "utf8")).dependencies);
  const make = async ({ entry, file, external = [], ...options }) => {
    const isForBrowsers = options.platform === "browser";
    const isInAscii = isForBrowsers && steps.has("ascii-wasm");
    const inlined = wasmInlined(isInAscii ? inlinedWasm : (bytes) => base64Wasm(bytes, isForBrowsers));
    const plugins = [serializersApart(file.endsWith(".cjs") ? ".cjs" : ".js"), wsApart, readableSnippets, inlined];
    const files = { absWorkingDir: folder, entryPoints: [`entry/${entry}`], outfile: `dist/${file}`, external: [...dependencies, ...external] };
    await build({ ...BUNDLE, ...options, ...files, plugins });
    if (isForBrowsers && steps.has("terser")) await shorten(join(folder, "dist"), file, options.format === "esm");
    return file;
  };
  const names = await Promise.all([...BUNDLES.map(make), ws(build, folder)]);
  for (const name of ["node", "slim"]) await writeFile(join(folder, "dist", `${name}.mjs`), importing(folder, name));
  return [...names, ...(await serializers(build, folder, steps)), ...(await testing(build, folder)), await commandLine(build, folder)];
}

/** Bundles the server for tests. It stays readable, since nobody sends it over a network. */
async function testing(build, folder) {
  const common = { ...BUNDLE, absWorkingDir: folder, entryPoints: ["entry/testing.js"], ...FOR_BROWSERS };
  await build({ ...common, format: "esm", outfile: "dist/testing.js" });
  await build({ ...common, format: "cjs", outfile: "dist/testing.cjs" });
  return ["testing.js"];
}

/**
 * Bundles npm `ws` as a file of the package. If it were a dependency, Bun would replace it by a class of its own, which does not
 * show the answer of a server that refuses; and Deno would ask for a permission, since `ws` reads the environment.
 */
async function ws(build, folder) {
  const library = join(folder, "node_modules", "ws");
  const define = { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' };
  const files = { entryPoints: [join(library, "lib", "websocket.js")], outfile: join(folder, "dist", "ws.cjs") };
  await build({ ...BUNDLE, ...COMMONJS, ...FOR_NODE, ...files, minify: true, define });
  return "ws.cjs";
}

/** Bundles the command line, which imports the package as any program does. */
async function commandLine(build, folder) {
  const files = { absWorkingDir: folder, entryPoints: ["cli/index.mjs"], outfile: "dist/cli.mjs", external: ["socketio-wasm"] };
  await build({ ...BUNDLE, ...FOR_NODE, ...files, format: "esm" });
  await chmod(join(folder, "dist/cli.mjs"), 0o755);
  return "cli.mjs";
}

/** Minifies a script by terser. esbuild could minify it, too, but the script would be larger. */
async function shorten(dist, file, module) {
  const { minify } = await import("terser").catch(() => {
    throw new Error("no terser in node_modules: run scripts/setup.sh npm, or npm ci in pkg/");
  });
  const path = join(dist, file);
  const name = file.split("/").at(-1);
  const before = JSON.parse(await readFile(`${path}.map`, "utf8"));
  const sourceMap = { content: before, filename: name, url: `${name}.map`, includeSources: true };
  const { code, map } = await minify(await readFile(path, "utf8"), { module, ecma: 2022, compress: { passes: 3 }, sourceMap });
  await writeFile(path, code);
  await writeFile(`${path}.map`, map);
}

/** Returns the module for Node's `import`. It loads the CommonJS file, so that `import` and `require` give the same classes. */
function importing(folder, name) {
  // It lists the names, since not every bundler finds the exports of a CommonJS file.
  const names = Object.keys(createRequire(import.meta.url)(join(folder, "dist", `${name}.cjs`)));
  return `import node from "./${name}.cjs";\nexport const { ${names.join(", ")} } = node;\n`;
}

/** Leaves the serializers out of a bundle, which then loads the files that serializers() makes beside it. */
function serializersApart(extension) {
  const setup = (building) => {
    building.onResolve({ filter: /\/serializers\/\w+\.js$/ }, ({ path }) => ({
      path: `./serializers/${path.match(/(\w+)\.js$/)[1]}${extension}`,
      external: true,
    }));
  };
  return { name: "serializers-apart", setup };
}

/** Bundles the crate's JavaScript as it is written: wasm-bindgen copies the minified form (scripts/snippets.mjs). */
const readableSnippets = {
  name: "readable-snippets",
  setup: (building) => building.onResolve({ filter: /\/src\/host\/\w+\.min\.js$/ }, ({ path }) => ({ path: join(crate, path.match(/src\/host\/\w+/)[0] + ".js") })),
};

/** Leaves `ws` out of a bundle, which then loads the file that ws() makes beside it. */
const wsApart = {
  name: "ws-apart",
  setup: (building) => building.onResolve({ filter: /^ws$/ }, () => ({ path: "./ws.cjs", external: true })),
};

/** Makes a file of each serializer, with its library inside, so that a program loads one file. */
async function serializers(build, folder, steps) {
  const entryPoints = SERIALIZERS.map((name) => `serializers/${name}.js`);
  const common = { ...BUNDLE, absWorkingDir: folder, entryPoints, outdir: "dist/serializers" };
  await build({ ...common, ...FOR_BROWSERS, format: "esm" });
  await build({ ...common, ...FOR_NODE, format: "cjs", target: "es2022", outExtension: { ".js": ".cjs" } });
  const names = SERIALIZERS.map((name) => `serializers/${name}.js`);
  if (steps.has("terser")) for (const name of names) await shorten(join(folder, "dist"), name, true);
  const types = await readFile(join(folder, "serializers", "index.d.ts"), "utf8");
  for (const name of SERIALIZERS) {
    await writeFile(join(folder, "dist", "serializers", `${name}.d.ts`), types);
    await writeFile(join(folder, "dist", "serializers", `${name}.d.cts`), types.replace('"../index.js"', '"../index.cjs"'));
  }
  return names;
}
