// What the host does in JavaScript: loops over JS values and chains of JS callbacks, in the order of the Rust files that
// call them (transports.rs, promises.rs, values.rs, wire.rs). One file, since a browser fetches each by itself.

// Transports: websockets and requests. Whatever comes of them goes to one function, `report(id, kind, a, b)`; the kinds are
// those of transports.rs. `platform.trace(what, value)` is there only where the log of the transports is wanted.
const OPENED = 0;
const TEXT = 1;
const BYTES = 2;
const CLOSED = 3;
const REFUSED = 4;
const FAILED = 5;
const RESPONDED = 6;
const REQUEST_FAILED = 7;

const wordsOf = (thrown) => (typeof thrown?.message === "string" && thrown.message !== "" ? thrown.message : undefined);

/** Opens a websocket; `headers` go with it where the platform can send them. */
export function openSocket(platform, id, url, headers, report) {
  const { WebSocket, trace } = platform;
  let socket;
  trace?.("websocket", url);
  try {
    socket = headers && platform.websocketHeaders ? new WebSocket(url, [], { headers }) : new WebSocket(url);
  } catch (error) {
    report(id, FAILED, wordsOf(error));
    return undefined;
  }
  let opened = false;
  let failure;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    opened = true;
    report(id, OPENED);
  };
  socket.onmessage = ({ data }) => {
    trace?.("received", data);
    if (typeof data === "string") report(id, TEXT, data);
    else report(id, BYTES, data instanceof Uint8Array ? data : new Uint8Array(data));
  };
  socket.onerror = (event) => {
    // Node's websocket tells what the server answered instead of an upgrade; a browser tells nothing.
    failure = event.status ? [REFUSED, event.status, event.body ?? ""] : [FAILED, wordsOf(event)];
  };
  socket.onclose = (event) => {
    if (!failure && opened) failure = [CLOSED, event.code, event.reason ?? ""];
    trace?.("websocket closed", event.code);
    report(id, ...(failure ?? [FAILED]));
  };
  return socket;
}

/** Sends frames, in one write where the socket can hold them together. */
export function sendFrames(platform, socket, frames) {
  const together = frames.length > 1 && socket.cork !== undefined;
  if (together) socket.cork();
  try {
    for (const frame of frames) {
      platform.trace?.("sent", frame);
      socket.send(frame);
    }
  } catch {
    // A socket that is closing may throw; its `close` event says the rest.
  }
  if (together) socket.uncork();
}

const nothing = () => {};

/** Sends what it was given, then closes; nothing more is reported of it. */
export function closeSocket(socket) {
  socket.onopen = socket.onmessage = socket.onclose = nothing;
  // A socket closed before it was open reports an error, which in Node needs a listener.
  socket.onerror = nothing;
  try {
    socket.close();
  } catch {
    // One that never opened has nothing to close.
  }
}

/** Makes a request: a GET, or with a body a POST. Returns what aborts it. */
export function startRequest(platform, id, url, body, headers, credentials, report) {
  const controller = new AbortController();
  const { signal } = controller;
  const init = { method: body === undefined ? "GET" : "POST", body, headers, credentials, cache: "no-store", signal };
  const { trace } = platform;
  trace?.(init.method, body ?? url);
  const exchange = async () => {
    const response = await platform.fetch(url, init);
    const text = await response.text();
    trace?.(`response ${response.status}`, text);
    return () => report(id, RESPONDED, response.status, text);
  };
  const failed = (error) => () => {
    trace?.("request failed", error);
    report(id, REQUEST_FAILED, wordsOf(error));
  };
  exchange()
    .catch(failed)
    .then((tell) => signal.aborted || tell());
  return controller;
}

// Promises

/** Calls `done(token, true, value)` or `done(token, false, error)` when a promise is settled; says whether it is one. */
export function whenSettled(value, token, done) {
  if (typeof value?.then !== "function") return false;
  Promise.resolve(value).then(
    (result) => done(token, true, result),
    (error) => done(token, false, error),
  );
  return true;
}

// Values and their JSON. Binary data is taken out of the values before they are written, and put back after they are read:
// `{"_placeholder":true,"num":0}` stands for the first attachment.

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

/** What a `disconnect` handler is told beyond the reason. */
export function disconnectDetails(cause, error) {
  return error === undefined ? { cause } : { cause, error };
}

// The facade marks what `tuple()` makes by a symbol of the global registry, the same in every copy of the package.
const TUPLE = Symbol.for("socketio-wasm.tuple");

/** What a handler's return value answers an event with: the items of a tuple, the one value, or nothing. */
export function valuesOfAnswer(value) {
  if (value === undefined) return [];
  return Array.isArray(value) && TUPLE in value ? value : [value];
}

// Texts and bytes

/** The length of `text` in UTF-8 bytes; a lone surrogate counts as U+FFFD, as it is sent. */
export function utf8Length(text) {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair of surrogates takes four bytes: two for each of its units.
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      at++;
    }
  }
  return bytes;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** As many bytes as `String.fromCharCode` takes as arguments at once on every engine. */
const CHUNK = 0x2000;

/** Padded base64 in the standard alphabet. */
export function toBase64(bytes) {
  if (bytes.toBase64) return bytes.toBase64();
  if (globalThis.Buffer) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** The bytes of `text`, or undefined where it is not base64. */
export function fromBase64(text) {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  if (globalThis.Buffer) {
    const buffer = Buffer.from(text, "base64");
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
