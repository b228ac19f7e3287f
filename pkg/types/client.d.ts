// Client, and the views of it with a namespace, a timeout and so on chosen.
import type { BackgroundTask } from "./background-task.js";
import type {
  Callback,
  ConnectionHandlers,
  EmitArguments,
  EventAnswer,
  EventArguments,
  EventHandler,
  EventName,
  UntypedEvents,
  Unsubscribe,
  reason,
} from "./events.js";
import type { ClientNamespace } from "./client-namespace.js";
import type { ClientOptions, ConnectOptions, Source, TransportName, WithOptions } from "./options.js";

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
   * As `on`, for the next time only: then the handler whose place it has taken is back.
   * @example client.once("welcome", (text) => console.log(text));
   */
  once<Name extends keyof ConnectionHandlers>(event: Name, handler: ConnectionHandlers[Name], options?: { namespace?: string }): Unsubscribe;
  once(event: "*", handler: (event: string, ...args: unknown[]) => unknown, options?: { namespace?: string }): Unsubscribe;
  once<Name extends EventName<Listen>>(event: Name, handler: EventHandler<Listen, Name>, options?: { namespace?: string }): Unsubscribe;

  /**
   * As `on`, for the event that the function is named after.
   * @throws {InvalidArgumentError} for a function without a name
   * @example client.event(function news(item) { console.log(item); });
   */
  event(handler: Callback & { readonly name: string }, options?: { namespace?: string }): Unsubscribe;
  /**
   * A decorator of methods (those of TC39): each object of the class, once made, handles the event that its method is named
   * after. One object at a time: the last one made counts.
   * @example
   * class Reader {
   *   @client.event({ namespace: "/chat" }) news(item) { this.last = item; }
   * }
   */
  event(options: { namespace?: string }): (method: Callback, context: ClassMethodDecoratorContext) => void;
  /** The same, for the namespace "/". */
  event(method: Callback, context: ClassMethodDecoratorContext): void;

  /**
   * Takes the handler of an event away: whichever it is, or only if it is the given one.
   * @returns whether there was one to take away
   * @example client.off("news");
   */
  off(event: EventName<Listen> | keyof ConnectionHandlers | "*", handler?: Callback, options?: { namespace?: string }): boolean;

  /**
   * Sends an event. Kept while the connection is being made or made again, in order. A function as the last argument is
   * called with the server's acknowledgement; `timeout` and `signal` do not concern it: use `call` for an answer in time. All
   * that follows the name is sent: another namespace is chosen by `client.of("/chat").emit(...)`, not by an option at the end.
   * Blobs and Files are sent as their bytes, which are read first (within the client's `requestTimeout`): what is emitted after
   * them waits for its turn. Where one cannot be read, or what waits behind it cannot be written, the error is reported as that
   * of a handler is.
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
   * @throws {InvalidArgumentError} with the code BLOB_UNREADABLE if a Blob among the arguments cannot be read
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
  /** Packets kept and not yet handed to the transport, those that wait for a Blob to be read among them. */
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
   * Sends what is still kept, then closes the connection; it is not made again. Also ends attempts to connect. Blobs that are
   * still being read have `requestTimeout` for that, but no more than 5000 ms in all; what waits for them then is dropped.
   * @returns resolved when the connection is closed
   */
  disconnect(): Promise<void>;

  /**
   * Stops whatever the client does: ends a connection as `disconnect` does, and attempts to connect, those of `retry` and those
   * after a lost connection too. Does nothing where there is neither.
   * @returns resolved when the connection is closed
   */
  shutdown(): Promise<void>;

  /**
   * Lets the methods of an object handle the events of its namespace, where no function of `on` does; one object for each
   * namespace: the last one counts.
   * @returns the object
   * @throws {InvalidArgumentError} unless its class extends ClientNamespace
   * @example
   * class Chat extends ClientNamespace {
   *   on_message(text) { this.emit("seen", text); }
   * }
   * client.registerNamespace(new Chat("/chat"));
   */
  registerNamespace<Handler extends ClientNamespace<any, any>>(instance: Handler): Handler;

  /**
   * Waits.
   * @param milliseconds default 0: until other work that waits for its turn was done
   * @throws the signal's reason once that is aborted
   */
  sleep(milliseconds?: number, options?: { signal?: AbortSignal }): Promise<void>;

  /**
   * Runs a function beside all else. It gets the arguments, and behind them a signal, which is aborted by the task's `cancel`.
   * If it fails and nobody has called `join`, the error is reported as that of a handler is.
   * @example
   * const task = client.startBackgroundTask(async (interval, signal) => {
   *   for (;;) {
   *     client.emit("alive");
   *     await client.sleep(interval, { signal });
   *   }
   * }, 1000);
   * task.cancel();
   */
  startBackgroundTask<Args extends unknown[], Result>(
    work: (...args: [...Args, signal: AbortSignal]) => Result,
    ...args: Args
  ): BackgroundTask<Awaited<Result>>;

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

  /** The transport in use; "" before the first connection. A method, as in python-socketio. */
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
