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
  let copy;
  for (const key of Object.keys(value)) {
    const part = withPlainBytes(value[key], known);
    if (part === value[key]) continue;
    copy ??= Array.isArray(value) ? [...value] : Object.assign(Object.create(Object.getPrototypeOf(value)), value);
    copy[key] = part;
  }
  if (copy) known.set(value, copy);
  return copy ?? value;
}

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
