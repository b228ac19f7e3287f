// The views of a client with a namespace, a timeout and so on chosen.
import type {
  Callback,
  EmitArguments,
  EventAnswer,
  EventArguments,
  EventName,
  HandledName,
  HandlerOf,
  MessageArguments,
  UntypedEvents,
  Unsubscribe,
} from "./events.js";
import type { EmitOf, Given, ListenAt, ListenOf, NamespaceName, NameFor, ScopeAt } from "./namespaces.js";
import type { HandlerOptions, WithOptions } from "./options.js";

/**
 * One namespace of a client, with a timeout and so on chosen: what `of`, `with`, `timeout` and `volatile` return.
 *
 * Its types are the events that it gets, those that it emits, and all namespaces of its client with theirs.
 */
export class Scope<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents, Namespaces extends object = {}> {
  protected constructor();

  /** The namespace to which this emits and on which it listens. */
  readonly namespace: string;
  /** True if the namespace is connected. */
  get connected(): boolean;
  /** The Socket.IO id that the server gave the namespace; undefined while it is not connected. */
  get sid(): string | undefined;

  /**
   * Sets the handler of an event from the server, or of the connection's own events. An event has one handler: the last one counts.
   * The event "*" stands for all events without a handler, whose name it gets as the first argument.
   * @returns a function that removes the handler
   * @throws {InvalidArgumentError} for a handler that is no function, or a wrong event or namespace
   * @example
   * client.on("connect", () => console.log("connected"));
   * client.on("news", (item) => "thanks"); // the return value answers the server's acknowledgement
   */
  on<Name extends HandledName<ListenAt<Listen, Namespaces, Namespace>>, Namespace extends NamespaceName<Namespaces> | "*" = never>(
    event: Name,
    handler: HandlerOf<ListenAt<Listen, Namespaces, Namespace>, Name>,
    options?: HandlerOptions<Namespace>,
  ): Unsubscribe;

  /**
   * As `on`, for the next event only; then the handler that it replaced is restored.
   * @returns a function that removes the handler
   * @throws {InvalidArgumentError} for a handler that is no function, or a wrong event or namespace
   * @example client.once("welcome", (text) => console.log(text));
   */
  once<Name extends HandledName<ListenAt<Listen, Namespaces, Namespace>>, Namespace extends NamespaceName<Namespaces> | "*" = never>(
    event: Name,
    handler: HandlerOf<ListenAt<Listen, Namespaces, Namespace>, Name>,
    options?: HandlerOptions<Namespace>,
  ): Unsubscribe;

  /**
   * As `on`, for the event that the function is named after.
   * @throws {InvalidArgumentError} for a function without a name
   * @example client.event(function news(item) { console.log(item); });
   */
  event(handler: NamedFunction, options?: HandlerOptions<NamespaceName<Namespaces> | "*">): Unsubscribe;
  /**
   * A decorator of methods (those of TC39): each object of the class, once made, handles the event that its method is named
   * after. One object at a time: the last one made counts.
   * @throws {InvalidArgumentError} for a wrong namespace
   * @example
   * class Reader {
   *   @client.event({ namespace: "/chat" }) news(item) { this.last = item; }
   * }
   */
  event(options: HandlerOptions<NamespaceName<Namespaces> | "*">): (method: Callback, context: ClassMethodDecoratorContext) => void;
  /**
   * The same, for the namespace of the client or view whose method is called.
   * @throws {InvalidArgumentError} for a wrong event
   */
  event(method: Callback, context: ClassMethodDecoratorContext): void;

  /**
   * Removes the handler of an event; with a second argument, only if it is that handler.
   * @returns true if a handler was removed
   * @throws {InvalidArgumentError} for a wrong event
   * @example client.off("news");
   */
  off(event: HandledName<Listen>, handler?: Callback): boolean;
  /**
   * The same, of another namespace.
   * @returns true if a handler was removed
   * @throws {InvalidArgumentError} for a wrong event or namespace
   * @example client.off("message", undefined, { namespace: "/chat" });
   */
  off<Namespace extends NamespaceName<Namespaces> | "*" = never>(
    event: HandledName<ListenAt<Listen, Namespaces, Namespace>>,
    handler: Callback | undefined,
    options: HandlerOptions<Namespace>,
  ): boolean;

  /**
   * Sends an event. While the client connects or reconnects, events are buffered in order. A function as the last argument is
   * called with the server's acknowledgement; `timeout` and `signal` do not concern it: use `call` for an answer in time. All
   * other arguments are sent: `client.of("/chat").emit(...)` chooses another namespace, and no option at the end does.
   * Blobs and Files are sent as their bytes, which are read first (within the client's `requestTimeout`); later events wait behind
   * them. If a Blob cannot be read, or an event behind it cannot be encoded, the error goes to the `error` event.
   * @throws {InvalidArgumentError} for a wrong event name, or arguments that JSON cannot represent (a BigInt, a cycle)
   * @throws {DisconnectedError} before `connect()`, after the connection's end, and if too much is buffered
   * @throws {BadNamespaceError} if the namespace was not asked to connect, or was refused
   * @throws {PayloadTooLargeError} if the server does not accept messages of this size
   * @example
   * client.emit("say", "hello", { to: "everyone" }, new Uint8Array([1, 2, 3]));
   * client.emit("say", "hello", (answer) => console.log(answer));
   */
  emit<Name extends EventName<Emit>>(event: Name, ...args: EmitArguments<Emit, Name>): this;

  /**
   * Sends the event "message".
   * @throws as `emit`
   * @example client.send("hello");
   */
  send(...args: MessageArguments<Emit>): this;

  /**
   * Sends an event and waits for the server's acknowledgement.
   * @returns its value: undefined if it is empty, an array if it has several arguments
   * @throws {TimeoutError} without an answer in time (60,000 ms unless `timeout` says otherwise)
   * @throws {DisconnectedError} if the connection breaks after it was sent; and as `emit`
   * @throws {InvalidArgumentError} with the code BLOB_UNREADABLE if a Blob among the arguments cannot be read
   * @example const sum = await client.timeout(5000).call("add", 1, 2);
   */
  call<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;

  /**
   * Another name of `call`.
   * @returns as `call`
   * @throws as `call`
   */
  emitWithAck<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;

  /**
   * The same with other settings; the client itself stays as it is.
   * @throws {InvalidArgumentError} for an unknown setting or a wrong value
   * @example await client.with({ namespace: "/chat", timeout: 5000, signal }).call("join", "lobby");
   */
  with<Namespace extends NamespaceName<Namespaces> | "*" = never>(options: WithOptions<Namespace>): ScopeAt<Listen, Emit, Namespaces, Namespace>;

  /**
   * The same on another namespace: with its events in the client's map of namespaces, or with those that are given here.
   * @throws {InvalidArgumentError} for a wrong name
   * @example
   * const chat = client.of("/chat"); // or client.of<ChatFromServer, ChatToServer>("/chat")
   * chat.on("message", show);
   * chat.emit("message", "hello");
   */
  of<Incoming extends object = never, Outgoing extends object = never, Name extends NameFor<Incoming, Namespaces> = NameFor<Incoming, Namespaces>>(
    namespace: Name,
  ): Scope<Given<Incoming, ListenOf<Namespaces, Name>>, Given<Outgoing, EmitOf<Namespaces, Name>>, Namespaces>;

  /**
   * The same with another limit for `call`.
   * @param milliseconds 0 or Infinity: no limit. Without this it is 60,000
   * @throws {InvalidArgumentError} for a wrong number of milliseconds
   * @example await client.timeout(1000).call("ping");
   */
  timeout(milliseconds: number): Scope<Listen, Emit, Namespaces>;

  /**
   * The same, but an event that cannot be sent at once is dropped silently; a `call` then rejects with the code DROPPED.
   * @example client.volatile.emit("position", x, y);
   */
  get volatile(): Scope<Listen, Emit, Namespaces>;
}

/** A function that has a name, such as `function news(item) {}`. */
export interface NamedFunction extends Callback {
  /** The event's name. */
  readonly name: string;
}
