// Only compiled: the compiler must accept each line and need each @ts-expect-error.
import {
  Client,
  ConnectionError,
  TimeoutError,
  errors,
  reason,
  tuple,
  type DisconnectReason,
  type EventAnswer,
  type EventArguments,
  type JsonLike,
  type Parser,
  type ParserPacket,
  type ReceivedEvent,
  type Scope,
  type Tuple,
} from "socketio-wasm";
import * as cbor from "socketio-wasm/serializers/cbor";
import * as msgpack from "socketio-wasm/serializers/msgpack";
import { Decoder, Encoder } from "socketio-wasm/serializers/pickle";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

interface FromServer {
  news(item: string, count: number): void;
  question(text: string): boolean;
  divide(a: number, b: number, answer: (quotient: number, remainder: number) => void): void;
}
interface ToServer {
  add(a: number, b: number): number;
  rename: (name: string, answer: (ok: boolean) => void) => void;
  both(answer: (first: string, second: number) => void): void;
  note(text: string): void;
  halve(number: number): Promise<Tuple<[half: number, rest: number]>>;
}

isTrue<Equal<EventArguments<FromServer, "news">, [item: string, count: number]>>();
isTrue<Equal<EventArguments<ToServer, "rename">, [name: string]>>();
isTrue<Equal<EventAnswer<ToServer, "add">, number>>();
isTrue<Equal<EventAnswer<ToServer, "rename">, boolean>>();
isTrue<Equal<EventAnswer<ToServer, "both">, [first: string, second: number]>>();
isTrue<Equal<EventAnswer<ToServer, "note">, undefined>>();
isTrue<Equal<EventAnswer<ToServer, "halve">, [half: number, rest: number]>>();

export async function typed(signal: AbortSignal): Promise<void> {
  await using client = new Client<FromServer, ToServer>({
    reconnectionDelay: (attempt, error) => error.fault !== "misuse" && attempt * 500,
    logger: console,
  });
  const unsubscribe: () => void = client.on("news", (item, count) => item.repeat(count));
  client.on("question", async (text) => text.length > 3);
  // One that only observes, and one that sometimes answers.
  client.on("question", (text) => console.log(text));
  client.on("question", async (text) => (text === "yes" ? true : undefined));
  client.on("divide", (a, b) => tuple(Math.floor(a / b), a % b));
  client.on("connect", () => unsubscribe());
  client.on("connect_error", (error) => isTrue<Equal<typeof error, ConnectionError>>());
  client.on("disconnect", (why, details) => {
    isTrue<Equal<typeof why, DisconnectReason>>();
    const cause: string = details.cause;
    return [cause, why === reason.TRANSPORT_ERROR];
  });
  client.on("disconnectFinal", (why) => isTrue<Equal<typeof why, DisconnectReason | "reconnection failed">>());
  client.on("reconnect_attempt", (attempt, delay) => attempt * delay);
  client.on("reconnect", (attempts) => attempts * 2);
  client.on("reconnect_failed", () => {});
  client.on("state", (now, before) => isTrue<Equal<[typeof now, typeof before], [typeof client.state, typeof client.state]>>());
  client.on("upgrade", (transport) => isTrue<Equal<typeof transport, "websocket">>());
  // A timeout is chosen, so that the error comes first.
  for (const timed of [client.timeout(1000), client.with({ timeout: 1000 }), client.timeout(1000).volatile, client.volatile.timeout(1)]) {
    timed.emit("add", 1, 2, (error: Error | null, sum: number) => [error, sum]);
    timed.emit("add", 1, 2, (error, sum) => isTrue<Equal<[typeof error, typeof sum], [Error | null, number]>>());
    // @ts-expect-error the error comes first
    timed.emit("add", 1, 2, (sum: number) => sum);
  }
  for (const plain of [client, client.volatile, client.with({ signal })]) {
    plain.emit("add", 1, 2, (sum) => isTrue<Equal<typeof sum, number>>());
    // @ts-expect-error no timeout is chosen
    plain.emit("add", 1, 2, (error: Error | null, sum: number) => [error, sum]);
  }
  client.on("*", (event: string, ...args) => [event, args]);
  client.on("news", (item) => isTrue<Equal<typeof item, string>>(), { once: true, signal });
  client.once("news", (item) => isTrue<Equal<typeof item, string>>(), { signal });
  // @ts-expect-error an option of `on`
  client.once("news", () => {}, { once: true });
  client.off("news");
  client.off("news", (item: string) => item);
  const added: number = client.listeners("news").length + client.listeners("*").length;
  client.removeAllListeners("news").removeAllListeners().emit("note", String(added));
  // @ts-expect-error an unknown event
  client.listeners("nonsense");
  // @ts-expect-error an unknown event
  client.removeAllListeners("nonsense");
  // @ts-expect-error an unknown event
  client.off("nonsense");
  // @ts-expect-error not a listener
  client.off("news", "item");
  // @ts-expect-error a wrong type of answer
  client.on("question", (text) => text);
  // @ts-expect-error one value in place of two
  client.on("divide", (a, b) => a / b);
  // @ts-expect-error an unknown event
  client.on("nonsense", () => {});
  // @ts-expect-error a wrong type of argument
  client.on("news", (item: number) => item);

  // Any event: the name comes first.
  client.onAny((event, ...args) => isTrue<Equal<[typeof event, typeof args], [string, unknown[]]>>(), { signal });
  client.onAny((event: string, text: string) => event + text);
  client.offAny((event: string) => event);
  // @ts-expect-error the name is a string
  client.onAny((count: number) => count);
  // @ts-expect-error an option of `on`
  client.onAny(() => {}, { once: true });
  client.onAnyOutgoing((event, ...args) => isTrue<Equal<[typeof event, typeof args], [string, unknown[]]>>(), { signal });
  client.onAnyOutgoing((event: string, text: string) => event + text);
  client.offAnyOutgoing((event: string) => event);
  // @ts-expect-error the name is a string
  client.onAnyOutgoing((count: number) => count);
  client.on("*", (event: string, text: string) => event + text);
  for await (const [item, count] of client.events("news", { limit: 10, signal })) isTrue<Equal<[typeof item, typeof count], [string, number]>>();
  for await (const received of client.events()) {
    isTrue<Equal<typeof received, ReceivedEvent<FromServer>>>();
    if (received[0] === "news") isTrue<Equal<(typeof received)[2], number>>();
  }
  // @ts-expect-error an unknown event
  client.events("nonsense");
  // @ts-expect-error a number
  client.events("news", { limit: "10" });

  await client.connect(() => new URL("http://localhost"), { auth: async () => ({ token: "x" }), namespaces: ["/", "/chat"], signal });
  // @ts-expect-error an unknown option
  await client.connect("http://localhost", { nonsense: true });

  const sum: number = await client.call("add", 1, 2);
  const renamed = client.timeout(100).emitWithAck("rename", `${sum}`);
  isTrue<Equal<typeof renamed, Promise<boolean>>>();
  // @ts-expect-error a wrong type of argument
  void client.emitWithAck("rename", 7);
  const [first, second] = await client.with({ namespace: "/chat", signal }).call("both");
  client.emit("note", first).emit("add", second, 1, (answer) => isTrue<Equal<typeof answer, number>>());
  client.volatile.emit("note", String(await renamed));
  // @ts-expect-error an unknown event
  client.volatile.emit("nonsense");
  // @ts-expect-error too few arguments
  void client.call("add", 1);
  // @ts-expect-error a wrong type of argument
  client.emit("note", 7);

  const chat: Scope = client.of("/chat");
  chat.on("anything", (text: string, n: number) => text.repeat(n));
  chat.emit("anything", 1, { two: new Uint8Array(2) }, (answer: string) => answer);
  const unknownAnswer: unknown = await chat.call("anything");
  const listening = client.of<FromServer>("/news").on("news", (item) => item.length);
  listening();

  const state: "disconnected" | "connecting" | "connected" | "reconnecting" | "disconnecting" = client.state;
  const ids: (string | undefined)[] = [client.sid, client.engineSid, client.getSid("/chat"), client.namespaces.get("/"), state];
  console.log(unknownAnswer, ids, client.transport(), client.bufferedAmount, client.reason.CLIENT_DISCONNECT, Client.reason);
  await client.drain({ signal });
  await client.connectNamespace("/late", { auth: { token: "x" } });
  await client.disconnectNamespace("/late");
  await client.wait();
  await client.disconnect();
}

export async function untyped(): Promise<void> {
  const client = new Client();
  for await (const [first] of client.events("anything")) isTrue<Equal<typeof first, unknown>>();
  for await (const [event, first] of client.events()) isTrue<Equal<[typeof event, typeof first], [string, unknown]>>();
  client.on("anything", (text: string, n: number) => tuple(text, n));
  client.on("anything", (first) => isTrue<Equal<typeof first, unknown>>());
  client.emit("anything", "a", 1, null, undefined, [new ArrayBuffer(1)]);
  // @ts-expect-error an unknown option
  new Client({ reconect: true });
}

export class Chat extends Client<FromServer, ToServer> {
  add(a: number, b: number): Promise<number> {
    return this.call("add", a, b);
  }
}

export function kinds(error: unknown): string | number {
  if (error instanceof errors.PayloadTooLargeError) return error.limit;
  if (error instanceof TimeoutError) return error.milliseconds;
  if (error instanceof ConnectionError) return error.status ?? error.code;
  return "other";
}

/** Options of the platform. */
export const inNode = new Client({
  tls: { ca: ["ca.pem", new Uint8Array(1)], cert: new URL("file:///me.pem"), key: "me.key", passphrase: "x", rejectUnauthorized: true },
  proxy: new URL("http://proxy.example:3128"),
  agent: {},
  cookieJar: { getCookieString: async (url: string) => url, setCookie: (cookie: string, url: string) => [cookie, url] },
  perMessageDeflate: { threshold: 1024 },
  websocketOptions: { protocols: ["a", "b"], headers: { a: "b" }, maxPayload: 1000, handshakeTimeout: 1000 },
  timestampParam: "_",
  handleSigint: true,
  unref: true,
});
// @ts-expect-error an unknown option of a group
export const unknown = new Client({ tls: { caFile: "ca.pem" } });
// @ts-expect-error not a jar
export const noJar = new Client({ cookieJar: new Map<string, string>() });

/** Serializers by name, as a module, and user-supplied. */
class Watched extends Encoder {
  override encode(packet: ParserPacket): Uint8Array[] {
    console.log(packet.nsp, packet.data);
    return super.encode(packet);
  }
}
const own: Parser = { Encoder: Watched, Decoder };
const json: JsonLike = JSON;
export const serialized = [new Client({ serializer: "cbor" }), new Client({ serializer: msgpack }), new Client({ serializer: own }), new Client({ json })];
new cbor.Decoder().on("decoded", ({ type, id }) => [type.toFixed(), id]).add(new ArrayBuffer(1));
// @ts-expect-error an unknown name
export const morse = new Client({ serializer: "morse" });
// @ts-expect-error half a parser
export const half = new Client({ serializer: { Encoder } });
