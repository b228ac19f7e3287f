// The views of a client with a namespace, a timeout and so on chosen.
import type {
  AnyListener,
  Callback,
  EmitArguments,
  EventAnswer,
  EventArguments,
  EventName,
  HandledName,
  HandlerOf,
  MessageArguments,
  Received,
  ReceivedEvent,
  UntypedEvents,
  Unsubscribe,
} from "./events.js";
import type { EmitOf, Given, ListenAt, ListenOf, NamespaceName, NameFor, ScopeAt } from "./namespaces.js";
import type { EventsOptions, HandlerOptions, ListenerOptions, ObserverOptions, WithOptions } from "./options.js";

/**
 * One namespace of a client, with a timeout and so on chosen: what `of`, `with`, `timeout` and `volatile` return.
 *
 * Received binary data is a Uint8Array, in Node too. Buffers, ArrayBuffers and views of them can be sent.
 *
 * Its types are the events that it gets, those that it emits, and all namespaces of its client with theirs; and true if a timeout was
 * chosen, so that callbacks of `emit` get an error first.
 */
export class Scope<
  Listen extends object = UntypedEvents,
  Emit extends object = UntypedEvents,
  Namespaces extends object = {},
  IsTimed extends boolean = false,
> {
  protected constructor();

  /** The namespace to which this emits and on which it listens. */
  readonly namespace: string;
  /** True if the namespace is connected. */
  get connected(): boolean;
  /** The Socket.IO id that the server gave the namespace; undefined while it is not connected. */
  get sid(): string | undefined;

  /**
   * Adds a listener of an event from the server, or of the connection's own events. Listeners are called in the order in which they were
   * added; a function that is added twice counts once. The acknowledgement is the first result that is not undefined; an event without a
   * listener is not acknowledged. The event "*" stands for all events without a listener, whose name it gets as the first argument.
   * @returns a function that removes the listener; if the same function was added by other calls, it stays until theirs were called, too
   * @throws {InvalidArgumentError} for a listener that is no function, or a wrong event, namespace or option
   * @example
   * client.on("connect", () => console.log("connected"));
   * client.on("news", (item) => "thanks"); // the return value answers the server's acknowledgement
   * client.on("tick", draw, { signal }); // until the signal is aborted
   */
  on<Name extends HandledName<ListenAt<Listen, Namespaces, Namespace>>, Namespace extends NamespaceName<Namespaces> | "*" = never>(
    event: Name,
    listener: HandlerOf<ListenAt<Listen, Namespaces, Namespace>, Name>,
    options?: ListenerOptions<Namespace>,
  ): Unsubscribe;

  /**
   * As `on`, for the next event only. Other listeners of the event stay.
   * @returns a function that removes the listener
   * @throws {InvalidArgumentError} as `on`
   * @example client.once("welcome", (text) => console.log(text));
   */
  once<Name extends HandledName<ListenAt<Listen, Namespaces, Namespace>>, Namespace extends NamespaceName<Namespaces> | "*" = never>(
    event: Name,
    listener: HandlerOf<ListenAt<Listen, Namespaces, Namespace>, Name>,
    options?: ObserverOptions<Namespace>,
  ): Unsubscribe;

  /**
   * As `on`, for the event that the function is named after.
   * @throws {InvalidArgumentError} for a function without a name
   * @example client.event(function news(item) { console.log(item); });
   */
  event(listener: NamedFunction, options?: ListenerOptions<NamespaceName<Namespaces> | "*">): Unsubscribe;
  /**
   * A decorator of methods (those of TC39): each object of the class, once made, listens to the event that its method is named after.
   * @throws {InvalidArgumentError} for a wrong namespace
   * @example
   * class Reader {
   *   @client.event({ namespace: "/chat" }) news(item) { this.last = item; }
   * }
   */
  event(options: ListenerOptions<NamespaceName<Namespaces> | "*">): (method: Callback, context: ClassMethodDecoratorContext) => void;
  /**
   * The same, for the namespace of the client or view whose method is called.
   * @throws {InvalidArgumentError} for a wrong event
   */
  event(method: Callback, context: ClassMethodDecoratorContext): void;

  /**
   * Removes a listener of an event, or without one all of them.
   * @returns true if a listener was removed
   * @throws {InvalidArgumentError} for a wrong event
   * @example client.off("news", show);
   */
  off(event: HandledName<Listen>, listener?: Callback): boolean;
  /**
   * The same, of another namespace.
   * @returns true if a listener was removed
   * @throws {InvalidArgumentError} for a wrong event or namespace
   * @example client.off("message", undefined, { namespace: "/chat" });
   */
  off<Namespace extends NamespaceName<Namespaces> | "*" = never>(
    event: HandledName<ListenAt<Listen, Namespaces, Namespace>>,
    listener: Callback | undefined,
    options: HandlerOptions<Namespace>,
  ): boolean;

  /**
   * Returns the listeners of an event, in the order in which they are called.
   * @throws {InvalidArgumentError} for a wrong event or namespace
   * @example client.listeners("news").length; // 0 if there is none
   */
  listeners<Namespace extends NamespaceName<Namespaces> | "*" = never>(
    event: HandledName<ListenAt<Listen, Namespaces, Namespace>>,
    options?: HandlerOptions<Namespace>,
  ): Callback[];

  /**
   * Removes all listeners of this namespace, or of one of its events. Those of `onAny` and `onAnyOutgoing` stay.
   * @throws {InvalidArgumentError} for a wrong event
   */
  removeAllListeners(event?: HandledName<Listen>): this;

  /**
   * Adds a listener of every event from the server. It gets the name, then the arguments, before the listeners of the event are called.
   * It answers nothing, and does not count as a listener of the event. With the namespace "*" it gets the events of all namespaces,
   * and the namespace after the name.
   * @returns a function that removes the listener
   * @throws {InvalidArgumentError} as `on`
   * @example client.onAny((event, ...args) => console.debug(event, args));
   */
  onAny<Namespace extends NamespaceName<Namespaces> | "*" = never>(
    listener: AnyListener<ListenAt<Listen, Namespaces, Namespace>>,
    options?: ObserverOptions<Namespace>,
  ): Unsubscribe;

  /**
   * Removes a listener of `onAny`, or without one all of them.
   * @returns true if a listener was removed
   * @throws {InvalidArgumentError} for a wrong listener or namespace
   */
  offAny(listener?: Callback, options?: HandlerOptions<NamespaceName<Namespaces> | "*">): boolean;

  /**
   * Adds a listener of every event that is emitted. It is called after the emit, also if the event is buffered. An event that is refused
   * or dropped is left out.
   * @returns a function that removes the listener
   * @throws {InvalidArgumentError} as `on`
   * @example client.onAnyOutgoing((event, ...args) => console.debug("sent", event, args));
   */
  onAnyOutgoing<Namespace extends NamespaceName<Namespaces> | "*" = never>(
    listener: AnyListener<ListenAt<Listen, Namespaces, Namespace>>,
    options?: ObserverOptions<Namespace>,
  ): Unsubscribe;

  /**
   * Removes a listener of `onAnyOutgoing`, or without one all of them.
   * @returns true if a listener was removed
   * @throws {InvalidArgumentError} for a wrong listener or namespace
   */
  offAnyOutgoing(listener?: Callback, options?: HandlerOptions<NamespaceName<Namespaces> | "*">): boolean;

  /**
   * Returns the later events of this namespace, from now on, as an async iterator: of one name, each item the array of its arguments.
   * It answers nothing, and does not count as a listener. It ends when the connection has ended for good, by `break`, or with the signal's
   * reason. At most `limit` events are buffered: after those it throws an error with the code EVENTS_MISSED.
   * @throws {InvalidArgumentError} for a wrong event or option, also for `connect` and the like, for which `on` is; and the signal's reason if that is aborted already
   * @example for await (const [text] of client.events("message")) console.log(text);
   */
  events<Name extends EventName<Listen>>(event: Name, options?: EventsOptions): AsyncIterableIterator<Received<EventArguments<Listen, Name>>>;
  /**
   * The same for all events. Each item begins with the name.
   * @throws {InvalidArgumentError} for a wrong option
   * @example for await (const [event, ...args] of client.events()) console.log(event, args);
   */
  events(event?: undefined, options?: EventsOptions): AsyncIterableIterator<ReceivedEvent<Listen>>;

  /**
   * Sends an event. While the client connects or reconnects, events are buffered in order. A function as the last argument is
   * called with the server's acknowledgement, whenever that comes. If a `timeout` was chosen (`client.timeout(1000)`), the function is
   * called once in any case, as `callback(error, ...answer)`: the error is null if the answer has come in time; otherwise it is that with
   * which a `call` would reject. An exception of the function is reported as a listener's. All other arguments are sent:
   * `client.of("/chat").emit(...)` chooses another namespace, and no option at the end does.
   * Blobs and Files are sent as their bytes, which are read first (within the client's `requestTimeout`); later events wait behind
   * them. If a Blob cannot be read, or an event behind it cannot be encoded, the error goes to the `error` event.
   * @throws {InvalidArgumentError} for a wrong event name, or arguments that JSON cannot represent (a BigInt, a cycle)
   * @throws {DisconnectedError} before `connect()`, after the connection's end, and if too much is buffered
   * @throws {BadNamespaceError} if the namespace was not asked to connect, or was refused
   * @throws {PayloadTooLargeError} if the server does not accept messages of this size
   * @example
   * client.emit("say", "hello", { to: "everyone" }, new Uint8Array([1, 2, 3]));
   * client.emit("say", "hello", (answer) => console.log(answer));
   * client.timeout(1000).emit("say", "hello", (error, answer) => console.log(error ?? answer));
   */
  emit<Name extends EventName<Emit>>(event: Name, ...args: EmitArguments<Emit, Name, IsTimed>): this;

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
  with<Namespace extends NamespaceName<Namespaces> | "*" = never, Timeout extends number | undefined = undefined>(
    options: WithOptions<Namespace, Timeout>,
  ): ScopeAt<Listen, Emit, Namespaces, Namespace, Timeout extends number ? true : IsTimed>;

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
  ): Scope<Given<Incoming, ListenOf<Namespaces, Name>>, Given<Outgoing, EmitOf<Namespaces, Name>>, Namespaces, IsTimed>;

  /**
   * The same with another limit for the answer to a `call`, and for the callback of `emit`, which gets an error first.
   * @param milliseconds 0 or Infinity: no limit. Without this it is 60,000
   * @throws {InvalidArgumentError} for a wrong number of milliseconds
   * @example await client.timeout(1000).call("ping");
   */
  timeout(milliseconds: number): Scope<Listen, Emit, Namespaces, true>;

  /**
   * The same, but an event that cannot be sent at once is dropped silently; a `call` then rejects with the code DROPPED, and a callback
   * with a chosen `timeout` gets that error.
   * @example client.volatile.emit("position", x, y);
   */
  get volatile(): Scope<Listen, Emit, Namespaces, IsTimed>;
}

/** A function that has a name, such as `function news(item) {}`. */
export interface NamedFunction extends Callback {
  /** The event's name. */
  readonly name: string;
}
