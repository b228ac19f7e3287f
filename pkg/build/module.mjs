// The crate as a module of WebAssembly with its glue: cargo, wasm-bindgen, wasm-opt. One module for each set of cargo features.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { shortenNames, trim } from "./glue.mjs";

const packageFolder = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** The folder of the crate. */
export const crate = resolve(packageFolder, "..");
const tool = (name) => join(packageFolder, "node_modules", ".bin", name);

// What rustc may emit for wasm32 unless told otherwise; wasm-opt must be told, since it refuses what it was not told of.
const WASM_FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];
const WASM_OPTIONS = WASM_FEATURES.map((feature) => `--enable-${feature}`);

/**
 * Builds the modules.
 * @param {{ name: string, features: string, optimise: "s" | "z" }[]} modules `features` of cargo, and its `opt-level`; each is
 *   put to wasm/<name>/socketio_wasm.js and socketio_wasm_bg.wasm
 * @param {{ release: boolean, profile: boolean }} options `release`: the smaller module or none; `profile`: functions keep
 *   their names
 */
export async function buildModules(modules, { release, profile }) {
  const standardLibrary = standardLibraryForSize(release);
  await rm(join(packageFolder, "wasm"), { recursive: true, force: true });
  // cargo builds one after the other into the same file; what follows has a folder of its own, and need not wait.
  const finishing = [];
  for (const { name, features, optimise } of modules) {
    const folder = join(packageFolder, "wasm", name);
    await mkdir(folder, { recursive: true });
    await compile({ features, optimise, profile }, standardLibrary, join(folder, "socketio_wasm.wasm"));
    finishing.push(finish(folder, { optimise, profile }));
  }
  await Promise.all(finishing);
}

async function compile({ features, optimise, profile }, { parameters, environment }, to) {
  // As a cdylib alone: what else the crate may be built as (an rlib) keeps functions in the module that nobody calls.
  const target = ["--release", "--target", "wasm32-unknown-unknown", "--lib", "--crate-type", "cdylib"];
  const named = profile && { CARGO_PROFILE_RELEASE_STRIP: "none", CARGO_PROFILE_RELEASE_DEBUG: "1" };
  const manifest = ["--manifest-path", join(crate, "Cargo.toml")];
  await run("cargo", ["rustc", ...manifest, "--features", features, ...target, ...parameters], { ...environment, ...named, CARGO_PROFILE_RELEASE_OPT_LEVEL: optimise });
  const folder = environment.CARGO_TARGET_DIR ?? join(crate, "target");
  await copyFile(join(folder, "wasm32-unknown-unknown", "release", "socketio_wasm.wasm"), to);
}

async function finish(folder, { optimise, profile }) {
  const built = join(folder, "socketio_wasm.wasm");
  await run("wasm-bindgen", ["--target", "web", "--omit-default-module-path", "--out-dir", folder, built, ...(profile ? ["--keep-debug"] : [])]);
  await rm(built);
  const wasm = join(folder, "socketio_wasm_bg.wasm");
  const glue = join(folder, "socketio_wasm.js");
  // Inlining into the one caller makes code smaller up to some length, and harder to compress beyond it.
  // A first round over flat code finds what is smaller still.
  const level = optimise === "z" ? ["--flatten", "--rereloop", "-Oz", "-Oz"] : ["-O3"];
  const passes = [...level, "--converge", "--one-caller-inline-max-function-size=25"];
  const strip = profile ? ["-g"] : ["--strip-debug", "--strip-target-features", "--strip-producers"];
  await run(tool("wasm-opt"), [...passes, ...strip, ...WASM_OPTIONS, wasm, "-o", wasm]);
  let text = trim(await readFile(glue, "utf8"));
  const build = createHash("sha256").update(await readFile(wasm)).update(text).digest("hex").slice(0, 8);
  if (!profile) {
    // Names end in hashes that no compression shrinks.
    const said = await run(tool("wasm-opt"), [...WASM_OPTIONS, "--minify-imports-and-exports-and-modules", wasm, "-o", wasm]);
    text = shortenNames(text, JSON.parse(said));
  }
  // Short names fit those of another build: both say of which they are, so that the one can be refused by the other.
  await appendFile(wasm, customSection("socketio-wasm", build));
  await writeFile(glue, `${text}\n/** What the module's section "socketio-wasm" says, too. */\nexport const BUILD = "${build}";\n`);
}

/** A section of a module that engines pass over, and JavaScript can read; of less than 128 bytes, so that each length is one. */
function customSection(name, content) {
  const bytes = Buffer.from(name + content);
  return Buffer.from([0, bytes.length + 1, name.length, ...bytes]);
}

/**
 * The standard library is built with the crate, for size and without the words of panics: a tenth less to download. It needs
 * its source (rustup's component rust-src, Debian's rust-web-src); where that is missing, the one that came with rustc is used,
 * but not for a release.
 */
function standardLibraryForSize(release) {
  if (!existsSync(join(librarySource(), "Cargo.lock"))) {
    const missing = "the standard library's source is not here (scripts/setup.sh rust; with rustup: rustup component add rust-src)";
    if (release) throw new Error(`${missing}: without it the module would come out larger, and is not what is published`);
    console.log(`build: ${missing}: the module comes out larger`);
    return { parameters: [], environment: {} };
  }
  if (release) console.log("build: a release, with the standard library from source, by cargo's unstable -Zbuild-std (RUSTC_BOOTSTRAP=1)");
  return {
    parameters: ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
    environment: {
      RUSTC_BOOTSTRAP: "1", // these options are unstable
      // JS objects are numbers in the module and stand in an array of the glue: to put them into a table of the module's own,
      // as reference types do, takes an engine longer.
      RUSTFLAGS: "-Ctarget-feature=-reference-types -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none",
      CARGO_TARGET_DIR: join(crate, "target", "npm"), // other flags, and so other files, than those of the tests
    },
  };
}

/** Where the standard library's source is, if it is there. */
export function librarySource() {
  const sysroot = execFileSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).trim();
  return join(sysroot, "lib", "rustlib", "src", "rust", "library");
}

/** Runs a program, which writes its complaints where we do; returns what it writes to its standard output. */
export async function run(command, parameters, environment = {}) {
  try {
    const running = promisify(execFile)(command, parameters, { env: { ...process.env, ...environment }, maxBuffer: Infinity });
    running.child.stderr.pipe(process.stderr);
    return (await running).stdout;
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`${command} is not on PATH: run scripts/setup.sh, then \`source scripts/env.sh\``);
    throw new Error(`${command} ${parameters[0]} failed (${error.signal ?? `status ${error.code}`}); what it says stands above`);
  }
}
