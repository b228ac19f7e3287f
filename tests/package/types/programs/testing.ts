// The server for tests: typed by the maps of events of the client, the other way round.
import { Client, type Tuple } from "socketio-wasm";
import { Server, type Namespace, type ServerOptions, type Socket } from "socketio-wasm/testing";

interface FromServer {
  news(text: string): void;
  question(text: string): string;
}
interface ToServer {
  say(text: string): void;
  add(a: number, b: number): number;
  pair(): Tuple<[number, string]>;
  save(text: string): boolean;
  find(id: number): string | null;
  old(a: number, answer: (sum: string) => void): void;
}

export async function program(options: ServerOptions): Promise<string> {
  const server = new Server<ToServer, FromServer>(options);
  server.on("connection", (socket) => {
    socket.on("add", (a, b, answer) => answer(a + b));
    socket.on("pair", (answer) => answer(1, "two"));
    socket.on("old", (a, answer) => answer(a.toFixed()));
    socket.on("save", (text, answer) => answer(text.length > 0));
    socket.on("find", (id, answer) => answer(id > 0 ? "found" : null));
    // @ts-expect-error: the answer is a boolean
    socket.on("save", (text, answer) => answer(text));
    // @ts-expect-error: the answer is a string or null
    socket.on("find", (id, answer) => answer(id));
    socket.once("say", (text) => text.trim());
    // @ts-expect-error: the answer is a number
    socket.on("add", (a, b, answer) => answer("3"));
    // @ts-expect-error: the second one is a string
    socket.on("pair", (answer) => answer(1, 2));
    // @ts-expect-error: the answer is a string
    socket.on("old", (a, answer) => answer(a));
    // @ts-expect-error: no such event
    socket.on("subtract", () => {});
    socket.on("disconnect", (reason) => reason.trim());
    socket.on("disconnecting", (reason) => reason.trim());
  });
  const client = new Client<FromServer, ToServer>({ ...server.clientOptions, reconnectionDelay: 10 });
  await client.connect(server.url);
  const socket: Socket<ToServer, FromServer> = await server.connection();
  const [text] = await socket.received("say");
  socket.join(["one", "two"]);
  server.to("one").except("two").emit("news", text.trim());
  // @ts-expect-error: its argument is a string
  server.emit("news", 7);
  // @ts-expect-error: no such event
  socket.emit("add", 1, 2);
  socket.emit("question", "?", (answer) => answer.trim());
  const chat: Namespace<{ enter(room: string): void }> = server.of<{ enter(room: string): void }>("/chat");
  chat.use((entering, next) => next(entering.handshake.auth["token"] === "secret" ? undefined : new Error("wrong token")));
  chat.refuse("wrong token", { code: 7 });
  // @ts-expect-error: the message is a string
  chat.refuse({ code: 7 });
  // @ts-expect-error: no such option
  new Server({ pingIntervall: 1 });
  return socket.emitWithAck("question", "Who are you?");
}

export function untyped(): Server {
  const server = new Server();
  server.on("connection", (socket) => {
    socket.on("add", (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
    socket.emit("news", "anything", 7);
  });
  return server;
}
