// Only compiled. The members without user-supplied types, one by one: a looser type is no longer equal.
import {
  Client,
  ClientNamespace,
  EngineClient,
  SimpleClient,
  type BackgroundTask,
  type BadNamespaceError,
  type ClientOptions,
  type ConnectionError,
  type ConnectionHandlers,
  type ConnectNamespaceOptions,
  type ConnectOptions,
  type CookieJarLike,
  type DisconnectCause,
  type DisconnectDetails,
  type DisconnectedError,
  type DisconnectOptions,
  type DisconnectReason,
  type DisconnectResult,
  type EngineClientOptions,
  type EngineConnectOptions,
  type EngineDisconnectOptions,
  type ErrorCode,
  type ErrorDetails,
  type EventsOptions,
  type Fault,
  type FetchInit,
  type FetchLike,
  type FetchResponse,
  type InvalidArgumentError,
  type JsonLike,
  type Limits,
  type ListenerOptions,
  type Logger,
  type NamespaceEvents,
  type ObserverOptions,
  type Parser,
  type PayloadTooLargeError,
  type Scope,
  type SerializerName,
  type SignalOptions,
  type SimpleConnectOptions,
  type SimpleLimits,
  type SocketIOError,
  type Source,
  type TimeoutError,
  type TlsOptions,
  type TransportName,
  type Unsubscribe,
  type UntypedEvents,
  type UnsupportedOptionError,
  type WebSocketConstructor,
  type WebSocketLike,
  type WithOptions,
  errors,
  reason,
} from "socketio-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

/** Options that are all given. */
type Given<Options> = { [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

// Options: a wrong value for each. None may be missing here.

/** The wrong values that the options would accept. */
type Taken<Options, Wrong extends Record<keyof Options, unknown>> = {
  [Name in keyof Options]-?: Wrong[Name] extends Options[Name] ? Name : never;
}[keyof Options];

isTrue<Equal<Taken<ClientOptions, Record<keyof ClientOptions, symbol>>, never>>();
isTrue<Equal<Taken<ClientOptions, Record<keyof ClientOptions, "word">>, "proxy" | "timestampParam">>();
// The contents of these are checked elsewhere.
isTrue<Equal<Taken<ClientOptions, Record<keyof ClientOptions, { nonsense: true }>>, "agent" | "perMessageDeflate" | "websocketOptions">>();
isTrue<Equal<Exclude<Taken<ConnectOptions, Record<keyof ConnectOptions, symbol>>, "auth">, never>>();
isTrue<Equal<Taken<Omit<ConnectOptions, "auth">, Record<keyof ConnectOptions, 7>>, "waitTimeout">>();
isTrue<Equal<Taken<Omit<ConnectOptions, "auth">, Record<keyof ConnectOptions, "word">>, "namespaces" | "path">>();
isTrue<Equal<Taken<SimpleConnectOptions, Record<keyof SimpleConnectOptions, "word">>, "namespace" | "path">>();
isTrue<Equal<keyof SimpleConnectOptions, "auth" | "headers" | "transports" | "path" | "protocol" | "waitTimeout" | "retryRefused" | "signal" | "namespace">>();
isTrue<Equal<Taken<EngineConnectOptions, Record<keyof EngineConnectOptions, "word">>, "path">>();
isTrue<Equal<Taken<EngineConnectOptions, Record<keyof EngineConnectOptions, 7>>, never>>();
isTrue<Equal<keyof EngineClientOptions & ("reconnection" | "serializer" | "maxBuffer" | "engineLogger" | "autoJson" | "logger"), "autoJson" | "logger">>();
isTrue<Equal<EngineClientOptions["autoJson"], ClientOptions["handleSigint"]>>();
isTrue<Equal<Given<EngineDisconnectOptions>, { abort: boolean; reason: string }>>();
isTrue<Equal<[Given<DisconnectOptions>, DisconnectResult], [{ flush: number }, { unsent: number }]>>();
isTrue<Equal<Given<WithOptions>, { namespace: string; timeout: number; signal: AbortSignal; buffer: boolean; volatile: boolean }>>();
isTrue<Equal<Given<WithOptions<"/a">>["namespace"], "/a">>();
isTrue<Equal<Given<ListenerOptions>, { namespace: string; once: boolean; signal: AbortSignal }>>();
isTrue<Equal<Given<ObserverOptions>, { namespace: string; signal: AbortSignal }>>();
isTrue<Equal<Given<EventsOptions>, { limit: number; signal: AbortSignal }>>();
isTrue<Equal<Given<SimpleLimits>, { timeout: number; signal: AbortSignal }>>();
isTrue<Equal<Given<Limits>, Record<"maxAttachments" | "maxIdDigits" | "maxPacketSize" | "maxDepth", number>>>();
isTrue<Equal<Given<ConnectNamespaceOptions>, { auth: Exclude<Source<object | null | undefined>, undefined>; signal: AbortSignal }>>();
isTrue<Equal<Taken<TlsOptions, Record<keyof TlsOptions, 7>>, never>>();
isTrue<Equal<Source<number>, number | (() => number | PromiseLike<number>)>>();
isTrue<Equal<TransportName, "polling" | "websocket">>();
isTrue<Equal<SerializerName, "default" | "msgpack" | "cbor" | "pickle">>();
isTrue<Equal<[Parameters<FetchLike>, ReturnType<FetchLike>], [[url: string, init: FetchInit], Promise<FetchResponse>]>>();
isTrue<
  Equal<
    Required<FetchInit>,
    {
      method: string;
      headers: Record<string, string>;
      body: string | ArrayBuffer;
      signal: AbortSignal;
      keepalive: boolean;
      credentials: "same-origin" | "include" | "omit";
      cache: "no-store";
    }
  >
>();
isTrue<Equal<Pick<FetchResponse, "status" | "text">, { readonly status: number; text(): Promise<string> }>>();
isTrue<Equal<ReturnType<NonNullable<FetchResponse["headers"]>["get"]>, string | null>>();
isTrue<Equal<ReturnType<NonNullable<FetchResponse["arrayBuffer"]>>, Promise<ArrayBuffer>>>();
isTrue<Equal<[WebSocketLike["onopen"], WebSocketLike["onmessage"]], [((event: never) => unknown) | null, ((event: never) => unknown) | null]>>();
isTrue<Equal<[WebSocketLike["binaryType"], WebSocketLike["bufferedAmount"]], [string, number]>>();
isTrue<Equal<Parameters<NonNullable<Logger["debug" | "info" | "warn" | "error"]>>, unknown[]>>();
isTrue<Equal<Required<NamespaceEvents>, { listen: object; emit: object }>>();
isTrue<Equal<ConstructorParameters<WebSocketConstructor>[1], string[] | undefined>>();
isTrue<Equal<ReturnType<CookieJarLike["getCookieString"]>, string | undefined | PromiseLike<string | undefined>>>();
isTrue<Equal<[ReturnType<JsonLike["stringify"]>, ReturnType<JsonLike["parse"]>], [string, unknown]>>();
isTrue<Equal<Parameters<InstanceType<Parser["Decoder"]>["add"]>, [frame: unknown]>>();
isTrue<Equal<ReturnType<InstanceType<Parser["Encoder"]>["encode"]>, (string | ArrayBuffer | ArrayBufferView)[]>>();

// Members of the clients.

isTrue<Equal<Pick<Scope, "namespace" | "connected" | "sid">, { readonly namespace: string; readonly connected: boolean; readonly sid: string | undefined }>>();
isTrue<
  Equal<
    Pick<Client, "connected" | "state" | "sid" | "engineSid" | "namespaces" | "bufferedAmount" | "reason">,
    {
      readonly connected: boolean;
      readonly state: "disconnected" | "connecting" | "connected" | "reconnecting" | "disconnecting";
      readonly sid: string | undefined;
      readonly engineSid: string | undefined;
      readonly namespaces: ReadonlyMap<string, string>;
      readonly bufferedAmount: number;
      readonly reason: typeof reason;
    }
  >
>();
isTrue<
  Equal<
    Pick<Client, "disconnect" | "shutdown" | "disconnectNamespace" | "getSid" | "transport">,
    {
      disconnect(options?: DisconnectOptions): Promise<DisconnectResult>;
      shutdown(): Promise<DisconnectResult>;
      disconnectNamespace(namespace: string): Promise<void>;
      getSid(namespace?: string): string | undefined;
      transport(): TransportName | "";
    }
  >
>();
isTrue<Equal<Parameters<Client["connect"]>[0], Source<string | URL>>>();
isTrue<Equal<Parameters<Client["connect"]>[1], ConnectOptions | undefined>>();
isTrue<Equal<Parameters<Client["connectNamespace"]>[0], string>>();
isTrue<Equal<Parameters<Client["connectNamespace"]>[1], ConnectNamespaceOptions | undefined>>();
isTrue<Equal<ConstructorParameters<typeof Client>[0], ClientOptions | undefined>>();
isTrue<Equal<[ReturnType<Client["connect"]>, ReturnType<Client["connectNamespace"]>], [Promise<void>, Promise<void>]>>();
isTrue<Equal<ReturnType<Client["wait" | "drain" | "sleep"]>, Promise<void>>>();
isTrue<Equal<Given<NonNullable<Parameters<Client["wait"]>[0]>>, { signal: AbortSignal }>>();
isTrue<Equal<Given<NonNullable<Parameters<Client["drain"]>[0]>>, { signal: AbortSignal }>>();
isTrue<Equal<Parameters<Client["sleep"]>[0], number | undefined>>();
isTrue<Equal<ReturnType<Client["off"]>, boolean>>(); // of its last overload
isTrue<Equal<ReturnType<Client["on"]>, () => void>>();
isTrue<Equal<ReturnType<Client["once" | "onAny" | "onAnyOutgoing"]>, Unsubscribe>>();
isTrue<Equal<ReturnType<Client["offAny" | "offAnyOutgoing"]>, boolean>>();
isTrue<Equal<ReturnType<Client["listeners"]>, ((...args: never[]) => unknown)[]>>();
isTrue<Equal<Unsubscribe, () => void>>();
isTrue<Equal<ReturnType<Client["call"]>, Promise<unknown>>>();
isTrue<Equal<ReturnType<BackgroundTask<number>["join"]>, Promise<number>>>();
isTrue<Equal<Parameters<ConnectionHandlers["connect_error"]>, [error: ConnectionError]>>();
isTrue<Equal<Parameters<ConnectionHandlers["disconnect"]>, [reason: DisconnectReason, details: DisconnectDetails]>>();
isTrue<Equal<Parameters<ConnectionHandlers["error"]>, [error: SocketIOError]>>();
new Client().on("error", (error) => isTrue<Equal<typeof error, SocketIOError>>());
new Client<{ error(text: string): void }>().on("error", (text) => isTrue<Equal<typeof text, string>>());
isTrue<Equal<Required<DisconnectDetails>, { readonly cause: DisconnectCause; readonly error: ConnectionError; readonly data: unknown }>>();

isTrue<
  Equal<
    Pick<SimpleClient, "connected" | "sid" | "transport" | "disconnect" | "connect">,
    {
      readonly connected: boolean;
      readonly sid: string | undefined;
      readonly transport: TransportName | "";
      disconnect(): Promise<void>;
      connect(url: Source<string | URL>, options?: SimpleConnectOptions): Promise<void>;
    }
  >
>();
isTrue<
  Equal<
    Pick<
      EngineClient,
      "connected" | "sid" | "state" | "bufferedAmount" | "connect" | "disconnect" | "transport" | "reason" | "wait" | "sleep"
    >,
    {
      wait(options?: SignalOptions): Promise<void>;
      sleep(milliseconds?: number, options?: SignalOptions): Promise<void>;
      readonly connected: boolean;
      readonly sid: string | undefined;
      readonly state: "disconnected" | "connecting" | "connected" | "disconnecting";
      readonly bufferedAmount: number;
      connect(url: Source<string | URL>, options?: EngineConnectOptions): Promise<void>;
      disconnect(options?: EngineDisconnectOptions): Promise<void>;
      transport(): TransportName | "";
      readonly reason: typeof reason;
    }
  >
>();
isTrue<
  Equal<
    Pick<ClientNamespace, "namespace" | "client" | "connected" | "sid" | "disconnect" | "triggerEvent">,
    {
      readonly namespace: string;
      readonly client: Client | undefined;
      readonly connected: boolean;
      readonly sid: string | undefined;
      disconnect(): Promise<DisconnectResult>;
      triggerEvent(event: string, ...args: unknown[]): unknown;
    }
  >
>();

// Methods whose types depend on their arguments: their parameters and results without types of events.

isTrue<Equal<Parameters<ClientNamespace["emit"]>, [event: string | number, ...args: unknown[]]>>();
isTrue<Equal<[Parameters<ClientNamespace["send"]>, Parameters<EngineClient["send"]>], [unknown[], [data: unknown]]>>();
isTrue<Equal<Parameters<ClientNamespace["call"]>[0], string | number>>();
isTrue<Equal<Parameters<ClientNamespace["emitWithAck"]>[0], string | number>>();
isTrue<Equal<ReturnType<ClientNamespace["call" | "emitWithAck"]>, Promise<unknown>>>();
isTrue<Equal<[Parameters<ClientNamespace["with"]>, Parameters<ClientNamespace["of"]>], [[options: WithOptions], [namespace: string]]>>();
isTrue<Equal<[Parameters<ClientNamespace["timeout"]>, ReturnType<ClientNamespace["timeout"]>], [[milliseconds: number], Scope<UntypedEvents, UntypedEvents, {}, true>]>>();
isTrue<Equal<ReturnType<EngineClient["on"]>, Unsubscribe>>();
isTrue<Equal<Parameters<BackgroundTask["cancel"]>[0], unknown>>();
isTrue<Equal<ReturnType<BackgroundTask["cancel"]>, void>>();
isTrue<Equal<Parameters<BackgroundTask["join"]>[0] | Parameters<Client["sleep"]>[1], SignalOptions | undefined>>();

// Fields of the errors, except those of all errors.

type Own<Kind extends SocketIOError> = Required<Omit<Kind, keyof SocketIOError>>;
isTrue<
  Equal<
    Own<ConnectionError>,
    {
      readonly serializer: string;
      readonly namespaces: readonly string[];
      readonly reason: string;
      readonly data: unknown;
      readonly status: number;
      readonly body: string;
      readonly transport: TransportName;
      readonly words: string;
      readonly milliseconds: number;
      readonly closeCode: number;
      readonly closeReason: string;
      readonly polls: number;
      readonly what: string;
      readonly text: string;
    }
  >
>();
isTrue<
  Equal<
    Own<InvalidArgumentError>,
    {
      readonly option: string;
      readonly received: string;
      readonly expected: string;
      readonly why: string;
      readonly url: string;
      readonly event: unknown;
    }
  >
>();
isTrue<Equal<Own<UnsupportedOptionError>, { readonly option: string; readonly platform: string }>>();
isTrue<Equal<Own<DisconnectedError>, { readonly reason: DisconnectReason; readonly event: string | number; readonly events: number; readonly namespace: string }>>();
isTrue<Equal<Own<BadNamespaceError>, { readonly namespace: string; readonly event: string | number }>>();
isTrue<Equal<Own<TimeoutError>, { readonly event: string | number; readonly milliseconds: number }>>();
isTrue<Equal<Own<PayloadTooLargeError>, { readonly size: number; readonly event: string | number }>>();
isTrue<Equal<[SocketIOError["limit"], DisconnectedError["limit"], PayloadTooLargeError["limit"]], [number | undefined, number | undefined, number]>>();
isTrue<Equal<Required<ErrorDetails>, { code: ErrorCode; fault: Fault; cause: unknown }>>();
isTrue<
  Equal<
    typeof errors,
    Readonly<{
      SocketIOError: typeof SocketIOError;
      InvalidArgumentError: typeof InvalidArgumentError;
      UnsupportedOptionError: typeof UnsupportedOptionError;
      ConnectionError: typeof ConnectionError;
      DisconnectedError: typeof DisconnectedError;
      BadNamespaceError: typeof BadNamespaceError;
      TimeoutError: typeof TimeoutError;
      PayloadTooLargeError: typeof PayloadTooLargeError;
    }>
  >
>();
