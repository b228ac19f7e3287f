// The options of the constructor, of connect() and of single calls, checked one by one: every name and every value. The core
// receives objects in which each property is present and of its type.
import { endpointsOf } from "./address.js";
import { VERSION_UNKNOWN, TRANSPORTS_WEBSOCKET } from "./boundary.js";
import { namespaceName } from "./names.js";
import { adviceFor, adviceForOptions } from "./option-aliases.js";
import {
  AUTO_JSON,
  CALL_OPTIONS,
  CLIENT_OPTIONS,
  CONNECT_OPTIONS,
  ENDLESS_MS,
  ENGINE_CONNECT_OPTIONS,
  HTTP_TOKEN,
  LIMITS,
  SESSION_OPTIONS,
  WEBSOCKET_OPTIONS,
  isObject,
  transportsOf,
} from "./option-table.js";
import { toError } from "./to-error.js";

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

// Whitespace around a value is not part of it, and not every platform removes it.
const SPACE_AROUND = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/**
 * Returns the headers without whitespace around their values. Throws if HTTP cannot carry a header, and names it: otherwise the
 * connection would fail later without a clear reason.
 */
function checkedHeaders(headers, option = "headers") {
  // An iterable (a Headers, a Map, an array) has its entries elsewhere than an object, and none would be found.
  if (!isObject(headers) || headers[Symbol.iterator]) {
    throw toError("INVALID_OPTION", option, headers, "an object of strings, or a function that returns one");
  }
  const entries = Object.entries(headers).map(([name, given]) => {
    if (!HTTP_TOKEN.test(name)) throw toError("INVALID_OPTION", option, name, "the name of a header: letters, digits and hyphens");
    const value = typeof given === "string" ? given.replace(SPACE_AROUND, "") : undefined;
    if (value === undefined || !HEADER_VALUE.test(value)) {
      throw toError("INVALID_OPTION", `${option}.${name}`, given, "a string of Latin-1 characters without line breaks and control characters");
    }
    return [name, value];
  });
  return Object.fromEntries(entries);
}

// The defaults of each table, computed once.
const defaults = new WeakMap();

function defaultsOf(table) {
  if (!defaults.has(table)) defaults.set(table, Object.fromEntries(Object.entries(table).map(([name, [, , value]]) => [name, value])));
  return defaults.get(table);
}

/**
 * Checks options, and returns them with the defaults as their prototype: so no client has a copy of the defaults. Throws an error
 * that names an unknown option or a wrong value.
 * @param {object | undefined} options
 * @param {import("./option-table.js").OptionTable} table
 * @param {string | import("./option-aliases.js").Place} [at] the option that `options` is the value of, or the function that received them
 */
export function withDefaults(options, table, at) {
  return take(options, table, () => namesIn(table, at), at, Object.create(defaultsOf(table)));
}

// An EngineClient shares the table of a Client, whose defaults the core needs, but not all of its options.
const namesIn = (table, at) => Object.keys(table).filter((name) => at?.type !== "EngineClient" || !SESSION_OPTIONS.includes(name));

/**
 * Checks the options of a single call. Throws an error that names an unknown option or a wrong value.
 * @param {object} options `undefined` stands for a value that was left out
 * @param {string[]} known the names that are allowed, each a key of CALL_OPTIONS
 */
export function checked(options, known) {
  if (options === undefined) throw toError("INVALID_OPTION", "options", options, "an object", adviceForOptions(options));
  return take(options, CALL_OPTIONS, () => known, undefined, {});
}

function take(options, table, known, at, taken) {
  if (options === undefined) return taken;
  const [group, place] = typeof at === "string" ? [at, undefined] : ["", at];
  if (!isObject(options) || options instanceof URL) {
    throw toError("INVALID_OPTION", group || "options", options, "an object", adviceForOptions(options, place));
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const option = group ? `${group}.${name}` : name;
    if (!known().includes(name)) throw toError("INVALID_OPTION", option, value, "a known option", adviceFor(name, known(), place));
    const [isValid, expected] = table[name];
    if (!isValid(value)) throw toError("INVALID_OPTION", option, value, expected);
    taken[name] = value;
  }
  return taken;
}

/** Returns a time-out for the core; 0 stands for an endless one. */
const endless = (time) => (time === 0 ? ENDLESS_MS : Math.min(time, ENDLESS_MS));

// The tables of clients by runtime, which may have options of its own.
const clientTables = new WeakMap();
const engineTables = new WeakMap();

function tableOf(runtime, tables, more) {
  let table = tables.get(runtime);
  if (!table) {
    table = { ...CLIENT_OPTIONS, ...runtime.options, ...more };
    tables.set(runtime, table);
    // The core has the limits among the other settings.
    defaults.set(table, { ...defaultsOf(table), ...defaultsOf(LIMITS) });
  }
  return table;
}

/**
 * Returns the core's settings for the constructor's options.
 * @param {import("../types/options.js").ClientOptions | undefined} options
 * @param {import("./internal.d.ts").Runtime} runtime
 * @param {"Client" | "SimpleClient"} [type]
 */
export function clientSettings(options, runtime, type = "Client") {
  return settingsOf(options, tableOf(runtime, clientTables, {}), runtime, type);
}

function settingsOf(options, table, runtime, type) {
  if (runtime.unsupported) refuse(options, (name) => runtime.unsupported.includes(name), "", runtime);
  const settings = withDefaults(options, table, { type, method: "constructor" });
  const { json, limits, reconnectionAttempts, requestTimeout, websocketOptions } = settings;
  if (json && settings.serializer !== "default") {
    throw toError("INVALID_OPTION", "json", json, "of any use with a `serializer` that writes no JSON: leave one of them out");
  }
  if (json) settings.json = checkingJson(json);
  if (websocketOptions) settings.websocketOptions = checkedWebsocketOptions(websocketOptions, runtime);
  if (limits) Object.assign(settings, withDefaults(limits, LIMITS));
  if (reconnectionAttempts === Infinity) settings.reconnectionAttempts = 0;
  settings.requestTimeout = endless(requestTimeout);
  // The platform asks the function.
  settings.asksDelay = typeof settings.reconnectionDelay === "function";
  if (settings.asksDelay) {
    settings.delayOf = settings.reconnectionDelay;
    delete settings.reconnectionDelay; // the default shows again
  }
  settings.logger &&= true;
  return settings;
}

/**
 * Returns the settings of an Engine.IO client: it has no session, and so only the options that concern the connection.
 * @param {import("../types/engine-client.js").EngineClientOptions | undefined} options
 * @param {import("./internal.d.ts").Runtime} runtime
 */
export function engineSettings(options, runtime) {
  return settingsOf(options, tableOf(runtime, engineTables, AUTO_JSON), runtime, "EngineClient");
}

/** Returns the user-supplied JSON functions, which must give strings: no server reads anything else. */
const checkingJson = (json) => ({
  stringify(value) {
    const text = json.stringify(value);
    if (typeof text !== "string") throw new TypeError("the function `json.stringify` must return a string");
    return text;
  },
  parse(text) {
    const value = json.parse(text);
    // The core removes an event's name from its values: a user-supplied array may be frozen, or observed by other code.
    return Array.isArray(value) ? [...value] : value;
  },
});

/** Returns a checked copy. Unknown options go to the websocket unchanged if the platform's takes any. */
function checkedWebsocketOptions(given, runtime) {
  if (!runtime.websocketHeaders) refuse(given, (name) => name !== "protocols", "websocketOptions.", runtime);
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(WEBSOCKET_OPTIONS, name));
  withDefaults(Object.fromEntries(known), WEBSOCKET_OPTIONS, "websocketOptions");
  return { ...options, ...(options.headers && { headers: checkedHeaders(options.headers, "websocketOptions.headers") }) };
}

/** Throws for the first option that the platform does not have. */
function refuse(options, isRefused, prefix, { name: platform }) {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value !== undefined && isRefused(name)) throw toError("UNSUPPORTED_OPTION", `${prefix}${name}`, platform);
  }
}

/**
 * Returns the core's request to connect. User-supplied functions for url, headers and auth are called again at each attempt.
 * @param {string | URL | Function} url
 * @param {import("../types/options.js").ConnectOptions | undefined} options
 * @param {import("./platform.js").Platform} platform
 * @param {string[]} handled the namespaces that have handlers: they are connected if the options list none
 * @param {{ written(value: unknown): unknown }} serializer
 */
export function connectRequest(url, options, platform, handled, serializer) {
  const given = withDefaults(options, CONNECT_OPTIONS, { type: "Client", method: "connect" });
  const transports = transportsOf(given.transports);
  const wanted = [given.namespaces ?? (handled.length > 0 ? handled : "/")].flat();
  return {
    namespaces: [...new Set(wanted.map(namespaceName))],
    transports,
    // Version 5 of the Socket.IO protocol runs on version 4 of Engine.IO, and 4 on 3.
    version: given.protocol ? given.protocol - 1 : VERSION_UNKNOWN,
    wait: given.wait,
    waitTimeout: endless(given.waitTimeout),
    retry: given.retry,
    retryRefused: given.retryRefused,
    prepare: preparation(url, given, transports, platform),
    authenticate: authentication(given.auth, serializer),
  };
}

/**
 * Returns a function that promises the request of an Engine.IO client's core to connect.
 * @param {string | URL | Function} url
 * @param {import("../types/engine-client.js").EngineConnectOptions | undefined} options
 * @param {import("./platform.js").Platform} platform
 */
export function engineRequest(url, options, platform) {
  const given = withDefaults(options, ENGINE_CONNECT_OPTIONS, { type: "EngineClient", method: "connect" });
  const transports = transportsOf(given.transports);
  const prepare = preparation(url, given, transports, platform);
  return async () => ({ ...(await prepare()), transports, version: given.protocol ?? VERSION_UNKNOWN });
}

/**
 * Returns a function that evaluates url and headers for one attempt, and promises the addresses and headers. Throws for a wrong value
 * that is known now: it is a mistake of the caller, and not a failed attempt.
 */
function preparation(url, { headers, path }, transports, platform) {
  if (headers !== undefined && typeof headers !== "function") checkedPlatformHeaders(headers, platform);
  if (headers !== undefined && !platform.websocketHeaders) {
    if (transports === TRANSPORTS_WEBSOCKET) throw toError("UNSUPPORTED_OPTION", "headers", platform.name);
    platform.log("warn", "headers go on polling requests alone: a websocket cannot carry them here");
  }
  const known = typeof url === "function" ? undefined : endpointsOf(url, path, platform.websocketHeaders);
  return async () => {
    const [address, given] = await Promise.all([evaluate(url), evaluate(headers)]);
    const checkedHeaders = given == null ? undefined : checkedPlatformHeaders(given, platform);
    // A string means the same each time; the user may have changed a URL object.
    const endpoints = typeof url === "string" ? known : endpointsOf(address, path, platform.websocketHeaders);
    await platform.prepare(endpoints);
    return { ...endpoints, headers: checkedHeaders };
  };
}

function checkedPlatformHeaders(given, platform) {
  const headers = checkedHeaders(given);
  refuse(headers, (name) => platform.keepsHeader(name), "headers.", platform);
  return headers;
}

/**
 * Returns a function that promises `auth`, a value or a function, in the form that the core takes; `undefined` if there is none. A
 * value that is not an object throws at once.
 * @param {unknown} auth
 * @param {{ written(value: unknown): unknown }} serializer
 */
export function authentication(auth, serializer) {
  if (auth == null) return noAuthentication;
  if (typeof auth !== "function") checkAuth(auth);
  return async () => {
    const value = await evaluate(auth);
    if (value == null) return undefined;
    checkAuth(value);
    return orUnserializable(() => serializer.written(value));
  };
}

function orUnserializable(write) {
  try {
    return write();
  } catch (error) {
    throw toError("UNSERIALIZABLE", error);
  }
}

const AUTH = 'a plain object such as { token: "…" }';

// Objects that have their contents elsewhere than in properties: a server would not find them.
const NO_AUTH = /^\[object (Date|RegExp|ArrayBuffer|SharedArrayBuffer|Blob|File|Promise|Boolean|Number)\]$/;

/** Throws unless the value is an object with properties: npm's server closes the connection for any other auth. */
function checkAuth(value) {
  const isPlain = (object) => isObject(object) && !object[Symbol.iterator] && !NO_AUTH.test(Object.prototype.toString.call(object));
  const isValid = isPlain(value) && (typeof value.toJSON !== "function" || isPlain(orUnserializable(() => value.toJSON())));
  if (!isValid) throw toError("INVALID_OPTION", "auth", value, AUTH);
}

const noAuthentication = async () => undefined;

const evaluate = async (source) => (typeof source === "function" ? source() : source);
