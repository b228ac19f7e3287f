// One application, on an in-memory server and on npm's socket.io: clients observe the same.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { Server } from "../../support/testing.mjs";
import { until, within } from "../../support/until.mjs";

const npm = createRequire(import.meta.url)("socket.io");

/** The application: it uses the names that both servers have. `heard` collects what it observes. */
function serve(io, heard) {
  io.use((socket, next) => next(socket.handshake.auth.token === "wrong" ? Object.assign(new Error("wrong token"), { data: { code: 7 } }) : undefined));
  io.on("connection", (socket) => {
    heard.push(["connection", socket.handshake.auth, socket.handshake.headers["x-tenant"], socket.handshake.query.room, [...socket.rooms].length]);
    socket.on("disconnecting", (reason) => heard.push(["disconnecting", reason, socket.rooms.size, socket.connected]));
    socket.on("disconnect", (reason) => heard.push(["disconnect", reason, socket.rooms.size]));
    socket.onAny((event) => heard.push(["any", event]));
    socket.on("add", (a, b, answer) => answer(a + b));
    socket.on("pair", (answer) => answer(1, null));
    socket.on("echo", (value, answer) => answer(value));
    socket.on("enter", async (room, answer) => {
      socket.join(room);
      socket.to(room).emit("news", "entered");
      io.to(room).except(socket.id).emit("news", "not for you");
      io.in(room).emit("news", "for all of the room");
      socket.broadcast.emit("news", "for the others");
      answer((await io.in(room).fetchSockets()).length);
    });
    socket.on("leave", (room) => {
      socket.leave(room);
      io.to(room).emit("news", "nobody is there");
      socket.emit("left");
    });
    socket.on("ask", async (...args) => socket.emit("asked", await socket.emitWithAck("question", ...args)));
    socket.on("ask with a callback", () => socket.emit("question", "?", (...answer) => socket.emit("asked", ...answer)));
    socket.on("kick", () => socket.disconnect());
    socket.on("kick all", () => io.of("/chat").disconnectSockets(true));
    socket.on("close", () => socket.conn.close());
  });
  io.of("/chat").on("connection", (socket) => {
    heard.push(["chat", socket.nsp.name]);
    socket.emit("welcome", socket.nsp.sockets.size);
    socket.on("disconnect", (reason) => heard.push(["chat disconnect", reason]));
  });
}

/** Holds a conversation, and returns all that the client observes. */
async function converse(t, { url, options }, transports) {
  const seen = [];
  const settings = { ...IMPATIENT, ...options };
  const client = newClient(t, settings);
  for (const [event, answer] of Object.entries({ news: undefined, left: undefined, asked: undefined, question: "the answer" })) {
    client.on(event, (...args) => (seen.push([event, ...args]), answer));
  }
  client.of("/chat").on("welcome", (count) => seen.push(["welcome", count]));
  client.on("disconnect", (reason, { cause }) => seen.push(["disconnect", reason, cause]));
  client.of("/chat").on("disconnect", (reason) => seen.push(["chat disconnect", reason]));
  client.on("disconnectFinal", (reason) => seen.push(["final", reason]));
  const connect = (more) => client.connect(`${url}?room=7`, { transports, headers: { "x-tenant": "4" }, ...more });
  const ended = () => until("the end", () => client.state === "disconnected");
  const asked = (count) => until("the answer", () => seen.filter(([event]) => event === "asked").length === count);

  await assert.rejects(connect({ auth: { token: "wrong" } }), (error) => seen.push(["refused", error.code, error.data]) > 0);
  await assert.rejects(connect({ namespaces: "/nowhere" }), (error) => seen.push(["refused", error.code, error.data]) > 0);
  await connect({ namespaces: ["/", "/chat"], auth: { token: "right" } });
  await until("the upgrade", () => client.transport() === transports.at(-1));
  const call = async (...event) => seen.push(["answer", await client.call(...event)]);
  await call("add", 1, 2);
  await call("pair");
  await call("echo", "ä😀\u2028");
  await call("echo", { list: [new Uint8Array([1, 255]), { empty: new Uint8Array() }], text: null });
  await call("enter", "lobby");
  client.emit("leave", "lobby");
  client.emit("ask", new Uint8Array([7]), { a: [1.5, true] });
  await asked(1);
  client.emit("ask with a callback");
  await asked(2);

  client.emit("close");
  await until("the loss", () => seen.some(([event]) => event === "disconnect"));
  await until("the reconnection", () => client.state === "connected" && client.of("/chat").connected);
  await call("add", 3, 4);
  client.emit("kick");
  await until("the kick", () => seen.filter(([event]) => event === "disconnect").length === 2);
  seen.push(["namespaces", ...client.namespaces.keys()]);
  const other = newClient(t, settings);
  await other.connect(url, { transports });
  await until("the upgrade", () => other.transport() === transports.at(-1));
  other.emit("kick all");
  await within("the end", ended());
  await other.disconnect();
  return seen;
}

async function npmServer(t, heard) {
  const http = createServer();
  const io = new npm.Server(http);
  serve(io, heard);
  // A connection that the server closes between two polls would otherwise keep this process alive for 30 s.
  io.engine.on("connection", ({ transport }) => (transport.closeTimeout = 100));
  await once(http.listen(0, "127.0.0.1"), "listening");
  t.after(() => io.close());
  return { url: `http://127.0.0.1:${http.address().port}`, options: {} };
}

function inMemoryServer(heard) {
  const io = new Server();
  serve(io, heard);
  return { url: io.url, options: io.clientOptions };
}

describe("the clients of an application, and the application, observe the same on an in-memory server as on npm's socket.io", () => {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(name, async (t) => {
      const heard = { npm: [], memory: [] };
      const real = await converse(t, await npmServer(t, heard.npm), transports);
      const inMemory = await converse(t, inMemoryServer(heard.memory), transports);
      assert.ok(real.length > 20, String(real.length));
      assert.deepEqual(inMemory, real);
      await until("the last disconnect", () => heard.memory.length === heard.npm.length);
      assert.deepEqual(heard.memory, heard.npm);
    });
  }
});
