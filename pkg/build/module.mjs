// The crate pkg/core as a module of WebAssembly with its glue. wasm-pack runs cargo and wasm-bindgen; then wasm-opt and build/glue.mjs
// make the result smaller. One module for each set of cargo features.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { catchWithoutClosures, shortenNames } from "./glue.mjs";

const packageFolder = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** The folder of the crate socketio-wasm. */
export const crate = resolve(packageFolder, "..");
/** The folder of the crate that becomes the module: it exports the JavaScript classes of the other. */
export const core = join(packageFolder, "core");
const tool = (name) => join(packageFolder, "node_modules", ".bin", name);

// rustc emits these features for wasm32 by default. wasm-opt refuses a module with a feature that is not enabled.
const WASM_FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];
const WASM_OPTIONS = WASM_FEATURES.map((feature) => `--enable-${feature}`);

/**
 * Builds the modules.
 * @param {{ name: string, features: string[], optimise: "s" | "z" }[]} modules `features` of cargo, and its `opt-level`; each is
 *   written to wasm/<name>/socketio_wasm.js and socketio_wasm_bg.wasm
 * @param {object} options
 * @param {Set<string>} options.steps that are taken, see steps.mjs
 * @param {boolean} options.release the build fails if the standard library cannot be built for size
 * @param {boolean} options.debug cargo does not optimise
 * @param {boolean} options.profile functions keep their names
 */
export async function buildModules(modules, options) {
  const isForSize = canBuildForSize(options);
  await rm(join(packageFolder, "wasm"), { recursive: true, force: true });
  // cargo builds one after the other in the same folder. The further steps have a folder for each, and need not wait.
  const finishing = [];
  for (const { name, features, optimise } of modules) {
    const folder = join(packageFolder, "wasm", name);
    await compile({ features, optimise }, options, isForSize, folder);
    const finished = finish(folder, optimise, options);
    finished.catch(() => {}); // the last line reports it
    finishing.push(finished);
  }
  await Promise.all(finishing);
}

/** wasm-pack finds the tools on PATH, where setup.sh has installed them, and must not download any. */
async function compile({ features, optimise }, { steps, debug, profile }, isForSize, folder) {
  const output = ["--target", "web", "--out-dir", folder, "--out-name", "socketio_wasm", "--no-pack", "--no-gitignore"];
  const how = ["--mode", "no-install", "--no-opt", "--profile", debug ? "dev" : "npm"];
  const { parameters, environment } = isForSize ? buildForSize(steps, optimise) : { parameters: [], environment: {} };
  const cargo = [...(features.length > 0 ? ["--features", features.join()] : []), ...parameters];
  const variables = { ...environment, CARGO_PROFILE_NPM_OPT_LEVEL: optimise, ...(profile && { CARGO_PROFILE_NPM_STRIP: "none" }) };
  await run("wasm-pack", ["--log-level", "warn", "build", core, ...how, ...output, "--", ...cargo], variables);
}

/** Makes a module and its glue smaller, and writes into both which build they are of. */
async function finish(folder, optimise, { steps, profile }) {
  const wasm = join(folder, "socketio_wasm_bg.wasm");
  const glue = join(folder, "socketio_wasm.js");
  const strip = profile ? ["-g"] : ["--strip-debug", "--strip-target-features", "--strip-producers"];
  if (steps.has("wasm-opt")) await run(tool("wasm-opt"), [optimise === "z" ? "-Oz" : "-O3", ...strip, ...WASM_OPTIONS, wasm, "-o", wasm]);
  let text = await readFile(glue, "utf8");
  if (steps.has("glue-catch")) text = catchWithoutClosures(text);
  const build = createHash("sha256").update(await readFile(wasm)).update(text).digest("hex").slice(0, 8);
  if (steps.has("short-names") && !profile) {
    // The names that wasm-bindgen gives end in hashes, which do not compress.
    const names = await run(tool("wasm-opt"), [...WASM_OPTIONS, "--minify-imports-and-exports-and-modules", wasm, "-o", wasm]);
    text = shortenNames(text, JSON.parse(names));
  }
  // The short names of one build also fit another build, with another meaning. Each file says which build it is of, so that the
  // script can refuse a module of another build.
  await appendFile(wasm, customSection("socketio-wasm", build));
  await writeFile(glue, `${text}\n/** The section "socketio-wasm" of the module has the same value. */\nexport const BUILD = "${build}";\n`);
}

/** Returns a section of a module that engines skip, and that JavaScript can read. It has less than 128 bytes, so each length is one byte. */
function customSection(name, content) {
  const bytes = Buffer.from(name + content);
  return Buffer.from([0, bytes.length + 1, name.length, ...bytes]);
}

/**
 * Returns true if cargo is to build the standard library with the crate, for size and without the messages of panics: the download is
 * a tenth smaller. This needs the library's source (rustup's component rust-src, Debian's rust-web-src). If the source is missing, a
 * release fails, and another build uses the library that came with rustc.
 */
function canBuildForSize({ steps, release }) {
  if (!steps.has("std-for-size")) return false;
  if (existsSync(join(librarySource(), "Cargo.lock"))) {
    if (release) console.log("build: a release, with the standard library from source, by cargo's unstable -Zbuild-std (RUSTC_BOOTSTRAP=1)");
    return true;
  }
  const missing = "the source of the standard library is missing (scripts/setup.sh rust installs it; with rustup: rustup component add rust-src)";
  if (release) throw new Error(`${missing}: without it the module would be larger than the published one`);
  console.log(`build: ${missing}: the module comes out larger`);
  return false;
}

/** Returns the options and variables for cargo by which it does so. */
function buildForSize(steps, optimise) {
  const flags = [
    // JS objects are numbers in the module, by which the glue finds them in an array. Reference types would put them into a table of
    // the module, which is slower.
    "-Ctarget-feature=-reference-types",
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    ...(steps.has("own-generics") && optimise === "s" ? ["-Zshare-generics=no"] : []),
  ];
  return {
    parameters: ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
    environment: {
      RUSTC_BOOTSTRAP: "1", // these options are unstable
      RUSTFLAGS: flags.join(" "),
      CARGO_TARGET_DIR: join(crate, "target", "npm"), // other flags than those of the tests give other files
    },
  };
}

/** Returns the folder where the source of the standard library is, if it is installed. */
export function librarySource() {
  const sysroot = execFileSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).trim();
  return join(sysroot, "lib", "rustlib", "src", "rust", "library");
}

/** Runs a program, whose standard error is ours; returns its standard output. */
export async function run(command, parameters, environment = {}) {
  try {
    const running = promisify(execFile)(command, parameters, { env: { ...process.env, ...environment }, maxBuffer: Infinity });
    running.child.stderr.pipe(process.stderr);
    return (await running).stdout;
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`${command} is not on PATH: run scripts/setup.sh, then \`source scripts/env.sh\``);
    throw new Error(`${command} ${parameters[0]} failed (${error.signal ?? `status ${error.code}`}); its message stands above`);
  }
}
