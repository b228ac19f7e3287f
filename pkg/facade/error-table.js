// Every error of this package: its class, its fault, its fields and its message. This is the one source: scripts/tables.mjs writes
// from it what the Rust client shares (src/tables.rs), and TypeScript checks it against types/errors.d.ts (`make lint`).
//
// The rows stand under their class. A row is [fault, fields, message]. The fault "by reason" is that of the error that ended the
// connection, or without one that of the disconnection's reason, see FAULTS. The field `event` is set if the error rejects a call; a
// message that does not hold it has it added at its end.
//
// A message holds fields in braces: `{event}`; `{:body}` stands for ": " and the beginning of a peer's own message, or for nothing
// if there is none. A message that depends on a field is an object: `by` names the field, `of` has a message for some of its values,
// and `else` is for the rest. Backticks mark options, which Rust writes in its own way: `maxBuffer` is `max_buffer()` there.

/** The fault of an error "by reason". */
export const FAULTS = {
  "client disconnect": "none", // the program wanted it
  "server disconnect": "peer",
  "transport error": "network",
};

/** The faults of a URL, by the field `why`. */
export const URL_FAULTS = {
  syntax: "it is not an absolute URL such as http://localhost:3000",
  scheme: "it must begin with http://, https://, ws:// or wss://",
  path: "it may have no path: for a namespace list it in `namespaces`, for another server path set `path`",
  user: "a user and a password in it cannot be sent here: use `auth`, or an Authorization header in `headers`",
  query: "its query has a name that the protocol uses itself: sid, EIO or transport",
};

const PREPARATION = "Your function for url, headers or auth";

/** @satisfies {import("./error-rows.js").ErrorTable} */
export const ERRORS = {
  InvalidArgumentError: {
    INVALID_URL: ["misuse", ["url", "why"], "Invalid URL ({url}): {why}"],
    INVALID_OPTION: [
      "misuse",
      ["option", "received", "expected"],
      {
        by: "form", // see to-error.js
        of: {
          unknown: "Unknown option `{option}`; {advice}",
          options: "Invalid options ({received}): {advice}",
        },
        else: "Invalid value for the option `{option}`: {received} is not {expected}",
      },
    ],
    UNUSABLE_OPTION: ["misuse", ["option", "why"], "The option `{option}` cannot be used: {why}"],
    INVALID_EVENT: [
      "misuse",
      ["received"],
      "Invalid event name ({received}): it must be a finite number or a string without lone surrogates, and not a reserved name such as connect or disconnect",
    ],
    INVALID_ENGINE_EVENT: [
      "misuse",
      ["received"],
      "Invalid event ({received}): an Engine.IO client has the events connect, message and disconnect",
    ],
    NAMELESS_HANDLER: [
      "misuse",
      [],
      "event() uses the name of the function, and this function has none: name it, or use on(name, handler)",
    ],
    INVALID_NAMESPACE: [
      "misuse",
      ["received"],
      'Invalid namespace ({received}): it must begin with "/" and contain no ",", no "?", no control characters and no lone surrogates',
    ],
    INVALID_NAMESPACE_CLASS: [
      "misuse",
      ["received"],
      "Not a namespace instance: {received}; it must be an object of a class that extends ClientNamespace",
    ],
    INVALID_HANDLER: ["misuse", ["received"], "Invalid handler ({received}): it must be a function"],
    UNSERIALIZABLE: [
      "misuse",
      ["cause"],
      "The arguments cannot be sent: {cause}; convert such values before sending them",
    ],
    INVALID_DELAY: ["misuse", ["cause"], "Your function `reconnectionDelay` failed: {cause}; the default delay is used"],
    BLOB_UNREADABLE: [
      "misuse",
      ["event", "cause"],
      "A Blob among the arguments of {event} cannot be read: {cause}; the event was not sent",
    ],
  },
  UnsupportedOptionError: {
    UNSUPPORTED_OPTION: [
      "misuse",
      ["option", "platform"],
      "The option `{option}` cannot be honoured here ({platform}): leave it out on this platform",
    ],
  },
  ConnectionError: {
    SERIALIZER_UNAVAILABLE: [
      "network",
      ["serializer", "cause"],
      "The file of the serializer {serializer} could not be loaded: {cause}",
    ],
    MODULE_UNAVAILABLE: ["network", ["cause"], "The WebAssembly module could not be loaded: {cause}{advice}"],
    ALREADY_CONNECTED: ["misuse", [], "Already connected or connecting: call disconnect() before another connect()"],
    CONNECT_TIMEOUT: [
      "network",
      ["milliseconds", "namespaces"],
      "Not connected within {milliseconds} ms: no answer for {namespaces}; raise `waitTimeout` for a slow server",
    ],
    REFUSED: [
      "peer",
      ["namespaces", "reason", "data"],
      "One or more namespaces failed to connect: {namespaces}{:reason}",
    ],
    UNREACHABLE: [
      "network",
      ["transport", "words", "cause"],
      {
        by: "words",
        of: {
          undefined:
            "Cannot reach the server over {transport}. The browser does not say why: the server may be down, or CORS may reject this origin.",
        },
        else: "Cannot reach the server over {transport}{:words}",
      },
    ],
    HTTP_STATUS: [
      "peer",
      ["status", "body"],
      {
        by: "status",
        of: {
          404: "Unexpected status 404 in server response (check the URL and `path`){:body}",
          407: "The proxy wants a user and a password: put them into the URL of `proxy` (status 407){:body}",
        },
        else: "Unexpected status {status} in server response{:body}",
      },
    ],
    UNSUPPORTED_VERSION: [
      "peer",
      ["status", "body"],
      "The server does not speak this revision of the protocol (status {status}); leave out `protocol` to find the right one{:body}",
    ],
    ORIGIN_REFUSED: ["peer", ["status", "body"], "The server refuses this origin (status {status}){:body}"],
    SESSION_UNKNOWN: [
      "peer",
      ["status", "body"],
      "The server does not know this session (status {status}): it was restarted, or several servers share the address without sticky sessions{:body}",
    ],
    NOT_SOCKETIO: ["peer", ["body"], "The server that answered is not a Socket.IO server (check the URL and `path`){:body}"],
    REQUEST_TIMEOUT: [
      "network",
      ["milliseconds", "transport"],
      "No answer from the server over {transport} within {milliseconds} ms (`requestTimeout`)",
    ],
    PREPARATION_TIMEOUT: ["network", ["milliseconds"], `${PREPARATION} was not done within {milliseconds} ms (\`requestTimeout\`)`],
    PREPARATION_FAILED: ["network", ["cause"], `${PREPARATION} failed{:cause}`],
    CONNECT_HANDLER: ["misuse", ["cause"], "Connect handler failed: {cause}"],
    SOCKET_CLOSED: ["network", ["closeCode", "closeReason"], "The websocket was closed (code {closeCode}){:closeReason}"],
    EMPTY_POLLS: [
      "peer",
      ["polls"],
      "The server answered {polls} polls in a row at once and with nothing: the connection is made again without an upgrade",
    ],
    OFFLINE: ["network", [], "The platform is offline (`networkEvents`)"],
    SERVER_CLOSED: ["peer", [], "The server closed the connection"],
    PING_TIMEOUT: ["network", ["milliseconds"], "The server sent nothing for {milliseconds} ms"],
    PARSE_ERROR: ["peer", ["what", "text", "cause"], "The server broke the protocol: {what}{:text}{:cause}"],
  },
  SocketIOError: {
    NOT_INITIALIZED: ["misuse", [], "The WebAssembly module is not loaded yet: `await init()` comes before the first `new Client()`"],
    EVENTS_MISSED: ["misuse", ["limit"], "More than {limit} events wait to be read from events(): read them sooner, or raise the limit"],
  },
  DisconnectedError: {
    NOT_CONNECTED: ["misuse", [], "The client is not connected: call connect() first"],
    CONNECTING: ["network", [], "The connection is being made, or made again: emit later, or let the event be buffered"],
    DISCONNECTED: [
      "by reason",
      ["reason", "cause"],
      {
        by: "reason",
        of: {
          "client disconnect": "disconnect() or disconnectNamespace() was called before this was done",
          "server disconnect": "The server disconnected the namespace before this was done",
        },
        else: "The connection was lost before this was done ({reason})",
      },
    ],
    DROPPED: ["network", ["event"], "The volatile event {event} was dropped: it could not be sent at once"],
    BUFFER_FULL: ["misuse", ["limit"], "{limit} packets already wait to be sent: wait for drain(), or raise `maxBuffer`"],
    NOT_SENT: [
      "network",
      ["events", "namespace"],
      { by: "events", of: { 1: "1 event of {namespace} was not sent" }, else: "{events} events of {namespace} were not sent" },
    ],
    POSSIBLY_LOST: [
      "network",
      ["events", "namespace"],
      {
        by: "events",
        of: {
          1: "1 event of {namespace} may be lost: the request that carried it failed",
        },
        else: "{events} events of {namespace} may be lost: the request that carried them failed",
      },
    ],
    CONNECTION_ENDED: [
      "by reason",
      ["reason", "cause"],
      {
        by: "reason",
        of: {
          "client disconnect": "disconnect() was called: call connect() for a new connection",
          "server disconnect": "The server has ended the connection: call connect() for a new one",
        },
        else: "The connection was lost and is not made again (`reconnection`, `reconnectionAttempts`): call connect() for a new one",
      },
    ],
  },
  BadNamespaceError: {
    BAD_NAMESPACE: [
      "misuse",
      ["namespace"],
      "{namespace} is not a connected namespace: list it in `namespaces` before connecting, or call connectNamespace()",
    ],
    NOT_REGISTERED: [
      "misuse",
      ["namespace"],
      "This instance for {namespace} belongs to no client yet: pass it to registerNamespace() first",
    ],
  },
  TimeoutError: {
    RECEIVE_TIMEOUT: ["network", ["milliseconds"], "No event from the server within {milliseconds} ms"],
    EMIT_TIMEOUT: ["network", ["event", "milliseconds"], "Not connected within {milliseconds} ms: {event} was not sent"],
    CALL_TIMEOUT: ["network", ["event", "milliseconds"], "No answer to {event} within {milliseconds} ms"],
  },
  PayloadTooLargeError: {
    TOO_MANY_ARGUMENTS: [
      "peer",
      ["event", "size", "limit"],
      "The server has sent {size} values with {event}: a handler or callback takes {limit} at most, and was not called. Send them as one array",
    ],
    PAYLOAD_TOO_LARGE: [
      "misuse",
      ["size", "limit"],
      "A message of {size} bytes is larger than the {limit} bytes that the server accepts: send less at once, or raise the server's limit",
    ],
  },
};
