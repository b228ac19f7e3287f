// Options of clients, of connect() and of single calls. All times are in milliseconds.
import type { JsonLike, Parser, SerializerName } from "./serializers.js";

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
  /** How packets are written; both sides must agree. A name, or a parser such as that of npm's `socket.io-msgpack-parser`. Default "default". */
  serializer?: SerializerName | Parser;
  /** How JSON is written and read, for values that JSON has not: a BigInt, a Date. For the serializer "default" only. Default: the global JSON. */
  json?: JsonLike;
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
