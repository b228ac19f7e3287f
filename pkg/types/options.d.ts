// Options of clients, of connect() and of single calls. All times are in milliseconds.
import type { SocketIOError } from "./errors.js";
import type { JsonLike, Parser, SerializerName } from "./serializers.js";

/** The transports of a connection: HTTP long-polling and websocket. */
export type TransportName = "polling" | "websocket";

/** Takes log lines; `console` is one. A missing method drops its lines. */
export interface Logger {
  /** Takes the frames that the transports send and receive. */
  debug?(...line: unknown[]): void;
  /** Takes the events of the connection, and the names of the server's events. */
  info?(...line: unknown[]): void;
  /** Takes failed attempts, refusals, and options that could not be followed. */
  warn?(...line: unknown[]): void;
  /** Takes errors. */
  error?(...line: unknown[]): void;
}

/** The part of `fetch` that is used; the global one of browsers, workers and Node fits. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** The second argument of a `fetch`. */
export interface FetchInit {
  /** "GET" or "POST". */
  method: string;
  /** The headers by their names. */
  headers?: Record<string, string>;
  /** A string; bytes for a server of Socket.IO 1.x or 2.x if the text is not all ASCII. */
  body?: string | ArrayBuffer;
  /** Aborted when the answer is no longer needed, or did not come within `requestTimeout`. Missing if the platform has no `AbortSignal.timeout`. */
  signal?: AbortSignal;
  /** true for the last request of a connection, which may outlive the page. */
  keepalive?: boolean;
  /** As the client's option of this name. */
  credentials?: "same-origin" | "include" | "omit";
  /** Keeps caches from answering. */
  cache?: "no-store";
}

/** The part of a Response that is used. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** Promises the body as a string. */
  text(): Promise<string>;
  /** The headers. The client reads them and `arrayBuffer` if a Socket.IO 1.x or 2.x server may have answered in bytes, as it does with binary data. */
  readonly headers?: {
    /** Returns the value of a header; null if there is none. */
    get(name: string): string | null;
  };
  /** Promises the body's bytes. */
  arrayBuffer?(): Promise<ArrayBuffer>;
}

/** The part of a WebSocket that is used. */
export interface WebSocketLike {
  /** Set to "arraybuffer". */
  binaryType: string;
  /** The client's handler of the open event. */
  onopen: ((event: never) => unknown) | null;
  /** The client's handler of messages: `event.data` is a string or an ArrayBuffer. */
  onmessage: ((event: never) => unknown) | null;
  /** The client's handler of failures. */
  onerror: ((event: never) => unknown) | null;
  /** The client's handler of the close event, which has `code` and `reason`. */
  onclose: ((event: never) => unknown) | null;
  /** Number of bytes that `send` took and that are not transmitted yet. */
  readonly bufferedAmount: number;
  /** Sends a string or a Uint8Array; `never` here, because declarations of this parameter differ. */
  send(data: never): void;
  /** Closes it. */
  close(code?: number, reason?: string): void;
}

/** A class of WebSockets; that of browsers fits, and that of npm `ws`. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string[],
  options?: {
    /** The headers of `connect` and of `websocketOptions`; in Node alone. */
    headers?: Record<string, string>;
  },
) => WebSocketLike;

/**
 * Options of the websocket. A browser's takes `protocols` alone: any other throws an UnsupportedOptionError there. In Node the
 * others, beyond those listed, go to npm `ws` unchanged (`handshakeTimeout`, `localAddress`, `servername` …), and override the
 * client's own. The object is copied, never changed.
 * @example new Client({ websocketOptions: { protocols: "chat.v2", headers: { "X-Kind": "websocket" }, maxPayload: 1e6 } });
 */
export interface WebSocketOptions {
  /** Subprotocols to offer, in the order of preference. Default: none. */
  protocols?: string | readonly string[] | undefined;
  /** Node. Headers of the websocket alone, beside those of `connect`; of one name, these win. */
  headers?: Record<string, string> | undefined;
  /** Node. As the client's option of this name, which it replaces. */
  perMessageDeflate?: boolean | object | undefined;
  /** Node. The largest message from the server, in bytes; a larger one ends the connection. Default 104857600 (100 MiB). */
  maxPayload?: number | undefined;
  /** Node. Any other option of npm `ws`. */
  [option: string]: unknown;
}

/** PEM as a string or bytes, or the path (a string or a file: URL) of such a file. A string that contains "-----BEGIN" is not a path. */
export type TlsMaterial = string | Uint8Array | URL;

/**
 * Certificates for https:// and wss:// in Node, and for a https:// proxy. Files are read once, when the client is made.
 * @example new Client({ tls: { ca: "/etc/chat/ca.pem", cert: "/etc/chat/me.pem", key: "/etc/chat/me.key" } });
 */
export interface TlsOptions {
  /** Certificates of the authorities to trust, in place of those that Node trusts. */
  ca?: TlsMaterial | readonly TlsMaterial[] | undefined;
  /** This client's certificate, with those between it and its authority. */
  cert?: TlsMaterial | readonly TlsMaterial[] | undefined;
  /** The private key of `cert`. */
  key?: TlsMaterial | readonly TlsMaterial[] | undefined;
  /** Certificate and key in one PKCS #12 file, in place of `cert` and `key`: its bytes or its path. */
  pfx?: TlsMaterial | readonly TlsMaterial[] | undefined;
  /** The passphrase of `key` or `pfx`. */
  passphrase?: string | undefined;
  /** false: accept any certificate, so that anybody on the way can read and change the data. For tests alone. Default true. */
  rejectUnauthorized?: boolean | undefined;
}

/** The part of tough-cookie's `CookieJar` that is used; the methods may return promises. */
export interface CookieJarLike {
  /** The value of the header Cookie for a URL (http: or https:, for websockets too). */
  getCookieString(url: string): string | undefined | PromiseLike<string | undefined>;
  /** Stores a cookie as a server's Set-Cookie header has it. A cookie that may not be set must be ignored, without an error. */
  setCookie(
    cookie: string,
    url: string,
    options: {
      /** A cookie that may not be set is not an error. */
      ignoreError: true;
    },
  ): unknown;
}

/** Limits the memory that a server can make this client use. Beyond a limit, the connection is closed with a parse error. */
export interface Limits {
  /** The most binary attachments of one packet. Default 1000. */
  maxAttachments?: number | undefined;
  /** Digits of an acknowledgement's number. Default 15, which is also the largest value. */
  maxIdDigits?: number | undefined;
  /** The largest packet in bytes. Default 100 MB (100,000,000). */
  maxPacketSize?: number | undefined;
  /**
   * The deepest nesting of arrays and objects in a packet with attachments, in both directions, as a number of levels. Default 200, at
   * most 2000. Data without binary
   * is limited by `JSON.stringify` alone when it is sent.
   */
  maxDepth?: number | undefined;
}

/**
 * Options of a client. A wrong value, or an unknown name, throws an InvalidArgumentError that names it.
 *
 * Objects in the options (a logger, a parser, a `json`) live as long as the client. Such an object that refers to the client keeps it from
 * being garbage collected. Handlers and classes of namespaces do not: a client that is unreferenced and not connected is collected with them.
 */
export interface ClientOptions {
  /** Reconnect after the connection broke. Default true. */
  reconnection?: boolean | undefined;
  /** Number of attempts in a row that may fail before the client gives up; 0 (the default): no limit. */
  reconnectionAttempts?: number | undefined;
  /**
   * Milliseconds before the first attempt; doubled for each one after it. Default 1000. Or a function that is called before each wait,
   * with the number of the attempt in a row, from 1 on, and the error before it: it returns the delay in milliseconds, or false to give
   * up as after `reconnectionAttempts`. A function's delay is not randomized, but is at least 50 ms like any other. If the function
   * throws or returns anything else, the `error` event gets an error with the code INVALID_DELAY, and the default delay is used.
   * @example reconnectionDelay: (attempt, error) => (error.fault === "misuse" ? false : Math.min(attempt * 1000, 30_000))
   */
  reconnectionDelay?: number | ((attempt: number, error: SocketIOError) => number | false) | undefined;
  /** The largest delay in milliseconds, before randomization. Default 5000. */
  reconnectionDelayMax?: number | undefined;
  /** The part of itself, 0 to 1, by which a delay may be shorter or longer, so that not all clients reconnect at once. Default 0.5. */
  randomizationFactor?: number | undefined;
  /**
   * The longest time in milliseconds for a request to the server, and for a function for url, headers or auth. 0 or Infinity: no
   * limit. Default 5000.
   */
  requestTimeout?: number | undefined;
  /** The format of packets, which the server must use too: a name, or a parser such as that of npm's `socket.io-msgpack-parser`. Default "default". */
  serializer?: SerializerName | Parser | undefined;
  /** Custom JSON functions, for values that JSON cannot represent, such as BigInt or Date. For the serializer "default" only. Default: the global JSON. */
  json?: JsonLike | undefined;
  /** Log lines of the session: true for the console, in Node standard error. Default false. */
  logger?: boolean | Logger | undefined;
  /** Log lines of the transports: true for the console, in Node standard error. Default false. */
  engineLogger?: boolean | Logger | undefined;
  /**
   * Number of packets that may be buffered in the client, connected or not; one more throws a DisconnectedError with the code BUFFER_FULL.
   * Packets in a POST that is not answered yet are no longer counted. Packets that return from a lost connection or a failed POST are
   * never refused. At least 1. Default: no limit.
   */
  maxBuffer?: number | undefined;
  /**
   * Number of bytes that may wait in the websocket. Further packets stay in the client: `bufferedAmount` and `maxBuffer` count them,
   * `drain()` waits for them, and volatile events are dropped. A single message may be larger. Default 1048576 (1 MiB).
   */
  highWaterMark?: number | undefined;
  /**
   * true: the platform's `offline` event drops the connection, and `online` reconnects at once, without waiting for the next attempt.
   * Only browsers and workers have these events. Default true.
   */
  networkEvents?: boolean | undefined;
  /** Limits for packets from the server. */
  limits?: Limits | undefined;
  /**
   * The most packets in one polling request; the size that the server accepts is a limit of its own. Default: 16, until the server
   * turns out to accept any number. Python servers do not: they drop requests with more than 16 packets.
   */
  maxPacketsPerPost?: number | undefined;
  /** A user-supplied `fetch` for polling. `tls`, `proxy`, `agent`, `cookieJar` and `unref` then have no effect on requests. */
  fetch?: FetchLike | undefined;
  /** A user-supplied WebSocket class. `tls`, `proxy`, `agent`, `cookieJar`, `perMessageDeflate` and `unref` then have no effect on websockets. */
  WebSocket?: WebSocketConstructor | undefined;
  /** Options of the websocket, such as subprotocols. */
  websocketOptions?: WebSocketOptions | undefined;
  /**
   * The `credentials` of `fetch` for polling requests, which decides whether cookies are sent. Default "same-origin". Node has no
   * origins: "omit" stores and sends no cookies, and the other two are the same.
   */
  credentials?: "same-origin" | "include" | "omit" | undefined;
  /** Add a unique string to the URL of each GET and each websocket, so that no cache answers. Default true. */
  timestampRequests?: boolean | undefined;
  /** The name of that string in the URL. Default "t". */
  timestampParam?: string | undefined;

  // Options of Node, Deno and Bun alone. In a browser or a worker each of them throws an UnsupportedOptionError that names it.

  /** Node. Certificates to trust and to present. */
  tls?: TlsOptions | undefined;
  /**
   * Node. The URL of a proxy (http:// or https://, with user and password if the proxy needs them) for all connections; false: none.
   * Default: the environment at each attempt, by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY (or their names in lower
   * case). NO_PROXY has names (`example.com`, `.example.com`, `*`), addresses (`10.0.0.1`, `[::1]`) with or without a port, and networks
   * (`10.0.0.0/8`, `fd00::/8`), separated by commas or spaces. A network holds for addresses only, since names are not looked up. Malformed
   * entries are ignored. Websockets and https: go through a tunnel (CONNECT). For another kind of proxy, give its `agent`.
   * @example new Client({ proxy: "http://user:password@proxy.example:3128" });
   */
  proxy?: string | URL | false | undefined;
  /**
   * Node. The `Agent` of node:http (for http: and ws:) or node:https that makes the connections: for unix sockets, SOCKS proxies
   * or a custom `lookup`. Default: an agent that reuses connections, shared by all clients without `tls`. It closes idle
   * connections after 4 s, or sooner if the server's Keep-Alive header says so.
   * With any agent, a request that fails on a reused connection before the first byte of the answer is repeated once, on a new
   * connection. If the server had read it nevertheless, its events arrive twice.
   */
  agent?: object | undefined;
  /**
   * Node. The store of cookies: a `CookieJar` of npm tough-cookie, or an object with its two methods. Default: the client makes one
   * when a server sets the first cookie. Requests and websockets send cookies as their Domain, Path, Secure and Expires say, for
   * as long as the client lives. A cookie without a name (`Set-Cookie: token`) is sent as its value alone. A cookie of the same name in the `headers` of `connect` overrides one of the jar.
   * @example
   * import { CookieJar } from "tough-cookie";
   * const jar = new CookieJar(); // shared by clients, or filled with the cookies of the last run
   * const client = new Client({ cookieJar: jar });
   */
  cookieJar?: CookieJarLike | undefined;
  /**
   * Node. Compress websocket messages if the server agrees: true, or the options of npm `ws` for it. Default false,
   * because compression costs more time and memory than it saves for small messages.
   */
  perMessageDeflate?: boolean | object | undefined;
  /**
   * Node. Disconnect when the process is interrupted (SIGINT, Ctrl+C). Then the process ends by the signal, or the program's own
   * handlers of the signal decide. A second interrupt does not wait for the disconnection. Default false.
   */
  handleSigint?: boolean | undefined;
  /**
   * Node. Let the process end while the client is connected and idle: its sockets and timers do not keep it alive. A pending promise
   * of `connect`, `call`, `drain`, `disconnect` or a SimpleClient's `receive` does, one of `wait` does not. Default false.
   */
  unref?: boolean | undefined;
}

/** A value, or a function that returns a fresh one (or a promise of it) for each attempt to connect. */
export type Source<Value> = Value | (() => Value | PromiseLike<Value>);

/** Options of `connect`. */
export interface ConnectOptions<Namespace extends string = string> {
  /** The namespaces to connect. Default: those that have listeners (of any event) or a class, else "/". */
  namespaces?: Namespace | readonly Namespace[] | undefined;
  /**
   * Data for the server's connect handlers: a plain object such as `{ token }`, or a function that returns a fresh one for each attempt.
   * null and undefined stand for none. Any other value, such as a string or an array, is an InvalidArgumentError: npm's server would
   * close the connection. Neither errors nor logs show it.
   */
  auth?: Source<object | null | undefined> | undefined;
  /**
   * HTTP headers, each a string of Latin-1 characters in one line; whitespace around it is removed. A browser cannot put headers on a
   * websocket and sends them with polling requests only. A header that the browser reserves, such as Cookie or Origin, throws an
   * UnsupportedOptionError there.
   */
  headers?: Source<Record<string, string>> | undefined;
  /**
   * The transports to use, in order of preference: if the first one cannot be opened, the same attempt tries the next. A websocket
   * behind "polling" also takes over from it when it works. Default ["polling", "websocket"].
   */
  transports?: TransportName | readonly TransportName[] | undefined;
  /** The server's path. Default "/socket.io". */
  path?: string | undefined;
  /**
   * The version of the Socket.IO protocol: 5 for servers of version 3 and later, 4 for those of 1.x and 2.x (python-socketio
   * up to 4.x), which speak Engine.IO 3. Default: the client detects it. In a browser it cannot if an old server's refusal has no
   * CORS header, because the browser hides such a refusal: give 4 there. With a given version, a server of the other one is a
   * ConnectionError with the code `UNSUPPORTED_VERSION`; with 4 and a websocket alone, newer servers say less, and the code
   * may be `HTTP_STATUS`, `UNREACHABLE` or `REQUEST_TIMEOUT`.
   *
   * With a server of 1.x or 2.x, `/` is always connected, and `auth` is not sent (the log says so: put such data into the URL's
   * query). CONNECT packets of these servers carry no session ids: `sid` is that of the connection, and the `sid` of `/chat` is `/chat#` followed
   * by it, as npm servers name it (python's use the connection's for all).
   */
  protocol?: 4 | 5 | undefined;
  /** Resolve when all namespaces are connected (true, the default), or when the server was reached (false). */
  wait?: boolean | undefined;
  /**
   * The time in milliseconds that each namespace has to answer, also after a reconnection. Each answer restarts the time of the others.
   * 0 or Infinity: no limit. Default 20000.
   */
  waitTimeout?: number | undefined;
  /**
   * true: if the first attempt fails in a way that another attempt may not, retry as after a lost connection. A refusal of a namespace
   * is final nevertheless, unless `retryRefused` is set. Default false: reject.
   */
  retry?: boolean | undefined;
  /**
   * Request a refused namespace again: with `retry` on the first connection, and with `reconnection` on later ones.
   * `connect_error` reports each refusal; `reconnectionAttempts` limits them. Default false.
   */
  retryRefused?: boolean | undefined;
  /** Aborted while connecting: ends the attempt, and `connect` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Options of `disconnect`. */
export interface DisconnectOptions {
  /**
   * The time in milliseconds to wait until the events that are buffered for a lost connection are sent; no event can be emitted meanwhile.
   * Default: events that are buffered without a connection are dropped at once.
   */
  flush?: number | undefined;
}

/** The result of `disconnect`. */
export interface DisconnectResult {
  /**
   * Number of events that were not sent, or whose request failed, so that the server may not have read them. A pending `call` is
   * not counted: it rejects.
   */
  unsent: number;
}

/** Options of a method that waits. */
export interface SignalOptions {
  /** Aborted: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The namespace that a listener is for. */
export interface HandlerOptions<Namespace extends string = string> {
  /** Default: the namespace of the client or view whose method is called, "/" for a client. "*" stands for any. */
  namespace?: Namespace | undefined;
}

/** Options of `once`, `onAny` and `onAnyOutgoing`. */
export interface ObserverOptions<Namespace extends string = string> extends HandlerOptions<Namespace> {
  /** Aborted: the listener is removed. */
  signal?: AbortSignal | undefined;
}

/** Options of `on` and `event`. */
export interface ListenerOptions<Namespace extends string = string> extends ObserverOptions<Namespace> {
  /** true: the listener is removed when it is called. Default false. */
  once?: boolean | undefined;
}

/** Options of `events`. */
export interface EventsOptions extends SignalOptions {
  /** The largest number of events that are buffered until they are read. Default 10000. */
  limit?: number | undefined;
}

/** Options of `connectNamespace`. */
export interface ConnectNamespaceOptions extends SignalOptions {
  /** Data for the server's connect handler, in place of the `auth` of `connect`; a function returns a fresh one for each attempt. */
  auth?: Source<object | null | undefined> | undefined;
}

/** The settings that `with` changes for one use. */
export interface WithOptions<Namespace extends string = string, Timeout extends number | undefined = number | undefined> {
  /** The namespace to emit to and to listen on. Default "/". */
  namespace?: Namespace | undefined;
  /**
   * The time in milliseconds that a `call` waits for its answer; 0 or Infinity: no limit. Default 60000. If it is given, callbacks of
   * `emit` have the same limit and get an error first.
   */
  timeout?: Timeout;
  /** Aborted: a waiting `call` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** false: throw a DisconnectedError if an event would be buffered until there is a connection. Default true. */
  buffer?: boolean | undefined;
  /** true: drop an event silently if it cannot be sent now; a `call` then rejects. Default false. */
  volatile?: boolean | undefined;
}
