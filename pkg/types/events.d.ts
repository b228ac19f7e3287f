// Events and their types, handlers and acknowledgements, reasons.
import type { ConnectionError, SocketIOError } from "./errors.js";

/** Events of any name with any arguments: the default if no types are given. */
export interface UntypedEvents {
  /** An event. */
  [event: string]: Bivariant<unknown[]>;
}

// A function in whose place one may stand that has types for its parameters.
type Bivariant<Args extends unknown[]> = { method(...args: Args): unknown }["method"];

/** The events of any namespace, those of `of("*")`: listeners get the namespace's name, then the event's arguments. */
export interface AnyNamespaceEvents {
  /** An event. */
  [event: string]: (namespace: string, ...args: unknown[]) => unknown;
  /** Distinguishes this map from others; it does not exist when the program runs. */
  readonly [anyNamespace]?: never;
}
declare const anyNamespace: unique symbol;

type Callback = (...answer: never[]) => unknown;

// The name and the arguments of an event of any name, as a listener of all events gets them.
type AnyEvent<Listen extends object> = typeof anyNamespace extends keyof Listen
  ? [event: string, namespace: string, ...args: unknown[]]
  : [event: string, ...args: unknown[]];

/** A listener of events of any name: it gets the name, then the arguments. The listener of any namespace gets the namespace after the name. */
export type AnyListener<Listen extends object = UntypedEvents> = Bivariant<AnyEvent<Listen>>;

// The arguments that are sent, and the callback of the acknowledgement behind them (never: there is none). The callback may be
// optional; a last argument that may be anything is none.
type Parts<Args extends unknown[]> = Args extends [...infer Head, (infer Last)?]
  ? IsCallback<Last> extends true
    ? { sent: Head; callback: NonNullable<Last> }
    : { sent: Args; callback: never }
  : { sent: Args; callback: never };

type IsCallback<Value> = 0 extends 1 & Value ? false : [NonNullable<Value>] extends [never] ? false : [NonNullable<Value>] extends [Callback] ? true : false;

/** The names of the events in a map of events. */
export type EventName<Events extends object> = Extract<keyof Events, string | number>;

// A member for the compiler alone: with it, clients and classes of namespaces with different events have different types.
declare const events: unique symbol;
// One without types takes what is typed in its place.
type Comparable<Events extends object> = { [Name in keyof Events]: Events[Name] };

/**
 * The arguments of an event. If the last one is a function, also an optional one, it is the callback of the acknowledgement, as in maps
 * of events that are written for other clients, and is left out.
 * @example EventArguments<{ say(text: string): void }, "say"> // [text: string]
 */
export type EventArguments<Events extends object, Name extends keyof Events> = Events[Name] extends (...args: infer Args) => unknown
  ? Parts<Args>["sent"]
  : never;

// A Buffer of Node; no other view of bytes has this method.
type BufferLike = { readUInt32LE(offset?: number): number; readonly byteLength: number };

// True if a received value of this type would be a Buffer, or contain one: Depth levels are examined, because a type may contain itself.
type HasBuffer<Value, Depth extends unknown[] = [1, 1, 1, 1]> = Uint8Array extends Value
  ? false
  : Depth extends [unknown, ...infer Rest]
    ? Value extends BufferLike
      ? true
      : Value extends Callback | ArrayBufferView | string | number | boolean | bigint | symbol | null | undefined
        ? false
        : Value extends readonly (infer Item)[]
          ? HasBuffer<Item, Rest>
          : { [Key in keyof Value]-?: HasBuffer<Value[Key], Rest> }[keyof Value]
    : false;

// The values as they are received. The compiler shows the hint whenever a Buffer is expected: it has no name, which would be shown instead.
type Received<Values extends unknown[]> = Values extends unknown[]
  ? { [At in keyof Values]: true extends HasBuffer<Values[At]> ? { hint: "received binary is a Uint8Array, not a Buffer"; toString: never } : Values[At] }
  : never;

/**
 * An event with its name first: the result of a SimpleClient's `receive`, and an item of `events()`. Binary data among its arguments is a
 * Uint8Array.
 */
export type ReceivedEvent<Listen extends object = UntypedEvents> = string extends keyof Listen
  ? AnyEvent<Listen>
  : { [Name in EventName<Listen>]: [event: Name, ...args: Received<EventArguments<Listen, Name>>] }[EventName<Listen>];

// The arguments of the acknowledgement of an event: its callback's parameters, else what it returns.
type Acknowledgement<Events extends object, Name extends keyof Events> = Events[Name] extends (...args: infer Args) => infer Result
  ? [Parts<Args>["callback"]] extends [(...answer: infer Answer) => unknown]
    ? [Parts<Args>["callback"]] extends [never]
      ? Returned<Result>
      : Answer
    : never
  : never;

// The same, from the type of the result.
type Returned<Result> = [Awaited<Result>] extends [void] ? [] : Awaited<Result> extends Tuple<infer Values> ? Values : [Awaited<Result>];

/**
 * The result of `call`: `undefined` for an empty acknowledgement, its value for one with a single argument, else an array.
 * @example EventAnswer<{ add(a: number, b: number): number }, "add"> // number
 */
export type EventAnswer<Events extends object, Name extends keyof Events> = string extends keyof Events
  ? unknown
  : Acknowledgement<Events, Name> extends []
    ? undefined
    : Received<Acknowledgement<Events, Name>> extends [infer Only]
      ? Only
      : Received<Acknowledgement<Events, Name>>;

// The return value of a handler: the answer or nothing, or a promise of it; anything if no answer is expected.
type Reply<Answer> = Answer extends []
  ? unknown
  : Answer extends [infer Only]
    ? Only | void | PromiseLike<Only | void>
    : Answer extends unknown[]
      ? Tuple<Answer> | void | PromiseLike<Tuple<Answer> | void>
      : never;

/**
 * A handler of an event from the server. Binary data among the arguments is a Uint8Array. Its return value, or the result of its
 * promise, answers the server's acknowledgement: `undefined` with an empty one, `tuple(...)` with one of several arguments. If it
 * throws, the error is reported as an unhandled one (`reportError`, in Node an uncaught exception) and the server gets no answer.
 */
export type EventHandler<Events extends object, Name extends keyof Events> = string extends keyof Events
  ? Bivariant<EventArguments<Events, Name>>
  : (...args: Received<EventArguments<Events, Name>>) => Reply<Acknowledgement<Events, Name>>;

// The arguments of `send`: those of the event "message" if that is typed.
type MessageArguments<Emit extends object> = "message" extends EventName<Emit> ? EventArguments<Emit, "message" & keyof Emit> : unknown[];

// The parameters of emit() behind the event's name: its arguments, and a callback for the acknowledgement if wanted.
// With a chosen timeout, the callback gets an error first.
type EmitArguments<Events extends object, Name extends keyof Events, IsTimed extends boolean = false> = string extends keyof Events
  ? unknown[]
  : [...args: EventArguments<Events, Name>, callback?: AnswerCallback<Acknowledgement<Events, Name>, IsTimed>];

type AnswerCallback<Answer extends unknown[], IsTimed extends boolean> = IsTimed extends true
  ? (error: Error | null, ...answer: Received<Answer>) => unknown
  : (...answer: Received<Answer>) => unknown;

/** The reason of a connection's end. */
export type DisconnectReason = "client disconnect" | "server disconnect" | "transport error";

/** The reason for which a namespace will not be connected again by itself. */
export type FinalReason = DisconnectReason | "reconnection failed";

/** The state of a client. */
export type ClientState = "disconnected" | "connecting" | "connected" | "reconnecting" | "disconnecting";

/** The finer reason of a connection's end: the kind of a transport error, otherwise the reason itself. */
export type DisconnectCause = DisconnectReason | "ping timeout" | "transport close" | "parse error";

/** Details of a disconnection. */
export interface DisconnectDetails {
  /** The finer reason. */
  readonly cause: DisconnectCause;
  /** The error behind it, if there was one; its `code` is finer still. */
  readonly error?: ConnectionError;
  /** The data that the server sent with its disconnection: python-socketio with `always_connect` gives its reason for a refusal so. */
  readonly data?: unknown;
}

/** The listeners of the connection's own events; `on` takes them like those of the server's events. */
export interface ConnectionHandlers {
  /** Is called when the namespace is connected, for the first time or again. */
  connect(): unknown;
  /**
   * Is called when the namespace was refused, or a connection failed. For a refusal `error.data` is as the server sent it (an object with
   * `message`, or a string), and `error.namespaces` names the namespace. For a failed connection `error.data` is the server's answer
   * (parsed if it is JSON); it is undefined if there was none.
   */
  connect_error(error: ConnectionError): unknown;
  /** Is called when a connected namespace is disconnected. */
  disconnect(reason: DisconnectReason, details: DisconnectDetails): unknown;
  /**
   * Is called after `disconnect` if the namespace will not be connected again by itself. "reconnection failed": the client has given
   * up, see `reconnect_failed`. "transport error": the connection was lost, and `reconnection` is false. "server disconnect": the
   * server has disconnected the namespace, refused it after a reconnection, or refused another one of the same `connect()`, which then
   * fails.
   */
  disconnectFinal(reason: FinalReason): unknown;
  /**
   * Is called when the wait for an attempt to reconnect begins: with the number of the attempt in a row, from 1 on, and the delay in
   * milliseconds. With `retry`, that includes repeated first attempts. This and the following events concern the whole connection: the
   * listeners in all namespaces are called, those of `of("*")` with "*" as the namespace. A server may emit events with these names,
   * which go to the same listeners with the arguments that the server sent.
   */
  reconnect_attempt(attempt: number, delay: number): unknown;
  /** Is called when the connection is back, behind the first `connect`: with the number of attempts that it took. */
  reconnect(attempts: number): unknown;
  /** Is called when the client gives up: `reconnectionAttempts` failed, or the function `reconnectionDelay` returned false. */
  reconnect_failed(): unknown;
  /** Is called when `client.state` has changed, before the event that belongs to the change, such as `connect`. */
  state(now: ClientState, before: ClientState): unknown;
  /** Is called when the connection has moved from polling to this transport. */
  upgrade(transport: "websocket"): unknown;
  /**
   * Is called with an error that rejects no promise: events that were not sent or may be lost, a packet larger than the server
   * accepts, an answer that cannot be encoded. Without a listener in the namespace or in "/", the error goes to the logger and
   * to the console. A server may emit an event of the same name, which goes to the same listeners with the arguments that the server sent.
   */
  error(error: SocketIOError): unknown;
}

/** The names that `on` takes: those of events, "*" for all events without a listener, and those of the connection's own events. */
export type HandledName<Listen extends object> = EventName<Listen> | keyof ConnectionHandlers | "*";

/** The listener that `on` takes for a name. */
export type HandlerOf<Listen extends object, Name> = Name extends ConnectionEventName<Listen>
  ? Placed<Listen, ConnectionHandlers[Name]>
  : Name extends "*"
    ? AnyListener<Listen>
    : Name extends keyof Listen
      ? EventHandler<Listen, Name>
      : never;

// The connection's own events whose names a server may use for events of its own: a map of events may have them.
type SharedName = "error" | "reconnect_attempt" | "reconnect" | "reconnect_failed" | "state" | "upgrade";

// The names of the connection's own events.
type ConnectionEventName<Listen extends object> = string extends keyof Listen
  ? keyof ConnectionHandlers
  : Exclude<keyof ConnectionHandlers, SharedName & keyof Listen>;

// A handler of the connection's own events, which gets the namespace first if it serves any namespace.
type Placed<Listen extends object, Handler extends (...args: never[]) => unknown> = typeof anyNamespace extends keyof Listen
  ? (namespace: string, ...args: Parameters<Handler>) => unknown
  : Handler;

/** Removes a listener. Does nothing if the listener was removed already. */
export type Unsubscribe = () => void;

/** Several values as one: the answer of a handler that acknowledges with several arguments. Made by `tuple`. */
export type Tuple<Values extends unknown[] = unknown[]> = Values & {
  /** Distinguishes it from an array, which is one value. */
  readonly [tupleMark]: true;
};
declare const tupleMark: unique symbol;

/**
 * Several values, for a handler that answers an acknowledgement with more than one argument (an array is one argument).
 * @example client.on("divide", (a: number, b: number) => tuple(Math.floor(a / b), a % b));
 */
export function tuple<Values extends unknown[]>(...values: Values): Tuple<Values>;

/** The reasons of a disconnection by name. */
export const reason: {
  /** This side called `disconnect()` or `disconnectNamespace()`. */
  readonly CLIENT_DISCONNECT: "client disconnect";
  /** The server disconnected the namespace; there is no reconnection. */
  readonly SERVER_DISCONNECT: "server disconnect";
  /** The connection broke; a reconnection follows unless it is switched off. */
  readonly TRANSPORT_ERROR: "transport error";
  /** The client has given up to reconnect. Only `disconnectFinal` has it; `disconnect` said "transport error" before. */
  readonly RECONNECTION_FAILED: "reconnection failed";
};
