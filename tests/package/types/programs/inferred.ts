// Only compiled, into declarations: the inferred types of users' exports can be declared.
import { Client, ClientNamespace, EngineClient, SimpleClient, errors, tuple } from "socketio-wasm";

interface FromServer {
  news(item: string): void;
}
interface ToServer {
  add(a: number, b: number): number;
}
interface Namespaces {
  "/chat": { listen: FromServer; emit: ToServer };
}

export const client = new Client<FromServer, ToServer, Namespaces>();
export const chat = client.of("/chat");
export const limited = chat.timeout(5);
export const other = client.with({ namespace: "/", timeout: 5 });
export const all = client.of("*");
export const plain = new Client().of("/x");
export const unsubscribe = client.on("news", () => {});
export const { on, once, off, emit, call, of, timeout, event, listeners, onAny, onAnyOutgoing, events } = client;
export const added = client.listeners("news");
export const sum = client.call("add", 1, 2);
export const task = client.startBackgroundTask(() => 1);
export const pair = tuple(1, "a");
export const simple = new SimpleClient<FromServer, ToServer>();
export const received = simple.receive();
export const { on: onMessage } = new EngineClient<string>();
export const { TimeoutError } = errors;
export const decorate = client.event({ namespace: "/chat" });
export class Chat extends ClientNamespace<FromServer, ToServer> {
  view = this.timeout(5);
  on_news = (item: string) => this.call("add", item.length, 1);
}
export const registered = client.registerNamespace(new Chat("/chat"));
export const instances = { client, chat, limited };
