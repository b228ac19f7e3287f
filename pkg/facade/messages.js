// The words, and the error class, for each code that the core reports: the core knows codes and values only, since formatting
// is the largest thing that one can link into wasm.
import {
  BadNamespaceError,
  ConnectionError,
  DisconnectedError,
  InvalidArgumentError,
  PayloadTooLargeError,
  SocketIOError,
  TimeoutError,
  UnsupportedOptionError,
} from "./errors.js";
import { reason as reasons } from "./reasons.js";
import { describe, kindOf, redacted, urlShown, withoutSecrets } from "./redact.js";
import { shorten, showName, showNamespace, wordsOf } from "./show.js";

const { CLIENT_DISCONNECT, SERVER_DISCONNECT, TRANSPORT_ERROR } = reasons;

const WHY_ENDED = {
  [CLIENT_DISCONNECT]: "disconnect() was called",
  [SERVER_DISCONNECT]: "The server has ended the connection",
  [TRANSPORT_ERROR]: "The connection was lost, and is not made again (`reconnection`, `reconnectionAttempts`)",
};

const WHY_INVALID_URL = {
  scheme: "it must begin with http://, https://, ws:// or wss://",
  path: "it may have no path: for a namespace list it in `namespaces`, for another server path set `path`",
  syntax: "it is not an absolute URL such as http://localhost:3000",
  user: "a user and a password in it cannot be sent here: use `auth`, or an Authorization header in `headers`",
  query: "its query has a name that the protocol uses itself: sid, EIO or transport",
};

// The server's message, put behind ours: the beginning of it, since it may be a whole page.
const quote = (body) => (body === undefined || body === "" ? "" : `: ${shorten(String(body), 200)}`);

// The options whose values are secrets, even if they are numbers.
const SECRET = /^(auth|headers|tls|proxy|websocketOptions)\b/;

// By code: what is shown of its values, in the error's fields and in its message. Values of options are never shown.
const SHOWN = {
  INVALID_URL: (url, why) => [urlShown(url) ?? kindOf(url), why],
  INVALID_OPTION: (option, value, expected, instead) => [option, SECRET.test(option) ? kindOf(value) : describe(value), expected, instead],
  INVALID_EVENT: (event) => [showName(event)],
  INVALID_ENGINE_EVENT: (event) => [showName(event)],
  INVALID_NAMESPACE: (namespace) => [showNamespace(namespace)],
  INVALID_NAMESPACE_CLASS: (value) => [kindOf(value)],
  INVALID_HANDLER: (handler) => [kindOf(handler)],
  // What a transport has thrown may hold the whole URL.
  UNREACHABLE: (transport, words, cause) => [transport, words && shorten(redacted(words), 500), withoutSecrets(cause)],
  SERIALIZER_UNAVAILABLE: (name, cause) => [name, withoutSecrets(cause)],
  MODULE_UNAVAILABLE: (cause) => [withoutSecrets(cause)],
};

// code: [class, fault or what gives it from the values, names of the values as fields of the error, words]
const TABLE = {
  INVALID_URL: [InvalidArgumentError, "misuse", ["url", "why"], (url, why) => `Invalid URL (${url}): ${WHY_INVALID_URL[why] ?? why}`],
  INVALID_OPTION: [
    InvalidArgumentError,
    "misuse",
    ["option", "received", "expected"],
    (option, received, expected, instead) => {
      if (expected === "a known option") {
        return `Unknown option \`${option}\`; ${instead ? `use ${instead}` : "see the options in the documentation"}`;
      }
      if (option === "options") return `Invalid options (${received}): the last argument must be an object, such as { namespace: "/chat" }`;
      return `Invalid value for the option \`${option}\`: ${received} is not ${expected}`;
    },
  ],
  UNUSABLE_OPTION: [InvalidArgumentError, "misuse", ["option", "why"], (option, why) => `The option \`${option}\` cannot be used: ${why}`],
  INVALID_EVENT: [
    InvalidArgumentError,
    "misuse",
    ["received"],
    (received) =>
      `Invalid event name (${received}): it must be a string without lone surrogates or a finite number, and not a reserved name such as connect or disconnect`,
  ],
  INVALID_ENGINE_EVENT: [
    InvalidArgumentError,
    "misuse",
    ["received"],
    (received) => `Invalid event (${received}): an Engine.IO client has the events connect, message and disconnect`,
  ],
  NAMELESS_HANDLER: [
    InvalidArgumentError,
    "misuse",
    [],
    () => "event() takes the event's name from the function, which has none: give it one, or use on(name, handler)",
  ],
  INVALID_NAMESPACE: [
    InvalidArgumentError,
    "misuse",
    ["received"],
    (received) =>
      `Invalid namespace (${received}): it must be a string that begins with "/" and has no ",", no "?", no control characters and no lone surrogates`,
  ],
  INVALID_NAMESPACE_CLASS: [
    InvalidArgumentError,
    "misuse",
    ["received"],
    (received) => `Not a namespace instance: ${received}; it must be an object of a class that extends ClientNamespace`,
  ],
  INVALID_HANDLER: [InvalidArgumentError, "misuse", ["received"], (received) => `Invalid handler (${received}): it must be a function`],
  UNSERIALIZABLE: [
    InvalidArgumentError,
    "misuse",
    ["cause"],
    (cause) => `The arguments cannot be sent: ${wordsOf(cause)}; convert such values before sending them`,
  ],
  BLOB_UNREADABLE: [
    InvalidArgumentError,
    "misuse",
    ["event", "cause"],
    (event, cause) => `A Blob among the arguments of ${showName(event)} cannot be read: ${wordsOf(cause)}; the event was not sent`,
  ],
  UNSUPPORTED_OPTION: [
    UnsupportedOptionError,
    "misuse",
    ["option", "platform"],
    (option, platform) => `The option \`${option}\` cannot be honoured here (${platform}): leave it out on this platform`,
  ],
  SERIALIZER_UNAVAILABLE: [
    ConnectionError,
    "network",
    ["serializer", "cause"],
    (name, cause) => `The file of the serializer ${showName(name)} could not be loaded: ${wordsOf(cause)}`,
  ],
  NOT_INITIALIZED: [SocketIOError, "misuse", [], () => "The WebAssembly module is not loaded yet: `await init()` comes before the first `new Client()`"],
  MODULE_UNAVAILABLE: [ConnectionError, "network", ["cause"], (cause) => `The WebAssembly module could not be loaded: ${wordsOf(cause)}`],
  ALREADY_CONNECTED: [ConnectionError, "misuse", [], () => "Already connected or connecting: call disconnect() before another connect()"],
  NOT_CONNECTED: [DisconnectedError, "misuse", [], () => "The client is not connected: call connect() first"],
  DISCONNECTED: [
    DisconnectedError,
    (reason) => (reason === CLIENT_DISCONNECT ? "misuse" : "network"),
    ["reason"],
    (reason) =>
      reason === CLIENT_DISCONNECT
        ? "disconnect() or disconnectNamespace() was called before this was done"
        : `The connection was lost (${reason}) before the answer came`,
  ],
  DROPPED: [
    DisconnectedError,
    "network",
    ["event"],
    (event) => `The volatile event ${showName(event)} was dropped: it could not be handed over at once`,
  ],
  BUFFER_FULL: [
    DisconnectedError,
    "misuse",
    ["limit"],
    (limit) => `${limit} packets already wait to be sent: wait for drain(), or raise \`maxBuffer\``,
  ],
  NOT_SENT: [
    DisconnectedError,
    "network",
    ["events", "namespace"],
    (events, namespace) => `${counted(events)} of ${namespace} ${events === 1 ? "was" : "were"} not sent`,
  ],
  POSSIBLY_LOST: [
    DisconnectedError,
    "network",
    ["events", "namespace"],
    (events, namespace) => `${counted(events)} of ${namespace} may be lost: the request that carried ${events === 1 ? "it" : "them"} failed`,
  ],
  BAD_NAMESPACE: [
    BadNamespaceError,
    "misuse",
    ["namespace"],
    (namespace) => `${namespace} is not a connected namespace: list it in the \`namespaces\` of connect(), or call connectNamespace()`,
  ],
  NOT_REGISTERED: [
    BadNamespaceError,
    "misuse",
    ["namespace"],
    (namespace) => `This instance for ${namespace} belongs to no client yet: pass it to registerNamespace() first`,
  ],
  CONNECTION_ENDED: [
    DisconnectedError,
    (reason) => ({ [CLIENT_DISCONNECT]: "misuse", [SERVER_DISCONNECT]: "peer" })[reason] ?? "network",
    ["reason"],
    (reason) => `${WHY_ENDED[reason] ?? WHY_ENDED[TRANSPORT_ERROR]}: call connect() for a new connection`,
  ],
  RECEIVE_TIMEOUT: [TimeoutError, "network", ["milliseconds"], (ms) => `No event from the server within ${ms} ms`],
  EMIT_TIMEOUT: [TimeoutError, "network", ["event", "milliseconds"], (event, ms) => `Not connected within ${ms} ms: ${showName(event)} was not sent`],
  CALL_TIMEOUT: [TimeoutError, "network", ["event", "milliseconds"], (event, ms) => `No answer to ${showName(event)} within ${ms} ms`],
  CONNECT_TIMEOUT: [
    ConnectionError,
    "network",
    ["milliseconds", "namespaces"],
    (ms, namespaces) => `Not connected within ${ms} ms: no answer for ${list(namespaces)}; raise \`waitTimeout\` for a slow server`,
  ],
  REFUSED: [
    ConnectionError,
    "peer",
    ["namespaces", "reason", "data"],
    (namespaces, message) => `One or more namespaces failed to connect: ${list(namespaces)}${quote(message)}`,
  ],
  UNREACHABLE: [
    ConnectionError,
    "network",
    ["transport", "words", "cause"],
    (transport, words) =>
      words
        ? `The server cannot be reached over ${transport}: ${words}`
        : `The server cannot be reached over ${transport}; why, the browser hides: it may be down, or refuse this page's origin (CORS)`,
  ],
  HTTP_STATUS: [
    ConnectionError,
    "peer",
    ["status", "body"],
    (status, body) =>
      status === 407
        ? `The proxy wants a user and a password: put them into the URL of \`proxy\` (status 407)${quote(body)}`
        : `Unexpected status ${status} in server response${status === 404 ? " (check the URL and `path`)" : ""}${quote(body)}`,
  ],
  UNSUPPORTED_VERSION: [
    ConnectionError,
    "peer",
    ["status", "body"],
    (status, body) =>
      `The server does not speak this revision of the Socket.IO protocol (status ${status}; without \`protocol\` it is found out)${quote(body)}`,
  ],
  ORIGIN_REFUSED: [ConnectionError, "peer", ["status", "body"], (status, body) => `The server refuses this origin (status ${status})${quote(body)}`],
  SESSION_UNKNOWN: [
    ConnectionError,
    "peer",
    ["status", "body"],
    (status, body) =>
      `The server does not know this session (status ${status}): it was restarted, or several servers share the address without sticky sessions${quote(body)}`,
  ],
  NOT_SOCKETIO: [ConnectionError, "peer", ["body"], (body) => `What answered is not a Socket.IO server (check the URL and \`path\`)${quote(body)}`],
  REQUEST_TIMEOUT: [
    ConnectionError,
    "network",
    ["milliseconds", "transport"],
    (ms, transport) => `No answer from the server over ${transport} within ${ms} ms (\`requestTimeout\`)`,
  ],
  PREPARATION_TIMEOUT: [
    ConnectionError,
    "misuse",
    ["milliseconds"],
    (ms) => `Your function for url, headers or auth was not done within ${ms} ms (\`requestTimeout\`)`,
  ],
  PREPARATION_FAILED: [ConnectionError, "misuse", [], () => "Your function for url, headers or auth has failed"],
  CONNECT_HANDLER: [
    ConnectionError,
    "misuse",
    ["cause"],
    (cause) => `Connect handler failed: ${wordsOf(cause)}`,
  ],
  SOCKET_CLOSED: [
    ConnectionError,
    "network",
    ["closeCode", "closeReason"],
    (code, reason) => `The websocket was closed (code ${code})${quote(reason)}`,
  ],
  EMPTY_POLLS: [
    ConnectionError,
    "peer",
    ["polls"],
    (polls) => `The server answered ${polls} polls in a row at once and with nothing: the connection is made again without an upgrade`,
  ],
  OFFLINE: [ConnectionError, "network", [], () => "The platform is offline (`networkEvents`)"],
  SERVER_CLOSED: [ConnectionError, "peer", [], () => "The server closed the connection"],
  PING_TIMEOUT: [ConnectionError, "network", ["milliseconds"], (ms) => `Nothing heard from the server for ${ms} ms`],
  PARSE_ERROR: [
    ConnectionError,
    "peer",
    ["what", "text", "cause"],
    (what, text, cause) => `parse error: ${what}${text === undefined ? "" : ` in ${showName(text)}`}${quote(cause === undefined ? undefined : wordsOf(cause))}`,
  ],
  TOO_MANY_ARGUMENTS: [
    PayloadTooLargeError,
    "peer",
    ["event", "size", "limit"],
    (event, size, limit) =>
      `The server has sent ${size} values with ${showName(event)}: a handler or callback takes ${limit} at most, and was not called. Send them as one array`,
  ],
  PAYLOAD_TOO_LARGE: [
    PayloadTooLargeError,
    "misuse",
    ["size", "limit"],
    (size, limit) => `A message of ${size} bytes is larger than the ${limit} bytes that the server accepts: send less at once, or raise the server's limit`,
  ],
};

function readIfJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const counted = (events) => (events === 1 ? "1 event" : `${events} events`);
const list = (namespaces) => Array.from(namespaces ?? []).join(", ") || "any namespace";

// The core asks for errors, and nothing may throw through it: not even a value that cannot be shown.
function wordsFor(code, words, values) {
  try {
    return words(...values);
  } catch {
    return code;
  }
}

/**
 * The error for a code of the core.
 * @param {string} code one of the table above
 * @param {...unknown} values in the order of the code's fields
 * @returns {SocketIOError}
 */
export function toError(code, ...values) {
  const [Class, fault, names, words] = TABLE[code] ?? [SocketIOError, "misuse", [], () => `Unexpected error ${code}`];
  const shown = SHOWN[code]?.(...values) ?? values;
  const fields = {};
  names.forEach((name, at) => shown[at] !== undefined && (fields[name] = shown[at]));
  if (fields.status !== undefined && fields.body) fields.data = readIfJson(fields.body);
  return new Class(wordsFor(code, words, shown), { code, fault: typeof fault === "function" ? fault(...values) : fault, ...fields });
}
