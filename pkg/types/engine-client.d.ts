// The client of Engine.IO servers.
import type { BackgroundTask } from "./background-task.js";
import type { DisconnectDetails, Unsubscribe, reason } from "./events.js";
import type { ClientOptions, SignalOptions, Source, TransportName } from "./options.js";

/** Options of an Engine.IO client: those of `Client` that concern the connection, with `logger` for its log lines. */
export interface EngineClientOptions
  extends Omit<
    ClientOptions,
    | "reconnection"
    | "reconnectionAttempts"
    | "reconnectionDelay"
    | "reconnectionDelayMax"
    | "randomizationFactor"
    | "maxBuffer"
    | "serializer"
    | "engineLogger"
  > {
  /**
   * Whether a message that is JSON arrives as its value, as with python-engineio's clients; one that begins with a digit stays a
   * text. Default true.
   */
  autoJson?: boolean;
}

/** Options of an Engine.IO client's `connect`. */
export interface EngineConnectOptions {
  /** HTTP headers, as in `ConnectOptions`. */
  headers?: Source<Record<string, string>>;
  /** The transports to use; the first opens, a websocket behind "polling" takes over when it works. Default both. */
  transports?: TransportName | readonly TransportName[];
  /**
   * The revision of Engine.IO: 4, or 3 for servers of before 2020. Default: found out over polling, or from what a server answers
   * that refuses the newer one; over a websocket alone a server of revision 3 must be named.
   */
  protocol?: 3 | 4;
  /** The server's path. Default "/engine.io". */
  path?: string;
  /** Aborted while connecting: ends the attempt, and `connect` rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Options of an Engine.IO client's `disconnect`. */
export interface EngineDisconnectOptions {
  /** Close at once: what is not written yet is lost. Default false. */
  abort?: boolean;
  /** What the disconnect handler is told. Default "client disconnect". */
  reason?: string;
}

/** The handlers of an Engine.IO client. */
export interface EngineHandlers<Message = unknown> {
  /**
   * The connection is there, over its first transport; an upgrade comes later. `connect()` waits for what it promises: where it
   * fails, `connect()` rejects with a ConnectionError whose code is CONNECT_HANDLER, and there is no connection.
   */
  connect(): unknown;
  /** A message: a text, a Uint8Array, or with `autoJson` the value of a JSON text. */
  message(data: Message): unknown;
  /** The connection that was there is no more. The reason is the one given to `disconnect()`, if any. */
  disconnect(reason: string, details: DisconnectDetails): unknown;
}

/**
 * A client of Engine.IO, the layer under Socket.IO: messages on one connection, without events, namespaces, acknowledgements and
 * reconnection.
 * @example
 * const client = new EngineClient();
 * client.on("message", (data) => console.log(data));
 * await client.connect("http://localhost:5000");
 * client.send({ hello: "world" });
 * await client.disconnect();
 */
export class EngineClient<Message = unknown> {
  /**
   * A client that is not connected yet.
   * @throws {InvalidArgumentError} for an unknown option or a wrong value
   * @throws {UnsupportedOptionError} for an option that this platform cannot honour
   */
  constructor(options?: EngineClientOptions);

  /** The reasons of a disconnection by name. */
  static readonly reason: typeof reason;
  /** The reasons of a disconnection by name. */
  readonly reason: typeof reason;

  /** The session's id; undefined while not connected. */
  get sid(): string | undefined;
  /** What the client is doing. */
  get state(): "disconnected" | "connecting" | "connected" | "disconnecting";
  /** Whether `state` is "connected". */
  get connected(): boolean;
  /** Messages kept and not yet handed to the transport. */
  get bufferedAmount(): number;

  /**
   * Sets the handler of "connect", "message" or "disconnect"; the last one set counts.
   * @returns a function that takes the handler away
   * @throws {InvalidArgumentError} with the code INVALID_ENGINE_EVENT for another event
   */
  on<Name extends keyof EngineHandlers>(event: Name, handler: EngineHandlers<Message>[Name]): Unsubscribe;

  /**
   * Connects to a server.
   * @param url as for `Client.connect`
   * @returns resolved when messages can be sent, and the connect handler is done
   * @throws {InvalidArgumentError} for a wrong URL or option
   * @throws {ConnectionError} if there is a connection already, the server cannot be reached or refuses, or the handler fails
   */
  connect(url: Source<string | URL>, options?: EngineConnectOptions): Promise<void>;

  /**
   * Sends a message: a text, binary data (an ArrayBuffer or a view), an object or array as JSON, anything else as its text.
   * @throws {DisconnectedError} while there is no connection
   * @throws {PayloadTooLargeError} if the server does not accept messages of this size
   * @throws {InvalidArgumentError} for an object that JSON cannot hold
   */
  send(data: unknown): this;

  /**
   * Writes what was sent, then closes the connection; also ends an attempt to connect.
   * @returns resolved when the connection is closed
   */
  disconnect(options?: EngineDisconnectOptions): Promise<void>;

  /** The transport in use, or the last one that was; "" before the first connection. */
  transport(): TransportName | "";

  /**
   * Waits for the end.
   * @returns resolved when the connection has ended; at once where there is none
   * @throws the signal's reason once that is aborted
   */
  wait(options?: SignalOptions): Promise<void>;

  /**
   * As `Client.sleep`.
   * @param milliseconds default 0: until other work that waits for its turn was done
   * @throws {InvalidArgumentError} for what is no number of milliseconds; and the signal's reason once that is aborted
   */
  sleep(milliseconds?: number, options?: SignalOptions): Promise<void>;

  /**
   * As `Client.startBackgroundTask`.
   * @throws {InvalidArgumentError} for what is no function
   */
  startBackgroundTask<Args extends unknown[], Result>(
    work: (...args: [...args: Args, signal: AbortSignal]) => Result,
    ...args: Args
  ): BackgroundTask<Awaited<Result>>;

  /** Disconnects: `await using client = new EngineClient()` does at the end of its block. */
  [Symbol.asyncDispose](): Promise<void>;
}
