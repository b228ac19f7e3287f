// The steps that make wasm-bindgen's glue smaller. Each is written for the glue of the version that Cargo.toml names. If a step does not find the
// shape that it replaces, or if it leaves some of it, the build fails: then wasm-bindgen's output has changed, and the step has to
// be written for the new shape.

const unknown = (problem) => new Error(`wasm-bindgen's glue is not as pkg/build/glue.mjs expects it: ${problem}`);

/** @type {Record<string, { from: RegExp, to: string | Function, gone: RegExp }[]>} by step: patterns, and the old shape, of which nothing may be left */
const REWRITINGS = {
  "glue-catch": [
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
  ],
  "glue-arrows": [{ from: /^( {8}\w+): function\(([^)]*)\) \{$/gm, to: "$1: ($2) => {", gone: /^ {8}\w+: function\([^)]*\) \{$/m }],
  // A client is freed when it is collected, and never by hand.
  "glue-free": [
    { from: /^ {4}__destroy_into_raw\(\) \{[^]*?^ {4}free\(\) \{[^]*?^ {4}\}\n/gm, to: "", gone: /__destroy_into_raw|^ {4}free\(/m },
    { from: /^if \(Symbol\.dispose\).*\n/gm, to: "", gone: /Symbol\.dispose/ },
  ],
};

/** Replaces everything that a pattern matches. */
function rewrite(glue, { from, to, gone }) {
  const changed = glue.replace(from, to);
  if (changed === glue) throw unknown(`nothing in it matches ${from}`);
  const [left] = changed.match(gone) ?? [];
  if (left !== undefined) throw unknown(`"${left}" is still in it, which matches ${gone}`);
  return changed;
}

/**
 * Returns the glue rewritten.
 * @param {string} glue
 * @param {Set<string>} steps that are to be taken, of which some are for the glue
 */
export function trim(glue, steps) {
  const rewritings = Object.entries(REWRITINGS).filter(([step]) => steps.has(step));
  return rewritings.flatMap(([, those]) => those).reduce(rewrite, glue);
}

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
