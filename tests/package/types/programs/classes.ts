// Only compiled: the compiler must accept each line and need each @ts-expect-error.
import {
  Client,
  ClientNamespace,
  SimpleClient,
  TimeoutError,
  tuple,
  type BackgroundTask,
  type ConnectionError,
  type DisconnectDetails,
  type DisconnectReason,
  type ReceivedEvent,
  type Scope,
  type SimpleScope,
} from "socketio-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

interface FromServer {
  news(item: string, count: number): void;
  question(text: string): boolean;
}
interface ToServer {
  add(a: number, b: number): number;
  note(text: string): void;
  upload(file: Blob, answer: (bytes: number) => void): void;
}

class Chat extends ClientNamespace<FromServer, ToServer> {
  on_connect(): void {
    this.emit("note", "hello").send("anything");
  }
  on_disconnect(why: DisconnectReason, details: DisconnectDetails): string {
    return `${why} ${details.cause}`;
  }
  on_connect_error(error: ConnectionError): void {
    console.error(error.data, error.code, error.cause);
  }
  async on_question(text: string): Promise<boolean> {
    const sum = await this.call("add", 1, 2);
    isTrue<Equal<typeof sum, number>>();
    const again: number = await this.timeout(100).call("add", sum, text.length);
    this.volatile.emit("note", String(again));
    await this.with({ timeout: 5 }).call("note", "x");
    isTrue<Equal<typeof this.volatile, Scope<FromServer, ToServer>>>();
    isTrue<Equal<ReturnType<Chat["with"]>, Scope<FromServer, ToServer>>>();
    this.of<FromServer>("/news").on("news", (item) => isTrue<Equal<typeof item, string>>());
    // @ts-expect-error a wrong type of argument
    this.emit("note", 7);
    // @ts-expect-error an unknown event
    void this.call("nonsense");
    return this.connected && this.sid !== undefined && this.namespace === "/chat";
  }
  override triggerEvent(event: string, ...args: unknown[]): unknown {
    return super.triggerEvent(event.toLowerCase(), ...args);
  }
}

export async function namespaces(): Promise<void> {
  const client = new Client<FromServer, ToServer>();
  const chat: Chat = client.registerNamespace(new Chat("/chat"));
  client.registerNamespace(new (class extends ClientNamespace {})("*"));
  chat.client?.emit("anything", 1);
  await chat.disconnect();
  // @ts-expect-error not an instance of such a class
  client.registerNamespace({});
  // @ts-expect-error the class instead of an instance
  client.registerNamespace(Chat);
}

export async function background(signal: AbortSignal): Promise<void> {
  const client = new Client();
  const unsubscribe: () => void = client.event(function news(item: string) {
    return tuple(item, 1);
  }, { namespace: "/chat", once: true });
  unsubscribe();
  class Reader {
    @client.event
    news(item: string): string {
      return item;
    }
    @client.event({ namespace: "/chat" })
    others(item: string): string {
      return item;
    }
  }
  new Reader();
  const task = client.startBackgroundTask(async (text: string, count: number, stop: AbortSignal) => {
    await client.sleep(1000, { signal: stop });
    return text.repeat(count);
  }, "x", 3);
  isTrue<Equal<typeof task, BackgroundTask<string>>>();
  const text: string = await task.join({ signal });
  task.cancel(text);
  // @ts-expect-error a wrong type of argument
  client.startBackgroundTask((text: string) => text, 7);
  await client.sleep();
  await client.shutdown();
}

export async function simple(signal: AbortSignal): Promise<void> {
  await using client = new SimpleClient<FromServer, ToServer>({ reconnectionDelay: 500 });
  await client.connect("http://localhost", { namespace: "/chat", auth: { token: "x" }, waitTimeout: 100, transports: "polling", signal });
  // @ts-expect-error it has one namespace
  await client.connect("http://localhost", { namespaces: ["/chat"] });
  await client.emit("note", "x");
  // @ts-expect-error a wrong type of argument
  await client.emit("note", 7);
  const sum = await client.call("add", 1, 2);
  isTrue<Equal<typeof sum, number>>();
  // @ts-expect-error too few arguments
  await client.call("add", 1);
  const limited: SimpleScope<FromServer, ToServer> = client.with({ timeout: 5, signal });
  const size: number = await limited.timeout(sum).call("upload", new Blob(["x"]));
  const received = await limited.receive({ timeout: size, signal });
  isTrue<Equal<typeof received, ReceivedEvent<FromServer>>>();
  if (received[0] === "news") {
    const [, item, count] = received;
    isTrue<Equal<typeof item, string>>();
    isTrue<Equal<typeof count, number>>();
  }
  for await (const [event, ...args] of client) {
    isTrue<Equal<typeof event, "news" | "question">>();
    console.log(args.length, client.sid?.length, client.connected);
  }
  const transport: "" | "polling" | "websocket" = client.transport;
  const answer = await SimpleClient.use(async (other) => {
    await other.connect("http://localhost");
    const [event, first] = await other.receive();
    return `${event} ${first} ${transport}`;
  }, { reconnection: false });
  isTrue<Equal<typeof answer, string>>();
}

export function late(error: unknown): string | number | undefined {
  return error instanceof TimeoutError && error.code === "EMIT_TIMEOUT" ? error.event : undefined;
}
