// Values as the formats have them. What is sent means the same in every serializer: what JSON would make of it, but that binary
// data, integers of any size, NaN and the infinities stay what they are.

import { inCircle, isInCircle } from "../facade/nesting.js";

/** How deep values may be nested, either way: deeper ones could exhaust the stack, here or in a Python server. */
export const MAX_DEPTH = 1_000;

export function tooDeep() {
  return new RangeError(`values are nested too deeply: more than ${MAX_DEPTH} levels`);
}

/** The error of values that go on below the limit: that they are nested in a circle, or too deeply. */
const beyondLimit = (value) => (isInCircle(value, (object) => !bytesOf(object)) ? inCircle() : tooDeep());

const tagOf = (value) => Object.prototype.toString.call(value);

/** The bytes of binary data, a view of them; undefined for any other value. */
export function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // By the tag, since those of another realm (a frame, a test runner's sandbox) are no `instanceof` of ours.
  return /^\[object (Shared)?ArrayBuffer\]$/.test(tagOf(value)) ? new Uint8Array(value) : undefined;
}

/**
 * A copy of a value, made of null, booleans, numbers, bigints, texts, Uint8Arrays, arrays and objects with own properties alone.
 * What JSON leaves out is left out: undefined, functions and symbols, which in an array become null.
 * @param {unknown} value
 * @param {(value: number | bigint | string) => unknown} [scalar] what the format makes of a number or a text, also of a key
 * @returns {unknown} undefined where JSON would leave the value out
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
  // A plain object is what most are: it is neither of the kinds that follow.
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    const bytes = bytesOf(value);
    if (bytes) return bytes;
    if (/^\[object (Blob|File)\]$/.test(tagOf(value))) throw new TypeError("a Blob cannot be sent as it is: send `await blob.arrayBuffer()`");
    if (value instanceof String || value instanceof Number || value instanceof Boolean) return below(value.valueOf());
  }
  if (typeof value.toJSON === "function") {
    const json = value.toJSON();
    // JSON does not ask the result again; a method that gives its own object must not be called for ever.
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

/** Sets a property, whatever its name: the one that is called `__proto__` would be none. */
export function set(object, key, value) {
  if (key === "__proto__") Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** Reads all of a text: a decoder takes a byte order mark for no part of it unless told so. */
export const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Whether that mark stands in the bytes, where a text begins: then a library that does not tell its decoder so has lost it. */
export const isMarked = (bytes, at) => bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;

/** The key of a property, for the key of a dictionary, which may be more than a text: as JSON has it, where JSON has it. */
export function keyOf(key) {
  if (typeof key === "string") return key;
  return key instanceof Uint8Array ? utf8.decode(key) : String(key);
}

/** An integer as a number where that is exact. */
export function narrow(integer) {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** The integer, not negative, that bytes are, the first being the highest. */
export function integerOf(bytes) {
  let digits = "";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return BigInt(`0x${digits || "0"}`);
}

/** The bytes of an integer that is not negative, the first being the highest. */
export function bytesOfInteger(integer) {
  const digits = integer.toString(16);
  const pairs = digits.padStart(digits.length + (digits.length % 2), "0").match(/../g);
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
