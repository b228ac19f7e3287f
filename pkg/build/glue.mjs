// The steps that rewrite wasm-bindgen's glue. Each is written for the glue of the version that Cargo.toml names. If a step does not find the
// shape that it replaces, or if it leaves some of it, the build fails: then wasm-bindgen's output has changed, and the step has to
// be written for the new shape.

const unknown = (problem) => new Error(`wasm-bindgen's glue is not as pkg/build/glue.mjs expects it: ${problem}`);

/**
 * Functions that may throw, and the function that they catch by: patterns with their replacements, and the old shape, of which
 * nothing may be left.
 */
const CATCHING = [
  {
    from: /: function\(\) \{ return handleError\(function \(([^)]*)\) \{\n([^]*?)\n {8}\}, arguments\); \},/g,
    to: (_, parameters, body) => `: function(${parameters}) {\n            try {\n${body}\n            } catch (e) {\n                handleError(e);\n            }\n        },`,
    gone: /\}, arguments\)|handleError\(\s*(?:function|\()/,
  },
  {
    from: /function handleError\(f, args\) \{\s+try \{\s+return f\.apply\(this, args\);\s+\} catch \(e\) \{([^]*?)\n {4}\}\n\}/,
    to: "function handleError(e) {$1\n}",
    gone: /handleError\((?!e\))|f\.apply\(/,
  },
];

/** Replaces everything that a pattern matches. */
function rewrite(glue, { from, to, gone }) {
  const changed = glue.replace(from, to);
  if (changed === glue) throw unknown(`nothing in it matches ${from}`);
  const [left] = changed.match(gone) ?? [];
  if (left !== undefined) throw unknown(`"${left}" is still in it, which matches ${gone}`);
  return changed;
}

/**
 * Returns the glue with functions that catch by themselves. wasm-bindgen wraps a function that may throw into a closure, which is
 * made at each call: this takes 27 ns a call in place of 5 (Node 20).
 * @param {string} glue
 */
export const catchWithoutClosures = (glue) => CATCHING.reduce(rewrite, glue);

/** Replaces the names that a pattern finds by what `replacement` makes of their short ones; each name that has one must be found. */
function rename(glue, pattern, shortNames, replacement) {
  const found = new Set();
  const changed = glue.replace(pattern, (whole, name) => {
    found.add(name);
    return shortNames.has(name) ? replacement(JSON.stringify(shortNames.get(name))) : whole;
  });
  for (const name of shortNames.keys()) if (!found.has(name)) throw unknown(`it does not use ${name}`);
  return changed;
}

/**
 * Returns the glue with the short names that the module has for its imports and exports.
 * @param {string} glue
 * @param {{ imports: [string, string, string][], exports: [string, string][] }} names as wasm-opt prints them: of an import the module,
 *   the name and the short name; of an export the name and the short name
 */
export function shortenNames(glue, { imports, exports }) {
  // The glue does not use some exports, such as __abort_handler.
  const exported = new Map(exports.filter(([name]) => glue.includes(name)));
  const own = new Map(imports.filter(([module]) => module === "./socketio_wasm_bg.js").map(([, name, short]) => [name, short]));
  const others = imports.filter(([module]) => module !== "./socketio_wasm_bg.js");
  // wasm-bindgen's functions are the keys of `import0`; those of the crate's own JavaScript come from its modules.
  const namespaceOf = (module) => {
    const [, namespace] = glue.match(new RegExp(`import \\* as (\\w+) from "${module.replaceAll(".", "\\.")}"`)) ?? [];
    if (namespace === undefined) throw unknown(`it does not import ${module}`);
    return namespace;
  };
  const rest = others.map(([module, name, short]) => `${JSON.stringify(short)}: ${namespaceOf(module)}.${name}`);
  let text = rename(glue, /(?<=^ {8})(__\w+)(?=: )/gm, own, (short) => short);
  text = rename(text, /\bwasm\.([\w$]+)/g, exported, (short) => `wasm[${short}]`);
  // One object for all: without a spread, the functions are in the object literal itself.
  const opening = { from: /const import0 = \{\n\s+__proto__: null,/, to: "return { a: {\n        __proto__: null,", gone: /^ {8}__(?!proto__)\w+: |\bwasm\.[\w$]/m };
  const closing = {
    from: /\n {4}\};\n\s+return \{\s+__proto__: null,\s+"\.\/socketio_wasm_bg\.js": import0,[^}]*\};/,
    to: `\n        ${rest.join(",\n        ")}\n    } };`,
    gone: /\bimport0\b|socketio_wasm_bg\.js/,
  };
  return [opening, closing].reduce(rewrite, text);
}
