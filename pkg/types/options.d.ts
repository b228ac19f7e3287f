// Options of clients, of connect() and of single calls. All times are in milliseconds.
import type { JsonLike, Parser, SerializerName } from "./serializers.js";

/** Low level ways of the connection: HTTP long-polling and websocket. */
export type TransportName = "polling" | "websocket";

/** Where log lines go; `console` is one. A method left out drops its lines. */
export interface Logger {
  /** Takes what the transports send and receive. */
  debug?(...line: unknown[]): void;
  /** Takes what happens to the connection, and the names of events. */
  info?(...line: unknown[]): void;
  /** Takes attempts that failed, refusals, and what is done otherwise than it was asked for. */
  warn?(...line: unknown[]): void;
  /** Takes what has failed. */
  error?(...line: unknown[]): void;
}

/** The part of `fetch` that is used; the global one of browsers, workers and Node fits. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** What a `fetch` is given beside the URL. */
export interface FetchInit {
  /** "GET" or "POST". */
  method: string;
  /** The headers by their names. */
  headers?: Record<string, string>;
  /** Bytes where a server of Socket.IO 1.x or 2.x is posted text beyond ASCII. */
  body?: string | ArrayBuffer;
  /** Aborted where the answer is not wanted any more, or did not come within `requestTimeout`. */
  signal: AbortSignal;
  /** As the client's option of this name. */
  credentials?: "same-origin" | "include" | "omit";
  /** That no cache is to answer. */
  cache?: "no-store";
}

/** What a `fetch` promises: the part of a Response that is used. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The body as a text. */
  text(): Promise<string>;
  /** The headers. These and `arrayBuffer` are asked of what a Socket.IO 1.x or 2.x server has answered: in bytes, where there is binary data. */
  readonly headers?: {
    /** The value of a header; null where there is none. */
    get(name: string): string | null;
  };
  /** The body's bytes. */
  arrayBuffer?(): Promise<ArrayBuffer>;
}

/** The part of a WebSocket that is used. */
export interface WebSocketLike {
  /** Set to "arraybuffer". */
  binaryType: string;
  /** Set to what is to be called once it is open. */
  onopen: ((event: never) => unknown) | null;
  /** Set to what is to be called with each message: `event.data` is a text or an ArrayBuffer. */
  onmessage: ((event: never) => unknown) | null;
  /** Set to what is to be called where it fails. */
  onerror: ((event: never) => unknown) | null;
  /** Set to what is to be called when it is closed: with `event.code` and `event.reason`. */
  onclose: ((event: never) => unknown) | null;
  /** How many bytes were given to `send` and are not on their way yet. */
  readonly bufferedAmount: number;
  /** Is given a string or a Uint8Array; `never` here, since declarations of what a WebSocket may send differ. */
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
 * others, beyond those listed, go to npm `ws` as they are (`handshakeTimeout`, `localAddress`, `servername` …), and come before
 * what this client sets by itself. The object is copied, never changed.
 * @example new Client({ websocketOptions: { protocols: "chat.v2", headers: { "X-Kind": "websocket" }, maxPayload: 1e6 } });
 */
export interface WebSocketOptions {
  /** Subprotocols to offer, in the order of preference. Default: none. */
  protocols?: string | readonly string[];
  /** Node. Headers of the websocket alone, beside those of `connect`; of one name, these win. */
  headers?: Record<string, string>;
  /** Node. As the client's option of this name, which it replaces. */
  perMessageDeflate?: boolean | object;
  /** Node. The largest message in bytes that is taken from the server; a larger one ends the connection. Default 104857600 (100 MiB). */
  maxPayload?: number;
  /** Node. Any other option of npm `ws`. */
  [option: string]: unknown;
}

/** PEM text or bytes, or the path (as text or file: URL) of a file with such; text that has "-----BEGIN" in it is no path. */
export type TlsMaterial = string | Uint8Array | URL;

/**
 * Certificates for https:// and wss:// in Node, and for a https:// proxy. Files are read once, when the client is made.
 * @example new Client({ tls: { ca: "/etc/chat/ca.pem", cert: "/etc/chat/me.pem", key: "/etc/chat/me.key" } });
 */
export interface TlsOptions {
  /** Certificates of the authorities to trust, in place of those that Node trusts. */
  ca?: TlsMaterial | readonly TlsMaterial[];
  /** This client's certificate, with those between it and its authority. */
  cert?: TlsMaterial | readonly TlsMaterial[];
  /** The private key of `cert`. */
  key?: TlsMaterial | readonly TlsMaterial[];
  /** Certificate and key in one PKCS #12 file, in place of `cert` and `key`: its bytes or its path. */
  pfx?: TlsMaterial | readonly TlsMaterial[];
  /** What `key` or `pfx` is encrypted with. */
  passphrase?: string;
  /** false: take any certificate, so that anybody on the way can read and change all. For tests alone. Default true. */
  rejectUnauthorized?: boolean;
}

/** The part of tough-cookie's `CookieJar` that is used; the methods may return promises. */
export interface CookieJarLike {
  /** The value of the header Cookie for a URL (http: or https:, for websockets too). */
  getCookieString(url: string): string | undefined | PromiseLike<string | undefined>;
  /** Keeps a cookie as a server's header Set-Cookie has it. One that may not be set is to be left out, not thrown for. */
  setCookie(
    cookie: string,
    url: string,
    options: {
      /** That one which may not be set is no error. */
      ignoreError: true;
    },
  ): unknown;
}

/** What a server may ask of this client's memory; beyond a limit, the connection is closed with a parse error. */
export interface Limits {
  /** Binary attachments of one packet. Default 1000. */
  maxAttachments?: number;
  /** Digits of an acknowledgement's number. Default 15, which is also the largest value. */
  maxIdDigits?: number;
  /** Size of one packet in bytes. Default 100 MB (100,000,000). */
  maxPacketSize?: number;
  /**
   * How deep arrays and objects may be nested in a packet with attachments, either way. Default 200, at most 2000. Data without binary
   * is limited by `JSON.stringify` alone when it is sent.
   */
  maxDepth?: number;
}

/**
 * Options of a client. A wrong value, or an unknown name, throws an InvalidArgumentError that names it.
 *
 * What they refer to (a logger, a parser, a `json`) lives as long as the client; one that refers to its client keeps it from being
 * collected. Handlers and classes of namespaces do not: a client that nobody holds, and that is not connected, is collected with them.
 */
export interface ClientOptions {
  /** Connect again after the connection broke. Default true. */
  reconnection?: boolean;
  /** Number of attempts in a row that may fail before the client gives up; 0 (the default): no limit. */
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
  /** Log lines of the session: true for the console, in Node standard error. Default false. */
  logger?: boolean | Logger;
  /** Log lines of the transports: true for the console, in Node standard error. Default false. */
  engineLogger?: boolean | Logger;
  /**
   * How many packets may wait in the client, connected or not; one more throws a DisconnectedError with the code BUFFER_FULL.
   * Packets that a lost connection returns were counted before, and are never refused. At least 1. Default: no limit.
   */
  maxBuffer?: number;
  /**
   * How many bytes may wait in the websocket. What is more stays in the client, where `bufferedAmount` and `maxBuffer` count it,
   * `drain()` waits for it, and volatile events are dropped. A single message may be larger. Default 1048576 (1 MiB).
   */
  highWaterMark?: number;
  /**
   * Whether the platform's `offline` event drops the connection, and `online` makes it again at once, without waiting for the next
   * attempt. In browsers and workers; other platforms have no such events. Default true.
   */
  networkEvents?: boolean;
  /** Safety limits for what the server sends. */
  limits?: Limits;
  /**
   * Packets in one polling request, at most; the bytes that the server takes are a limit of their own. Default: 16, until the server
   * turns out to take any number. Python servers do not: they drop requests with more than 16.
   */
  maxPacketsPerPost?: number;
  /** A `fetch` of your own, for polling. `tls`, `proxy`, `agent`, `cookieJar` and `unref` are then its own matter. */
  fetch?: FetchLike;
  /** A WebSocket class of your own. `tls`, `proxy`, `agent`, `cookieJar`, `perMessageDeflate` and `unref` are then its own matter. */
  WebSocket?: WebSocketConstructor;
  /** Options of the websocket, such as subprotocols. */
  websocketOptions?: WebSocketOptions;
  /**
   * Whether cookies go with polling requests, as in `fetch`. Default "same-origin". In Node, where there are no origins, "omit"
   * keeps and sends no cookies at all, and the other two are the same.
   */
  credentials?: "same-origin" | "include" | "omit";
  /** Put a text that is never the same on the URL of each GET and each websocket, so that no cache answers. Default true. */
  timestampRequests?: boolean;
  /** Its name in the URL. Default "t". */
  timestampParam?: string;

  // What only Node, Deno and Bun have. In a browser or a worker each of the following throws an UnsupportedOptionError that names it.

  /** Node. Certificates to trust and to show. */
  tls?: TlsOptions;
  /**
   * Node. The URL of a proxy (http:// or https://, with user and password in it where it wants them) that all goes through;
   * false: none. Default: what the environment says at each attempt, in HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY (or in
   * small letters). Websockets and https: go through a tunnel (CONNECT). For another kind of proxy, give its `agent`.
   * @example new Client({ proxy: "http://user:password@proxy.example:3128" });
   */
  proxy?: string | URL | false;
  /**
   * Node. The `Agent` of node:http (for http: and ws:) or node:https that makes the connections: for unix sockets, SOCKS proxies
   * or a `lookup` of your own. Default: one that keeps connections for the next request, shared by all clients without `tls`. It
   * closes idle ones after 4 s, or sooner if the server's Keep-Alive header says so; those of your own agent are its own matter.
   * With either, a request that fails on a reused connection before the first byte of the answer is repeated once, on a new
   * connection. If the server had taken it nevertheless, the events in it arrive twice.
   */
  agent?: object;
  /**
   * Node. Where cookies are kept: a `CookieJar` of npm tough-cookie, or what has its two methods. Default: one of the client's own,
   * as soon as a server sets a cookie. Cookies go with requests and websockets as their Domain, Path, Secure and Expires say, for
   * as long as the client lives; one of the same name in the `headers` of `connect` comes first.
   * @example
   * import { CookieJar } from "tough-cookie";
   * const jar = new CookieJar(); // shared by clients, or filled with what was kept from the last run
   * const client = new Client({ cookieJar: jar });
   */
  cookieJar?: CookieJarLike;
  /**
   * Node. Compress websocket messages where the server agrees: true, or the options that npm `ws` has for it. Default false,
   * since it costs more time and memory than it saves for small messages.
   */
  perMessageDeflate?: boolean | object;
  /**
   * Node. Disconnect when the process is interrupted (SIGINT, Ctrl+C); then it ends as it would have: by the signal, or as handlers of
   * your own decide, which run as ever. A second interrupt does not wait for the first. Default false.
   */
  handleSigint?: boolean;
  /**
   * Node. Let the process end while the client is connected and idle: its sockets and timers do not keep it alive. What is
   * awaited does (`connect`, `call`, `drain`, `disconnect`, a SimpleClient's `receive`), but for `wait`. Default false.
   */
  unref?: boolean;
}

/** A value, or a function that gives it (or a promise of it) anew for each attempt to connect. */
export type Source<Value> = Value | (() => Value | PromiseLike<Value>);

/** Options of `connect`. */
export interface ConnectOptions<Namespace extends string = string> {
  /** The namespaces to connect. Default: those that have handlers (of any event) or a class, else "/". */
  namespaces?: Namespace | readonly Namespace[];
  /**
   * What the server's connect handlers get: a plain object such as `{ token }`, or a function that gives a fresh one for each attempt;
   * null and undefined are none. Any other value, such as a string or an array, is an InvalidArgumentError: npm's server would close
   * the connection over it. Neither errors nor logs show it.
   */
  auth?: Source<object | null | undefined>;
  /**
   * HTTP headers, each a text of Latin-1 characters in one line. A browser cannot put them on a websocket: there they go with
   * polling only. One that a browser keeps to itself, such as Cookie or Origin, throws an UnsupportedOptionError there.
   */
  headers?: Source<Record<string, string>>;
  /**
   * The transports to use, in order of preference: if the first one cannot be opened, the same attempt tries the next. A websocket
   * behind "polling" also takes over from it when it works. Default ["polling", "websocket"].
   */
  transports?: TransportName | readonly TransportName[];
  /** The server's path. Default "/socket.io". */
  path?: string;
  /**
   * The revision of the Socket.IO protocol: 5 for servers of version 3 and later, 4 for those of 1.x and 2.x (python-socketio
   * up to 4.x), which speak Engine.IO 3. Default: that of the server is found out,
   * except in a browser, if an old server's refusal has no CORS header: the browser hides such a refusal, so 4 is needed here. Fixed, a server of the other one is a
   * ConnectionError with the code `UNSUPPORTED_VERSION`; with 4 and a websocket alone, where newer servers do not say so much,
   * it may be `HTTP_STATUS`, `UNREACHABLE` or `REQUEST_TIMEOUT`.
   *
   * With a server of 1.x or 2.x, `/` is connected whether it is asked for or not, `auth` is not sent (the log says so: put such
   * data into the URL's query), and since CONNECT packets carry no session ids, `sid` is the connection's own, and that of `/chat`
   * is `/chat#` and the connection's, as npm servers name it (python's use the connection's for all).
   */
  protocol?: 4 | 5;
  /** Resolve when all namespaces are connected (true, the default), or when the server was reached (false). */
  wait?: boolean;
  /**
   * Milliseconds that each namespace has to answer, also when a lost connection is made again; each answer gives the others their
   * time anew. 0 or Infinity: without end. Default 20000.
   */
  waitTimeout?: number;
  /**
   * Go on trying, as after a lost connection, if the first attempt fails in a way that another one can mend. A namespace that the
   * server refuses is final all the same, unless `retryRefused` is set. Default false: reject.
   */
  retry?: boolean;
  /**
   * Ask again for a namespace that the server refuses: with `retry` on the first connection, and with `reconnection` on later ones.
   * `connect_error` tells of each refusal; `reconnectionAttempts` limits them. Default false.
   */
  retryRefused?: boolean;
  /** Aborted while connecting: ends the attempt, and `connect` rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Options of `disconnect`. */
export interface DisconnectOptions {
  /**
   * Milliseconds to wait until what is kept for a lost connection was sent; nothing can be emitted meanwhile. Default: what is kept
   * while there is no connection is dropped at once.
   */
  flush?: number;
}

/** What `disconnect` resolves to. */
export interface DisconnectResult {
  /**
   * Number of events that were not sent, or whose request failed, so that the server may not have read them. A pending `call` is
   * not among them: it rejects.
   */
  unsent: number;
}

/** What ends waiting. */
export interface SignalOptions {
  /** Aborted: what is waited for rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** The namespace that a handler is for. */
export interface HandlerOptions<Namespace extends string = string> {
  /** Default: that of the client or view whose method is called, "/" for a client. "*" stands for any. */
  namespace?: Namespace;
}

/** Options of `connectNamespace`. */
export interface ConnectNamespaceOptions extends SignalOptions {
  /** What the server's connect handler gets, in place of the `auth` of `connect`; a function gives a fresh one. */
  auth?: Source<object | null | undefined>;
}

/** What `with` changes for one use. */
export interface WithOptions<Namespace extends string = string> {
  /** The namespace to emit to and to listen on. Default "/". */
  namespace?: Namespace;
  /** Milliseconds that a `call` waits for its answer; 0 or Infinity: without end. Default 60000. */
  timeout?: number;
  /** Aborted: a waiting `call` rejects with the signal's reason. */
  signal?: AbortSignal;
  /** false: throw a DisconnectedError where a packet would be kept until the connection is there. Default true. */
  buffer?: boolean;
  /** true: drop an event that cannot be sent now, silently; a `call` then rejects. Default false. */
  volatile?: boolean;
}
