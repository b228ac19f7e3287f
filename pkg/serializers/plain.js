// Plain values for the formats. A value means the same in every serializer: the same as in JSON, except that binary data, integers of
// any size, NaN and the infinities stay unchanged.

import { inCircle, isInCircle } from "../facade/nesting.js";

/** The greatest depth of values, in both directions. Deeper values could exhaust the stack, here or in a Python server. */
export const MAX_DEPTH = 1_000;

export function tooDeep() {
  return new RangeError(`values are nested too deeply: more than ${MAX_DEPTH} levels`);
}

/** Makes the error of values beyond the limit: a cycle, or too many levels. */
const beyondLimit = (value) => (isInCircle(value, (object) => !bytesOf(object)) ? inCircle() : tooDeep());

const tagOf = (value) => Object.prototype.toString.call(value);

/** Returns a view of the bytes of binary data; undefined for any other value. */
export function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // Compares the tag, because `instanceof` fails for objects of another realm (a frame, a test runner's sandbox).
  return /^\[object (Shared)?ArrayBuffer\]$/.test(tagOf(value)) ? new Uint8Array(value) : undefined;
}

/**
 * Returns a copy of a value that consists of null, booleans, numbers, bigints, strings, Uint8Arrays, arrays and objects with own properties only.
 * Values that JSON leaves out are left out: undefined, functions and symbols. In an array they become null.
 * @param {any} value
 * @param {(value: number | bigint | string) => unknown} [scalar] converts a number or a string for the format, also a key
 * @returns {unknown} undefined if JSON would leave the value out
 */
export function toPlain(value, scalar = (same) => same, depth = MAX_DEPTH) {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return scalar(value);
  if (typeof value !== "object") return undefined;
  if (depth === 0) throw beyondLimit(value);
  const below = (inner) => toPlain(inner, scalar, depth - 1);
  if (Array.isArray(value)) {
    const items = [];
    for (const item of value) items.push(below(item) ?? null);
    return items;
  }
  // Most values are plain objects, which are none of the kinds below.
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    const bytes = bytesOf(value);
    if (bytes) return bytes;
    if (/^\[object (Blob|File)\]$/.test(tagOf(value))) throw new TypeError("a Blob cannot be sent as it is: send `await blob.arrayBuffer()`");
    if (value instanceof String || value instanceof Number || value instanceof Boolean) return below(value.valueOf());
  }
  if (typeof value.toJSON === "function") {
    const json = value.toJSON();
    // JSON does not call toJSON of the result; a method that returns its own object must not be called for ever.
    if (json === null || typeof json !== "object" || Array.isArray(json) || bytesOf(json)) return below(json);
    return copy(json, below, scalar);
  }
  return copy(value, below, scalar);
}

function copy(object, below, scalar) {
  const result = {};
  for (const key of Object.keys(object)) {
    const value = below(object[key]);
    if (value !== undefined) set(result, scalar(key), value);
  }
  return result;
}

/** Sets a property of any name. An assignment to `__proto__` would not make a property. */
export function set(object, key, value) {
  if (key === "__proto__") Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** Decodes a whole string: without this option, a decoder drops a byte order mark. */
export const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Returns whether the bytes of a string begin with that mark. A library that does not set the option has dropped it. */
export const isMarked = (bytes, at) => bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;

/** Returns the property name for the key of a dictionary, which need not be a string: the same as in JSON, if JSON has it. */
export function keyOf(key) {
  if (typeof key === "string") return key;
  return key instanceof Uint8Array ? utf8.decode(key) : String(key);
}

/** Returns an integer as a number if that is exact. */
export function narrow(integer) {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** Returns the non-negative integer of bytes, the highest byte first. */
export function integerOf(bytes) {
  let digits = "";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return BigInt(`0x${digits || "0"}`);
}

/** Returns the bytes of a non-negative integer, the highest byte first. */
export function bytesOfInteger(integer) {
  const digits = integer.toString(16);
  const pairs = digits.padStart(digits.length + (digits.length % 2), "0").match(/../g);
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
