// Namespaces whose handlers are the methods of a class.
import type { Client } from "./client.js";
import type {
  Comparable,
  ConnectionHandlers,
  EmitArguments,
  EventAnswer,
  EventArguments,
  EventName,
  HandlerOf,
  MessageArguments,
  UntypedEvents,
  events,
} from "./events.js";
import type { DisconnectResult, WithOptions } from "./options.js";
import type { Scope } from "./scope.js";

/**
 * The methods that a class for a namespace may have, for a compiler to check them: `on_news` gets the arguments of the event
 * "news" and returns its answer, and so on.
 * @example
 * class Chat extends ClientNamespace<ChatFromServer, ChatToServer> implements NamespaceMethods<ChatFromServer> {
 *   on_message(text: string) { this.emit("seen", text); }
 * }
 */
export type NamespaceMethods<Listen extends object> = {
  [Name in EventName<Listen> | keyof ConnectionHandlers as `on_${Name}`]?: HandlerOf<Listen, Name>;
};

/**
 * The base of classes that handle the events of a namespace: `on_news` gets the arguments of the event "news", and its return
 * value answers the server's acknowledgement. `on_connect()`, `on_connect_error(error)`,
 * `on_disconnect(reason, details)`, `on_disconnectFinal(reason)`, `on_error(error)`, `on_reconnect_attempt(attempt, delay)`,
 * `on_reconnect(attempts)`, `on_reconnect_failed()`, `on_state(now, before)` and `on_upgrade(transport)` are called when something happens
 * to the connection. An event without a method is ignored. An event of the server that has a listener goes to the listener alone.
 *
 * An instance for "*" serves the namespaces that have none of their own: its methods get the namespace, then the arguments.
 * @example
 * class Chat extends ClientNamespace {
 *   on_connect() { this.emit("join", "lobby"); }
 *   async on_message(text) { return `seen: ${text}`; }
 * }
 * client.registerNamespace(new Chat("/chat"));
 * await client.connect("http://localhost:3000"); // connects "/chat", too
 */
export class ClientNamespace<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> {
  /**
   * @param namespace default "/"; "*" for those that have no instance of their own
   * @throws {InvalidArgumentError} for a wrong name
   */
  constructor(namespace?: string);
  /** The types of its events; it does not exist when the program runs. */
  readonly [events]?: { listen: Comparable<Listen>; emit: Comparable<Emit> };

  /** Its namespace. */
  get namespace(): string;
  /** The client that it is registered with; undefined before. */
  get client(): Client | undefined;
  /** True if its namespace is connected. */
  get connected(): boolean;
  /** The Socket.IO id of its namespace; undefined while that is not connected. */
  get sid(): string | undefined;

  /**
   * Is called with each event, also with those of the connection, and calls the method that has its name. Override it to use other
   * names. An instance for "*" gets the event, the namespace, and then the arguments.
   * @returns the answer to the server's acknowledgement, or a promise of it. For an event without a method it is a sign that nothing
   *   handles the event: return it, so that the server gets no answer
   * @example
   * triggerEvent(event, ...args) {
   *   return super.triggerEvent(event.replaceAll(" ", "_"), ...args);
   * }
   */
  triggerEvent(event: string, ...args: unknown[]): unknown;

  /**
   * As the client's `emit`, to its namespace.
   * @throws {BadNamespaceError} with the code NOT_REGISTERED before it is registered; and as the client's
   */
  emit<Name extends EventName<Emit>>(event: Name, ...args: EmitArguments<Emit, Name>): this;
  /**
   * As the client's `send`, to its namespace.
   * @throws {BadNamespaceError} with the code NOT_REGISTERED before it is registered; and as the client's
   */
  send(...args: MessageArguments<Emit>): this;
  /**
   * As the client's `call`, to its namespace.
   * @returns the acknowledgement's value: undefined if it is empty, an array if it has several arguments
   * @throws {BadNamespaceError} with the code NOT_REGISTERED before it is registered; and as the client's
   */
  call<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;
  /**
   * Another name of `call`.
   * @returns as `call`
   * @throws as `call`
   */
  emitWithAck<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;
  /**
   * As the client's `with`, with its namespace.
   * @throws {BadNamespaceError} with the code NOT_REGISTERED before it is registered; and as the client's
   */
  with(options: WithOptions): Scope<Listen, Emit>;
  /**
   * As the client's `of`.
   * @throws {BadNamespaceError} with the code NOT_REGISTERED before it is registered; and as the client's
   */
  of<Incoming extends object = UntypedEvents, Outgoing extends object = UntypedEvents>(namespace: string): Scope<Incoming, Outgoing>;
  /**
   * As the client's `timeout`, with its namespace.
   * @param milliseconds 0 or Infinity: no limit. Without this it is 60,000
   * @throws {BadNamespaceError} with the code NOT_REGISTERED before it is registered; and as the client's
   */
  timeout(milliseconds: number): Scope<Listen, Emit, {}, true>;
  /** As the client's `volatile`, with its namespace. */
  get volatile(): Scope<Listen, Emit>;
  /**
   * Disconnects the client, with all of its namespaces: `client.disconnectNamespace()` leaves this one only.
   * @returns resolved when the connection is closed, with the number of events that were not sent
   * @throws {BadNamespaceError} with the code NOT_REGISTERED before it is registered
   */
  disconnect(): Promise<DisconnectResult>;
}
