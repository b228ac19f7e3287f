// Calls of user code and of the platform, for guard.rs, event_callback.rs, websockets.rs, requests.rs and promises.rs, for the handlers
// of src/js, and for the platform of src/client; and strings and bytes, for wire.rs.
//
// User code runs in much of this, and may throw anything. An exception that passes through wasm unwinds it without its destructors:
// only `setProperty`, which Rust imports with `catch`, may throw. It returns nothing, because an import with `catch` that returns a JS value
// leaks an entry of wasm-bindgen's table whenever it throws (0.2.130; tests/wasm/leaks.rs counts the entries).

/** Calls a function of wasm in which user code runs. What it throws, the trap of a panic too, ends this call and nothing else. */
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

/** Makes the platform of a client in Rust: the runtime's globals; a user-supplied class of WebSockets, `fetch` and log if there are any. */
export function platformOfGlobals(WebSocket, fetch, log = toConsole) {
  return {
    JSON: globalThis.JSON,
    fetch: (url, init) => (fetch ? fetch(url, init) : globalThis.fetch(url, init)),
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

// Promises

const resolved = Promise.resolve();

/** Calls back at the end of this tick, with a value. Fake timers replace `queueMicrotask`, but no promise. */
export function atEndOfTick(callback, value) {
  resolved.then(() => callback(value));
}

/**
 * Calls back when a value is settled, which may be no promise. Promise.resolve() would not do: it returns a promise as it is, with the
 * `then` that its maker may have put on it.
 */
export function settle(value, fulfilled, rejected) {
  new Promise((resolve) => resolve(value)).then(fulfilled, rejected);
}

/** Reports when a promise is settled, by the kinds of report for either end. Returns whether the value is a promise. */
export function whenSettled(value, report, fulfilled, rejected, token) {
  try {
    if (typeof value?.then !== "function") return false;
  } catch (error) {
    atEndOfTick((thrown) => report(rejected, token, thrown), error);
    return true;
  }
  settle(
    value,
    (result) => report(fulfilled, token, result),
    (error) => report(rejected, token, error),
  );
  return true;
}

/** Returns a property of a value, or undefined if it has none: any value may be given, and a getter may throw. */
export function property(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

// Transports

/** Opens a websocket. Returns undefined if that throws or gives nothing, and calls `failed` at the end of this tick. */
export function openSocket(platform, url, headers, failed) {
  try {
    const socket = platform.openSocket(url, headers);
    if (socket) return socket;
    throw new TypeError("there is no websocket");
  } catch (error) {
    atEndOfTick(failed, error);
    return undefined;
  }
}

/** Sets a property; may throw. */
export function setProperty(object, name, value) {
  object[name] = value;
}

const nothing = () => {};

/** Returns a function that does nothing. */
export const noHandler = () => nothing;

/** Makes a request: a GET, or with a body a POST. Calls back with the response or with the thrown value. */
export function request(platform, url, body, headers, credentials, signal, fulfilled, rejected) {
  const method = body === undefined ? "GET" : "POST";
  fetched(platform, url, { method, body, headers, credentials, cache: "no-store", signal }).then(fulfilled, rejected);
}

/** Time limit of the last request of a session (milliseconds). */
const LAST_REQUEST_MS = 5_000;

/** Posts the end of a session. The request may outlive the page. Its response is read, so that its connection can be used again. */
export function postLast(platform, url, body, headers, credentials) {
  const signal = AbortSignal.timeout?.(LAST_REQUEST_MS);
  const init = { method: "POST", body, headers, credentials, cache: "no-store", keepalive: true, signal };
  fetched(platform, url, init)
    .then((response) => response.text())
    .catch(nothing);
}

/** Calls `fetch` in a promise, which is rejected if it throws. */
async function fetched(platform, url, { body, headers, ...init }) {
  if (typeof body === "object") {
    body = body.buffer;
    headers = { ...headers, "content-type": "application/octet-stream" };
  }
  return platform.fetch(url, { ...init, body, headers });
}

// Listeners: a Map of lists by group and name. The group of an event is its namespace; `(any)`, `(outgoing)`, `(ended)` and
// `(class)` are groups whose names are namespaces. A list is a Map: its keys are the listeners, in the order in which they were added. A
// listener is a function, or for a client in Rust a number. Its value counts the additions: those for one event, and the lasting ones.

/** Adds a listener. One that the list contains already stays in its place. It lasts as long as one addition does. */
export function addListener(table, group, name, listener, isOnce) {
  let lists = table.get(group);
  if (!lists) table.set(group, (lists = new Map()));
  let list = lists.get(name);
  if (!list) lists.set(name, (list = new Map()));
  let entry = list.get(listener);
  if (!entry) {
    const remove = () => removeListeners(table, group, name, listener);
    // `stops` are called when the listener is removed: they end the waits for signals that would remove it.
    list.set(listener, (entry = { once: 0, lasting: 0, stops: undefined, remove }));
    list.order = undefined;
  }
  entry[isOnce ? "once" : "lasting"] += 1;
}

/** Removes a listener, or without one all of them, and returns those that it removed. */
export function removeListeners(table, group, name, listener) {
  const lists = table.get(group);
  const list = lists?.get(name);
  const removed = listener === undefined ? listenersOf(list) : list?.has(listener) ? [listener] : [];
  for (const each of removed) {
    const { stops } = list.get(each);
    list.delete(each);
    for (const stop of stops ?? []) stop();
  }
  if (list) list.order = undefined;
  if (list?.size === 0) lists.delete(name);
  if (lists?.size === 0) table.delete(group);
  return removed;
}

/** Returns the list of exactly this group and name, or undefined; one that is not given is `*`. */
export const listOf = (table, group = "*", name = "*") => table.get(group)?.get(name);

/** Returns the lists of a group: that of one name, or without one all. */
export function listsOf(table, group, name) {
  const lists = table.get(group);
  if (name === undefined) return lists ? [...lists.values()] : [];
  return lists?.has(name) ? [lists.get(name)] : [];
}

/**
 * Returns the lists of an event in all namespaces, then all classes. Each comes with its namespace, and with true if its listeners want
 * the event, and if they want the namespace.
 */
export function listsEverywhere(table, event, classes) {
  const found = [];
  for (const [namespace, lists] of table) {
    // The groups have lists of namespaces, and none of this event.
    if (lists.has(event)) found.push([namespace, lists.get(event), false, namespace === "*"]);
  }
  for (const [namespace, list] of table.get(classes) ?? []) found.push([namespace, list, true, namespace === "*"]);
  return found;
}

/** Returns the listeners of a list, in order. The array is not changed, and is used until the list has others. */
export const listenersOf = (list) => (list ? (list.order ??= [...list.keys()]) : []);

/** A class of a namespace returns this for an event that it does not handle. */
const UNHANDLED = Symbol.for("socketio-wasm: unhandled");

/** Returns true for what an async function of such a class resolves to. */
export const isUnhandled = (value) => value === UNHANDLED;

/**
 * Calls the listeners of an event with its values, of which the name is the first. They receive the name only if they want it, and the
 * namespace if there is one here. The first result other than undefined becomes the first value. Returns undefined if no listener
 * has handled the event, and false if one threw and none gave a result: then there is no answer.
 */
export function callListeners(platform, list, values, wantsEvent, namespace) {
  // Most events have one argument: they need no list of arguments.
  const args = values.length === 2 && !wantsEvent && namespace === undefined ? undefined : argumentsOf(values, wantsEvent, namespace);
  let answer;
  let isHandled = false;
  let hasThrown = false;
  for (const listener of listenersOf(list)) {
    // One that an earlier listener has removed is not called.
    const entry = list.get(listener);
    if (!entry) continue;
    if (entry.lasting === 0) entry.remove();
    else entry.once = 0;
    try {
      const result = args ? listener(...args) : listener(values[1]);
      if (result === UNHANDLED) continue;
      isHandled = true;
      if (result !== undefined) answer ??= { value: result };
    } catch (error) {
      isHandled = hasThrown = true;
      platform.report(error);
    }
  }
  if (!isHandled) return undefined;
  values[0] = answer?.value;
  return answer !== undefined || !hasThrown;
}

function argumentsOf(values, wantsEvent, namespace) {
  const args = values.slice(1);
  if (namespace !== undefined) args.unshift(namespace);
  if (wantsEvent) args.unshift(values[0]);
  return args;
}

/** Removes and returns the waiter of a call. */
export function takeAnswer(answers, call) {
  const answer = answers.get(call);
  answers.delete(call);
  return answer;
}

/** Gives an acknowledgement to the waiter of its call: a user-supplied callback, which may throw, or a promise. */
export function resolveAnswer(platform, answer, values) {
  try {
    if (answer.callback) answer.callback(...values);
    else answer.resolve(values);
  } catch (error) {
    platform.report(error);
  }
}

// Strings and bytes

/** Returns `text` behind the digits of a number. */
export const prefixedWith = (number, text) => number + text;

/** Returns four units from `at` on in one number, the first in the lowest byte: 255 for one beyond ASCII, or past the end. */
export function peek(text, at) {
  let units = 0;
  for (let i = 3; i >= 0; i--) {
    const unit = text.charCodeAt(at + i);
    units = (units << 8) | (unit < 128 ? unit : 255); // past the end it is NaN
  }
  return units;
}

/** Returns the position at which an ASCII character next stands, at `from` or after; -1 if there is none. */
export const find = (text, unit, from) => text.indexOf(String.fromCharCode(unit), from);

/** Returns the length of `text` in UTF-8 bytes; a lone surrogate counts as U+FFFD, as it is sent. */
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

/** Returns `text` as a part of a URL's query; undefined for a lone surrogate, which has no bytes. */
export function percentEncoded(text) {
  try {
    return encodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Returns the bytes of `text` in UTF-8. */
export const toUtf8 = (text) => new TextEncoder().encode(text);

/** Returns the string that bytes are in UTF-8. */
export const ofUtf8 = (bytes) => new TextDecoder().decode(bytes);

/** Returns the bytes of all parts, one behind the other. */
export function joinBytes(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    // Reading a detached ArrayBuffer throws; the length of a view of one is 0.
    if (part.length > 0) whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** As many bytes as `String.fromCharCode` takes as arguments at once on every engine. */
const CHUNK = 0x2000;

/** Returns padded base64 in the standard alphabet, behind a prefix. */
export const toBase64 = (bytes, prefix) => prefix + base64Of(bytes);

function base64Of(bytes) {
  // So is a view of a detached ArrayBuffer: any other way to read it throws.
  if (bytes.length === 0) return "";
  if (bytes.toBase64) return bytes.toBase64();
  if (globalThis.Buffer) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** Returns the bytes of `text`, or undefined if it is not base64. */
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
