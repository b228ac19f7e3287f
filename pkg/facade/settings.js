// The options of the constructor, of connect() and of single calls, checked one by one: every name and every value. The core
// is given objects in which each property is there, and of its type.
import { endpointsOf } from "./address.js";
import { toError } from "./messages.js";
import { namespaceName } from "./names.js";
import { meant } from "./other-names.js";
import { isParser } from "./parser.js";

const MILLISECONDS = "a number of milliseconds, 0 or more";

const isObject = (value) => typeof value === "object" && value !== null;

/** Kinds of values: what is valid, and how to say it. */
export const flag = [(value) => typeof value === "boolean", "true or false"];
const milliseconds = [(value) => typeof value === "number" && value >= 0, MILLISECONDS];
const functionKind = [(value) => typeof value === "function", "a function"];
export const flagOrObject = [(value) => typeof value === "boolean" || isObject(value), "true, false or an object"];
const anObject = [isObject, "an object"];
const anything = [() => true];

const count = (least, most = Infinity) => [
  (value) => (Number.isInteger(value) || value === Infinity) && value >= least && value <= most,
  most === Infinity ? `a whole number, ${least} or more` : `a whole number from ${least} to ${most}`,
];

const SERIALIZERS = ["default", "msgpack", "cbor", "pickle"];
const SERIALIZER = '"default", "msgpack", "cbor", "pickle" or a parser, that is an object with the classes Encoder and Decoder';

const LIMITS = {
  maxAttachments: [...count(0), 1_000],
  // With more digits a number is not exact in JavaScript.
  maxIdDigits: [...count(1, 15), 15],
  maxPacketSize: [...count(1), 100_000_000],
  // Deeper ones could exhaust the stack.
  maxDepth: [...count(1, 2_000), 200],
};

// name: [what is valid, how to say it, default]
const CLIENT_OPTIONS = {
  reconnection: [...flag, true],
  reconnectionAttempts: [...count(0), 0],
  reconnectionDelay: [...milliseconds, 1_000],
  reconnectionDelayMax: [...milliseconds, 5_000],
  randomizationFactor: [(value) => typeof value === "number" && value >= 0 && value <= 1, "a number from 0 to 1", 0.5],
  requestTimeout: [...milliseconds, 5_000],
  maxPacketsPerPost: [...count(1), 0], // 0: as many as the server takes
  maxBuffer: [...count(1), Infinity],
  highWaterMark: [...count(0), 2 ** 20],
  networkEvents: [...flag, true],
  credentials: [(value) => ["same-origin", "include", "omit"].includes(value), '"same-origin", "include" or "omit"', "same-origin"],
  serializer: [(value) => SERIALIZERS.includes(value) || isParser(value), SERIALIZER, "default"],
  json: [(value) => typeof value?.stringify === "function" && typeof value.parse === "function", "an object with the functions stringify and parse"],
  limits: anObject,
  logger: [...flagOrObject, false],
  engineLogger: [...flagOrObject, false],
  fetch: functionKind,
  WebSocket: functionKind,
  websocketOptions: anObject,
  timestampRequests: [...flag, true],
  timestampParam: [(value) => typeof value === "string" && /^(?!(sid|EIO|transport)$)[\w.~-]+$/.test(value), 'a name such as "t", of letters, digits and -._~', "t"],
};

const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/;

const WEBSOCKET_OPTIONS = {
  protocols: [(value) => [value].flat().every((name) => typeof name === "string" && TOKEN.test(name)), "the name of a protocol, or an array of them"],
  headers: [isObject, "an object of texts"],
  perMessageDeflate: flagOrObject,
  maxPayload: count(1),
};

// The core knows no endless time. This one ends in 25 days, and fits into the timers of every platform.
const ENDLESS_MS = 2 ** 31 - 1;

const TRANSPORTS = '"polling", "websocket", or an array of them';

const CONNECT_OPTIONS = {
  headers: anything, // by checkHeaders
  auth: anything,
  transports: [(value) => transportsOf(value) !== undefined, TRANSPORTS, ["polling", "websocket"]],
  namespaces: [(value) => typeof value === "string" || (Array.isArray(value) && value.length > 0), "a namespace or an array of them"],
  path: [(value) => typeof value === "string" && !/[?#]/.test(value), 'a text such as "/socket.io"', "/socket.io"],
  protocol: [(value) => value === 4 || value === 5, "4 or 5"],
  wait: [...flag, true],
  waitTimeout: [...milliseconds, 20_000],
  retry: [...flag, false],
  retryRefused: [...flag, false],
  signal: anything,
};

const { headers, transports, path, signal } = CONNECT_OPTIONS;

const ENGINE_CONNECT_OPTIONS = {
  headers,
  transports,
  protocol: [(value) => value === 3 || value === 4, "3 or 4", 0],
  path: [...path.slice(0, 2), "/engine.io"],
  signal,
};

const CALL_OPTIONS = {
  signal: [(value) => typeof value?.addEventListener === "function" && typeof value.aborted === "boolean", "an AbortSignal"],
  timeout: milliseconds,
  buffer: flag,
  volatile: flag,
  flush: milliseconds,
  namespace: [(value) => typeof value === "string", 'a string that begins with "/"'],
  auth: anything,
};

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws unless each of the headers is one that HTTP can carry: told here by name, it would be a failed connection else. */
function checkHeaders(headers, option = "headers") {
  // What is iterable (a Headers, a Map, an array) has its entries elsewhere than an object, where nobody would find them.
  if (typeof headers !== "object" || headers === null || headers[Symbol.iterator]) {
    throw toError("INVALID_OPTION", option, headers, "an object of texts, or a function that gives one");
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw toError("INVALID_OPTION", option, name, "the name of a header: letters, digits and hyphens");
    if (typeof value !== "string" || !HEADER_VALUE.test(value)) {
      throw toError("INVALID_OPTION", `${option}.${name}`, value, "a text of Latin-1 characters without line breaks and control characters");
    }
  }
}

// The core's numbers.
const POLLING = 0;
const WEBSOCKET = 1;
const POLLING_FIRST = 2;
const WEBSOCKET_FIRST = 3;

/** The core's number for transports in their order of preference; undefined for what is none. */
function transportsOf(value) {
  const names = Array.isArray(value) ? value : [value];
  if (names.length === 0 || !names.every((name) => name === "polling" || name === "websocket")) return undefined;
  if (new Set(names).size === 1) return names[0] === "websocket" ? WEBSOCKET : POLLING;
  return names[0] === "websocket" ? WEBSOCKET_FIRST : POLLING_FIRST;
}

// Where the defaults of a table's options are: found once.
const defaults = new WeakMap();

function defaultsOf(table) {
  if (!defaults.has(table)) defaults.set(table, Object.fromEntries(Object.entries(table).map(([name, [, , value]]) => [name, value])));
  return defaults.get(table);
}

/**
 * The options that were given, each of them checked, before the defaults (its prototype: no client has them for itself); throws
 * an error that names the one that is unknown or wrong.
 * @param {object | undefined} options
 * @param {object} table
 * @param {string} [group] the option that `options` is the value of
 */
export function withDefaults(options, table, group) {
  return take(options, table, () => Object.keys(table), group, Object.create(defaultsOf(table)));
}

/**
 * The options of a single call; throws an error that names the one that is unknown or wrong.
 * @param {object} options `undefined` stands for a value that was left out
 * @param {string[]} known the names that may be in it, each a key of CALL_OPTIONS
 */
export function checked(options, known) {
  if (options === undefined) throw toError("INVALID_OPTION", "options", options, "an object");
  return take(options, CALL_OPTIONS, () => known, undefined, {});
}

function take(options, table, known, group, taken) {
  if (options === undefined) return taken;
  if (typeof options !== "object" || options === null) throw toError("INVALID_OPTION", group ?? "options", options, "an object");
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const called = group ? `${group}.${name}` : name;
    if (!known().includes(name)) throw toError("INVALID_OPTION", called, value, "a known option", meant(name, known()));
    const [valid, expected] = table[name];
    if (!valid(value)) throw toError("INVALID_OPTION", called, value, expected);
    taken[name] = value;
  }
  return taken;
}

/** 0 means without end. */
const endless = (time) => (time === 0 ? ENDLESS_MS : Math.min(time, ENDLESS_MS));

// The options of clients by runtime, which may have some of its own.
const clientTables = new WeakMap();
const engineTables = new WeakMap();

function tableOf(runtime, tables, more) {
  let table = tables.get(runtime);
  if (!table) {
    table = { ...CLIENT_OPTIONS, ...runtime.options, ...more };
    tables.set(runtime, table);
    // The core has the limits among the others.
    defaults.set(table, { ...defaultsOf(table), ...defaultsOf(LIMITS) });
  }
  return table;
}

/**
 * The core's settings, from the constructor's options.
 * @param {object | undefined} options as types/ has them
 * @param {object} runtime the platform: its `options` are rows like those of CLIENT_OPTIONS, `unsupported` names of others
 */
export function clientSettings(options, runtime) {
  return settingsOf(options, tableOf(runtime, clientTables), runtime);
}

function settingsOf(options, table, runtime) {
  if (runtime.unsupported) refuse(options, (name) => runtime.unsupported.includes(name), "", runtime);
  const settings = withDefaults(options, table);
  const { json, limits, reconnectionAttempts, requestTimeout, websocketOptions } = settings;
  if (json && settings.serializer !== "default") {
    throw toError("INVALID_OPTION", "json", json, "of any use with a `serializer` that writes no JSON: leave one of them out");
  }
  if (json) settings.json = jsonOf(json);
  if (websocketOptions) settings.websocketOptions = checkedWebsocketOptions(websocketOptions, runtime);
  if (limits) Object.assign(settings, withDefaults(limits, LIMITS));
  if (reconnectionAttempts === Infinity) settings.reconnectionAttempts = 0;
  settings.requestTimeout = endless(requestTimeout);
  settings.logger &&= true;
  return settings;
}

// What only a session has.
const SESSION_OPTIONS = [
  "reconnection",
  "reconnectionAttempts",
  "reconnectionDelay",
  "reconnectionDelayMax",
  "randomizationFactor",
  "maxBuffer",
  "serializer",
  "engineLogger",
];

/** The same for an Engine.IO client, which has no session: those of the options that concern the connection. */
export function engineSettings(options, runtime) {
  for (const name of SESSION_OPTIONS) {
    if (options?.[name] !== undefined) throw toError("INVALID_OPTION", name, options[name], "a known option");
  }
  return settingsOf(options, tableOf(runtime, engineTables, { autoJson: [...flag, true] }), runtime);
}

/** The user's JSON, held to give texts: what is none would be sent as no server reads it. */
const jsonOf = (json) => ({
  stringify(value) {
    const text = json.stringify(value);
    if (typeof text !== "string") throw new TypeError("the function `json.stringify` must return a text");
    return text;
  },
  parse(text) {
    const value = json.parse(text);
    // The core takes an event's name from its values: an array of one's own may be frozen, or watched.
    return Array.isArray(value) ? [...value] : value;
  },
});

/** A copy of them. Those that are not known here go to the websocket as they are, where the platform's takes any. */
function checkedWebsocketOptions(given, runtime) {
  if (!runtime.websocketHeaders) refuse(given, (name) => name !== "protocols", "websocketOptions.", runtime);
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(WEBSOCKET_OPTIONS, name));
  withDefaults(Object.fromEntries(known), WEBSOCKET_OPTIONS, "websocketOptions");
  if (options.headers) checkHeaders(options.headers, "websocketOptions.headers");
  return { ...options, ...(options.headers && { headers: { ...options.headers } }) };
}

/** Throws for the first option that the platform does not have. */
function refuse(options, isRefused, prefix, { name: platform }) {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value !== undefined && isRefused(name)) throw toError("UNSUPPORTED_OPTION", `${prefix}${name}`, platform);
  }
}

/**
 * What the core is asked to connect. The functions among url, headers and auth are called again at each attempt.
 * @param {string | URL | Function} url
 * @param {object | undefined} options as types/ has them
 * @param {object} platform
 * @param {string[]} handled the namespaces that have handlers: they are connected where none are listed
 * @param {{ written(value: unknown): unknown }} serializer
 */
export function connectRequest(url, options, platform, handled, serializer) {
  const given = withDefaults(options, CONNECT_OPTIONS);
  const transports = transportsOf(given.transports);
  const wanted = [given.namespaces ?? (handled.length > 0 ? handled : "/")].flat();
  return {
    namespaces: [...new Set(wanted.map(namespaceName))],
    transports,
    protocol: given.protocol ?? 0,
    wait: given.wait,
    waitTimeout: endless(given.waitTimeout),
    retry: given.retry,
    retryRefused: given.retryRefused,
    prepare: preparation(url, given, transports, platform),
    authenticate: authentication(given.auth, serializer),
  };
}

/** A function that promises what an Engine.IO client's core is asked to connect. */
export function engineRequest(url, options, platform) {
  const given = withDefaults(options, ENGINE_CONNECT_OPTIONS);
  const transports = transportsOf(given.transports);
  const prepare = preparation(url, given, transports, platform);
  return async () => ({ ...(await prepare()), transports, protocol: given.protocol });
}

/** A function that promises where to connect, evaluated anew at each attempt; throws for what is wrong already. */
function preparation(url, { headers, path }, transports, platform) {
  if (headers !== undefined && typeof headers !== "function") checkPlatformHeaders(headers, platform);
  if (headers !== undefined && !platform.websocketHeaders) {
    if (transports === WEBSOCKET) throw toError("UNSUPPORTED_OPTION", "headers", platform.name);
    platform.log("warn", "headers go on polling requests alone: a websocket cannot carry them here");
  }
  // A wrong URL is a mistake of the caller's, to be known at once and not as a failed attempt.
  const known = typeof url === "function" ? undefined : endpointsOf(url, path, platform.websocketHeaders);
  return async () => {
    const [where, what] = await Promise.all([evaluate(url), evaluate(headers)]);
    if (what != null) checkPlatformHeaders(what, platform);
    // A text means the same each time, a URL may have been changed.
    const address = typeof url === "string" ? known : endpointsOf(where, path, platform.websocketHeaders);
    await platform.prepare(address);
    return { ...address, headers: what ?? undefined };
  };
}

function checkPlatformHeaders(headers, platform) {
  checkHeaders(headers);
  refuse(headers, (name) => platform.keepsHeader(name), "headers.", platform);
}

/**
 * A function that promises `auth`, a value or a function, as the core takes it; `undefined` where there is none. A value that is
 * no object throws at once.
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

// Objects that have their contents elsewhere than in properties, where a server would not find them.
const NO_AUTH = /^\[object (Date|RegExp|ArrayBuffer|SharedArrayBuffer|Blob|File|Promise|Boolean|Number)\]$/;

/** Throws unless it is an object with properties: npm's server closes the connection of any other auth. */
function checkAuth(value) {
  const isPlain = (object) => isObject(object) && !object[Symbol.iterator] && !NO_AUTH.test(Object.prototype.toString.call(object));
  const isValid = isPlain(value) && (typeof value.toJSON !== "function" || isPlain(orUnserializable(() => value.toJSON())));
  if (!isValid) throw toError("INVALID_OPTION", "auth", value, AUTH);
}

const noAuthentication = async () => undefined;

const evaluate = async (source) => (typeof source === "function" ? source() : source);
