// The types of socketio-wasm/testing.
import type { EventAnswer, EventArguments, EventName, FetchLike, TransportName, Tuple, UntypedEvents, WebSocketConstructor } from "./index.js";

/** The options of an in-memory server. */
export interface ServerOptions {
  /** The path of the URL. Default "/socket.io", as that of clients. */
  path?: string | undefined;
  /** The transports that it accepts. Default: both. */
  transports?: readonly TransportName[] | undefined;
  /**
   * The interval of pings that clients expect (milliseconds). The server sends none by itself: call `ping()`. So a client gives up a
   * silent connection after `pingInterval` and `pingTimeout`. Default 86,380,000, together a day: the longest silence that it allows.
   */
  pingInterval?: number | undefined;
  /** The time that a ping may be late (milliseconds). Default 20,000. */
  pingTimeout?: number | undefined;
  /** The size of a POST that clients keep to (bytes). Default 1,000,000. */
  maxPayload?: number | undefined;
}

/** The options of a `Client` that make it reach an in-memory server, and no network. */
export interface InMemoryTransports {
  /** In place of the global one. */
  fetch: FetchLike;
  /** In place of the global one. */
  WebSocket: WebSocketConstructor;
}

/** The data of a client's request to connect. */
export interface Handshake {
  /** The `auth` of the client; an empty object without one. */
  auth: Record<string, unknown>;
  /** The headers of the first request, by their names in small letters. */
  headers: Record<string, string>;
  /** The query of the first request. */
  query: Record<string, string>;
  /** The path and the query of the first request. */
  url: string;
}

/** The connection of a client, which its namespaces share. */
export interface ServerConnection {
  /** Its id: `client.engineSid`. */
  readonly id: string;
  /** The transport that it uses. */
  readonly transport: {
    /** The transport's name. */
    readonly name: TransportName;
  };
  /** Closes the connection without a message to the namespaces: the client connects again. */
  close(): void;
}

type AnswerFunction = (...values: never[]) => unknown;

// A method, in whose place a function may stand that has types for its parameters.
type Bivariant<Args extends unknown[]> = { method(...args: Args): unknown }["method"];

/** The function by which a listener answers, from an entry in a map of events. */
export type Answer<Event> = Event extends (...args: infer Args) => infer Result
  ? Args extends [...unknown[], infer Last extends AnswerFunction]
    ? Last
    : [Result] extends [Tuple<infer Values>] // in brackets, a union stays one type
      ? (...values: Values) => void
      : (value: Result) => void
  : never;

/** A listener of an event: the arguments, then the function that answers, if the client waits for an answer. */
export type ServerListener<Events extends object, Name extends EventName<Events>> = string extends keyof Events
  ? Bivariant<unknown[]>
  : (...args: [...args: EventArguments<Events, Name>, answer: Answer<Events[Name]>]) => unknown;

// The arguments of `emit`, with a callback if an answer is wanted.
type EmitArguments<Events extends object, Name extends EventName<Events>> = string extends keyof Events
  ? unknown[]
  : EventArguments<Events, Name> | [...args: EventArguments<Events, Name>, callback: (answer: EventAnswer<Events, Name>) => unknown];

/** A choice of sockets, by rooms. A method that narrows it returns another choice. */
export interface Broadcast<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> {
  /** Chooses the sockets of a room, or of several, beside those that were chosen before. */
  to(rooms: string | readonly string[]): Broadcast<Listen, Emit>;
  /** Another name of `to`. */
  in(rooms: string | readonly string[]): Broadcast<Listen, Emit>;
  /** Leaves out the sockets of a room, or of several. */
  except(rooms: string | readonly string[]): Broadcast<Listen, Emit>;
  /**
   * Emits an event to each.
   * @throws {Error} if the name is reserved, or the last argument is a function
   */
  emit<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): boolean;
  /** Promises the chosen sockets. */
  fetchSockets(): Promise<Socket<Listen, Emit>[]>;
  /** Disconnects the chosen sockets; with true, their whole connections. */
  disconnectSockets(close?: boolean): void;
}

/** A client in a namespace, as the server sees it. */
export interface Socket<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> {
  /** Its id, which the client has as `sid`: "socket-1", "socket-2" and so on. */
  readonly id: string;
  /** Its namespace. */
  readonly nsp: Namespace<Listen, Emit>;
  /** Its connection. */
  readonly conn: ServerConnection;
  /** The data with which it connected. */
  readonly handshake: Handshake;
  /** The rooms that it is in: that of its own id at first. */
  readonly rooms: ReadonlySet<string>;
  /** False as soon as it has left. */
  readonly connected: boolean;
  /** Anything that the test stores with it. */
  data: Record<string, unknown>;
  /** The other sockets of the namespace. */
  readonly broadcast: Broadcast<Listen, Emit>;
  /** Adds a listener that is called with the reason when the socket has left; that of "disconnecting" while it still has its rooms. */
  on(event: "disconnect" | "disconnecting", listener: (reason: string) => unknown): this;
  /** Adds a listener of an event. Behind the arguments it gets a function that answers, if the client waits for an answer. */
  on<Name extends EventName<Listen>>(event: Name, listener: ServerListener<Listen, Name>): this;
  /** Adds a listener for one event. */
  once<Name extends EventName<Listen>>(event: Name, listener: ServerListener<Listen, Name>): this;
  /** Removes a listener, or without one all of the event. */
  off<Name extends EventName<Listen>>(event: Name, listener?: ServerListener<Listen, Name>): this;
  /** Adds a listener of all events, which gets the name before the arguments. */
  onAny(listener: (event: string, ...args: unknown[]) => unknown): this;
  /**
   * Emits an event. A function as the last argument is called with the client's answer.
   * @throws {Error} if the socket has left, or the name is reserved
   */
  emit<Name extends EventName<Emit>>(event: Name, ...args: EmitArguments<Emit, Name>): boolean;
  /**
   * Emits an event, and promises the client's answer.
   * @throws {Error} if the socket has left, or leaves before it answers
   */
  emitWithAck<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>): Promise<EventAnswer<Emit, Name>>;
  /**
   * Promises the arguments of the next event of this name. An event that has arrived counts, unless an earlier call took it. The
   * event's listeners are called first.
   * @throws {Error} if the socket leaves before such an event
   * @example const [text] = await socket.received("say");
   */
  received<Name extends EventName<Listen>>(event: Name): Promise<EventArguments<Listen, Name>>;
  /** Enters a room, or several. */
  join(rooms: string | readonly string[]): void;
  /** Leaves a room. */
  leave(room: string): void;
  /** Chooses the other sockets of a room, or of several. */
  to(rooms: string | readonly string[]): Broadcast<Listen, Emit>;
  /** Another name of `to`. */
  in(rooms: string | readonly string[]): Broadcast<Listen, Emit>;
  /** Chooses the other sockets, without those of a room, or of several. */
  except(rooms: string | readonly string[]): Broadcast<Listen, Emit>;
  /** Disconnects the client from the namespace: it does not connect again by itself. With true, ends its whole connection. */
  disconnect(close?: boolean): this;
  /** Loses the connection, as if the network had failed: the client notices, and connects again. */
  drop(): void;
  /** Lets nothing arrive any longer in either direction: the client notices when a time limit runs out. */
  freeze(): void;
}

/** An error with which a client is refused. */
export interface RefusalError extends Error {
  /** Reaches the client as `error.data`, beside the message. */
  data?: unknown;
}

/** A namespace of the server. */
export interface Namespace<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> extends Broadcast<Listen, Emit> {
  /** Its name, such as "/chat". */
  readonly name: string;
  /** Its clients, by their ids. */
  readonly sockets: ReadonlyMap<string, Socket<Listen, Emit>>;
  /** Adds a listener that is called with each client that connects. */
  on(event: "connection" | "connect", listener: (socket: Socket<Listen, Emit>) => unknown): this;
  /** Adds a listener for the next client. */
  once(event: "connection" | "connect", listener: (socket: Socket<Listen, Emit>) => unknown): this;
  /** Removes a listener, or without one all of them. */
  off(event: "connection" | "connect", listener?: (socket: Socket<Listen, Emit>) => unknown): this;
  /**
   * Adds a function that is called before a client is accepted. It calls `next()`, or `next(error)`: then the client is refused with
   * the error's message and its `data`.
   */
  use(middleware: (socket: Socket<Listen, Emit>, next: (error?: RefusalError) => void) => unknown): this;
  /**
   * Refuses each client from now on, with a message and data, until `accept()`.
   * @throws {TypeError} if the data has a binary part
   */
  refuse(message: string, data?: unknown): void;
  /** Ends `refuse()`. */
  accept(): void;
  /**
   * Promises the next client that connects. A client that is here already counts, unless an earlier call took it, or it has left. The listeners of
   * "connection" are called first.
   * @throws {Error} if the server is closed first
   */
  connection(): Promise<Socket<Listen, Emit>>;
}

/** An in-memory server. It is its namespace `/`, too. */
export interface Server<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> extends Namespace<Listen, Emit> {}

/**
 * A Socket.IO server in memory, for tests without a network. A client reaches it by the options `clientOptions`, at any address. The
 * names are those of npm's `socket.io`. Its types are maps of events: first the events of clients, then its own.
 * @example
 * const server = new Server();
 * server.on("connection", (socket) => {
 *   socket.on("add", (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
 * });
 * const client = new Client(server.clientOptions);
 * await client.connect(server.url);
 * console.log(await client.call("add", 1, 2)); // 3
 */
export class Server<Listen extends object = UntypedEvents, Emit extends object = UntypedEvents> {
  /** @throws {TypeError} if there is no option of a name */
  constructor(options?: ServerOptions);
  /** An address for clients. They may use any other: all reach this server. */
  readonly url: string;
  /** The options of a client that make it reach this server: `new Client({ ...server.clientOptions, reconnectionDelay: 10 })`. */
  readonly clientOptions: InMemoryTransports;
  /** The `fetch` of clientOptions. */
  readonly fetch: FetchLike;
  /** The WebSocket class of clientOptions. */
  readonly WebSocket: WebSocketConstructor;
  /**
   * Returns a namespace. Clients are refused in namespaces that the test has not named here; `/` is there from the beginning.
   * @throws {TypeError} if the name does not begin with "/"
   */
  of<Incoming extends object = UntypedEvents, Outgoing extends object = UntypedEvents>(name: string): Namespace<Incoming, Outgoing>;
  /**
   * Sets the time in milliseconds before each packet and answer of the server, 0 for none. It uses the `setTimeout` that is global at that
   * time, which may be one of fake timers.
   * @throws {TypeError} if it is not a number, 0 or more
   */
  delay(milliseconds: number): void;
  /** Sends a ping to each client, and resolves when all have answered, or are gone. */
  ping(): Promise<void>;
  /** Loses each connection, as if the network had failed: the clients notice, and connect again. */
  drop(): void;
  /** Lets nothing arrive any longer over the present connections: the clients notice when a time limit runs out. */
  freeze(): void;
  /** Loses each connection, and lets each attempt to connect fail until `online()`. */
  offline(): void;
  /** Ends `offline()`. */
  online(): void;
  /** Closes each connection, and lets each attempt to connect fail. What waits for a client or an event rejects. */
  close(): void;
}

export {};
