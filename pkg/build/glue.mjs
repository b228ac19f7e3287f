// wasm-bindgen's glue made smaller. What it looks like is known for the version that Cargo.toml names: where an expected shape
// is not found, the build fails, and these rules must learn the new one.

const unknown = (what) => new Error(`wasm-bindgen's glue is not as build/glue.mjs knows it: ${what}`);

/** Replaces all that a pattern finds, of which there must be some. */
function rewrite(text, pattern, replacement) {
  const changed = text.replace(pattern, replacement);
  if (changed === text) throw unknown(`nothing in it is like ${pattern}`);
  return changed;
}

/** Replaces the names that a pattern finds by what `replacement` makes of their short ones; each name that has one must be found. */
function rename(text, pattern, shortNames, replacement) {
  const found = new Set();
  const changed = text.replace(pattern, (whole, name) => {
    found.add(name);
    return shortNames.has(name) ? replacement(JSON.stringify(shortNames.get(name))) : whole;
  });
  for (const name of shortNames.keys()) if (!found.has(name)) throw unknown(`${name} is nowhere in it`);
  return changed;
}

/**
 * The glue without what nobody calls, and with the functions that wasm calls in their shortest form: one that may throw catches by
 * itself, without a closure.
 */
export function trim(glue) {
  let text = rewrite(
    glue,
    /: function\(\) \{ return handleError\(function \(([^)]*)\) \{\n([^]*?)\n {8}\}, arguments\); \},/g,
    (whole, parameters, body) => `: (${parameters}) => {\n            try {\n${body}\n            } catch (e) {\n                handleError(e);\n            }\n        },`,
  );
  text = rewrite(text, /function handleError\(f, args\) \{\s+try \{\s+return f\.apply\(this, args\);\s+\} catch \(e\) \{([^]*?)\n {4}\}\n\}/, "function handleError(e) {$1\n}");
  text = rewrite(text, /^( {8}\w+): function\(([^)]*)\) \{$/gm, "$1: ($2) => {");
  // A client is freed when it is collected, and never by hand.
  text = rewrite(text, /^ {4}__destroy_into_raw\(\) \{[^]*?^ {4}free\(\) \{[^]*?^ {4}\}\n/gm, "");
  text = rewrite(text, /^if \(Symbol\.dispose\).*\n/gm, "");
  // Who calls initSync has compiled the module, which may come from another realm.
  text = rewrite(text, /(function initSync\(module\) \{[^]*?)if \(module !== undefined\) \{[^]*?\n {4}\}\n/, "$1");
  return rewrite(text, /(function initSync\(module\) \{[^}]*?)if \(!\(module instanceof WebAssembly\.Module\)\) \{[^}]*\}\n/, "$1");
}

/**
 * The names across the boundary replaced by short ones, in the glue as they are in the module.
 * @param {string} glue
 * @param {{ imports: [string, string, string][], exports: [string, string][] }} names as wasm-opt tells them: of imports the module
 *   first, then the name, then the short one
 */
export function shortenNames(glue, { imports, exports }) {
  // Of some exports, such as __abort_handler, the glue knows nothing.
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
  let text = rename(glue, /(?<=^ {8})(__\w+)(?=: \()/gm, own, (short) => short);
  text = rename(text, /\bwasm\.([\w$]+)/g, exported, (short) => `wasm[${short}]`);
  // One object for all: without a spread, the functions are in the object literal itself.
  text = rewrite(text, /const import0 = \{\n\s+__proto__: null,/, "return { a: {\n        __proto__: null,");
  return rewrite(text, /\n {4}\};\n\s+return \{\s+__proto__: null,\s+"\.\/socketio_wasm_bg\.js": import0,[^}]*\};/, `\n        ${rest.join(",\n        ")}\n    } };`);
}
