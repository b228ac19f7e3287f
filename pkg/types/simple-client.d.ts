// The client without handlers.
import type { EventAnswer, EventArguments, EventName, ReceivedEvent, UntypedEvents } from "./events.js";
import type { ClientOptions, ConnectOptions, Source, TransportName } from "./options.js";

/** Limits of one use of a SimpleClient. */
export interface SimpleLimits {
  /** Milliseconds for all of it: waiting for the connection and for the answer or the event. 0 or Infinity: no limit. */
  timeout?: number | undefined;
  /** Aborted: pending promises reject with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A view of a SimpleClient with other limits, which its `with` and `timeout` return. */
export class SimpleScope<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> {
  protected constructor();

  /**
   * Sends an event, once there is a connection: waits for the first `connect()`, and while a lost connection is made again.
   * @returns resolved when the event is sent or buffered
   * @throws {DisconnectedError} with the code CONNECTION_ENDED once the connection has ended and is not made again
   * @throws {TimeoutError} with the code EMIT_TIMEOUT; by default there is no limit
   * @throws {InvalidArgumentError} and {PayloadTooLargeError} as Client's `emit`
   * @example await simple.emit("say", "hello");
   */
  emit<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<void>;

  /**
   * Sends an event, once there is a connection, and waits for the server's acknowledgement.
   * @returns its value: undefined if it is empty, an array if it has several arguments
   * @throws {TimeoutError} with the code CALL_TIMEOUT: without a connection and an answer in time (60,000 ms unless said
   *   otherwise)
   * @throws {DisconnectedError} if the connection breaks after it was sent; and as `emit`
   * @example const sum = await simple.timeout(5000).call("add", 1, 2);
   */
  call<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;

  /**
   * Waits for the next event from the server; several that wait are served in order. A received event is stored until it is taken,
   * even after the connection's end; the next `connect()` drops it.
   * @throws {TimeoutError} with the code RECEIVE_TIMEOUT; by default there is no limit
   * @throws {DisconnectedError} with the code CONNECTION_ENDED once nothing more can come
   * @example const [event, ...args] = await simple.receive({ timeout: 5000 });
   */
  receive(options?: SimpleLimits): Promise<ReceivedEvent<Listen>>;

  /**
   * The same with other limits; the client itself stays as it is.
   * @throws {InvalidArgumentError} for an unknown limit or a wrong value
   * @example await simple.with({ timeout: 5000, signal }).emit("say", "hello");
   */
  with(limits: SimpleLimits): SimpleScope<Listen, Emit>;
  /**
   * The same with another time-out.
   * @param milliseconds 0 or Infinity: no limit
   * @throws {InvalidArgumentError} for a wrong number of milliseconds
   */
  timeout(milliseconds: number): SimpleScope<Listen, Emit>;
}

/**
 * A client of one namespace that hides disconnections and reconnections: events to send wait for the connection, and received events
 * are taken one after the other. It has no handlers; each event that asks for an acknowledgement gets an empty one.
 * @example
 * await using simple = new SimpleClient();
 * await simple.connect("http://localhost:3000");
 * await simple.emit("subscribe", "news");
 * for await (const [event, ...args] of simple) console.log(event, args);
 */
export class SimpleClient<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents>
  extends SimpleScope<Listen, Emit>
  implements AsyncIterable<ReceivedEvent<Listen>>
{
  /**
   * A client that is not connected yet.
   * @param options as those of a Client
   * @throws {InvalidArgumentError} for an unknown option or a wrong value
   */
  constructor(options?: ClientOptions);

  /**
   * Runs a function with a client, and disconnects the client when the function has ended, also by an error.
   * @returns the result of the function
   * @example await SimpleClient.use(async (simple) => { await simple.connect(url); await simple.emit("hello"); });
   */
  static use<Result, Listen extends object = UntypedEvents, Emit extends object = UntypedEvents>(
    work: (client: SimpleClient<Listen, Emit>) => Result,
    options?: ClientOptions,
  ): Promise<Awaited<Result>>;

  /** True while it is connected. */
  get connected(): boolean;
  /** The Socket.IO id that the server gave, another one after each reconnection; undefined while not connected. */
  get sid(): string | undefined;
  /** The transport in use; "" before a connection and after its end. */
  get transport(): TransportName | "";

  /**
   * Connects to a server.
   * @param url as Client's
   * @param options as Client's, but for one `namespace` (default "/"), which is always waited for; `waitTimeout` is 5000 by
   *   default, and without `retry` the first attempt is the only one
   * @throws {ConnectionError} if the server cannot be reached or refuses, or with the code ALREADY_CONNECTED, also while a lost
   *   connection is being restored
   * @throws {InvalidArgumentError} for a wrong URL or option
   */
  connect(url: Source<string | URL>, options?: SimpleConnectOptions): Promise<void>;

  /**
   * Sends the buffered packets, then closes the connection and ends attempts to reconnect. Pending promises reject.
   * @returns resolved when the connection is closed
   */
  disconnect(): Promise<void>;

  /**
   * Iterates over the events from the server. Ends after `disconnect()`.
   * @throws {DisconnectedError} if the connection is lost and not made again, or the server ends it
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<ReceivedEvent<Listen>>;

  /** Disconnects: `await using simple = new SimpleClient()` does at the end of its block. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Options of a SimpleClient's `connect`. */
export interface SimpleConnectOptions extends Omit<ConnectOptions, "namespaces" | "wait" | "retry"> {
  /** The namespace to connect. Default "/". */
  namespace?: string | undefined;
}
