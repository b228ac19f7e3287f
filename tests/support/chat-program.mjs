// An ordinary program for socket.io-client, which records what happens. An adapter makes the changes that a migration asks for.
import { Server } from "socket.io";
import { listen } from "./listen.mjs";
import { LIMIT_MS, heard, until, within } from "./until.mjs";

const UNANSWERED_MS = 100; // the limit of a question that gets no answer

/**
 * Runs the program with a server of its own.
 * @param {import("node:test").TestContext} t
 * @param {object} library the adapter for a client library, see tests/package/emit-and-ack/migration.test.mjs
 * @param {string[]} transports
 * @returns {Promise<Record<string, unknown[][]>>} its transcript: the entries of each step
 */
export async function chat(t, library, transports) {
  const url = await chatServer(t);
  const transcript = {};
  let entries;
  const step = (name) => (entries = transcript[name] = []);
  const log = (...entry) => entries.push(entry.map((value) => (typeof value === "function" ? "a function" : value)));
  const logged = (name) => (...args) => void log(name, ...args);

  step("connects");
  const socket = library.open(url, transports);
  t.after(() => socket.disconnect());
  const manager = library.manager(socket);
  socket.on("connect", () => log("connect", socket.connected, library.id(socket).length > 0));
  socket.on("disconnect", (...args) => log("disconnect", library.reason(...args), socket.connected));
  socket.on("message", logged("first"));
  socket.emit("say", "before the connection");
  await heard(socket, "message");
  const ask = (...event) => within(`the answer to ${event}`, socket.emitWithAck(...event));
  const settled = () => ask("echo", "all earlier events have come");

  step("has several listeners of one event");
  const removed = logged("removed");
  const second = logged("second");
  socket.on("message", removed);
  socket.once("message", logged("once"));
  socket.on("message", second);
  socket.onAny(logged("any"));
  socket.off("message", removed);
  log(socket.listeners("message").length);
  socket.emit("say", "to all").emit("say", "without the one of once");
  await settled();
  socket.off("message", second);
  socket.send("by send()", { and: [1, null, "é世👋"] });
  await settled();
  socket.offAny();
  log(socket.listeners("message").length, socket.listeners("nothing"));

  step("adds a function twice");
  const same = logged("same");
  socket.on("message", same);
  socket.on("message", same);
  socket.removeAllListeners("message");
  socket.on("message", same);
  socket.on("message", same);
  socket.emit("say", "once or twice");
  await settled();
  socket.removeAllListeners("message");
  socket.on("message", logged("first"));

  step("asks for one value");
  await within("the callback", new Promise((resolve) => socket.emit("echo", 1, [2], (...values) => resolve(log("callback", ...values)))));
  log("emitWithAck", await ask("echo", { a: 1 }), await ask("echo"));
  for (const [event, limit] of [["echo", LIMIT_MS], ["never", UNANSWERED_MS]]) { // prettier-ignore
    const called = new Promise((resolve) => socket.timeout(limit).emit(event, "in time", (...values) => resolve(values)));
    const [error, ...values] = await within("the timed callback", called);
    log("timed callback", event, error instanceof Error, values);
    log("timed promise", event, await socket.timeout(limit).emitWithAck(event, "in time").catch((error) => error instanceof Error));
  }

  step("asks for two values");
  log("the answer", await ask("echo", 1, 2));

  step("is asked");
  const question = library.answer((...args) => {
    log("asked", ...args);
    return { answer: args.length };
  });
  socket.on("question", question);
  log("the server got", await ask("ask", "question", "who", { are: "you" }));
  socket.off("question", question);
  socket.on("question", library.answer(async (text) => `${await ask("echo", text)} later`));
  log("the server got", await ask("ask", "question", "answered"));

  step("is asked what nobody handles");
  log("the server got", await ask("ask", "nobody", "listens"));

  step("watches a question that nobody handles");
  socket.onAny(logged("any"));
  log("the server got", await ask("ask", "nobody", "listens"));
  socket.offAny();

  step("does not answer");
  socket.on("ignored", (text) => void log("asked", text));
  socket.emit("wonder", "ignored", "to be ignored");
  await settled();
  log("the server got", await ask("wondered"));

  step("sends and receives bytes");
  let bytes;
  socket.on("photo", (name, { pixels: [first, nested] }) => {
    log(name, [...new Uint8Array(first)], [...new Uint8Array(nested.data)]);
    bytes = first;
  });
  socket.emit("photo", "Ada", { pixels: [new Uint8Array([1, 2]), { data: Buffer.from([3]) }] });
  await settled();

  step("looks at the class of bytes");
  log(bytes.constructor.name);

  step("joins namespaces");
  const refused = library.join(socket, "/refused");
  const [error] = await heard(refused, "connect_error");
  log(error instanceof Error, ...library.refusal(error), refused.connected);
  const room = library.join(socket, "/room");
  room.on("message", logged("room"));
  await heard(room, "connect");
  room.emit("say", "in the room");
  log("the room's answer", await room.emitWithAck("echo", "here"), room.connected, socket.connected);
  const left = heard(room, "disconnect");
  await library.leave(room, socket);
  log("left", library.reason(...(await left)), room.connected, socket.connected);

  step("loses the connection");
  await until("the last transport", () => library.transport(socket) === transports.at(-1));
  const order = [];
  socket.once("connect", () => order.push("connect"));
  manager.once("reconnect", () => order.push("reconnect"));
  manager.on("reconnect_attempt", (attempt) => log("reconnect_attempt", attempt));
  socket.once("disconnect", () => socket.emit("say", "while away"));
  const reconnected = heard(manager, "reconnect");
  const again = heard(socket, "message");
  socket.emit("lose");
  log("reconnect", ...(await reconnected));
  await again; // the buffered event
  entries.sort();

  step("orders connect and reconnect");
  log(...order);

  step("watches what it emits while it is away");
  for (const event of ["message", "connect", "disconnect"]) socket.removeAllListeners(event);
  manager.off("reconnect_attempt");
  socket.once("disconnect", () => {
    socket.onAnyOutgoing(logged("outgoing"));
    socket.emit("say", "while away");
    log("emitted");
  });
  const arrived = heard(socket, "message");
  socket.emit("lose");
  await arrived;
  socket.offAnyOutgoing();

  step("watches what it emits while it is connected");
  socket.onAnyOutgoing(logged("outgoing"));
  socket.emit("say", "without a callback").emit("say", "with a callback", () => {});
  await settled();
  socket.offAnyOutgoing();

  step("is disconnected by the server, and connects again");
  socket.on("message", logged("first"));
  manager.on("reconnect_attempt", logged("reconnect_attempt"));
  socket.on("connect", () => log("connect"));
  socket.on("disconnect", (...args) => log("disconnect", library.reason(...args), socket.connected));
  const kicked = heard(socket, "disconnect");
  socket.emit("kick");
  await kicked;
  const connected = heard(socket, "connect");
  library.connect(socket, url, transports);
  await connected;
  socket.emit("say", "again");
  await settled();

  step("disconnects");
  const ended = heard(socket, "disconnect");
  await socket.disconnect();
  await ended;
  log(socket.connected);

  step("emits after its end");
  try {
    socket.emit("say", "after the end");
    log("buffered");
  } catch ({ code }) {
    log(code);
  }
  return transcript;
}

// The server of the program.
async function chatServer(t) {
  const http = await listen(t, (request, response) => response.writeHead(404).end());
  const server = new Server(http);
  const serve = (socket) => {
    const handlers = {
      say: (text) => socket.emit("message", text),
      message: (...args) => socket.emit("message", ...args),
      echo: (...args) => args.pop()(...args),
      never: () => {},
      ask: (event, ...args) => {
        const answer = args.pop();
        const limit = event === "question" ? LIMIT_MS : UNANSWERED_MS;
        socket.timeout(limit).emitWithAck(event, ...args).then(answer, ({ message }) => answer(message)); // prettier-ignore
      },
      wonder: (...event) => socket.emit(...event, (...answer) => (socket.data.answer = answer)),
      wondered: (answer) => answer(socket.data.answer ?? "no answer"),
      photo: (...args) => socket.emit("photo", ...args),
      lose: () => socket.conn.close(),
      kick: () => socket.disconnect(),
    };
    for (const [event, handler] of Object.entries(handlers)) socket.on(event, handler);
  };
  server.on("connection", serve);
  server.of("/room").on("connection", serve);
  server.of("/refused").use((socket, next) => next(Object.assign(new Error("no entry"), { data: { code: 7 } })));
  return http.url;
}
