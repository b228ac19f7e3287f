// Only compiled: the compiler must accept each line and need each @ts-expect-error. Everything except Client.
import {
  Client,
  DisconnectedError,
  EngineClient,
  InvalidArgumentError,
  SimpleClient,
  SocketIOError,
  errors,
  reason,
  tuple,
  type ConnectOptions,
  type ConnectionHandlers,
  type DisconnectCause,
  type DisconnectDetails,
  type DisconnectReason,
  type EngineHandlers,
  type ErrorCode,
  type Fault,
  type ReceivedEvent,
  type Tuple,
  type UntypedEvents,
} from "socketio-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

/** Messages have the type unknown by default. */
export async function engine(signal: AbortSignal): Promise<void> {
  await using client = new EngineClient({ autoJson: false, maxPacketsPerPost: 1 });
  client.on("message", (data) => isTrue<Equal<typeof data, unknown>>());
  client.on("message", (text: string) => text.length);
  isTrue<Equal<Parameters<EngineHandlers["message"]>, [data: unknown]>>();
  client.on("disconnect", (why, details) => isTrue<Equal<[typeof why, typeof details], [string, DisconnectDetails]>>());
  new EngineClient<string>().on("message", (text) => isTrue<Equal<typeof text, string>>());
  await client.connect("http://localhost", { path: "/x", protocol: 4, transports: ["websocket"], signal });
  client.send({ a: 1 }).send("x");
  isTrue<Equal<typeof client.state, "disconnected" | "connecting" | "connected" | "disconnecting">>();
  isTrue<Equal<ReturnType<typeof client.transport>, "polling" | "websocket" | "">>();
  await client.disconnect({ abort: true, reason: "enough" });
  // @ts-expect-error an unknown event
  client.on("news", () => {});
  // @ts-expect-error a wrong type of message
  new EngineClient<string>().on("message", (data: number) => data);
  // @ts-expect-error an option of Socket.IO
  new EngineClient({ reconnection: false });
  // @ts-expect-error a protocol version of Socket.IO
  await client.connect("http://localhost", { protocol: 5 });
}

/** The name of a received event determines the types of its arguments. */
export async function received(): Promise<void> {
  interface FromServer {
    news(item: string, count: number): void;
    stop(): void;
  }
  isTrue<Equal<ReceivedEvent<FromServer>, [event: "news", item: string, count: number] | [event: "stop"]>>();
  isTrue<Equal<ReceivedEvent, [event: string, ...args: unknown[]]>>();
  const [event, first] = await new SimpleClient().receive();
  isTrue<Equal<[typeof event, typeof first], [string, unknown]>>();
  await SimpleClient.use(async (client: SimpleClient<FromServer>) => {
    const news = await client.receive();
    if (news[0] === "news") isTrue<Equal<(typeof news)[2], number>>();
  });
}

isTrue<Equal<ReturnType<UntypedEvents[string]>, unknown>>();
isTrue<Equal<ReturnType<typeof tuple<[string, number]>>, Tuple<[string, number]>>>();
isTrue<Equal<Parameters<ConnectionHandlers["disconnect"]>, [reason: DisconnectReason, details: DisconnectDetails]>>();
isTrue<Equal<DisconnectReason, "client disconnect" | "server disconnect" | "transport error">>();
isTrue<Equal<DisconnectCause, DisconnectReason | "ping timeout" | "transport close" | "parse error">>();
isTrue<Equal<typeof reason.CLIENT_DISCONNECT, "client disconnect">>();
isTrue<Equal<typeof reason.SERVER_DISCONNECT, "server disconnect">>();
isTrue<Equal<typeof reason.TRANSPORT_ERROR, "transport error">>();
isTrue<Equal<typeof reason.RECONNECTION_FAILED, "reconnection failed">>();
isTrue<Equal<Fault, "misuse" | "peer" | "network" | "none">>();
isTrue<Equal<SocketIOError["fault"], Fault>>();
isTrue<Equal<SocketIOError["code"], ErrorCode>>();
isTrue<Equal<string extends ErrorCode ? true : false, false>>();
isTrue<Equal<InstanceType<typeof errors.TimeoutError>["code"], "CALL_TIMEOUT" | "EMIT_TIMEOUT" | "RECEIVE_TIMEOUT">>();
// @ts-expect-error an array is one value, not several
export const several: Tuple<[string, number]> = ["a", 1];
// @ts-expect-error not a fault
new SocketIOError("words", { fault: "nobody" });

export function codes(error: SocketIOError): string | undefined {
  if (error.code === "NOT_INITIALIZED" || error.code === "PAYLOAD_TOO_LARGE") return error.message;
  // @ts-expect-error not a code of an error
  if (error.code === "CALL_TIMEOT") return "misspelt";
  // @ts-expect-error not a code of these errors
  if (error instanceof DisconnectedError && error.code === "REFUSED") return "impossible";
  return error instanceof InvalidArgumentError && error.code === "INVALID_OPTION" ? error.expected : undefined;
}

/** Options: wrong values and unknown names. */
export const options: ConnectOptions = { auth: () => ({ token: "x" }), headers: async () => ({ a: "b" }), transports: "polling", protocol: 4 };
// @ts-expect-error not a transport
options.transports = "carrier pigeon";
// @ts-expect-error a protocol version of Engine.IO
options.protocol = 3;
// @ts-expect-error a header is a string
options.headers = { count: 1 };
// @ts-expect-error milliseconds are a number
options.waitTimeout = "1s";
// @ts-expect-error milliseconds are a number
new Client().timeout("1s");
// @ts-expect-error no signal
new Client().with({ signal: "stop" });
// @ts-expect-error no function
new Client().event("news");

/** `send` is the event "message", with the types of the map if it has that event. */
export function sending(client: Client<object, { message(text: string): void }>): void {
  client.send("hello");
  new Client().send(1, 2, 3);
  // @ts-expect-error a wrong type of argument
  client.send(7);
}
