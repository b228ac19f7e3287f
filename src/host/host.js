// What the host does in JavaScript: loops over JS values and chains of JS callbacks, in the order of the Rust files that
// call them (guard.rs, report.rs, transports.rs, promises.rs, values.rs, wire.rs; js/handlers.rs, js/events.rs and js/settings.rs for
// handlers; client/arguments.rs). One file, since the test runner's pages fetch each by itself, and hang over several.
//
// What throws here unwinds wasm without its destructors: only `parse`, `ask`, `valuesOfAnswer` and `mapsAsObjects`, which Rust
// imports with `catch`, may throw. User code runs in much of it, and may throw anything. Nothing reports before the call that caused
// it has returned.

// Whatever comes goes to the one function that a client has for it, `report(kind, id, a, b)`; the kinds are those of
// report.rs. A timer calls it without arguments.
const FLUSH = 0;
const FULFILLED = 1;
const REJECTED = 2;
const OPENED = 3;
const TEXT = 4;
const BYTES = 5;
const CLOSED = 6;
const REFUSED = 7;
const FAILED = 8;
const RESPONDED = 9;
const REQUEST_FAILED = 10;
const REQUEST_UNSENT = 11;
const ONLINE = 12;
const OFFLINE = 13;

/** Calls a function of wasm in which user code runs. What it throws, the trap of a panic too, ends it and nothing else. */
export function guarded(platform, call) {
  try {
    call();
  } catch (error) {
    try {
      if (platform) platform.report(error);
      else reportUncaught(error);
    } catch {
      // At the end of the stack nothing can be called. The frames below go on all the same.
    }
  }
}

/** Reports as an uncaught error, for a client in Rust. */
function reportUncaught(error) {
  try {
    (globalThis.reportError ?? console.error)(error);
  } catch {
    // There is nobody else to report to.
  }
}

const resolved = Promise.resolve();

/** Reports at the end of this tick: what is sent in one leaves together. Fake timers replace `queueMicrotask`, but no promise. */
export function atEndOfTick(report) {
  resolved.then(() => report(FLUSH));
}

/** The platform of a client in Rust: the globals of the runtime; a class of WebSockets and a log of the user's if there are. */
export function platformOfGlobals(WebSocket, log = toConsole) {
  return {
    JSON: globalThis.JSON,
    fetch: (url, init) => globalThis.fetch(url, init),
    openSocket: (url, headers) => (WebSocket ? new WebSocket(url, [], { headers }) : new globalThis.WebSocket(url)),
    setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
    clearTimeout: (handle) => globalThis.clearTimeout(handle),
    report: reportUncaught,
    log: (...line) => guarded(undefined, () => log(...line)),
  };
}

function toConsole(level, what, value) {
  console[level](`socketio-wasm: ${what}`, ...(value === undefined ? [] : [value]));
}

// Transports: websockets and requests. `platform.trace(what, value)` is there only where the log of them is wanted.

function wordsOf(thrown) {
  try {
    return typeof thrown?.message === "string" && thrown.message !== "" ? thrown.message : undefined;
  } catch {
    return undefined;
  }
}

/** Reports what failed. What was thrown does not go into wasm: it is at hand while the error is made of which it is the cause. */
function reportFailure(platform, report, id, kind, thrown, words = wordsOf(thrown)) {
  platform.thrown = thrown;
  report(kind, id, words);
  platform.thrown = undefined;
}

/** Opens a websocket; `headers` go with it where the platform can send them. */
export function openSocket(platform, id, url, headers, report) {
  let socket;
  platform.trace?.("websocket", url);
  try {
    socket = platform.openSocket(url, headers);
    socket.binaryType = "arraybuffer";
    listenTo(socket, platform, id, report);
  } catch (error) {
    if (socket) closeSocket(socket);
    resolved.then(() => reportFailure(platform, report, id, FAILED, error));
    return undefined;
  }
  return socket;
}

function listenTo(socket, platform, id, report) {
  const { trace } = platform;
  let opened = false;
  let failure;
  let thrown;
  socket.onopen = () => {
    opened = true;
    report(OPENED, id);
  };
  socket.onmessage = ({ data }) => {
    // What is a Uint8Array of the user's making may throw where the core reads it: its bytes are copied.
    const isPlain = ArrayBuffer.isView(data) && Object.getPrototypeOf(data) === Uint8Array.prototype;
    const frame = typeof data === "string" || isPlain ? data : new Uint8Array(data);
    trace?.("received", frame);
    report(typeof frame === "string" ? TEXT : BYTES, id, frame);
  };
  socket.onerror = (event) => {
    // Node's websocket tells what the server answered instead of an upgrade; a browser tells nothing.
    if (event.status) failure = [REFUSED, event.status, event.body ?? ""];
    else [failure, thrown] = [[FAILED, wordsOf(event)], event.error];
  };
  socket.onclose = (event) => {
    if (!failure && opened) failure = [CLOSED, event.code, event.reason ?? ""];
    trace?.("websocket closed", event.code);
    const [kind, ...values] = failure ?? [FAILED];
    if (kind === FAILED) reportFailure(platform, report, id, FAILED, thrown, ...values);
    else report(kind, id, ...values);
  };
}

/** Sends frames, in one write where the socket can hold them together. */
export function sendFrames(platform, id, socket, frames, report) {
  const { trace } = platform;
  let together = false;
  let refusal;
  try {
    together = frames.length > 1 && socket.cork !== undefined;
    if (together) socket.cork();
    for (const frame of frames) {
      trace?.("sent", frame);
      // What stood in a buffer that was given away since is gone; an empty view of it can still be sent.
      socket.send(frame.length === 0 ? EMPTY : frame);
    }
  } catch (error) {
    refusal = { error };
  }
  try {
    if (together) socket.uncork();
  } catch (error) {
    refusal ??= { error };
  }
  // The frames behind it must not arrive without it.
  if (!refusal) return;
  closeSocket(socket);
  resolved.then(() => reportFailure(platform, report, id, FAILED, refusal.error));
}

/** How many bytes wait in a websocket; 0 if its class does not tell. */
export function bufferedAmount(socket) {
  try {
    const amount = socket.bufferedAmount;
    return amount > 0 ? amount : 0;
  } catch {
    return 0;
  }
}

const EMPTY = new Uint8Array(0);
const nothing = () => {};

/** Sends what it was given, then closes; nothing more is reported of it. */
export function closeSocket(socket) {
  try {
    socket.onopen = socket.onmessage = socket.onclose = nothing;
    // A socket closed before it was open reports an error, which in Node needs a listener.
    socket.onerror = nothing;
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
  // No query of the user's has a name like this.
  if (body !== undefined && url.includes("&EIO=3") && /[^\0-\x7f]/.test(body)) {
    init.body = bytesOfPayload(body);
    init.headers = { ...headers, "content-type": BINARY };
  }
  const { trace } = platform;
  trace?.(init.method, body ?? url);
  const exchange = async () => {
    const response = await platform.fetch(url, init);
    const text = await textOf(response);
    trace?.(`response ${response.status}`, text);
    return () => report(RESPONDED, id, response.status, text);
  };
  const failed = (error) => () => {
    trace?.("request failed", error);
    reportFailure(platform, report, id, error?.unsent === true ? REQUEST_UNSENT : REQUEST_FAILED, error);
  };
  exchange()
    .catch(failed)
    .then((tell) => signal.aborted || tell());
  return controller;
}

/** How long the server has for the last request of a session (milliseconds). */
const LAST_REQUEST_MS = 5_000;

/** Posts what ends a session, and forgets it. It may outlive the page. */
export function postLast(platform, url, body, headers, credentials) {
  const signal = AbortSignal.timeout?.(LAST_REQUEST_MS);
  platform.trace?.("POST", body);
  const send = async () => platform.fetch(url, { method: "POST", body, headers, credentials, cache: "no-store", keepalive: true, signal });
  send()
    .then((response) => response.text())
    .catch(nothing);
}

// The network of the platform

/** Reports when the platform goes online or offline. Returns what `ignoreNetwork` takes. */
export function listenToNetwork(report) {
  const listener = ({ type }) => report(type === "online" ? ONLINE : OFFLINE);
  try {
    globalThis.addEventListener("online", listener);
    globalThis.addEventListener("offline", listener);
  } catch {
    // A platform without such events.
  }
  return listener;
}

/** Ends that. */
export function ignoreNetwork(listener) {
  try {
    globalThis.removeEventListener("online", listener);
    globalThis.removeEventListener("offline", listener);
  } catch {
    // There was nothing to listen to.
  }
}

// Payloads of Engine.IO 3 have two forms. In text each packet stands behind its length and a colon: the form that the core
// writes and reads. In bytes, each is 0 for text or 1 for binary data, the digits of its length as numbers, 255, the packet.
// Servers answer so where there is binary data, or always. They are posted to so where there is text beyond ASCII: what that
// is in the form in text, each server sees differently, and npm socket.io 1.x closes the connection over it.
const BINARY = "application/octet-stream";

/** The text of a response; a payload in bytes as one in text. */
async function textOf(response) {
  if (!response.headers?.get("content-type")?.startsWith(BINARY)) return response.text();
  const bytes = new Uint8Array(await response.arrayBuffer());
  const decode = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  let text = "";
  let at = 0;
  while (bytes[at] === 0 || bytes[at] === 1) {
    const begin = bytes.indexOf(255, at) + 1;
    const end = begin + Number(bytes.subarray(at + 1, begin - 1).join(""));
    // Not what it seemed: the core finds no length there.
    if (begin === 0 || !(end <= bytes.length)) break;
    const packet = bytes[at] === 0 ? decode(begin, end) : toBase64(bytes.subarray(begin + 1, end), `b${bytes[begin]}`);
    text += `${packet.length}:${packet}`;
    at = end;
  }
  return text + decode(at);
}

/** The bytes of a payload in text. */
function bytesOfPayload(text) {
  const parts = [];
  for (let at = 0; at < text.length;) {
    const begin = text.indexOf(":", at) + 1;
    const end = begin + Number(text.slice(at, begin - 1));
    const isBinary = text[begin] === "b";
    const packet = isBinary ? behindByte(4, fromBase64(text.slice(begin + 2, end))) : new TextEncoder().encode(text.slice(begin, end));
    parts.push(Uint8Array.of(isBinary ? 1 : 0, ...String(packet.length), 255), packet);
    at = end;
  }
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

// Promises

/** Reports when a promise is settled; says whether it is one. */
export function whenSettled(value, token, report) {
  try {
    if (typeof value?.then !== "function") return false;
  } catch (error) {
    resolved.then(() => report(REJECTED, token, error));
    return true;
  }
  // Not Promise.resolve(), which gives a promise as it is, with whatever `then` its maker has put on it.
  new Promise((resolve) => resolve(value)).then(
    (result) => report(FULFILLED, token, result),
    (error) => report(REJECTED, token, error),
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

/** Levels that are searched by recursion, which is faster; deeper ones are searched without. */
const RECURSIVE_LEVELS = 200;
/** No `JSON.stringify` writes values that are nested more deeply. A `toJSON` that makes ever new objects ends here, too. */
const DEEPEST = 100_000;

/** What `toJSON` makes of an object that has one; JSON.stringify does not ask the result again. */
const inJson = (value) => (typeof value.toJSON === "function" ? value.toJSON() : value);

const DEEPER = Symbol("values are nested more deeply than they are searched by recursion");

/** Whether binary data stands anywhere in `value`; throws DEEPER if that takes more than `depth` levels. */
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

/** The error of values with binary data that go on below the limit: that they are nested in a circle, or too deeply. */
function beyondLimit(value) {
  try {
    search(value, false);
  } catch (error) {
    if (error instanceof TypeError) return error;
  }
  return new RangeError("values with binary data are nested more deeply than `limits` allow");
}

function refuseBlob(value) {
  const tag = tagOf(value);
  if (tag === "[object Blob]" || tag === "[object File]") {
    throw new TypeError("a Blob cannot be sent as it is: send `await blob.arrayBuffer()`");
  }
}

/** The bytes of binary data: a view of them, not a copy, but for memory that is shared, which no socket takes. */
function bytesOf(value) {
  const bytes = ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
  return tagOf(bytes.buffer) === "[object SharedArrayBuffer]" ? bytes.slice() : bytes;
}

/**
 * `value` with placeholders for its binary data, which is pushed to `attachments`: a copy, or itself where it has none, since the
 * user's JSON may know more of a value than what a copy keeps (a Date, a class).
 */
function takeOut(value, attachments, depth) {
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (depth === 0) throw beyondLimit(value);
  if (ArrayBuffer.isView(value) || isBuffer(value)) {
    attachments.push(bytesOf(value));
    return { _placeholder: true, num: attachments.length - 1 };
  }
  refuseBlob(value);
  const before = attachments.length;
  const object = inJson(value);
  const copy = object === value ? copyOf(object, attachments, depth) : ofJson(object, attachments, depth);
  return attachments.length === before ? value : copy;
}

/** What a toJSON gave, which JSON does not ask again. */
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
 * The JSON of `values`; where there is binary data in them, an array of the JSON and the attachments. What was thrown instead
 * is returned in an object.
 */
export function encode(platform, values, depth) {
  try {
    const written = encoded(platform, values, depth);
    if (typeof written === "string" || Array.isArray(written)) return written;
    throw new TypeError("what `json.stringify` has written is no text");
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

/** What `JSON.stringify` writes. Its own error of values that are nested too deeply for it speaks of the stack alone. */
function stringify(JSON, values) {
  try {
    return JSON.stringify(values);
  } catch (error) {
    if (!/call stack|recursion/.test(wordsOf(error))) throw error;
    throw new RangeError("values are nested more deeply than JSON.stringify can write them", { cause: error });
  }
}

function putBack(value, attachments, depth) {
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
  const after = putBack(value, attachments, depth - 1);
  if (after !== value) values[key] = after;
}

/** JSON that is none: NaN and infinities, which Python's writer produces, are read as null. */
function parseLeniently(json, JSON) {
  const parts = [];
  // By hand: a regular expression for texts with escapes overflows its stack where one is long.
  for (let at = 0; at < json.length;) {
    const quote = json.indexOf('"', at);
    const end = quote < 0 ? json.length : quote;
    parts.push(json.slice(at, end).replace(/-?\bInfinity\b|\bNaN\b/g, "null"));
    at = endOfText(json, end);
    parts.push(json.slice(end, at));
  }
  return JSON.parse(parts.join(""));
}

/** Where the text ends that begins with the quote at `from`. */
function endOfText(json, from) {
  for (let end = json.indexOf('"', from + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json[before - 1] === "\\") before--;
    // An odd number of backslashes is an escaped quote.
    if ((end - before) % 2 === 0) return end + 1;
  }
  return json.length;
}

/** The value of a JSON text, read by the `JSON` of a platform or the global one; throws where it is none. */
export function parse(json, { JSON } = globalThis) {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!/NaN|Infinity/.test(json)) throw error;
    return parseLeniently(json, JSON);
  }
}

// Events that the client makes by itself: a server that could emit them would be believed to have ended the connection.
const RESERVED = new Set(["connect", "connect_error", "disconnect", "disconnectFinal", "__disconnect_final"]);

/**
 * The array of values that a packet carries as JSON from some unit of a text on, with its attachments put back; that of an
 * event begins with its name, as text.
 * Where it is malformed: 1 no JSON, 2 no array, 3 a placeholder without its attachment or too deep, 4 no name of an event.
 */
export function decode(platform, text, from, attachments, depth, isEvent) {
  let values;
  try {
    values = checked(parse(from > 0 ? text.slice(from) : text, platform), isEvent);
  } catch {
    return 1;
  }
  if (attachments === undefined || typeof values === "number") return values;
  try {
    return putBack(values, attachments, depth + 1);
  } catch {
    return 3;
  }
}

/** What `decode` returns, for values that a parser of the user's has read, and which may be anything. */
export function checkValues(values, isEvent) {
  try {
    return checked(values, isEvent);
  } catch {
    return 2;
  }
}

function checked(values, isEvent) {
  if (!Array.isArray(values)) return 2;
  if (isEvent) {
    const [name] = values;
    if (typeof name === "number") values[0] = String(name);
    else if (typeof name !== "string" || RESERVED.has(name)) return 4;
  }
  return values;
}

// Handlers, by namespace and event: a Map of Maps.

/** The handler of exactly this namespace and event, or undefined; what is not given stands for any. */
export const handlerOf = (table, namespace = "*", event = "*") => table.get(namespace)?.get(event);

/** The class of exactly this namespace, or of any. */
export const classOf = (table, namespace = "*") => table.get("classes")?.get(namespace);

// What a handler is given before the arguments, in the order of shell/dispatch.rs.
const NOTHING = 0;
const EVENT = 1;
const NAMESPACE = 2;

/** Calls a handler with the values of an event, its name first; returns what it does, and may throw. */
export function ask(handler, values, prefix, namespace) {
  if (prefix === NOTHING) {
    // Most have one argument; to take the name off a longer array costs more.
    if (values.length === 2) return handler(values[1]);
    values.shift();
  } else if (prefix === NAMESPACE) values[0] = namespace;
  else if (prefix !== EVENT) values.splice(1, 0, namespace);
  return handler(...values);
}

/** The same, for an event that is not answered. */
export function tell(platform, handler, values, prefix, namespace) {
  try {
    ask(handler, values, prefix, namespace);
  } catch (error) {
    platform.report(error);
  }
}

/** What waits for the answer of a call, which nothing does any more. */
export function takeAnswer(answers, call) {
  const answer = answers.get(call);
  answers.delete(call);
  return answer;
}

/** Gives the answer to what waits for it: a callback of the user's, which may throw, or a promise. */
export function resolveAnswer(platform, answer, values) {
  try {
    if (answer.callback) answer.callback(...values);
    else answer.resolve(values);
  } catch (error) {
    platform.report(error);
  }
}

/** What a `disconnect` handler is told beyond the reason. */
export function disconnectDetails(cause, error, data) {
  return { cause, ...(error !== undefined && { error }), ...(data !== undefined && { data }) };
}

// The facade marks what `tuple()` makes by a symbol of the global registry, the same in every copy of the package.
const TUPLE = Symbol.for("socketio-wasm.tuple");

/** What a handler's return value answers an event with: the items of a tuple, the one value, or nothing. */
export function valuesOfAnswer(value) {
  if (value === undefined) return [];
  return Array.isArray(value) && TUPLE in value ? value : [value];
}

// Texts and bytes

/** `text` behind the digits of a number. */
export const prefixedWith = (number, text) => number + text;

/** Four units from `at` on in one number, the first in the lowest byte: 255 for one beyond ASCII, or past the end. */
export function peek(text, at) {
  let units = 0;
  for (let i = 3; i >= 0; i--) {
    const unit = text.charCodeAt(at + i);
    units = (units << 8) | (unit < 128 ? unit : 255); // past the end it is NaN
  }
  return units;
}

/** Where a character of ASCII next stands at `from` or after; -1 where it does not. */
export const find = (text, unit, from) => text.indexOf(String.fromCharCode(unit), from);

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

/** `text` as a part of a URL's query; undefined for a lone surrogate, which has no bytes. */
export function percentEncoded(text) {
  try {
    return encodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `bytes` behind one more. */
export function behindByte(byte, bytes) {
  const longer = new Uint8Array(bytes.length + 1);
  longer[0] = byte;
  // What is left of a buffer that was given away throws where it is read.
  if (bytes.length > 0) longer.set(bytes, 1);
  return longer;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** As many bytes as `String.fromCharCode` takes as arguments at once on every engine. */
const CHUNK = 0x2000;

/** Padded base64 in the standard alphabet, behind a prefix. */
export const toBase64 = (bytes, prefix) => prefix + base64Of(bytes);

function base64Of(bytes) {
  // Also what is left of a buffer that was given away: any other way to read it throws.
  if (bytes.length === 0) return "";
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
  if (text.length % 4 !== 0) return undefined;
  if (!Uint8Array.fromBase64 && globalThis.Buffer) return readByNode(text);
  if (!BASE64.test(text)) return undefined;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function readByNode(text) {
  const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
  // Not out of Node's pool of buffers: whoever looks at `.buffer` finds these bytes and no others.
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const written = Buffer.from(bytes.buffer).write(text, "base64");
  // Node leaves out what is not of its alphabet, which makes them fewer; but it takes that of URLs, too, and half of a unit beyond
  // ASCII. All of this is found sooner than by looking at each unit.
  const wellFormed = written === bytes.length && !text.includes("-") && !text.includes("_") && Buffer.byteLength(text) === text.length;
  return wellFormed ? bytes : undefined;
}

// Values of Rust's types, as serde writes and reads them

/** A value that serde has written, with objects in the place of maps: each key is a property of the object's own, `__proto__` too. */
export function mapsAsObjects(value) {
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, item]) => [nameOf(key), mapsAsObjects(item)]));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  // What holds no map is as it was: it may be an object of the user's.
  let copy = value;
  for (const key of Object.keys(value)) {
    const item = value[key];
    const after = typeof item === "object" ? mapsAsObjects(item) : item;
    if (after === item) continue;
    if (copy === value) copy = Array.isArray(value) ? value.slice() : { ...value };
    copy[key] = after;
  }
  return copy;
}

function nameOf(key) {
  // The key is not shown: it may be part of `auth`.
  if (typeof key !== "string") throw new TypeError(`a map has a key that is no string, but a ${typeof key}`);
  return key;
}

/** Whether values are nested deeper than that. */
export function isDeeper(value, depth) {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  if (depth === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === "object" && isDeeper(item, depth - 1)) return true;
  }
  return false;
}
