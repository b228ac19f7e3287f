// Only compiled. Callbacks that a map of events declares as optional, and options that are undefined.
import {
  Client,
  EngineClient,
  SimpleClient,
  type ClientOptions,
  type ConnectNamespaceOptions,
  type ConnectOptions,
  type DisconnectOptions,
  type EngineClientOptions,
  type EngineConnectOptions,
  type EngineDisconnectOptions,
  type EventAnswer,
  type EventArguments,
  type EventsOptions,
  type HandlerOptions,
  type Limits,
  type ListenerOptions,
  type ObserverOptions,
  type SignalOptions,
  type SimpleConnectOptions,
  type SimpleLimits,
  type TlsOptions,
  type WebSocketOptions,
  type WithOptions,
} from "socketio-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

interface Events {
  add(a: number, b: number, answer?: (sum: number) => void): void;
  both: (answer?: (first: string, second: number) => void) => void;
  rename(name?: string, answer?: ((ok: boolean) => void) | undefined): void;
  ready(answer?: () => void): void;
  always(name: string, answer: (ok: boolean) => void): void;
  note(text: string, level?: number): void;
  lines(...lines: string[]): void;
  anything(value: any): void;
  nothing(value: undefined): void;
  empty(): void;
}

isTrue<Equal<EventArguments<Events, "add">, [a: number, b: number]>>();
isTrue<Equal<EventArguments<Events, "both">, []>>();
isTrue<Equal<EventArguments<Events, "rename">, Parameters<(name?: string) => void>>>();
isTrue<Equal<EventArguments<Events, "always">, [name: string]>>();
isTrue<Equal<EventArguments<Events, "note">, Parameters<Events["note"]>>>();
isTrue<Equal<EventArguments<Events, "lines">, string[]>>();
isTrue<Equal<EventArguments<Events, "anything">, [value: any]>>();
isTrue<Equal<EventArguments<Events, "nothing">, [value: undefined]>>();
isTrue<Equal<EventArguments<Events, "empty">, []>>();
isTrue<Equal<EventAnswer<Events, "add">, number>>();
isTrue<Equal<EventAnswer<Events, "both">, [first: string, second: number]>>();
isTrue<Equal<EventAnswer<Events, "rename">, boolean>>();
isTrue<Equal<EventAnswer<Events, "ready">, undefined>>();
isTrue<Equal<EventAnswer<Events, "always">, boolean>>();
isTrue<Equal<EventAnswer<Events, "note">, undefined>>();

export async function acknowledged(client: Client<Events, Events>): Promise<void> {
  const sum: Promise<number> = client.call("add", 1, 2);
  const again: Promise<number> = client.timeout(5).emitWithAck("add", 1, 2);
  client.emit("add", await sum, await again, (answer) => isTrue<Equal<typeof answer, number>>());
  client.emit("rename", "a", (ok) => isTrue<Equal<typeof ok, boolean>>());
  client.emit("rename");
  client.on("add", (a, b) => a + b);
  client.on("add", async (a, b) => a + b);
  client.on("ready", () => {});
  // @ts-expect-error a wrong type of answer
  client.on("add", (a, b) => `${a}${b}`);
  // @ts-expect-error a callback in place of an argument
  void client.call("add", 1, () => {});
}

// Options that are present but undefined.

/** The options that do not take undefined. With exactOptionalPropertyTypes an optional property takes it only if its declaration says so. */
type Refusing<Options> = { [Name in keyof Options]-?: { [At in Name]: undefined } extends Pick<Options, Name> ? never : Name }[keyof Options];

isTrue<Equal<Refusing<ClientOptions>, never>>();
isTrue<Equal<Refusing<ConnectOptions>, never>>();
isTrue<Equal<Refusing<SimpleConnectOptions>, never>>();
isTrue<Equal<Refusing<EngineClientOptions>, never>>();
isTrue<Equal<Refusing<EngineConnectOptions>, never>>();
isTrue<Equal<Refusing<EngineDisconnectOptions>, never>>();
isTrue<Equal<Refusing<DisconnectOptions>, never>>();
isTrue<Equal<Refusing<ConnectNamespaceOptions>, never>>();
isTrue<Equal<Refusing<WithOptions>, never>>();
isTrue<Equal<Refusing<HandlerOptions>, never>>();
isTrue<Equal<Refusing<ObserverOptions>, never>>();
isTrue<Equal<Refusing<ListenerOptions>, never>>();
isTrue<Equal<Refusing<EventsOptions>, never>>();
isTrue<Equal<Refusing<SignalOptions>, never>>();
isTrue<Equal<Refusing<SimpleLimits>, never>>();
isTrue<Equal<Refusing<Limits>, never>>();
isTrue<Equal<Refusing<TlsOptions>, never>>();
isTrue<Equal<Refusing<WebSocketOptions>, never>>();

export async function withoutValues(limit: number | undefined, signal: AbortSignal | undefined): Promise<void> {
  const client = new Client({ reconnectionDelay: limit, logger: undefined, tls: undefined, limits: { maxDepth: limit } });
  await client.connect("http://localhost", { auth: undefined, signal, waitTimeout: limit });
  client.with({ timeout: limit, signal }).on("news", () => {}, { namespace: undefined, once: undefined, signal });
  client.once("news", () => {}, { namespace: undefined, signal });
  client.onAny(() => {}, { namespace: undefined, signal });
  client.events("news", { limit, signal });
  await client.disconnect({ flush: limit });
  await new SimpleClient({ requestTimeout: limit }).connect("http://localhost", { namespace: undefined, signal });
  const engine = new EngineClient({ autoJson: undefined });
  await engine.connect("http://localhost", { path: undefined, signal });
  await engine.disconnect({ abort: undefined, reason: undefined });
}
