// Errors: every one thrown or rejected with is a SocketIOError, unless a signal or your code gave it.
import type { DisconnectReason } from "./events.js";
import type { TransportName } from "./options.js";

/**
 * The side that caused an error: "misuse" is this program, "peer" the server, "network" neither. "none": the program has ended the
 * connection itself, by `disconnect()`, before something else was done.
 */
export type Fault = "misuse" | "peer" | "network" | "none";

/** The codes of all errors of this package. Each class lists its own. */
export type ErrorCode =
  | "NOT_INITIALIZED"
  | "EVENTS_MISSED"
  | InvalidArgumentError["code"]
  | UnsupportedOptionError["code"]
  | ConnectionError["code"]
  | DisconnectedError["code"]
  | BadNamespaceError["code"]
  | TimeoutError["code"]
  | PayloadTooLargeError["code"];

/** The fields that every error may have beside its message. */
export interface ErrorDetails {
  /** The code of the error. */
  code?: ErrorCode;
  /** The side that caused it. */
  fault?: Fault;
  /** The error behind it. */
  cause?: unknown;
}

/** The base class of all errors of this package. */
export class SocketIOError extends Error {
  /**
   * An error as this package throws it, for tests of your own.
   * @param message for people
   */
  constructor(message: string, details?: ErrorDetails);
  /** The code of the error. The subclasses list their codes; "NOT_INITIALIZED" (`new Client()` came before `init()`) and "EVENTS_MISSED" (`events()` was read too slowly) belong to none. */
  readonly code: ErrorCode;
  /** The side that caused it. */
  readonly fault: Fault;
  /** EVENTS_MISSED: the number of events that are buffered. */
  readonly limit?: number;
}

/**
 * A wrong argument. The message names it and says what is expected. Neither the message nor a field shows the value of an option or a
 * header, or the password or the query of a URL: an error may end up in a log.
 */
export class InvalidArgumentError extends SocketIOError {
  /**
   * The code of the error:
   * - INVALID_URL, INVALID_EVENT, INVALID_NAMESPACE, INVALID_HANDLER: the URL, name or handler is wrong.
   * - INVALID_OPTION: an unknown option, or a wrong value. UNUSABLE_OPTION: an option refers to something that cannot be used, such as a file.
   * - INVALID_ENGINE_EVENT: an event that an Engine.IO client does not have.
   * - NAMELESS_HANDLER: a function without a name, for `event`. INVALID_NAMESPACE_CLASS: not an instance of a ClientNamespace.
   * - UNSERIALIZABLE: a value that cannot be encoded. BLOB_UNREADABLE: a Blob that cannot be read.
   * - INVALID_DELAY: the function `reconnectionDelay` threw, which is the `cause`, or returned no delay. The `error` event has it.
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
    | "INVALID_DELAY"
    | "BLOB_UNREADABLE"
    | "UNSERIALIZABLE";
  /** INVALID_OPTION, UNUSABLE_OPTION: the option's name. */
  readonly option?: string;
  /**
   * INVALID_OPTION, INVALID_EVENT, INVALID_ENGINE_EVENT, INVALID_NAMESPACE, INVALID_NAMESPACE_CLASS, INVALID_HANDLER: a
   * description of the given value, such as "a string of 12 characters"; the name of an event, or the valid part of a namespace, in quotes.
   */
  readonly received?: string;
  /** INVALID_OPTION: a description of the valid values. */
  readonly expected?: string;
  /** UNUSABLE_OPTION: the reason. INVALID_URL: the wrong part, "syntax", "scheme", "path", "user" or "query". */
  readonly why?: string;
  /** INVALID_URL: the URL without its user, its password and the values of its query; a description of a value that is not a URL. */
  readonly url?: string;
  /** BLOB_UNREADABLE, and UNSERIALIZABLE of a call: the event that was not sent. */
  readonly event?: unknown;
}

/** An option that cannot be honoured on this platform. */
export class UnsupportedOptionError extends SocketIOError {
  /** The only one. */
  readonly code: "UNSUPPORTED_OPTION";
  /** The option's name. */
  readonly option: string;
  /** The platform's name, such as "browser". */
  readonly platform: string;
}

/** A connection could not be made, or broke. */
export class ConnectionError extends SocketIOError {
  /**
   * The code of the error. Before there is a connection:
   * - SERIALIZER_UNAVAILABLE, MODULE_UNAVAILABLE: a file of this package could not be loaded. `new Client()` throws MODULE_UNAVAILABLE if
   *   the platform has no WebAssembly, or if the page's content security policy forbids it (`script-src` without 'wasm-unsafe-eval').
   * - ALREADY_CONNECTED: the client is connected or connecting.
   * - PREPARATION_FAILED, PREPARATION_TIMEOUT: a function for url, headers or auth threw, or took longer than `requestTimeout`.
   * - UNREACHABLE: no answer. REQUEST_TIMEOUT: no answer within `requestTimeout`.
   * - HTTP_STATUS: the server refuses. UNSUPPORTED_VERSION, ORIGIN_REFUSED, SESSION_UNKNOWN: the server gives this reason.
   * - NOT_SOCKETIO: the answer is not from a Socket.IO server.
   * - CONNECT_TIMEOUT: not all namespaces are connected within `waitTimeout`. REFUSED: the server refuses a namespace.
   * - CONNECT_HANDLER: an EngineClient's connect handler threw.
   *
   * After there was a connection: SOCKET_CLOSED (the websocket), SERVER_CLOSED (the session, by the server), PING_TIMEOUT (silence),
   * OFFLINE (the platform's `offline` event), EMPTY_POLLS (the server answered poll after poll at once and with nothing),
   * PARSE_ERROR (the server broke the protocol).
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
  /** SERIALIZER_UNAVAILABLE: the serializer's name; `cause` says why. */
  readonly serializer?: string;
  /** REFUSED, CONNECT_TIMEOUT, and every error that `connect_error` is called with: the namespaces that are not connected. */
  readonly namespaces?: readonly string[];
  /** REFUSED: the server's message for the first of them. */
  readonly reason?: string;
  /** REFUSED: the data as the server sent it. With a `status`: the body, as its value if it is JSON. */
  readonly data?: unknown;
  /** The HTTP status, if the server answered with one. */
  readonly status?: number;
  /** The body of the server's answer, if it can be read. In Node, for a redirect that is not followed: the address that it leads to. */
  readonly body?: string;
  /** UNREACHABLE, REQUEST_TIMEOUT: the transport. */
  readonly transport?: TransportName;
  /** UNREACHABLE: the platform's message, whose error is the `cause`; undefined in browsers, which hide it. */
  readonly words?: string;
  /** REQUEST_TIMEOUT, PREPARATION_TIMEOUT, PING_TIMEOUT, CONNECT_TIMEOUT: the time-out in milliseconds. */
  readonly milliseconds?: number;
  /** SOCKET_CLOSED: the websocket's close code. */
  readonly closeCode?: number;
  /** SOCKET_CLOSED: the websocket's close reason. */
  readonly closeReason?: string;
  /** EMPTY_POLLS: the number of polls. */
  readonly polls?: number;
  /** PARSE_ERROR: a description of the fault; with a user-supplied parser, `cause` is the error that it threw. */
  readonly what?: string;
  /** PARSE_ERROR: the beginning of the wrong string. */
  readonly text?: string;
}

/** There is no connection, or it broke while a call awaited its answer. */
export class DisconnectedError extends SocketIOError {
  /**
   * The code of the error:
   * - NOT_CONNECTED: there was no `connect()`, or no namespace is left. CONNECTION_ENDED: the same of a SimpleClient, once it was connected.
   * - CONNECTING: an event with `buffer: false`, while the connection is being made, for the first time or again.
   * - DISCONNECTED: it ended before the answer came.
   * - BUFFER_FULL: `maxBuffer` packets are buffered. DROPPED: a volatile event could not be sent at once.
   * - NOT_SENT: buffered events will not be sent. POSSIBLY_LOST: the request that carried events failed, so that the
   *   server may have read them or not. Handlers of `error` get both.
   */
  readonly code: "NOT_CONNECTED" | "CONNECTING" | "DISCONNECTED" | "CONNECTION_ENDED" | "BUFFER_FULL" | "DROPPED" | "NOT_SENT" | "POSSIBLY_LOST";
  /**
   * DISCONNECTED, CONNECTION_ENDED: the reason of the connection's end. If the connection was lost, `cause` is the error that ended it,
   * and `fault` is that error's: "peer" for a violation of the protocol. Otherwise "server disconnect" is the peer's fault, and
   * "client disconnect" none.
   */
  readonly reason?: DisconnectReason;
  /** BUFFER_FULL: the number of packets that may be buffered. */
  readonly limit?: number;
  /** The event, of an error that rejects a call or the `emit` of a SimpleClient. */
  readonly event?: string | number;
  /** NOT_SENT, POSSIBLY_LOST: the number of events. */
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
  /** The event, of an error that rejects a call. */
  readonly event?: string | number;
}

/** A call was not answered in time; or a SimpleClient has waited too long for its connection, or for an event. */
export class TimeoutError extends SocketIOError {
  /** CALL_TIMEOUT: the answer to a call. EMIT_TIMEOUT: a SimpleClient's connection. RECEIVE_TIMEOUT: its next event. */
  readonly code: "CALL_TIMEOUT" | "EMIT_TIMEOUT" | "RECEIVE_TIMEOUT";
  /** CALL_TIMEOUT, EMIT_TIMEOUT: the event's name. */
  readonly event?: string | number;
  /** The time-out in milliseconds. */
  readonly milliseconds: number;
}

/** A message larger than the server accepts, which was not sent; or one with more values than a function can be called with. */
export class PayloadTooLargeError extends SocketIOError {
  /**
   * The code of the error:
   * - PAYLOAD_TOO_LARGE: a message is larger than the server accepts.
   * - TOO_MANY_ARGUMENTS: the server has sent an event, or an acknowledgement for a callback, of more than 10,000 values. Its handler is
   *   not called; the error goes to the `error` event, and the connection goes on.
   */
  readonly code: "PAYLOAD_TOO_LARGE" | "TOO_MANY_ARGUMENTS";
  /** PAYLOAD_TOO_LARGE: its size in bytes. TOO_MANY_ARGUMENTS: the number of its values. */
  readonly size: number;
  /** The largest size that the server accepts, in bytes; or the largest number of values. */
  readonly limit: number;
  /** TOO_MANY_ARGUMENTS, and an error that rejects a call: the event's name. */
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
