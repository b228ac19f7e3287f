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
   * true: a message that is JSON arrives as its value, as with the clients of python-engineio; one that begins with a digit stays a
   * string. Default true.
   */
  autoJson?: boolean | undefined;
}

/** Options of an Engine.IO client's `connect`. */
export interface EngineConnectOptions {
  /** HTTP headers, as in `ConnectOptions`. */
  headers?: Source<Record<string, string>> | undefined;
  /**
   * The transports to use, in order of preference: if the first one cannot be opened, the same attempt tries the next. A websocket
   * behind "polling" also takes over from it when it works. Default ["polling", "websocket"].
   */
  transports?: TransportName | readonly TransportName[] | undefined;
  /**
   * The version of the Engine.IO protocol: 4, or 3 for servers from before 2020. Default: the client detects it over polling, or from
   * the answer of a server that refuses version 4. Over a websocket alone, version 3 must be given here.
   */
  protocol?: 3 | 4 | undefined;
  /** The server's path. Default "/engine.io". */
  path?: string | undefined;
  /** Aborted while connecting: ends the attempt, and `connect` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Options of an Engine.IO client's `disconnect`. */
export interface EngineDisconnectOptions {
  /** Close at once: messages that are not sent yet are lost. Default false. */
  abort?: boolean | undefined;
  /** The reason that the disconnect handler receives. Default "client disconnect". */
  reason?: string | undefined;
}

/** The handlers of an Engine.IO client. */
export interface EngineHandlers<Message = unknown> {
  /**
   * Is called when the connection is open, over its first transport; an upgrade comes later. `connect()` waits for the handler's
   * promise. If the handler fails, the connection is closed, and `connect()` rejects with a ConnectionError whose code is CONNECT_HANDLER.
   */
  connect(): unknown;
  /** Is called with each message: a string, a Uint8Array, or with `autoJson` the value of a string that is JSON. */
  message(data: Message): unknown;
  /** Is called when an open connection has ended. The reason is the one given to `disconnect()`, if any. */
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
  /** The state of the client. */
  get state(): "disconnected" | "connecting" | "connected" | "disconnecting";
  /** True if `state` is "connected". */
  get connected(): boolean;
  /** Number of buffered messages: those that the transport has not taken yet. */
  get bufferedAmount(): number;

  /**
   * Sets the handler of "connect", "message" or "disconnect", in place of an earlier one.
   * @returns a function that removes the handler
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
   * Sends a message: a string, binary data (an ArrayBuffer or a view), an object or array as JSON, anything else as a string.
   * @throws {DisconnectedError} while there is no connection
   * @throws {PayloadTooLargeError} if the server does not accept messages of this size
   * @throws {InvalidArgumentError} for an object that JSON cannot represent
   */
  send(data: unknown): this;

  /**
   * Sends the buffered messages, then closes the connection. Also ends an attempt to connect.
   * @returns resolved when the connection is closed
   */
  disconnect(options?: EngineDisconnectOptions): Promise<void>;

  /** The transport in use, or the last one that was; "" before the first connection. */
  transport(): TransportName | "";

  /**
   * Waits for the end.
   * @returns resolved when the connection has ended; at once if there is none
   * @throws the signal's reason once that is aborted
   */
  wait(options?: SignalOptions): Promise<void>;

  /**
   * As `Client.sleep`.
   * @param milliseconds default 0: until other waiting work is done
   * @throws {InvalidArgumentError} for a wrong number of milliseconds; and the signal's reason once the signal is aborted
   */
  sleep(milliseconds?: number, options?: SignalOptions): Promise<void>;

  /**
   * As `Client.startBackgroundTask`.
   * @throws {InvalidArgumentError} for a value that is not a function
   */
  startBackgroundTask<Args extends unknown[], Result>(
    work: (...args: [...args: Args, signal: AbortSignal]) => Result,
    ...args: Args
  ): BackgroundTask<Awaited<Result>>;

  /** Disconnects: `await using client = new EngineClient()` does at the end of its block. */
  [Symbol.asyncDispose](): Promise<void>;
}
