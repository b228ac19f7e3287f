// The client.
import type { BackgroundTask } from "./background-task.js";
import type { ClientState, Comparable, UntypedEvents, events, reason } from "./events.js";
import type { AllNamespaces, NamespaceInstance, NamespaceMap, NamespaceName, Registrable } from "./namespaces.js";
import type { ClientOptions, ConnectNamespaceOptions, ConnectOptions, DisconnectOptions, DisconnectResult, SignalOptions, Source, TransportName } from "./options.js";
import type { Scope } from "./scope.js";

/**
 * A Socket.IO client.
 *
 * The types of events are maps from names to functions, for either direction; a third map has those of other namespaces:
 * @example
 * interface FromServer { news(item: string): void; question(text: string): boolean }
 * interface ToServer { add(a: number, b: number): number }
 * interface Namespaces { "/chat": { listen: ChatFromServer; emit: ChatToServer } }
 *
 * const client = new Client<FromServer, ToServer, Namespaces>();
 * client.on("question", (text) => confirm(text)); // the answer's type is checked
 * await client.connect("http://localhost:3000", { namespaces: ["/", "/chat"] });
 * const sum = await client.call("add", 1, 2); // a number
 * client.of("/chat").emit("say", "hello"); // an event of ChatToServer
 * await client.disconnect();
 */
export class Client<
  Listen extends object = UntypedEvents,
  Emit extends object = UntypedEvents,
  Namespaces extends NamespaceMap<Namespaces> = {},
> extends Scope<Listen, Emit, AllNamespaces<Listen, Emit, Namespaces>> {
  /**
   * A client that is not connected yet.
   * @throws {InvalidArgumentError} for an unknown option or a wrong value
   * @throws {UnsupportedOptionError} for an option that this platform cannot honour
   */
  constructor(options?: ClientOptions);
  /** The types of its events; it does not exist when the program runs. */
  readonly [events]?: { listen: Comparable<Listen>; emit: Comparable<Emit> };

  /** The reasons of a disconnection by name. */
  static readonly reason: typeof reason;
  /** The reasons of a disconnection by name. */
  readonly reason: typeof reason;

  /** True if at least one namespace is connected. */
  get connected(): boolean;
  /** The state of the client. */
  get state(): ClientState;
  /** The Socket.IO id of the namespace "/", or of the only one connected; undefined while not connected. */
  get sid(): string | undefined;
  /** The Engine.IO id, that of the connection under all namespaces; undefined while not connected. */
  get engineSid(): string | undefined;
  /** The connected namespaces and their ids; a snapshot. */
  get namespaces(): ReadonlyMap<string, string>;
  /** Number of buffered packets: those that the transport has not taken yet, and those that wait until a Blob is read. */
  get bufferedAmount(): number;

  /**
   * Connects to a server.
   * @param url http, https, ws or wss, without a path; a function returns a fresh one for each attempt. A query is sent, but may
   *   not contain `sid`, `EIO` or `transport`. `user:password@` becomes basic authentication; no browser does that for a page
   * @returns resolved when all namespaces are connected
   * @throws {InvalidArgumentError} for a wrong URL or option
   * @throws {ConnectionError} if the server cannot be reached or refuses; its `code` says why, `data` holds the server's answer
   * @example await client.connect("https://example.com", { namespaces: ["/", "/chat"], auth: { token } });
   */
  connect(url: Source<string | URL>, options?: ConnectOptions<NamespaceName<Namespaces>>): Promise<void>;

  /**
   * Sends the buffered packets, then closes the connection, without a reconnection. Also ends attempts to connect. A Blob may be read for
   * `requestTimeout`, but for no more than 5000 ms in all; then the events that wait for it are dropped. Events that are buffered
   * for a lost connection are dropped, unless `flush` waits for a connection. Sending has no limit as long as it makes progress: each
   * request has its own.
   * @returns resolved when the connection is closed, with the number of events that were not sent
   * @example const { unsent } = await client.disconnect({ flush: 10_000 });
   */
  disconnect(options?: DisconnectOptions): Promise<DisconnectResult>;

  /**
   * Stops the client: ends a connection as `disconnect` does, and ends attempts to connect, also those of `retry` and those after a
   * lost connection. Does nothing if there is neither.
   * @returns resolved when the connection is closed, with the number of events that were not sent
   */
  shutdown(): Promise<DisconnectResult>;

  /**
   * Registers an object whose methods handle the events of its namespace that have no listener. A namespace has one object: another one
   * replaces it.
   * @returns the object
   * @throws {InvalidArgumentError} with the code INVALID_NAMESPACE_CLASS unless its class extends ClientNamespace
   * @example
   * class Chat extends ClientNamespace {
   *   on_message(text) { this.emit("seen", text); }
   * }
   * client.registerNamespace(new Chat("/chat"));
   */
  registerNamespace<Instance extends NamespaceInstance>(instance: Registrable<Instance, AllNamespaces<Listen, Emit, Namespaces>>): Instance;

  /**
   * Waits.
   * @param milliseconds default 0: until other waiting work is done
   * @throws {InvalidArgumentError} for a wrong number of milliseconds; and the signal's reason once the signal is aborted
   */
  sleep(milliseconds?: number, options?: SignalOptions): Promise<void>;

  /**
   * Runs a function in the background. It gets the arguments, and behind them a signal, which the task's `cancel` aborts.
   * If the function fails and `join` was not called, the error is reported like that of a listener.
   * @throws {InvalidArgumentError} for a value that is not a function
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
    work: (...args: [...args: Args, signal: AbortSignal]) => Result,
    ...args: Args
  ): BackgroundTask<Awaited<Result>>;

  /**
   * Connects one more namespace; after a lost connection it is connected again like the others.
   * @returns resolved when it is connected
   * @throws {InvalidArgumentError} for a wrong name or option
   * @throws {DisconnectedError} before `connect()` and after the connection's end
   * @throws {ConnectionError} if the server refuses
   * @example await client.connectNamespace("/late", { auth: { token } });
   */
  connectNamespace(namespace: NamespaceName<Namespaces>, options?: ConnectNamespaceOptions): Promise<void>;

  /**
   * Disconnects a namespace; the last one ends the connection.
   * @throws {InvalidArgumentError} for a wrong name
   */
  disconnectNamespace(namespace: NamespaceName<Namespaces>): Promise<void>;

  /** The Socket.IO id of a namespace; undefined while it is not connected. */
  getSid(namespace?: NamespaceName<Namespaces>): string | undefined;

  /** The transport in use; "" before the first connection. A method, as in python-socketio. */
  transport(): TransportName | "";

  /**
   * Waits for the end.
   * @returns resolved when the connection has ended and will not be made again
   * @throws the signal's reason once that is aborted
   */
  wait(options?: SignalOptions): Promise<void>;

  /**
   * Waits until nothing is buffered: the transport has taken every packet.
   * @throws the signal's reason once that is aborted
   * @example for (const row of rows) { client.emit("row", row); if (client.bufferedAmount > 100) await client.drain(); }
   */
  drain(options?: SignalOptions): Promise<void>;

  /** Disconnects: `await using client = new Client()` does at the end of its block. */
  [Symbol.asyncDispose](): Promise<void>;
}
