// Binary data as handlers receive it: a parser of npm gives Buffers in Node and ArrayBuffers elsewhere.

const tagOf = (value) => Object.prototype.toString.call(value);

/**
 * Returns a value with a Uint8Array in place of each Buffer and ArrayBuffer in it. The parser's own arrays and objects stay as they are: if
 * one contains such data, it is copied.
 * @param {any} value
 * @param {Map<object, unknown>} [known] the results so far: a parser may use an object twice, also within itself
 */
export function withPlainBytes(value, known = new Map()) {
  if (typeof value !== "object" || value === null) return value;
  // A copy, because a Buffer may share its memory. The Buffer of a polyfill, which bundlers bring for such parsers, is a subclass, too.
  if (value instanceof Uint8Array) return Object.getPrototypeOf(value) === Uint8Array.prototype ? value : new Uint8Array(value);
  if (tagOf(value) === "[object ArrayBuffer]") return new Uint8Array(value);
  if (!Array.isArray(value) && !isPlain(value)) return value;
  if (known.has(value)) return known.get(value);
  known.set(value, value);
  const copy = Array.isArray(value) ? value.map((item) => withPlainBytes(item, known)) : objectOf(value, known);
  if (Object.keys(value).every((key) => Object.is(copy[key], value[key]))) return value;
  known.set(value, copy);
  return copy;
}

// A key may be "__proto__", which an assignment would take for the prototype.
function objectOf(value, known) {
  const entries = Object.entries(value).map(([key, part]) => [key, withPlainBytes(part, known)]);
  return Object.setPrototypeOf(Object.fromEntries(entries), Object.getPrototypeOf(value));
}

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
