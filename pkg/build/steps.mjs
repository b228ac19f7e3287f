// The steps that make the package smaller, or faster. A build can leave each of them out: `node build.mjs --without <step>,<step>`, or all of
// them: `--plain`. `make build-savings` measures what each saves.

/** Each step with what it does. */
export const STEPS = {
  "std-for-size": "cargo builds the standard library with the crate, for size, and a panic ends the module without a message",
  "own-generics": "each crate of the full module has its own instances of generic functions, which LLVM can then inline",
  "wasm-opt": "wasm-opt optimises the module",
  "glue-catch": "for speed: a function of the glue that may throw catches by itself, without a closure",
  "short-names": "the names of imports and exports of the module are one or two letters",
  terser: "terser minifies the scripts",
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
