// Events and answers between a client and an in-memory server, over each transport.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TRANSPORTS, newClient } from "../../support/clients.mjs";
import { Server, collectUnhandled, connectTo } from "../../support/testing.mjs";
import { heard, until, within } from "../../support/until.mjs";

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  describe(name, () => {
    test("a listener answers a call, with one value, with several and with none", async (t) => {
      const server = new Server();
      server.on("connection", (socket) => {
        socket.on("add", (a, b, answer) => answer(a + b));
        socket.on("halve", (a, answer) => answer(Math.floor(a / 2), a % 2));
        socket.on("done", (answer) => answer());
      });
      const { client } = await connectTo(t, server, { transports });
      assert.equal(await client.call("add", 1, 2), 3);
      assert.deepEqual(await client.call("halve", 7), [3, 1]);
      assert.equal(await client.call("done"), undefined);
    });

    test("the client answers the server, by a callback and by a promise", async (t) => {
      const server = new Server();
      const { client, socket } = await connectTo(t, server, { transports });
      client.on("question", (text) => `${text}!`);
      assert.equal(await socket.emitWithAck("question", "well"), "well!");
      assert.equal(await new Promise((resolve) => socket.emit("question", "now", resolve)), "now!");
    });

    test("a callback of the server that throws fails the test, and the client is answered", async (t) => {
      const unhandled = collectUnhandled(t);
      const { client, socket } = await connectTo(t, new Server(), { transports });
      client.on("question", () => 1);
      socket.on("add", (a, b, answer) => answer(a + b));
      socket.emit("question", () => {
        throw new Error("of the callback");
      });
      await until("the rejection", () => unhandled.length > 0);
      assert.equal(await within("the answer", client.call("add", 1, 2)), 3);
      assert.deepEqual(unhandled, ["of the callback"]);
    });

    test("binary data arrives on both sides, nested and empty, as a copy", async (t) => {
      const server = new Server();
      server.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
      const { client, socket } = await connectTo(t, server, { transports });
      const bytes = new Uint8Array([0, 1, 255]);
      assert.deepEqual(await client.call("echo", { list: [bytes, new Uint8Array()] }), { list: [bytes, new Uint8Array()] });
      const news = heard(client, "news");
      socket.emit("news", bytes, { part: bytes.subarray(1).buffer.slice(1), name: "x" });
      bytes.fill(9);
      assert.deepEqual(await news, [new Uint8Array([0, 1, 255]), { part: new Uint8Array([1, 255]), name: "x" }]);
    });

    test("events keep their order in both directions", async (t) => {
      const server = new Server();
      const { client, socket } = await connectTo(t, server, { transports });
      const numbers = Array.from({ length: 50 }, (_, at) => at);
      const got = [];
      client.on("tick", (at) => got.push(at));
      for (const at of numbers) socket.emit("tick", at);
      for (const at of numbers) client.emit("tock", at);
      for (const at of numbers) assert.deepEqual(await within("tock", socket.received("tock")), [at]);
      await until("all ticks", () => got.length === numbers.length);
      assert.deepEqual(got, numbers);
    });

    test("the socket has the auth, the headers and the query of the client, and its transport", async (t) => {
      const server = new Server();
      const client = newClient(t, server.clientOptions);
      await client.connect(`${server.url}?room=7`, { transports, auth: { token: "secret" }, headers: { "X-Tenant": "4" } });
      const socket = await server.connection();
      assert.equal(socket.id, client.sid);
      assert.equal(socket.conn.id, client.engineSid);
      assert.deepEqual(socket.handshake.auth, { token: "secret" });
      assert.equal(socket.handshake.headers["x-tenant"], "4");
      assert.equal(socket.handshake.query.room, "7");
      assert.match(socket.handshake.url, /^\/socket\.io\/\?.*room=7/);
      const last = transports.at(-1);
      await until("the transport", () => client.transport() === last && socket.conn.transport.name === last);
    });
  });
}

test("received() gives events that came before, one by one, and waits for later ones", async (t) => {
  const { client, socket } = await connectTo(t, new Server());
  client.emit("say", "first");
  client.emit("say", "second");
  assert.deepEqual(await socket.received("say"), ["first"]);
  assert.deepEqual(await socket.received("say"), ["second"]);
  const third = socket.received("say");
  client.emit("say", "third");
  assert.deepEqual(await third, ["third"]);
});

test("received() rejects when the socket has left, and gives what had come before", async (t) => {
  const { client, socket } = await connectTo(t, new Server(), { transports: "polling" });
  const never = assert.rejects(socket.received("never"), /the socket socket-1 has left \(client namespace disconnect\): no "never" can come/);
  client.emit("say", "last");
  await client.disconnectNamespace("/");
  await never;
  assert.deepEqual(await socket.received("say"), ["last"]);
  await assert.rejects(socket.received("say"), /no "say" can come/);
});

test("listeners: several, once, off and any", async (t) => {
  const { client, socket } = await connectTo(t, new Server());
  const calls = [];
  const gone = () => calls.push("gone");
  socket.on("say", () => calls.push("on"));
  socket.once("say", () => calls.push("once"));
  socket.on("say", gone).off("say", gone);
  socket.onAny((event, ...args) => calls.push([event, ...args]));
  client.emit("say", 1);
  client.emit("end");
  await socket.received("end");
  await until("the listeners", () => calls.length === 4);
  assert.deepEqual(calls.filter((call) => typeof call === "string"), ["on", "once"]);
  assert.deepEqual(calls.filter((call) => typeof call !== "string"), [["say", 1], ["end"]]);
  socket.off("say");
  client.emit("say", 2);
  await until("the second event", () => calls.length === 5);
  assert.deepEqual(calls.at(-1), ["say", 2]);
});

test("listeners have been called when a wait for their event ends", async (t) => {
  const server = new Server();
  const calls = [];
  server.on("connection", (socket) => {
    calls.push("connection");
    socket.on("say", (text) => calls.push(text));
  });
  const connection = server.connection();
  const client = newClient(t, server.clientOptions);
  const connected = client.connect(server.url);
  const socket = await connection;
  assert.deepEqual(calls, ["connection"]);
  await connected;
  for (const text of ["one", "two"]) {
    const said = socket.received("say");
    client.emit("say", text);
    await said;
    assert.equal(calls.at(-1), text);
  }
});

test("a listener that throws fails the test, and stops no other", async (t) => {
  const unhandled = collectUnhandled(t);
  const { client, socket } = await connectTo(t, new Server());
  socket.on("say", () => {
    throw new Error("first");
  });
  socket.on("say", async (answer) => {
    answer("answered");
    throw new Error("second");
  });
  assert.equal(await client.call("say"), "answered");
  await until("the rejections", () => unhandled.length === 2);
  assert.deepEqual(unhandled, ["first", "second"]);
});

test("an answer is sent once, and a socket that has left sends none", async (t) => {
  const { client, socket } = await connectTo(t, new Server());
  const sent = [];
  const { send } = socket.conn;
  socket.conn.send = (packet) => (sent.push(packet), send.call(socket.conn, packet));
  let answerLater;
  socket.on("twice", (answer) => (answer(1), answer(2)));
  socket.on("later", (answer) => (answerLater = answer));
  assert.equal(await client.call("twice"), 1);
  const call = assert.rejects(client.call("later"), { code: "DISCONNECTED" });
  await socket.received("later");
  await until("the listener", () => answerLater);
  socket.disconnect();
  answerLater(3);
  await call;
  assert.match(sent.join(" "), /^43\d+\[1\] 41$/);
});

test("a pending answer of the client is rejected when the socket leaves", async (t) => {
  const { client, socket } = await connectTo(t, new Server(), { transports: "polling" });
  client.on("question", () => new Promise(() => {}));
  const answer = socket.emitWithAck("question");
  await client.disconnectNamespace("/");
  await assert.rejects(answer, /the socket socket-1 has left \(client namespace disconnect\) before it answered "question"/);
});

test("misuse has an error that says what is wrong", async (t) => {
  assert.throws(() => new Server({ pingIntervall: 1 }), /the in-memory server has no option "pingIntervall": its options are path, transports, /);
  const createdHttp = { on() {}, listen() {} };
  for (const args of [[createdHttp], [3000], [null], [{}, {}]]) assert.throws(() => new Server(...args), /listens to no port and to no HTTP server/);
  const server = new Server();
  assert.throws(() => server.on("conection", () => {}), /a namespace has no event "conection", only "connection" and "connect"/);
  assert.throws(() => server.of("chat"), /the name of a namespace begins with "\/": "chat" does not/);
  assert.throws(() => server.on("connection", 7), /the listener of "connection" is number, and not a function/);
  assert.throws(() => server.refuse("why", { bytes: new Uint8Array(1) }), /the data of a refusal cannot be binary/);
  assert.throws(() => server.delay("1"), /a delay is a number of milliseconds, 0 or more: 1 is none/);
  assert.throws(() => server.emit("news", () => {}), /"news" goes to several sockets, which cannot answer/);
  server.use((socket, next) => {
    assert.throws(() => socket.emit("news"), /the socket socket-1 cannot emit "news", because it is not connected yet/);
    next();
  });
  const { client, socket } = await connectTo(t, server, { transports: "polling" });
  assert.throws(() => socket.emit("connect_error"), /"connect_error" is a reserved name/);
  await client.disconnectNamespace("/");
  await until("the end", () => !socket.connected);
  assert.throws(() => socket.emit("news"), /the socket socket-1 cannot emit "news", because it has left \(client namespace disconnect\)/);
  assert.throws(() => socket.join("room"), /cannot join a room/);
  await assert.rejects(socket.emitWithAck("news"), /cannot emit "news"/);
});
