// Every option: its valid values, how an error describes them, and its default. This is the one source of the defaults:
// scripts/tables.mjs writes them to src/tables.rs, and tests/package/errors/one-source.test.mjs compares the documentation.
import { TRANSPORTS_POLLING, TRANSPORTS_POLLING_FIRST, TRANSPORTS_WEBSOCKET, TRANSPORTS_WEBSOCKET_FIRST } from "./boundary.js";
import { isParser } from "./parser.js";

/**
 * An option: a test of its values, the description of a valid one, and the default.
 * @typedef {[isValid: (value: any) => boolean, expected?: string, value?: unknown]} Option
 * @typedef {Record<string, Option>} OptionTable
 */

/** @param {unknown} value */
export const isObject = (value) => typeof value === "object" && value !== null;

/** @type {[Option[0], string]} */
export const flag = [(value) => typeof value === "boolean", "true or false"];
/** @type {[Option[0], string]} */
export const flagOrObject = [(value) => typeof value === "boolean" || isObject(value), "true, false or an object"];
/** @type {[Option[0], string]} */
const milliseconds = [(value) => typeof value === "number" && value >= 0, "a number of milliseconds, 0 or more"];
/** @type {Option} */
const functionKind = [(value) => typeof value === "function", "a function"];
/** @type {Option} */
const anObject = [isObject, "an object"];
/** @type {Option} */
const anything = [() => true];

/**
 * @param {number} least
 * @param {number} [most]
 * @returns {[Option[0], string]}
 */
const count = (least, most = Infinity) => [
  (value) => (Number.isInteger(value) || value === Infinity) && value >= least && value <= most,
  most === Infinity ? `a whole number, ${least} or more` : `a whole number from ${least} to ${most}`,
];

const SERIALIZERS = ["default", "msgpack", "cbor", "pickle"];
const CREDENTIALS = ["same-origin", "include", "omit"];

/** @satisfies {OptionTable} */
export const LIMITS = {
  maxAttachments: [...count(0), 1_000],
  // A number with more digits is not exact in JavaScript.
  maxIdDigits: [...count(1, 15), 15],
  maxPacketSize: [...count(1), 100_000_000],
  // Deeper values could exhaust the stack.
  maxDepth: [...count(1, 2_000), 200],
};

/** @satisfies {OptionTable} */
export const CLIENT_OPTIONS = {
  reconnection: [...flag, true],
  reconnectionAttempts: [...count(0), 0],
  reconnectionDelay: [
    (value) => typeof value === "function" || milliseconds[0](value),
    `${milliseconds[1]}, or a function that returns one`,
    1_000,
  ],
  reconnectionDelayMax: [...milliseconds, 5_000],
  randomizationFactor: [(value) => typeof value === "number" && value >= 0 && value <= 1, "a number from 0 to 1", 0.5],
  requestTimeout: [...milliseconds, 5_000],
  maxPacketsPerPost: [...count(1), 0], // 0: as many as the server takes
  maxBuffer: [...count(1), Infinity],
  highWaterMark: [...count(0), 2 ** 20],
  networkEvents: [...flag, true],
  credentials: [(value) => CREDENTIALS.includes(value), '"same-origin", "include" or "omit"', "same-origin"],
  serializer: [
    (value) => SERIALIZERS.includes(value) || isParser(value),
    '"default", "msgpack", "cbor", "pickle" or a parser: an object with the classes Encoder and Decoder',
    "default",
  ],
  json: [(value) => typeof value?.stringify === "function" && typeof value.parse === "function", "an object with the functions stringify and parse"],
  limits: anObject,
  logger: [...flagOrObject, false],
  engineLogger: [...flagOrObject, false],
  fetch: functionKind,
  WebSocket: functionKind,
  websocketOptions: anObject,
  timestampRequests: [...flag, true],
  timestampParam: [
    (value) => typeof value === "string" && /^(?!(sid|EIO|transport)$)[\w.~-]+$/.test(value),
    'a name such as "t", of letters, digits and -._~',
    "t",
  ],
};

/** The names of the options that only Node's connections have; platform/node/options.js has their rows. */
export const NODE_OPTIONS = ["agent", "cookieJar", "handleSigint", "perMessageDeflate", "proxy", "tls", "unref"];

/** The options of an EngineClient alone. */
export const AUTO_JSON = { autoJson: [...flag, true] };

/** The options that an EngineClient does not have, because it has no session. */
export const SESSION_OPTIONS = [
  "reconnection",
  "reconnectionAttempts",
  "reconnectionDelay",
  "reconnectionDelayMax",
  "randomizationFactor",
  "maxBuffer",
  "serializer",
  "engineLogger",
];

/** A token of HTTP: the name of a header or of a websocket protocol. */
export const HTTP_TOKEN = /^[!#$%&'*+.^`|~\w-]+$/;

/** @satisfies {OptionTable} */
export const WEBSOCKET_OPTIONS = {
  protocols: [
    (value) => [value].flat().every((name) => typeof name === "string" && HTTP_TOKEN.test(name)),
    "the name of a protocol, or an array of them",
  ],
  headers: [isObject, "an object of strings"],
  perMessageDeflate: flagOrObject,
  maxPayload: count(1),
};

/** @satisfies {OptionTable} */
export const CONNECT_OPTIONS = {
  headers: anything, // settings.js checks them
  auth: anything, // likewise
  transports: [(value) => transportsOf(value) !== undefined, '"polling", "websocket", or an array of them', ["polling", "websocket"]],
  namespaces: [(value) => typeof value === "string" || (Array.isArray(value) && value.length > 0), "a namespace or an array of them"],
  path: [(value) => typeof value === "string" && !/[?#]/.test(value), 'a string such as "/socket.io"', "/socket.io"],
  protocol: [(value) => value === 4 || value === 5, "4 or 5"],
  wait: [...flag, true],
  waitTimeout: [...milliseconds, 20_000],
  retry: [...flag, false],
  retryRefused: [...flag, false],
  signal: anything, // checked by CALL_OPTIONS
};

/** The default of `waitTimeout` of a SimpleClient. */
export const SIMPLE_WAIT_TIMEOUT_MS = 5_000;

const { headers, auth, transports, path, protocol, waitTimeout, retryRefused, signal } = CONNECT_OPTIONS;

/** @satisfies {OptionTable} */
export const SIMPLE_CONNECT_OPTIONS = {
  headers,
  auth,
  transports,
  path,
  protocol,
  waitTimeout: [waitTimeout[0], waitTimeout[1], SIMPLE_WAIT_TIMEOUT_MS],
  retryRefused,
  signal,
  namespace: [anything[0], undefined, "/"], // names.js checks it
};

/** @satisfies {OptionTable} */
export const ENGINE_CONNECT_OPTIONS = {
  headers,
  transports,
  protocol: [(value) => value === 3 || value === 4, "3 or 4"],
  path: [path[0], path[1], "/engine.io"],
  signal,
};

/** The default of `timeout` of a call. */
export const CALL_TIMEOUT_MS = 60_000;

/** The default of `limit` of `events()`. */
export const EVENTS_LIMIT = 10_000;

/** @satisfies {OptionTable} */
export const CALL_OPTIONS = {
  signal: [(value) => typeof value?.addEventListener === "function" && typeof value.aborted === "boolean", "an AbortSignal"],
  timeout: milliseconds,
  buffer: flag,
  volatile: flag,
  flush: milliseconds,
  once: flag,
  limit: count(1),
  namespace: [(value) => typeof value === "string", 'a string that begins with "/"'],
  auth: anything,
};

/** The core has no endless time. This one is 25 days, the longest that the timers of every platform take. */
export const ENDLESS_MS = 2 ** 31 - 1;

/**
 * Returns the core's number for transports in their order of preference; undefined if the value is not valid.
 * @param {unknown} value
 */
export function transportsOf(value) {
  const names = Array.isArray(value) ? value : [value];
  if (names.length === 0 || !names.every((name) => name === "polling" || name === "websocket")) return undefined;
  if (new Set(names).size === 1) return names[0] === "websocket" ? TRANSPORTS_WEBSOCKET : TRANSPORTS_POLLING;
  return names[0] === "websocket" ? TRANSPORTS_WEBSOCKET_FIRST : TRANSPORTS_POLLING_FIRST;
}
