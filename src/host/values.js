// Values and their JSON. Binary data is taken out of the values before they are written, and put back after they are
// read: `{"_placeholder":true,"num":0}` stands for the first attachment.

const tagOf = (value) => Object.prototype.toString.call(value);

/** ArrayBuffers of another realm (a frame, a test runner's sandbox) are no `instanceof` of ours. */
function isBuffer(value) {
  return value instanceof ArrayBuffer || /^\[object (Shared)?ArrayBuffer\]$/.test(tagOf(value));
}

function tooDeep() {
  return new RangeError("values are nested too deeply, or in a circle");
}

/** Whether binary data stands anywhere in `value`. */
function hasBinary(value, depth) {
  if (value === null || typeof value !== "object") return false;
  if (depth === 0) throw tooDeep();
  if (Array.isArray(value)) {
    for (const item of value) if (hasBinary(item, depth - 1)) return true;
    return false;
  }
  if (ArrayBuffer.isView(value)) return true;
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    if (isBuffer(value)) return true;
    if (tagOf(value) === "[object Blob]" || tagOf(value) === "[object File]") {
      throw new TypeError("a Blob cannot be sent as it is: send `await blob.arrayBuffer()`");
    }
  }
  if (typeof value.toJSON === "function") return hasBinary(value.toJSON(), depth - 1);
  for (const key in value) {
    if (Object.hasOwn(value, key) && hasBinary(value[key], depth - 1)) return true;
  }
  return false;
}

/** A copy of `value` with placeholders; what they stand for is pushed to `attachments`, as views and not copied. */
function takeOut(value, attachments) {
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) {
    attachments.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (isBuffer(value)) {
    attachments.push(new Uint8Array(value));
  } else if (Array.isArray(value)) {
    return value.map((item) => takeOut(item, attachments));
  } else if (typeof value.toJSON === "function") {
    return takeOut(value.toJSON(), attachments);
  } else {
    // Without a prototype, a key like `__proto__` is a key like any other.
    const copy = Object.create(null);
    for (const key of Object.keys(value)) copy[key] = takeOut(value[key], attachments);
    return copy;
  }
  return { _placeholder: true, num: attachments.length - 1 };
}

/** The JSON of `values`; where there is binary data in them, an array of the JSON and the attachments. */
export function encode(values, depth) {
  // The array itself is a level of its own.
  if (!hasBinary(values, depth + 1)) return JSON.stringify(values);
  const attachments = [];
  const json = JSON.stringify(takeOut(values, attachments));
  return [json, ...attachments];
}

function putBack(value, attachments, depth) {
  if (value === null || typeof value !== "object") return value;
  if (depth === 0) throw tooDeep();
  if (value._placeholder === true) {
    const attachment = attachments[value.num];
    if (typeof value.num !== "number" || attachment === undefined) throw new RangeError("no such attachment");
    return attachment;
  }
  for (const key of Object.keys(value)) {
    const before = value[key];
    const after = putBack(before, attachments, depth - 1);
    if (after !== before) {
      Object.defineProperty(value, key, { value: after, writable: true, enumerable: true, configurable: true });
    }
  }
  return value;
}

/** JSON that is none: NaN and infinities, which Python's writer produces, are read as null. */
function parseLeniently(json) {
  const outsideStrings = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
  return JSON.parse(json.replace(outsideStrings, (token) => (token[0] === '"' ? token : "null")));
}

/** The value of a JSON text; throws where it is none. */
export function parse(json) {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!/NaN|Infinity/.test(json)) throw error;
    return parseLeniently(json);
  }
}

/**
 * The array of values that a packet carries, with its attachments put back.
 * Where it is malformed: 1 no JSON, 2 no array, 3 a placeholder without its attachment or too deep.
 */
export function decode(json, attachments, depth) {
  let values;
  try {
    values = parse(json);
  } catch {
    return 1;
  }
  if (!Array.isArray(values)) return 2;
  if (attachments === undefined) return values;
  try {
    return putBack(values, attachments, depth + 1);
  } catch {
    return 3;
  }
}

// The facade marks what `tuple()` makes by a symbol of the global registry, the same in every copy of the package.
const TUPLE = Symbol.for("socketio-wasm.tuple");

/** What a handler's return value answers an event with: the items of a tuple, the one value, or nothing. */
export function valuesOfAnswer(value) {
  if (value === undefined) return [];
  return Array.isArray(value) && TUPLE in value ? value : [value];
}
