// Errors: every one thrown or rejected with is a SocketIOError, unless a signal or your code gave it.
import type { DisconnectReason } from "./events.js";
import type { TransportName } from "./options.js";

/** Whose doing an error is: this program's, the server's, or the network's. */
export type Fault = "misuse" | "peer" | "network";

/** What happened, as a word: the codes of all errors of this package. Those of each class are listed there. */
export type ErrorCode =
  | "NOT_INITIALIZED"
  | InvalidArgumentError["code"]
  | UnsupportedOptionError["code"]
  | ConnectionError["code"]
  | DisconnectedError["code"]
  | BadNamespaceError["code"]
  | TimeoutError["code"]
  | PayloadTooLargeError["code"];

/** What is known of an error beside its message. */
export interface ErrorDetails {
  /** What happened. */
  code?: ErrorCode;
  /** Whose doing it is. */
  fault?: Fault;
  /** The error behind it. */
  cause?: unknown;
}

/** What every error of this package is. */
export class SocketIOError extends Error {
  /**
   * An error as this package throws it, for tests of your own.
   * @param message for people
   */
  constructor(message: string, details?: ErrorDetails);
  /** What happened; the subclasses list theirs, "NOT_INITIALIZED" is of none: there was no `init()` before `new Client()`. */
  readonly code: ErrorCode;
  /** Whose doing it is. */
  readonly fault: Fault;
}

/**
 * An argument that is wrong; the message names it and says what is expected. Neither the message nor a field shows the value of an
 * option or a header, nor the password or the query of a URL: an error may end up in a log.
 */
export class InvalidArgumentError extends SocketIOError {
  /**
   * What is wrong:
   * - INVALID_URL, INVALID_EVENT, INVALID_NAMESPACE, INVALID_HANDLER: that which the code names.
   * - INVALID_OPTION: an unknown option, or a wrong value. UNUSABLE_OPTION: what an option names cannot be used, such as a file.
   * - INVALID_ENGINE_EVENT: an event that an Engine.IO client does not have.
   * - NAMELESS_HANDLER: a function without a name, for `event`. INVALID_NAMESPACE_CLASS: no instance of a ClientNamespace.
   * - UNSERIALIZABLE: a value that cannot be written. BLOB_UNREADABLE: a Blob that cannot be read.
   */
  readonly code:
    | "INVALID_URL"
    | "INVALID_OPTION"
    | "UNUSABLE_OPTION"
    | "INVALID_EVENT"
    | "INVALID_ENGINE_EVENT"
    | "INVALID_NAMESPACE"
    | "INVALID_HANDLER"
    | "NAMELESS_HANDLER"
    | "INVALID_NAMESPACE_CLASS"
    | "BLOB_UNREADABLE"
    | "UNSERIALIZABLE";
  /** INVALID_OPTION, UNUSABLE_OPTION: the option's name. */
  readonly option?: string;
  /**
   * INVALID_OPTION, INVALID_EVENT, INVALID_ENGINE_EVENT, INVALID_NAMESPACE, INVALID_NAMESPACE_CLASS, INVALID_HANDLER: what was given,
   * described and not shown, such as "a string of 12 characters"; the name of an event, and what is valid of a namespace, in quotes.
   */
  readonly received?: string;
  /** INVALID_OPTION: what a value of this option must be. */
  readonly expected?: string;
  /** UNUSABLE_OPTION: what is wrong. INVALID_URL: "syntax", "scheme", "path", "user" or "query", by what is wrong with it. */
  readonly why?: string;
  /** INVALID_URL: the URL without its user, its password and the values of its query; a description of what is no URL. */
  readonly url?: string;
  /** BLOB_UNREADABLE: the event that was not sent. */
  readonly event?: unknown;
}

/** An option that cannot be honoured on this platform. */
export class UnsupportedOptionError extends SocketIOError {
  /** The only one. */
  readonly code: "UNSUPPORTED_OPTION";
  /** The option's name. */
  readonly option: string;
  /** The platform's, such as "browser". */
  readonly platform: string;
}

/** A connection could not be made, or broke. */
export class ConnectionError extends SocketIOError {
  /**
   * What went wrong. Before there is a connection:
   * - SERIALIZER_UNAVAILABLE, MODULE_UNAVAILABLE: a file of this package could not be loaded.
   * - ALREADY_CONNECTED: there is a connection, or one is being made.
   * - PREPARATION_FAILED, PREPARATION_TIMEOUT: a function for url, headers or auth threw, or took longer than `requestTimeout`.
   * - UNREACHABLE: nobody answers. REQUEST_TIMEOUT: nobody has within `requestTimeout`.
   * - HTTP_STATUS: the server refuses. UNSUPPORTED_VERSION, ORIGIN_REFUSED, SESSION_UNKNOWN: it says that this is why.
   * - NOT_SOCKETIO: what answers is no Socket.IO server.
   * - CONNECT_TIMEOUT: not all namespaces are connected within `waitTimeout`. REFUSED: the server refuses a namespace.
   * - CONNECT_HANDLER: an EngineClient's connect handler threw.
   *
   * Of one that there was: SOCKET_CLOSED (the websocket), SERVER_CLOSED (the session, by the server), PING_TIMEOUT (silence),
   * OFFLINE (the platform's `offline` event), EMPTY_POLLS (the server answered poll after poll at once and with nothing),
   * PARSE_ERROR (what came cannot be read).
   */
  readonly code:
    | "SERIALIZER_UNAVAILABLE"
    | "MODULE_UNAVAILABLE"
    | "ALREADY_CONNECTED"
    | "CONNECT_TIMEOUT"
    | "REFUSED"
    | "UNREACHABLE"
    | "HTTP_STATUS"
    | "UNSUPPORTED_VERSION"
    | "ORIGIN_REFUSED"
    | "SESSION_UNKNOWN"
    | "NOT_SOCKETIO"
    | "REQUEST_TIMEOUT"
    | "PREPARATION_TIMEOUT"
    | "PREPARATION_FAILED"
    | "CONNECT_HANDLER"
    | "SOCKET_CLOSED"
    | "SERVER_CLOSED"
    | "PING_TIMEOUT"
    | "OFFLINE"
    | "EMPTY_POLLS"
    | "PARSE_ERROR";
  /** SERIALIZER_UNAVAILABLE: which one; `cause` says why. */
  readonly serializer?: string;
  /** REFUSED, CONNECT_TIMEOUT: the namespaces that are not connected. */
  readonly namespaces?: readonly string[];
  /** REFUSED: the server's message for the first of them. */
  readonly reason?: string;
  /** REFUSED: the data as the server sent it. With a `status`: what the body says, as JSON where it is. */
  readonly data?: unknown;
  /** The HTTP status, where the server answered with one. */
  readonly status?: number;
  /** The server's own words, where they can be read: the body of its answer. In Node, for a redirect that is not followed: where it leads. */
  readonly body?: string;
  /** UNREACHABLE, REQUEST_TIMEOUT: which transport. */
  readonly transport?: TransportName;
  /** UNREACHABLE: what the platform says, whose own error is the `cause`; undefined in browsers, which hide it. */
  readonly words?: string;
  /** REQUEST_TIMEOUT, PREPARATION_TIMEOUT, PING_TIMEOUT, CONNECT_TIMEOUT: how long was waited, in milliseconds. */
  readonly milliseconds?: number;
  /** SOCKET_CLOSED: the websocket's close code. */
  readonly closeCode?: number;
  /** SOCKET_CLOSED: the websocket's close reason. */
  readonly closeReason?: string;
  /** EMPTY_POLLS: how many. */
  readonly polls?: number;
  /** PARSE_ERROR: what was wrong; `cause` is what the parser threw, where one reads the packets. */
  readonly what?: string;
  /** PARSE_ERROR: the beginning of the text that was wrong. */
  readonly text?: string;
}

/** There is no connection, or it broke while an answer was awaited. */
export class DisconnectedError extends SocketIOError {
  /**
   * What happened:
   * - NOT_CONNECTED: there was no `connect()`, or no namespace is left. CONNECTION_ENDED: the same of a SimpleClient, once it was connected.
   * - DISCONNECTED: it ended before the answer came.
   * - BUFFER_FULL: `maxBuffer` packets wait to be sent. DROPPED: a volatile event could not be sent at once.
   * - NOT_SENT: buffered events will not be sent. POSSIBLY_LOST: the request that carried events failed, so that the
   *   server may have read them or not. Handlers of `error` get both.
   */
  readonly code: "NOT_CONNECTED" | "DISCONNECTED" | "CONNECTION_ENDED" | "BUFFER_FULL" | "DROPPED" | "NOT_SENT" | "POSSIBLY_LOST";
  /** DISCONNECTED, CONNECTION_ENDED: why the connection ended; "client disconnect" is this program's own doing, a misuse. */
  readonly reason?: DisconnectReason;
  /** BUFFER_FULL: how many packets may be kept. */
  readonly limit?: number;
  /** DROPPED: the name of the volatile event. */
  readonly event?: string | number;
  /** NOT_SENT, POSSIBLY_LOST: how many. */
  readonly events?: number;
  /** NOT_SENT, POSSIBLY_LOST: their namespace. */
  readonly namespace?: string;
}

/** A namespace that was not asked to connect, or was refused; or a ClientNamespace that is registered with no client. */
export class BadNamespaceError extends SocketIOError {
  /** BAD_NAMESPACE: it was not asked to connect, or was refused. NOT_REGISTERED: its ClientNamespace is registered with no client. */
  readonly code: "BAD_NAMESPACE" | "NOT_REGISTERED";
  /** Its name. */
  readonly namespace: string;
}

/** A call was not answered in time; or a SimpleClient has waited too long for its connection, or for an event. */
export class TimeoutError extends SocketIOError {
  /** What took too long: the answer to a call, a SimpleClient's connection, or its next event. */
  readonly code: "CALL_TIMEOUT" | "EMIT_TIMEOUT" | "RECEIVE_TIMEOUT";
  /** CALL_TIMEOUT, EMIT_TIMEOUT: the event's name. */
  readonly event?: string | number;
  /** How long was waited, in milliseconds. */
  readonly milliseconds: number;
}

/** A message larger than the server accepts, which was not sent; or one with more values than a function can be called with. */
export class PayloadTooLargeError extends SocketIOError {
  /**
   * What happened:
   * - PAYLOAD_TOO_LARGE: a message is larger than the server accepts.
   * - TOO_MANY_ARGUMENTS: the server has sent an event, or an acknowledgement for a callback, of more than 10,000 values. Its handler is
   *   not called; the error goes to the `error` event, and the connection goes on.
   */
  readonly code: "PAYLOAD_TOO_LARGE" | "TOO_MANY_ARGUMENTS";
  /** PAYLOAD_TOO_LARGE: its size in bytes. TOO_MANY_ARGUMENTS: how many values it has. */
  readonly size: number;
  /** What the server accepts, in bytes; how many values there may be. */
  readonly limit: number;
  /** TOO_MANY_ARGUMENTS: the event's name. */
  readonly event?: string | number;
}

/** The error classes by name: `error instanceof errors.TimeoutError`. */
export const errors: Readonly<{
  SocketIOError: typeof SocketIOError;
  InvalidArgumentError: typeof InvalidArgumentError;
  UnsupportedOptionError: typeof UnsupportedOptionError;
  ConnectionError: typeof ConnectionError;
  DisconnectedError: typeof DisconnectedError;
  BadNamespaceError: typeof BadNamespaceError;
  TimeoutError: typeof TimeoutError;
  PayloadTooLargeError: typeof PayloadTooLargeError;
}>;
