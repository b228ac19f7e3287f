// Types of the package, written by hand: what is generic here cannot be expressed by what generates types from Rust.
// All times are in milliseconds; every error thrown or rejected with is a SocketIOError, unless a signal or your code gave it.

/// <reference lib="esnext.disposable" />

// ---------------------------------------------------------------------------------------------------------- events

/** Events of any name with any arguments: what is assumed where no types are given. */
export interface UntypedEvents {
  [event: string]: (...args: unknown[]) => unknown;
}

type Callback = (...answer: never[]) => unknown;

/** The names of the events in a map of events. */
export type EventName<Events extends object> = Extract<keyof Events, string | number>;

/**
 * The arguments of an event. A function as the last one is taken for the callback of the acknowledgement, as in the maps of
 * events written for other clients, and is not among them.
 * @example EventArguments<{ say(text: string): void }, "say"> // [text: string]
 */
export type EventArguments<Events extends object, Name extends keyof Events> = Events[Name] extends (...args: infer Args) => unknown
  ? Args extends [...infer Head, Callback]
    ? Head
    : Args
  : never;

// The arguments of the acknowledgement of an event: its callback's parameters, else what it returns.
type Acknowledgement<Events extends object, Name extends keyof Events> = Events[Name] extends (...args: infer Args) => infer Result
  ? Args extends [...unknown[], (...answer: infer Answer) => unknown]
    ? Answer
    : [Awaited<Result>] extends [void]
      ? []
      : Awaited<Result> extends Tuple<infer Values>
        ? Values
        : [Awaited<Result>]
  : never;

/**
 * What `call` resolves to: `undefined` for an empty acknowledgement, its value for one with a single argument, else an array.
 * @example EventAnswer<{ add(a: number, b: number): number }, "add"> // number
 */
export type EventAnswer<Events extends object, Name extends keyof Events> = string extends keyof Events
  ? unknown
  : Acknowledgement<Events, Name> extends []
    ? undefined
    : Acknowledgement<Events, Name> extends [infer Only]
      ? Only
      : Acknowledgement<Events, Name>;

// What a handler may return: the answer, a promise of it, or anything where none is expected.
type Reply<Answer> = Answer extends []
  ? unknown
  : Answer extends [infer Only]
    ? Only | PromiseLike<Only>
    : Answer extends unknown[]
      ? Tuple<Answer> | PromiseLike<Tuple<Answer>>
      : never;

/**
 * A handler of an event from the server. What it returns, or its promise resolves to, answers the server's acknowledgement:
 * nothing (`undefined`) an empty one, `tuple(...)` one with several arguments. If it throws, the error is reported as an
 * unhandled one (`reportError`, in Node an uncaught exception) and the server gets no answer.
 */
export type EventHandler<Events extends object, Name extends keyof Events> = string extends keyof Events
  ? { bivarianceHack(...args: unknown[]): unknown }["bivarianceHack"] // so that parameters can be given types
  : (...args: EventArguments<Events, Name>) => Reply<Acknowledgement<Events, Name>>;

// What follows the event's name in emit(): its arguments, and a callback for the acknowledgement if wanted.
type EmitArguments<Events extends object, Name extends keyof Events> = string extends keyof Events
  ? unknown[]
  : [...EventArguments<Events, Name>, callback?: (...answer: Acknowledgement<Events, Name>) => unknown];

/** Why a connection ended. */
export type DisconnectReason = "client disconnect" | "server disconnect" | "transport error";

/** What is known beyond the reason of a disconnection. */
export interface DisconnectDetails {
  /** The finer reason: "ping timeout", "transport close", "transport error" or "parse error", else the reason itself. */
  readonly cause: string;
  /** The error behind it, if there was one; its `code` is finer still. */
  readonly error?: ConnectionError;
}

/** The handlers of what happens to the connection; `on` takes them like those of events. */
export interface ConnectionHandlers {
  /** The namespace is connected, for the first time or again. */
  connect(): unknown;
  /**
   * The namespace was refused, or a connection failed. `data` is as the server sent it (an object with `message`, or a text);
   * for a failed connection it is the answer's JSON or text, else the error's message.
   */
  connect_error(data: unknown, error: ConnectionError): unknown;
  /** The namespace was connected and is no more. */
  disconnect(reason: DisconnectReason, details: DisconnectDetails): unknown;
  /** The namespace will not be connected again by itself; comes after `disconnect`. */
  disconnectFinal(): unknown;
}

/** Takes a handler away; harmless if it is gone already. */
export type Unsubscribe = () => void;

/** Several values as one: the answer of a handler that acknowledges with several arguments. Made by `tuple`. */
export type Tuple<Values extends unknown[] = unknown[]> = Values & { readonly [tupleMark]: true };
declare const tupleMark: unique symbol;

/**
 * Several values, for a handler that answers an acknowledgement with more than one argument (an array is one argument).
 * @example client.on("divide", (a: number, b: number) => tuple(Math.floor(a / b), a % b));
 */
export function tuple<Values extends unknown[]>(...values: Values): Tuple<Values>;

/** The reasons of a disconnection by name. */
export const reason: {
  /** This side called `disconnect()` or `disconnectNamespace()`. */
  readonly CLIENT_DISCONNECT: "client disconnect";
  /** The server disconnected the namespace; there is no reconnection. */
  readonly SERVER_DISCONNECT: "server disconnect";
  /** The connection broke; a reconnection follows unless it is switched off. */
  readonly TRANSPORT_ERROR: "transport error";
};

// --------------------------------------------------------------------------------------------------------- options

/** Low level ways of the connection: HTTP long-polling and websocket. */
export type TransportName = "polling" | "websocket";

/** Where log lines go; `console` is one. A method left out drops its lines. */
export interface Logger {
  debug?(...line: unknown[]): void;
  info?(...line: unknown[]): void;
  warn?(...line: unknown[]): void;
  error?(...line: unknown[]): void;
}

/** The part of `fetch` that is used; the global one of browsers, workers and Node fits. */
export type FetchLike = (
  url: string,
  init: {
    method: string;
    headers?: Record<string, string>;
    body?: string;
    signal: AbortSignal;
    credentials?: "same-origin" | "include" | "omit";
    cache?: "no-store";
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** The part of a WebSocket that is used. */
export interface WebSocketLike {
  binaryType: string;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  readonly bufferedAmount: number;
  /** Is given a string or a Uint8Array; `never` here, since declarations of what a WebSocket may send differ. */
  send(data: never): void;
  close(code?: number, reason?: string): void;
}

/** A class of WebSockets; that of browsers fits, and that of npm `ws`. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string[],
  options?: { headers?: Record<string, string> },
) => WebSocketLike;

/** What a server may ask of this client's memory; beyond a limit, the connection is closed with a parse error. */
export interface Limits {
  /** Binary attachments of one packet. Default 1000. */
  maxAttachments?: number;
  /** Digits of an acknowledgement's number. Default, and at most, 15. */
  maxIdDigits?: number;
  /** Size of one packet in bytes. Default 100 MB (100,000,000). */
  maxPacketSize?: number;
  /** How deep arrays and objects may be nested in a packet with attachments. Default 200, at most 2000. */
  maxDepth?: number;
}

/** Options of a client. A wrong value, or an unknown name, throws an InvalidArgumentError that names it. */
export interface ClientOptions {
  /** Connect again after the connection broke. Default true. */
  reconnection?: boolean;
  /** How many attempts to connect again before giving up; 0 (the default): no limit. */
  reconnectionAttempts?: number;
  /** Milliseconds before the first attempt; doubled for each one after it. Default 1000. */
  reconnectionDelay?: number;
  /** The largest delay in milliseconds, before randomization. Default 5000. */
  reconnectionDelayMax?: number;
  /** By which part of itself, 0 to 1, a delay may be shorter or longer, so that not all clients come at once. Default 0.5. */
  randomizationFactor?: number;
  /**
   * Milliseconds that a request to the server may take, and that a function for url, headers or auth may; 0 or Infinity: without
   * end. Default 5000.
   */
  requestTimeout?: number;
  /** How packets are written; both sides must agree. Default "default" (JSON, with binary attachments). */
  serializer?: "default";
  /** Log lines of the session: true for the console. Default false. */
  logger?: boolean | Logger;
  /** Log lines of the transports: true for the console. Default false. */
  engineLogger?: boolean | Logger;
  /** How many packets are kept while not connected; one more throws a DisconnectedError. Default: no limit. */
  maxBuffer?: number;
  /** Safety limits for what the server sends. */
  limits?: Limits;
  /** Packets in one polling request; python servers drop requests with more than 16. Default 16. */
  maxPacketsPerPost?: number;
  /** A `fetch` of your own, for polling. */
  fetch?: FetchLike;
  /** A WebSocket class of your own. */
  WebSocket?: WebSocketConstructor;
  /** Whether cookies go with polling requests, as in `fetch`. Default "same-origin". */
  credentials?: "same-origin" | "include" | "omit";
}

/** A value, or a function that gives it (or a promise of it) anew for each attempt to connect. */
export type Source<Value> = Value | (() => Value | PromiseLike<Value>);

/** Options of `connect`. */
export interface ConnectOptions {
  /** The namespaces to connect. Default: those that have handlers, else "/". */
  namespaces?: string | readonly string[];
  /**
   * What the server's connect handlers get: a JSON object, or a function that gives a fresh one, such as a new token, for each
   * attempt. Python servers take any JSON value; npm ones close the connection where it is no object.
   */
  auth?: Source<unknown>;
  /**
   * HTTP headers, each a text of Latin-1 characters in one line. A browser cannot put them on a websocket: there they go with
   * polling only.
   */
  headers?: Source<Record<string, string>>;
  /** The transports to use; the first opens, a websocket behind "polling" takes over when it works. Default both. */
  transports?: TransportName | readonly TransportName[];
  /** The server's path. Default "/socket.io". */
  path?: string;
  /** Resolve when all namespaces are connected (true, the default), or when the server was reached (false). */
  wait?: boolean;
  /** Milliseconds to wait for the namespaces; 0 or Infinity: without end. Default 1000. */
  waitTimeout?: number;
  /** Go on trying, as after a lost connection, if the first attempt fails. Default false: reject. */
  retry?: boolean;
  /** Aborted while connecting: ends the attempt, and `connect` rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What `with` changes for one use. */
export interface WithOptions {
  /** The namespace to emit to and to listen on. Default "/". */
  namespace?: string;
  /** Milliseconds that a `call` waits for its answer; 0 or Infinity: without end. Default 60000. */
  timeout?: number;
  /** Aborted: a waiting `call` rejects with the signal's reason. */
  signal?: AbortSignal;
  /** false: throw a DisconnectedError where a packet would be kept until the connection is there. Default true. */
  buffer?: boolean;
  /** true: drop an event that cannot be sent now, silently; a `call` then rejects. Default false. */
  volatile?: boolean;
}

// --------------------------------------------------------------------------------------------------------- clients

/** One namespace of a client, with a timeout and so on chosen: what `of`, `with`, `timeout` and `volatile` return. */
export class Scope<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> {
  protected constructor();

  /** The namespace to which this emits and on which it listens. */
  readonly namespace: string;
  /** Whether the namespace is connected. */
  get connected(): boolean;
  /** The Socket.IO id that the server gave the namespace; undefined while it is not connected. */
  get sid(): string | undefined;

  /**
   * Sets the handler of an event from the server, or of what happens to the connection; one per event: the last one counts.
   * The event "*" stands for all events without a handler, whose name it gets as the first argument.
   * @returns a function that takes the handler away
   * @throws {InvalidArgumentError} for a handler that is no function, or a wrong event or namespace
   * @example
   * client.on("connect", () => console.log("connected"));
   * client.on("news", (item) => "thanks"); // what is returned answers the server's acknowledgement
   */
  on<Name extends keyof ConnectionHandlers>(event: Name, handler: ConnectionHandlers[Name], options?: { namespace?: string }): Unsubscribe;
  on(event: "*", handler: (event: string, ...args: unknown[]) => unknown, options?: { namespace?: string }): Unsubscribe;
  on<Name extends EventName<Listen>>(event: Name, handler: EventHandler<Listen, Name>, options?: { namespace?: string }): Unsubscribe;

  /**
   * As `on`, for the next time only.
   * @example client.once("welcome", (text) => console.log(text));
   */
  once<Name extends keyof ConnectionHandlers>(event: Name, handler: ConnectionHandlers[Name], options?: { namespace?: string }): Unsubscribe;
  once(event: "*", handler: (event: string, ...args: unknown[]) => unknown, options?: { namespace?: string }): Unsubscribe;
  once<Name extends EventName<Listen>>(event: Name, handler: EventHandler<Listen, Name>, options?: { namespace?: string }): Unsubscribe;

  /**
   * Takes the handler of an event away: whichever it is, or only if it is the given one.
   * @returns whether there was one to take away
   * @example client.off("news");
   */
  off(event: EventName<Listen> | keyof ConnectionHandlers | "*", handler?: Callback, options?: { namespace?: string }): boolean;

  /**
   * Sends an event. Kept while the connection is being made or made again, in order. A function as the last argument is
   * called with the server's acknowledgement; `timeout` and `signal` do not concern it: use `call` for an answer in time.
   * @throws {InvalidArgumentError} for a wrong event name, or arguments that JSON cannot hold (a BigInt, a cycle)
   * @throws {DisconnectedError} before `connect()`, after the connection's end, and when too much is kept
   * @throws {BadNamespaceError} if the namespace was not asked to connect, or was refused
   * @throws {PayloadTooLargeError} if the server does not accept messages of this size
   * @example
   * client.emit("say", "hello", { to: "everyone" }, new Uint8Array([1, 2, 3]));
   * client.emit("say", "hello", (answer) => console.log(answer));
   */
  emit<Name extends EventName<Emit>>(event: Name, ...args: EmitArguments<Emit, Name>): this;

  /**
   * Sends the event "message".
   * @example client.send("hello");
   */
  send(...args: unknown[]): this;

  /**
   * Sends an event and waits for the server's acknowledgement.
   * @returns its value: undefined if it is empty, an array if it has several arguments
   * @throws {TimeoutError} without an answer in time (60,000 ms unless `timeout` says otherwise)
   * @throws {DisconnectedError} if the connection breaks after it was sent; and as `emit`
   * @example const sum = await client.timeout(5000).call("add", 1, 2);
   */
  call<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;

  /** Another name of `call`. */
  emitWithAck<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;

  /**
   * The same with other settings; the client itself stays as it is.
   * @throws {InvalidArgumentError} for an unknown setting or a wrong value
   * @example await client.with({ namespace: "/chat", timeout: 5000, signal }).call("join", "lobby");
   */
  with(options: WithOptions): Scope<Listen, Emit>;

  /**
   * The same on another namespace.
   * @example const chat = client.of("/chat"); chat.on("message", show); chat.emit("message", "hello");
   */
  of<Incoming extends object = UntypedEvents, Outgoing extends object = UntypedEvents>(namespace: string): Scope<Incoming, Outgoing>;

  /**
   * The same with another limit for `call`; 0 or Infinity: none.
   * @param milliseconds default 60000
   * @example await client.timeout(1000).call("ping");
   */
  timeout(milliseconds: number): Scope<Listen, Emit>;

  /**
   * The same, but what cannot be sent at once is dropped.
   * @example client.volatile.emit("position", x, y);
   */
  get volatile(): Scope<Listen, Emit>;
}

/**
 * A Socket.IO client.
 *
 * The types of events are maps from names to functions, for either direction:
 * @example
 * interface FromServer { news(item: string): void; question(text: string): boolean }
 * interface ToServer { add(a: number, b: number): number }
 *
 * const client = new Client<FromServer, ToServer>();
 * client.on("question", (text) => confirm(text)); // the answer's type is checked
 * await client.connect("http://localhost:3000");
 * const sum = await client.call("add", 1, 2); // a number
 * await client.disconnect();
 */
export class Client<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> extends Scope<Listen, Emit> {
  /**
   * A client that is not connected yet.
   * @throws {InvalidArgumentError} for an unknown option or a wrong value
   * @throws {UnsupportedOptionError} for an option that this platform cannot honour
   */
  constructor(options?: ClientOptions);

  /** The reasons of a disconnection by name. */
  static readonly reason: typeof reason;
  /** The reasons of a disconnection by name. */
  readonly reason: typeof reason;

  /** Whether at least one namespace is connected. */
  get connected(): boolean;
  /** What the client is doing. */
  get state(): "disconnected" | "connecting" | "connected" | "reconnecting" | "disconnecting";
  /** The Socket.IO id of the namespace "/", or of the only one connected; undefined while not connected. */
  get sid(): string | undefined;
  /** The Engine.IO id, that of the connection under all namespaces; undefined while not connected. */
  get engineSid(): string | undefined;
  /** The connected namespaces and their ids; a snapshot. */
  get namespaces(): ReadonlyMap<string, string>;
  /** Packets kept and not yet handed to the transport. */
  get bufferedAmount(): number;

  /**
   * Connects to a server.
   * @param url http, https, ws or wss, without a path; a function gives a fresh one for each attempt. A query is kept, but may
   *   not hold `sid`, `EIO` or `transport`. `user:password@` becomes basic authentication; no browser does that for a page
   * @returns resolved when all namespaces are connected
   * @throws {InvalidArgumentError} for a wrong URL or option
   * @throws {ConnectionError} if the server cannot be reached or refuses; its `code` says which, `data` what the server said
   * @example await client.connect("https://example.com", { namespaces: ["/", "/chat"], auth: { token } });
   */
  connect(url: Source<string | URL>, options?: ConnectOptions): Promise<void>;

  /**
   * Sends what is still kept, then closes the connection; it is not made again. Also ends attempts to connect.
   * @returns resolved when the connection is closed
   */
  disconnect(): Promise<void>;

  /**
   * Connects one more namespace; after a lost connection it is connected again like the others.
   * @throws {ConnectionError} if the server refuses
   * @example await client.connectNamespace("/late", { auth: { token } });
   */
  connectNamespace(namespace: string, options?: { auth?: Source<unknown>; signal?: AbortSignal }): Promise<void>;

  /** Disconnects a namespace; the last one ends the connection. */
  disconnectNamespace(namespace: string): Promise<void>;

  /** The Socket.IO id of a namespace; undefined while it is not connected. */
  getSid(namespace?: string): string | undefined;

  /** The transport in use; "" before the first connection. */
  transport(): TransportName | "";

  /** Resolved when the connection has ended and will not be made again. */
  wait(options?: { signal?: AbortSignal }): Promise<void>;

  /**
   * Resolved when nothing is kept any more: everything was handed to the transport.
   * @example for (const row of rows) { client.emit("row", row); if (client.bufferedAmount > 100) await client.drain(); }
   */
  drain(options?: { signal?: AbortSignal }): Promise<void>;

  /** Disconnects: `await using client = new Client()` does at the end of its block. */
  [Symbol.asyncDispose](): Promise<void>;
}

// ---------------------------------------------------------------------------------------------------------- errors

/** Whose doing an error is: this program's, the server's, or the network's. */
export type Fault = "misuse" | "peer" | "network";

/** What every error of this package is. */
export class SocketIOError extends Error {
  constructor(message: string, details?: { code?: string; fault?: Fault; cause?: unknown });
  /** What happened, in capitals, such as "CALL_TIMEOUT"; the subclasses list theirs. */
  readonly code: string;
  /** Whose doing it is. */
  readonly fault: Fault;
}

/** An argument that is wrong; the message names it and says what is expected. */
export class InvalidArgumentError extends SocketIOError {
  readonly code:
    | "INVALID_URL"
    | "INVALID_OPTION"
    | "INVALID_EVENT"
    | "INVALID_NAMESPACE"
    | "INVALID_HANDLER"
    | "UNSERIALIZABLE";
  /** INVALID_OPTION: the option's name. */
  readonly option?: string;
  /** INVALID_OPTION: the value. */
  readonly value?: unknown;
  /** INVALID_URL: the URL. */
  readonly url?: unknown;
  /** INVALID_EVENT: the name. */
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
    | "SOCKET_CLOSED"
    | "SERVER_CLOSED"
    | "PING_TIMEOUT"
    | "PARSE_ERROR";
  /** REFUSED, CONNECT_TIMEOUT: the namespaces that are not connected. */
  readonly namespaces?: readonly string[];
  /** REFUSED: the server's message for the first of them. */
  readonly reason?: string;
  /** REFUSED: the data as the server sent it. */
  readonly data?: unknown;
  /** The HTTP status, where the server answered with one. */
  readonly status?: number;
  /** The server's own words, where they can be read: the body of its answer. */
  readonly body?: string;
  /** UNREACHABLE, REQUEST_TIMEOUT: which transport. */
  readonly transport?: TransportName;
  /** UNREACHABLE: what the platform says; undefined in browsers, which hide it. */
  readonly words?: string;
  /** REQUEST_TIMEOUT, PREPARATION_TIMEOUT, PING_TIMEOUT, CONNECT_TIMEOUT: how long was waited. */
  readonly milliseconds?: number;
  /** SOCKET_CLOSED: the websocket's close code. */
  readonly closeCode?: number;
  /** SOCKET_CLOSED: the websocket's close reason. */
  readonly closeReason?: string;
  /** PARSE_ERROR: what was wrong. */
  readonly what?: string;
  /** PARSE_ERROR: the beginning of the text that was wrong. */
  readonly text?: string;
}

/** There is no connection, or it broke while an answer was awaited. */
export class DisconnectedError extends SocketIOError {
  readonly code: "NOT_CONNECTED" | "DISCONNECTED" | "BUFFER_FULL" | "DROPPED";
  /** DISCONNECTED: why the connection ended; "client disconnect" is this program's own doing, a misuse. */
  readonly reason?: DisconnectReason;
  /** BUFFER_FULL: how many packets may be kept. */
  readonly limit?: number;
  /** DROPPED: the name of the volatile event. */
  readonly event?: string | number;
}

/** A namespace that was not asked to connect, or was refused. */
export class BadNamespaceError extends SocketIOError {
  readonly code: "BAD_NAMESPACE";
  readonly namespace: string;
}

/** A call was not answered in time. */
export class TimeoutError extends SocketIOError {
  readonly code: "CALL_TIMEOUT";
  /** The event's name. */
  readonly event: string | number;
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
