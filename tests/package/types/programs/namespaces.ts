// Only compiled: the compiler must accept each line and need each @ts-expect-error.
import { Client, ClientNamespace, type DisconnectReason, type NamespaceMethods, type Scope } from "socketio-wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

interface FromServer {
  news(item: string, count: number): void;
}
interface ToServer {
  note(text: string): void;
}
interface ChatFromServer {
  message(text: string): void;
  vote(what: string): boolean;
}
interface ChatToServer {
  say(text: string): number;
}
interface RoomToServer {
  leave(why?: string): boolean;
}
interface Namespaces {
  "/chat": { listen: ChatFromServer; emit: ChatToServer };
  "/alerts": { listen: ChatFromServer };
  [room: `/rooms/${string}`]: { emit: RoomToServer };
}

/** A map of namespaces gives each of them types. */
export async function mapped(): Promise<void> {
  const client = new Client<FromServer, ToServer, Namespaces>();

  const chat = client.of("/chat");
  chat.on("message", (text) => isTrue<Equal<typeof text, string>>());
  chat.on("vote", async (what) => what === "yes");
  const said = chat.timeout(5).call("say", "x");
  isTrue<Equal<typeof said, Promise<number>>>();
  // @ts-expect-error an event of another namespace
  chat.emit("note", "x");
  // @ts-expect-error an event of another namespace
  chat.on("news", () => {});
  // @ts-expect-error a wrong type of answer
  chat.on("vote", (what) => what);

  client.of("/alerts").emit("anything", 1, 2); // the map has no types for this direction
  client.of("/alerts").on("message", (text) => text.length);
  const left = client.of("/rooms/7").call("leave");
  isTrue<Equal<typeof left, Promise<boolean>>>();
  client.of("/rooms/7").on("anything", (text: string) => text);

  // "/" can be reached from each namespace
  chat.of("/").on("news", (item, count) => item.repeat(count));
  chat.with({ namespace: "/" }).emit("note", "x");
  // @ts-expect-error an event of another namespace
  chat.of("/").emit("say", "x");
  // @ts-expect-error not in the map
  client.of("/caht");
  // @ts-expect-error not in the map
  client.with({ namespace: "/caht" });
  // @ts-expect-error an unknown setting
  client.with({ namspace: "/chat" });

  // options that name a namespace
  client.with({ namespace: "/chat", timeout: 5 }).on("message", (text) => text.length);
  client.with({ timeout: 5 }).on("news", (item) => item.length);
  client.on("message", (text) => isTrue<Equal<typeof text, string>>(), { namespace: "/chat" });
  client.once("vote", (what) => what.length > 1, { namespace: "/chat" });
  client.off("message", undefined, { namespace: "/chat" });
  client.on("disconnect", (why, { cause }) => [why.length, cause], { namespace: "/chat" });
  client.listeners("message", { namespace: "/chat" });
  client.onAny((event, text) => isTrue<Equal<[typeof event, typeof text], [string, unknown]>>(), { namespace: "/chat" });
  client.onAny((event, namespace) => [event, isTrue<Equal<typeof namespace, string>>()], { namespace: "*" });
  client.onAnyOutgoing((event, namespace) => [event, isTrue<Equal<typeof namespace, string>>()], { namespace: "*" });
  client.offAny(undefined, { namespace: "/chat" });
  client.offAnyOutgoing(undefined, { namespace: "*" });
  for await (const [text] of chat.events("message")) isTrue<Equal<typeof text, string>>();
  // @ts-expect-error an event of another namespace
  chat.events("news");
  // @ts-expect-error an event of another namespace
  client.listeners("news", { namespace: "/chat" });
  // @ts-expect-error an event of another namespace
  client.on("news", () => {}, { namespace: "/chat" });
  // @ts-expect-error an event of another namespace
  client.once("news", () => {}, { namespace: "/chat" });
  // @ts-expect-error an event of another namespace
  client.off("news", undefined, { namespace: "/chat" });
  // @ts-expect-error an event of another namespace
  client.on("message", (text) => text);
  // @ts-expect-error a wrong type of answer
  client.on("vote", (what) => what, { namespace: "/chat" });
  // @ts-expect-error not in the map
  client.on("news", () => {}, { namespace: "/caht" });
  // @ts-expect-error not in the map
  client.event(function news() {}, { namespace: "/caht" });
  // @ts-expect-error not in the map
  client.event({ namespace: "/caht" });
  // @ts-expect-error not in the map
  client.listeners("news", { namespace: "/caht" });
  // @ts-expect-error not in the map
  client.onAny(() => {}, { namespace: "/caht" });
  // @ts-expect-error not in the map
  client.offAny(() => {}, { namespace: "/caht" });
  // @ts-expect-error not in the map
  client.onAnyOutgoing(() => {}, { namespace: "/caht" });
  // @ts-expect-error not in the map
  client.offAnyOutgoing(() => {}, { namespace: "/caht" });

  await client.connect("http://localhost", { namespaces: ["/", "/chat", "/rooms/5"] });
  await client.connectNamespace("/rooms/6");
  await client.disconnectNamespace("/chat");
  client.getSid("/chat");
  // @ts-expect-error not in the map
  await client.connect("http://localhost", { namespaces: "/caht" });
  // @ts-expect-error not in the map
  await client.connectNamespace("/caht");
  // @ts-expect-error not in the map
  await client.disconnectNamespace("/caht");
  // @ts-expect-error not in the map
  client.getSid("/caht");
}

/** Explicit type arguments have precedence, also for namespaces that are not in the map. */
export function given(): void {
  const listening = new Client<FromServer, ToServer, Namespaces>().of<FromServer>("/late");
  listening.on("news", (item) => item.length);
  listening.emit("anything");
  const both = new Client().of<FromServer, ToServer>("/late");
  isTrue<Equal<typeof both, Scope<FromServer, ToServer>>>();
  // @ts-expect-error an unknown event
  both.emit("anything");
}

/** Without a map, any namespace and any event is accepted. */
export function unmapped(name: string): void {
  const client = new Client<FromServer, ToServer>();
  const chat = client.of("/chat");
  isTrue<Equal<typeof chat, Scope>>();
  client.of(name).on(name, (text: string) => text);
  const same = client.with({ namespace: name, timeout: 5 });
  isTrue<Equal<typeof same, Scope<FromServer, ToServer, {}, true>>>();
  client.on("news", (item) => item.length, { namespace: "/chat" });
  void client.connect("http://localhost", { namespaces: [name] });
}

/** "*" stands for any namespace; its handlers get the name. */
export async function any(): Promise<void> {
  const all = new Client<FromServer, ToServer, Namespaces>().of("*");
  all.on("connect", (namespace) => isTrue<Equal<typeof namespace, string>>());
  all.on("disconnect", (namespace, why, { cause }) => [namespace, isTrue<Equal<typeof why, DisconnectReason>>(), cause]);
  all.on("news", (namespace, item: string) => [isTrue<Equal<typeof namespace, string>>(), item]);
  all.on("*", (event, namespace, ...args) => [event, isTrue<Equal<typeof namespace, string>>(), args]);
  all.onAny((event, namespace) => [event, isTrue<Equal<typeof namespace, string>>()]);
  for await (const [namespace, item] of all.events("news")) isTrue<Equal<[typeof namespace, typeof item], [string, unknown]>>();
  for await (const [event, namespace] of all.events()) isTrue<Equal<[typeof event, typeof namespace], [string, string]>>();
  new Client().on("connect", (namespace) => namespace.length, { namespace: "*" });
  new Client().onAny((event, namespace) => event + namespace.length, { namespace: "*" });
  new Client().with({ namespace: "*" }).on("news", (namespace) => namespace.length);
  // @ts-expect-error the namespace comes first
  all.on("disconnect", (why: "client disconnect") => why);
}

// @ts-expect-error not the name of a namespace
export type Nameless = Client<FromServer, ToServer, { chat: { listen: ChatFromServer } }>;
// @ts-expect-error the events of "/" are the first two types
export type Twice = Client<FromServer, ToServer, { "/": { listen: ChatFromServer } }>;
// @ts-expect-error neither direction
export type Misspelt = Client<FromServer, ToServer, { "/chat": { lisen: ChatFromServer } }>;

/** The methods of classes are checked against the events, and their events against the map. */
class Chat extends ClientNamespace<ChatFromServer, ChatToServer> implements NamespaceMethods<ChatFromServer> {
  on_connect(): void {}
  on_disconnect(why: string): string {
    return why;
  }
  on_message(text: string): void {
    this.emit("say", text);
  }
  async on_vote(what: string): Promise<boolean> {
    return what === "yes";
  }
}
class WrongAnswer extends ClientNamespace<ChatFromServer> implements NamespaceMethods<ChatFromServer> {
  // @ts-expect-error a wrong type of answer
  on_vote(what: string): string {
    return what;
  }
}
class WrongArgument extends ClientNamespace<ChatFromServer> implements NamespaceMethods<ChatFromServer> {
  // @ts-expect-error a wrong type of argument
  on_message(text: number): void {
    console.log(text);
  }
}
class OtherEvents extends ClientNamespace<{ other(): void }, { another(): void }> {}
class Untyped extends ClientNamespace {
  on_anything(): void {}
}
class Root extends ClientNamespace<FromServer, ToServer> {}

export function registered(client: Client<FromServer, ToServer, Namespaces>): Chat {
  client.registerNamespace(new Root());
  const untyped: Untyped = client.registerNamespace(new Untyped("*"));
  const wrong: WrongAnswer | WrongArgument = new Client().registerNamespace(new WrongAnswer("/x"));
  new Client<FromServer, ToServer>().registerNamespace(new OtherEvents("/other"));
  // @ts-expect-error events that no namespace of the map has
  client.registerNamespace(new OtherEvents("/other"));
  console.log(untyped, wrong);
  return client.registerNamespace(new Chat("/chat"));
}
