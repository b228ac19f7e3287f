// Namespaces, rooms, refusals and disconnections of an in-memory server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { Server, connectTo } from "../../support/testing.mjs";
import { heard, until } from "../../support/until.mjs";

test("namespaces have sockets and listeners of their own, on one connection", async (t) => {
  const server = new Server();
  server.of("/chat").on("connection", (socket) => socket.on("where", (answer) => answer(socket.nsp.name)));
  server.on("connection", (socket) => socket.on("where", (answer) => answer(socket.nsp.name)));
  const { client, socket } = await connectTo(t, server, { namespaces: ["/", "/chat"] });
  assert.equal(await client.call("where"), "/");
  assert.equal(await client.of("/chat").call("where"), "/chat");
  const inChat = await server.of("/chat").connection();
  assert.notEqual(inChat.id, socket.id);
  assert.equal(inChat.conn, socket.conn);
  assert.equal(server.of("/chat"), inChat.nsp);
  assert.deepEqual([...server.of("/chat").sockets.keys()], [inChat.id]);
});

test("a client is refused in a namespace that the test has not named", async (t) => {
  const client = newClient(t, new Server().clientOptions);
  await assert.rejects(client.connect("http://any.test", { namespaces: "/nowhere" }), { code: "REFUSED", data: { message: "Invalid namespace" } });
});

test("refuse() refuses with a message and data, until accept()", async (t) => {
  const server = new Server();
  const client = newClient(t, server.clientOptions);
  server.of("/chat").refuse("wrong token", { code: 7 });
  const attempt = () => client.connect(server.url, { namespaces: "/chat" });
  await assert.rejects(attempt(), { code: "REFUSED", data: { message: "wrong token", data: { code: 7 } } });
  server.of("/chat").accept();
  await attempt();
  assert.equal((await server.of("/chat").connection()).id, client.getSid("/chat"));
});

test("binary data of an error in use() reaches the client as JSON, as from npm's server", async (t) => {
  const server = new Server();
  server.use((_socket, next) => next(Object.assign(new Error("why"), { data: new Uint8Array([7]) })));
  const client = newClient(t, server.clientOptions);
  await assert.rejects(client.connect(server.url), { code: "REFUSED", data: { message: "why", data: { 0: 7 } } });
});

test("functions of use() refuse or accept in order, later too", async (t) => {
  const server = new Server();
  const calls = [];
  server.use((socket, next) => {
    calls.push("first");
    next(socket.handshake.auth.token === "secret" ? undefined : Object.assign(new Error("wrong token"), { data: { retry: false } }));
  });
  server.use(async (socket, next) => {
    await Promise.resolve();
    calls.push("second");
    socket.data.name = "Ada";
    next();
  });
  const client = newClient(t, server.clientOptions);
  await assert.rejects(client.connect(server.url), { code: "REFUSED", data: { message: "wrong token", data: { retry: false } } });
  assert.deepEqual(calls, ["first"]);
  await client.connect(server.url, { auth: { token: "secret" } });
  assert.deepEqual(calls, ["first", "first", "second"]);
  assert.equal((await server.connection()).data.name, "Ada");
});

const LEAVING = {
  "disconnect()": ({ client }) => client.disconnect(),
  "a lost connection": async ({ socket }) => (socket.drop(), until("the loss", () => !socket.connected)),
};
for (const [how, leave] of Object.entries(LEAVING)) {
  test(`a client that leaves by ${how} while use() decides is no client of the server`, async (t) => {
    const server = new Server();
    let accept;
    server.of("/chat").use((_socket, next) => (accept ??= next));
    server.of("/chat").on("connection", () => assert.fail("it has left"));
    const ends = await connectTo(t, server, { transports: "websocket" });
    const entering = assert.rejects(ends.client.connectNamespace("/chat"));
    await until("the question", () => accept);
    const first = accept;
    await leave(ends);
    await entering;
    first();
    assert.equal(server.of("/chat").sockets.size, 0);
  });
}

test("a decision of use() counts once", async (t) => {
  const server = new Server();
  const entered = [];
  server.use((_socket, next) => (next(), next(), next(new Error("too late"))));
  server.on("connection", ({ id }) => entered.push(id));
  const { client } = await connectTo(t, server);
  assert.deepEqual([entered, client.connected], [["socket-1"], true]);
});

test("an event to rooms reaches each of their sockets once, and those of except() not at all", async (t) => {
  const server = new Server();
  const ends = [];
  for (let at = 0; at < 4; at++) ends.push(await connectTo(t, server));
  const [a, b, c, d] = ends.map(({ socket }) => socket);
  const got = [];
  ends.forEach(({ client }, at) => client.on("news", (text) => got.push(`${"abcd"[at]} ${text}`)));
  const settled = async () => {
    // Each client answers behind the events that were sent to it before.
    await Promise.all(ends.map(({ client }) => client.on("sync", () => true)));
    await Promise.all(ends.map(({ socket }) => socket.emitWithAck("sync")));
    return got.splice(0).sort();
  };
  a.join("one");
  b.join(["one", "two"]);
  c.join("two");
  server.to("one").to("two").emit("news", 1);
  assert.deepEqual(await settled(), ["a 1", "b 1", "c 1"]);
  server.in(["one", "two"]).except("two").emit("news", 2);
  assert.deepEqual(await settled(), ["a 2"]);
  server.except("one").emit("news", 3);
  assert.deepEqual(await settled(), ["c 3", "d 3"]);
  server.emit("news", 4);
  assert.deepEqual(await settled(), ["a 4", "b 4", "c 4", "d 4"]);
  a.to("one").emit("news", 5);
  assert.deepEqual(await settled(), ["b 5"]);
  a.in("one").emit("news", 5.5);
  assert.deepEqual(await settled(), ["b 5.5"]);
  d.broadcast.emit("news", 6);
  assert.deepEqual(await settled(), ["a 6", "b 6", "c 6"]);
  d.except("two").emit("news", 7);
  assert.deepEqual(await settled(), ["a 7"]);
  b.leave("one");
  server.to("one").emit("news", 8);
  assert.deepEqual(await settled(), ["a 8"]);
  server.to(c.id).emit("news", 9);
  assert.deepEqual(await settled(), ["c 9"]);
  assert.deepEqual((await server.in("two").fetchSockets()).map(({ id }) => id), [b.id, c.id]);
  assert.deepEqual((await server.fetchSockets()).length, 4);
  const left = heard(ends[1].client, "disconnect");
  server.in("two").except(c.id).disconnectSockets();
  assert.equal((await left)[0], "server disconnect");
  assert.deepEqual([a, b, c, d].map(({ connected }) => connected), [true, false, true, true]);
  server.disconnectSockets(true);
  await until("the end of all", () => ends.every(({ client }) => !client.connected));
  assert.equal(server.sockets.size, 0);
});

test("disconnect() ends the namespace alone; disconnect(true) the whole connection", async (t) => {
  const server = new Server();
  server.of("/chat");
  const { client, socket } = await connectTo(t, server, { namespaces: ["/", "/chat"] });
  const reasons = [];
  socket.on("disconnect", (reason) => reasons.push(reason));
  socket.disconnect();
  await until("the end of the namespace", () => !client.namespaces.has("/"));
  assert.equal(client.connected, true);
  assert.deepEqual(reasons, ["server namespace disconnect"]);
  const inChat = await server.of("/chat").connection();
  const final = heard(client.of("/chat"), "disconnectFinal");
  inChat.disconnect(true);
  assert.deepEqual(await final, ["server disconnect"]);
  assert.equal(client.state, "disconnected");

  const both = await connectTo(t, server, { namespaces: ["/", "/chat"] });
  await server.of("/chat").connection().then((other) => other.disconnect(true));
  await until("the end of both", () => !both.socket.connected && both.client.state === "disconnected");
});

test("connection() skips clients that have left", async (t) => {
  const server = new Server();
  const first = newClient(t, server.clientOptions);
  await first.connect(server.url);
  await first.disconnect();
  await until("its end", () => server.sockets.size === 0);
  const second = newClient(t, server.clientOptions);
  await second.connect(server.url);
  assert.equal((await server.connection()).id, second.sid);
});

test("the reason of a socket says how the client has left", async (t) => {
  const server = new Server();
  const reasons = [];
  server.on("connection", (socket) => socket.on("disconnect", (reason) => reasons.push(reason)));
  server.of("/chat");
  const { client, socket } = await connectTo(t, server, { namespaces: ["/", "/chat"] });
  await client.disconnectNamespace("/");
  await until("the first end", () => reasons.length === 1);
  assert.equal(socket.connected, false);
  assert.deepEqual(reasons, ["client namespace disconnect"]);
  const second = await connectTo(t, server);
  second.socket.drop();
  await until("the second end", () => reasons.length === 2);
  assert.equal(reasons[1], "transport close");
});

test("server.on adds, once() counts one client, and off() removes", async (t) => {
  const server = new Server();
  const calls = [];
  const gone = () => calls.push("gone");
  server.on("connect", () => calls.push("connect"));
  server.once("connection", () => calls.push("once"));
  server.on("connection", gone).off("connection", gone);
  await connectTo(t, server);
  await connectTo(t, server);
  assert.deepEqual(calls, ["once", "connect", "connect"]);
});
