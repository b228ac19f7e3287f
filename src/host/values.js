// Values of packets and their JSON, for values.rs and for src/client/values. Binary data is taken out of the values before they are
// written, and put back after they are read: `{"_placeholder":true,"num":0}` stands for the first attachment.
//
// An exception that passes through wasm unwinds it without its destructors: only what Rust imports with `catch` may throw
// (`valuesOfAnswer`). User code runs in much of this (toJSON, getters, a user-supplied JSON), and may throw anything.

const tagOf = (value) => Object.prototype.toString.call(value);

/** An ArrayBuffer of another realm (a frame, a test runner's sandbox) is no instance of this realm's class. */
function isBuffer(value) {
  return value instanceof ArrayBuffer || /^\[object (Shared)?ArrayBuffer\]$/.test(tagOf(value));
}

/** Levels that are searched by recursion, which is faster; deeper ones are searched without. */
const RECURSIVE_LEVELS = 200;
/** No `JSON.stringify` writes values that are nested more deeply. A `toJSON` that makes ever new objects ends here, too. */
const DEEPEST = 100_000;

/** Returns what `toJSON` makes of an object that has one; JSON.stringify does not ask the result again. */
const inJson = (value) => (typeof value.toJSON === "function" ? value.toJSON() : value);

const DEEPER = Symbol("values are nested more deeply than they are searched by recursion");

/** Returns true if binary data is anywhere in `value`. Throws DEEPER if the search goes deeper than `depth` levels. */
function hasBinary(value, depth) {
  if (value === null || typeof value !== "object") return false;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain && value instanceof Date) return false;
  if (depth === 0) throw DEEPER;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && hasBinary(item, depth - 1)) return true;
    return false;
  }
  if (!isPlain) {
    if (ArrayBuffer.isView(value) || isBuffer(value)) return true;
    refuseBlob(value);
  }
  const object = inJson(value);
  if (object === null || typeof object !== "object") return false;
  if (object !== value) refuseBlob(object);
  if (object !== value && (Array.isArray(object) || ArrayBuffer.isView(object) || isBuffer(object))) {
    return hasBinary(object, depth - 1);
  }
  for (const key in object) {
    const item = object[key];
    // Most are no objects, and need not be asked.
    if (typeof item === "object" && item !== null && Object.hasOwn(object, key) && hasBinary(item, depth - 1)) return true;
  }
  return false;
}

/** The same for values of any depth. */
function hasBinaryAtAnyDepth(values) {
  try {
    return hasBinary(values, RECURSIVE_LEVELS);
  } catch (error) {
    if (error !== DEEPER) throw error;
    return search(values, true); // from the top: each object is searched once, however many hold it
  }
}

/** The same without recursion: values may be nested more deeply than the stack is. Throws if they are nested in a circle. */
function search(value, endsAtBinary) {
  const path = []; // from `value` down to where the search is: an object, its items, and the next item
  const onPath = new Set();
  const searched = new Set(); // an object may be held by many
  let item = value;
  for (;;) {
    const found = item !== null && typeof item === "object" && !(item instanceof Date) && enter(item);
    if (found && endsAtBinary) return true;
    while (path.length > 0 && path.at(-1).next === path.at(-1).items.length) leave(path.pop().object);
    const last = path.at(-1);
    if (!last) return false;
    item = last.items[last.next++];
  }

  function leave(object) {
    onPath.delete(object);
    searched.add(object);
  }

  // Adds an object to the path; says whether it is binary data instead.
  function enter(object) {
    if (searched.has(object)) return false;
    if (onPath.has(object)) throw new TypeError("values are nested in a circle");
    if (path.length === DEEPEST) throw new RangeError(`values are nested more than ${DEEPEST} levels deep`);
    if (ArrayBuffer.isView(object) || isBuffer(object)) return true;
    refuseBlob(object);
    const json = Array.isArray(object) ? object : inJson(object);
    if (json === null || typeof json !== "object") return false;
    if (ArrayBuffer.isView(json) || isBuffer(json)) return true;
    if (json !== object) refuseBlob(json);
    onPath.add(object);
    path.push({ object, items: Array.isArray(json) ? json : Object.values(json), next: 0 });
    return false;
  }
}

/** Returns the error of values with binary data that go on below the limit: they are nested in a circle, or too deeply. */
function beyondLimit(value) {
  try {
    search(value, false);
  } catch (error) {
    if (error instanceof TypeError) return error;
  }
  return new RangeError("values with binary data are nested more deeply than `limits` allow");
}

const isBlob = (value) => /^\[object (Blob|File)\]$/.test(tagOf(value));

/** The errors of Blobs: Rust's advice is another one. */
const blobErrors = new WeakSet();

function refuseBlob(value) {
  if (isBlob(value)) {
    const error = new TypeError("a Blob cannot be sent as it is: send `await blob.arrayBuffer()`");
    blobErrors.add(error);
    throw error;
  }
}

/** Returns the bytes of binary data: a view of them, not a copy, except of shared memory, which no socket takes. */
function bytesOf(value) {
  const bytes = ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
  return tagOf(bytes.buffer) === "[object SharedArrayBuffer]" ? bytes.slice() : bytes;
}

/**
 * Returns `value` with placeholders, or the `mark` of `attachments`, for its binary data, which is pushed to `attachments`: a copy, or itself if it has none, since a
 * user-supplied JSON may know more of a value than a copy keeps (a Date, a class).
 */
function takeOut(value, attachments, depth) {
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (depth === 0) throw beyondLimit(value);
  if (ArrayBuffer.isView(value) || isBuffer(value)) {
    attachments.push(bytesOf(value));
    return attachments.mark ?? { _placeholder: true, num: attachments.length - 1 };
  }
  refuseBlob(value);
  const before = attachments.length;
  const object = inJson(value);
  const copy = object === value ? copyOf(object, attachments, depth) : ofJson(object, attachments, depth);
  return attachments.length === before ? value : copy;
}

/** The same for a value that a toJSON has returned, which JSON does not ask again. */
function ofJson(object, attachments, depth) {
  const isObject = object !== null && typeof object === "object" && !ArrayBuffer.isView(object) && !isBuffer(object);
  return isObject ? copyOf(object, attachments, depth) : takeOut(object, attachments, depth - 1);
}

function copyOf(object, attachments, depth) {
  if (Array.isArray(object)) return object.map((item) => takeOut(item, attachments, depth - 1));
  // Without a prototype, a key like `__proto__` is a key like any other.
  const copy = Object.create(null);
  for (const key of Object.keys(object)) {
    // JSON has no functions, and a toJSON that was copied would be called again.
    if (typeof object[key] !== "function") copy[key] = takeOut(object[key], attachments, depth - 1);
  }
  return copy;
}

/**
 * Returns the JSON of `values`; if there is binary data in them, an array of the JSON and the attachments. What was thrown instead
 * is returned in an object.
 */
export function encode(platform, values, depth) {
  try {
    const written = encoded(platform, values, depth);
    if (typeof written === "string" || Array.isArray(written)) return written;
    throw new TypeError("`json.stringify` has returned no string");
  } catch (thrown) {
    return { thrown };
  }
}

function encoded({ JSON }, values, depth) {
  if (!hasBinaryAtAnyDepth(values)) return stringify(JSON, values);
  const attachments = [];
  // The array itself is a level of its own.
  const json = JSON.stringify(takeOut(values, attachments, depth + 1));
  return [json, ...attachments];
}

/** Calls `JSON.stringify`. Its own error of values that are nested too deeply for it speaks of the stack alone. */
function stringify(JSON, values) {
  try {
    return JSON.stringify(values);
  } catch (error) {
    // A user-supplied JSON may throw anything.
    if (!(error instanceof Error) || !/call stack|recursion/.test(error.message)) throw error;
    throw new RangeError("values are nested more deeply than JSON.stringify can write them", { cause: error });
  }
}

/**
 * Puts attachments in the place of their placeholders, and returns the value; undefined if one has none, or is nested more deeply. It does
 * not throw, as `parse`.
 */
export function putBack(value, attachments, depth) {
  try {
    return put(value, attachments, depth);
  } catch {
    return undefined;
  }
}

function put(value, attachments, depth) {
  if (depth === 0) throw new RangeError("values with binary data are nested too deeply");
  if (value._placeholder === true) {
    const attachment = attachments[value.num];
    if (typeof value.num !== "number" || attachment === undefined) throw new RangeError("no such attachment");
    return attachment;
  }
  // Each is a property of the value's own, `__proto__` too, and so an assignment is nothing more.
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) putBackAt(value, at, attachments, depth);
  } else {
    for (const key of Object.keys(value)) putBackAt(value, key, attachments, depth);
  }
  return value;
}

function putBackAt(values, key, attachments, depth) {
  const value = values[key];
  if (typeof value !== "object" || value === null) return;
  const after = put(value, attachments, depth - 1);
  if (after !== value) values[key] = after;
}

/** Reads what is no JSON: NaN and infinities, which Python's writer produces, are read as null. */
function parseLeniently(json, JSON) {
  return JSON.parse(outsideStrings(json, (part) => part.replace(/-?\bInfinity\b|\bNaN\b/g, "null")));
}

/** Changes JSON outside of its strings. */
function outsideStrings(json, change) {
  const parts = [];
  // By hand: a regular expression for strings with escapes overflows its stack if one is long.
  for (let at = 0; at < json.length;) {
    const quote = json.indexOf('"', at);
    const end = quote < 0 ? json.length : quote;
    parts.push(change(json.slice(at, end)));
    at = endOfString(json, end);
    parts.push(json.slice(end, at));
  }
  return parts.join("");
}

/** Returns the end of the string that begins with the quote at `from`. */
function endOfString(json, from) {
  for (let end = json.indexOf('"', from + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json[before - 1] === "\\") before--;
    // An odd number of backslashes is an escaped quote.
    if ((end - before) % 2 === 0) return end + 1;
  }
  return json.length;
}

/**
 * Returns the value of the JSON that a string has from some unit on, read by the `JSON` of a platform or the global one; undefined if it
 * is none. It does not throw: an import that throws would leak an entry of wasm-bindgen's table each time.
 */
export function parse(text, from, { JSON } = globalThis) {
  const json = from > 0 ? text.slice(from) : text;
  try {
    return JSON.parse(json);
  } catch {
    try {
      return /NaN|Infinity/.test(json) ? parseLeniently(json, JSON) : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * Looks at what is to be an array of values: returns undefined if it is none, and false if `reserved` names of events are given and the
 * first item cannot be the name of an event. A name that is a number becomes a string.
 */
export function checkValues(values, reserved) {
  try {
    // A parser may give anything, also what throws whenever it is looked at.
    if (!Array.isArray(values)) return undefined;
    if (reserved === undefined) return true;
    const name = values[0];
    if (typeof name === "number") values[0] = String(name);
    else return typeof name === "string" && !reserved.includes(name);
    return true;
  } catch {
    return undefined;
  }
}

/** Makes the second argument of a `disconnect` handler. */
export function disconnectDetails(cause, error, data) {
  return { cause, ...(error !== undefined && { error }), ...(data !== undefined && { data }) };
}

// The facade marks what `tuple()` makes by a symbol of the global registry, the same in every copy of the package.
const TUPLE = Symbol.for("socketio-wasm.tuple");

/** Returns the values with which a handler answers an event: the items of a tuple, the one value, or none. */
export function valuesOfAnswer(value) {
  if (value === undefined) return [];
  return Array.isArray(value) && TUPLE in value ? value : [value];
}

// Values of Rust's types

/** Nothing but JSON is in a value; something else is, too; it is nested too deeply. */
const [PLAIN, SPECIAL, DEEP] = [0, 1, 2];

/**
 * Looks for values that JSON cannot represent, and for values that are nested more deeply than that. The objects that hold the former
 * are added to `special`.
 */
function look(value, depth, special) {
  if (depth < 0) return DEEP;
  let found = PLAIN;
  if (Array.isArray(value)) {
    for (const item of value) {
      const kind = lookAt(item, depth, special);
      if (kind > found) found = kind;
    }
  } else if (ArrayBuffer.isView(value) || isBuffer(value)) {
    found = SPECIAL;
  } else {
    for (const key in value) {
      const kind = lookAt(value[key], depth, special);
      if (kind > found) found = kind;
    }
  }
  if (found === SPECIAL) special.add(value);
  return found;
}

function lookAt(item, depth, special) {
  switch (typeof item) {
    case "object":
      return item === null ? PLAIN : look(item, depth - 1, special);
    case "number":
      return item - item === 0 ? PLAIN : SPECIAL;
    case "string":
    case "boolean":
      return PLAIN;
    default:
      return SPECIAL;
  }
}

/**
 * Returns the JSON of a value for Rust. If something in it is more than JSON, it returns an array of a string and of binary data: `@0` in
 * the string stands for the first item, `7n` for a BigInt. Returns undefined if values are nested more deeply than that.
 */
export function written(value, depth) {
  const special = new Set();
  const found = lookAt(value, depth, special);
  if (found === PLAIN) return JSON.stringify(value);
  if (found === DEEP) return undefined;
  const binary = [];
  const text = writtenSpecial(value, binary, special);
  return [text, ...binary];
}

function writtenSpecial(value, binary, special) {
  switch (typeof value) {
    case "bigint":
      return `${value}n`;
    case "number":
      return String(value);
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return String(value);
    case "object":
      break;
    default:
      return "null";
  }
  if (!special.has(value)) return JSON.stringify(value);
  if (ArrayBuffer.isView(value) || isBuffer(value)) return `@${binary.push(bytesOf(value)) - 1}`;
  if (Array.isArray(value)) return `[${Array.from(value, (item) => writtenSpecial(item, binary, special)).join()}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${writtenSpecial(item, binary, special)}`).join()}}`;
}

/**
 * Writes a value of JavaScript for Rust: an array of its JSON, which is cut where binary data is, and of that data in between: `['{"a":',
 * bytes, '}']`. What was thrown instead is returned in an object: a getter of it may throw as well.
 */
export function takenOut(value) {
  try {
    const bytes = Object.assign([], { mark: newMark() });
    const json = JSON.stringify(hasBinaryAtAnyDepth(value) ? takeOut(value, bytes, RECURSIVE_LEVELS) : value) ?? "null";
    return json.split(`"${bytes.mark}"`).flatMap((part, number) => (number === 0 ? part : [bytes[number - 1], part]));
  } catch (thrown) {
    return { thrown: blobErrors.has(thrown) ? new TypeError("a Blob cannot be sent as it is: send Raw::from_blob(&blob).await") : thrown };
  }
}

/** Returns the value of JSON that this module or Rust has written, with its binary data. */
export function parseWritten(json, binary) {
  const value = JSON.parse(json);
  if (binary.length === 0) return value;
  // Without: the user's own data looks like a placeholder.
  return putBack(value, binary, RECURSIVE_LEVELS) ?? JSON.parse(json);
}

/** Returns the value of a string that `written` has returned, with its binary data, BigInts, NaN and infinities. */
export function parseRead(text, binary) {
  const mark = newMark();
  const special = [...binary];
  const json = outsideStrings(text, (part) =>
    part.replace(/@(\d+)|(-?\d+)n|-?Infinity|NaN/g, (found, number, integer) => {
      number ??= special.push(integer === undefined ? Number(found) : BigInt(integer)) - 1;
      return `"${mark}${number}"`;
    }),
  );
  if (json === text) return JSON.parse(text);
  const isMark = (value) => typeof value === "string" && value.startsWith(mark);
  return JSON.parse(json, (_key, value) => (isMark(value) ? special[value.slice(mark.length)] : value));
}

/** Returns the beginning of strings that stand for what JSON does not have. No server knows it, so no data looks like it. */
const newMark = () => `@${Math.random()}@`;

/** Returns the promise of the bytes of a Blob; undefined if it is none. */
export function readBlob(value) {
  return isBlob(value) ? value.arrayBuffer() : undefined;
}
