// Errors: every one thrown or rejected with is a SocketIOError, unless a signal or your code gave it.
import type { DisconnectReason } from "./events.js";
import type { TransportName } from "./options.js";

/** Whose doing an error is: this program's, the server's, or the network's. */
export type Fault = "misuse" | "peer" | "network";

/** What every error of this package is. */
export class SocketIOError extends Error {
  constructor(message: string, details?: { code?: string; fault?: Fault; cause?: unknown });
  /** What happened, in capitals, such as "CALL_TIMEOUT"; the subclasses list theirs. "NOT_INITIALIZED" is of no subclass. */
  readonly code: string;
  /** Whose doing it is. */
  readonly fault: Fault;
}

/** An argument that is wrong; the message names it and says what is expected. */
export class InvalidArgumentError extends SocketIOError {
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
  /** INVALID_OPTION, INVALID_NAMESPACE_CLASS: the value. */
  readonly value?: unknown;
  /** INVALID_OPTION: what a value of this option must be. */
  readonly expected?: string;
  /** UNUSABLE_OPTION: what is wrong. INVALID_URL: "syntax", "scheme", "path", "user" or "query", by what is wrong with it. */
  readonly why?: string;
  /** INVALID_URL: the URL. */
  readonly url?: unknown;
  /** INVALID_EVENT, INVALID_ENGINE_EVENT: the name. BLOB_UNREADABLE: the event that was not sent. */
  readonly event?: unknown;
  /** INVALID_NAMESPACE: the name. */
  readonly namespace?: unknown;
  /** INVALID_HANDLER: the value. */
  readonly handler?: unknown;
}

/** An option that cannot be honoured on this platform. */
export class UnsupportedOptionError extends SocketIOError {
  readonly code: "UNSUPPORTED_OPTION";
  /** The option's name. */
  readonly option: string;
  /** The platform's, such as "browser". */
  readonly platform: string;
}

/** A connection could not be made, or broke. */
export class ConnectionError extends SocketIOError {
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
  /** The server's own words, where they can be read: the body of its answer. */
  readonly body?: string;
  /** UNREACHABLE, REQUEST_TIMEOUT: which transport. */
  readonly transport?: TransportName;
  /** UNREACHABLE: what the platform says, whose own error is the `cause`; undefined in browsers, which hide it. */
  readonly words?: string;
  /** REQUEST_TIMEOUT, PREPARATION_TIMEOUT, PING_TIMEOUT, CONNECT_TIMEOUT: how long was waited. */
  readonly milliseconds?: number;
  /** SOCKET_CLOSED: the websocket's close code. */
  readonly closeCode?: number;
  /** SOCKET_CLOSED: the websocket's close reason. */
  readonly closeReason?: string;
  /** PARSE_ERROR: what was wrong; `cause` is what the parser threw, where one reads the packets. */
  readonly what?: string;
  /** PARSE_ERROR: the beginning of the text that was wrong. */
  readonly text?: string;
}

/** There is no connection, or it broke while an answer was awaited. */
export class DisconnectedError extends SocketIOError {
  readonly code: "NOT_CONNECTED" | "DISCONNECTED" | "CONNECTION_ENDED" | "BUFFER_FULL" | "DROPPED";
  /** DISCONNECTED, CONNECTION_ENDED: why the connection ended; "client disconnect" is this program's own doing, a misuse. */
  readonly reason?: DisconnectReason;
  /** BUFFER_FULL: how many packets may be kept. */
  readonly limit?: number;
  /** DROPPED: the name of the volatile event. */
  readonly event?: string | number;
}

/** A namespace that was not asked to connect, or was refused; or a ClientNamespace that is registered with no client. */
export class BadNamespaceError extends SocketIOError {
  readonly code: "BAD_NAMESPACE" | "NOT_REGISTERED";
  readonly namespace: string;
}

/** A call was not answered in time; or a SimpleClient has waited too long for its connection, or for an event. */
export class TimeoutError extends SocketIOError {
  readonly code: "CALL_TIMEOUT" | "EMIT_TIMEOUT" | "RECEIVE_TIMEOUT";
  /** CALL_TIMEOUT, EMIT_TIMEOUT: the event's name. */
  readonly event?: string | number;
  /** How long was waited. */
  readonly milliseconds: number;
}

/** A message larger than the server accepts; it was not sent. */
export class PayloadTooLargeError extends SocketIOError {
  readonly code: "PAYLOAD_TOO_LARGE";
  /** Its size in bytes. */
  readonly size: number;
  /** What the server accepts, in bytes. */
  readonly limit: number;
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
