// The steps that make the package smaller. A build can leave each of them out: `node build.mjs --without <step>,<step>`, or all of
// them: `--plain`. `make build-savings` measures what each saves.

/** Each step with what it does. */
export const STEPS = {
  "std-for-size": "cargo builds the standard library with the crate, for size (without it, the steps up to own-generics are left out, too)",
  "immediate-abort": "a panic ends the module without a message",
  "no-locations": "the module does not hold the lines of the source that can panic",
  "own-generics": "each crate of the full module has its own instances of generic functions, which LLVM can then inline",
  "wasm-opt": "wasm-opt optimises the module",
  "wasm-opt-flat": "wasm-opt optimises slim's module as flat code first",
  "wasm-opt-converge": "wasm-opt repeats its passes until nothing changes",
  "wasm-opt-inline": "wasm-opt inlines a function of one caller only if it is short",
  "glue-catch": "a function of the glue that may throw catches by itself, without a closure",
  "glue-arrows": "the functions of the glue that wasm calls are arrow functions",
  "glue-free": "the classes of the glue have no methods to free them by hand",
  "short-names": "the names of imports and exports of the module are one or two letters",
  minify: "esbuild minifies the scripts",
  terser: "terser minifies the scripts once more",
  "ascii-wasm": "a script has the module inside as a string that compresses well, in place of base64",
};

/**
 * Returns the steps that a build takes.
 * @param {string[]} options of the command line
 * @returns {Set<string>}
 */
export function stepsOf(options) {
  if (options.includes("--plain") || options.includes("--debug")) return new Set();
  const at = options.indexOf("--without");
  const left = at < 0 ? [] : (options[at + 1] ?? "").split(",");
  const unknown = left.find((name) => !Object.hasOwn(STEPS, name));
  if (unknown !== undefined) throw new Error(`--without ${unknown}: the steps are ${Object.keys(STEPS).join(", ")}`);
  return new Set(Object.keys(STEPS).filter((name) => !left.includes(name)));
}
