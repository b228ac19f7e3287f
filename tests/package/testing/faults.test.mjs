// Connections that an in-memory server loses, delays and refuses.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { Server, collectUnhandled, connectTo } from "../../support/testing.mjs";
import { heard, until, within } from "../../support/until.mjs";

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  describe(name, () => {
    for (const what of ["drop", "close"]) {
      test(`the client connects again after ${what}, and sends what it has buffered`, async (t) => {
        const server = new Server();
        const { client, socket } = await connectTo(t, server, { transports });
        await until("the upgrade", () => client.transport() === transports.at(-1));
        const lost = heard(client, "disconnect");
        if (what === "drop") socket.drop();
        else socket.conn.close();
        assert.equal((await lost)[0], "transport error");
        client.emit("say", "buffered");
        const next = await within("the next socket", server.connection());
        assert.notEqual(next.id, socket.id);
        assert.deepEqual(await within("the event", next.received("say")), ["buffered"]);
        assert.equal(socket.connected, false);
      });
    }

    test("a frozen connection ends by the client's time limit", async (t) => {
      const server = new Server({ pingInterval: 100, pingTimeout: 100 });
      const { client, socket } = await connectTo(t, server, { transports });
      const lost = heard(client, "disconnect");
      socket.freeze();
      const answer = assert.rejects(client.call("never"), { code: "DISCONNECTED" });
      client.on("error", () => {}); // of the event that is possibly lost
      client.emit("say", "into the void");
      const news = [];
      client.on("news", (text) => news.push(text));
      socket.emit("news", "into the void");
      assert.deepEqual([(await lost)[1].cause], ["ping timeout"]);
      await answer;
      const next = await within("the next connection", server.connection());
      client.on("sync", () => true);
      await within("the answer", next.emitWithAck("sync"));
      assert.deepEqual(news, []);
      await assert.rejects(socket.received("say"), /has left/);
    });

    test("a client with a serializer has an error, which says that the server reads JSON alone", async (t) => {
      const unhandled = collectUnhandled(t);
      const server = new Server();
      const client = newClient(t, { ...server.clientOptions, serializer: "msgpack" });
      const isEnd = ({ code }) => ["SESSION_UNKNOWN", "SOCKET_CLOSED"].includes(code);
      await within("the rejection", assert.rejects(client.connect(server.url, { transports, waitTimeout: 60_000 }), isEnd));
      await until("the error", () => unhandled.length > 0);
      assert.match(unhandled[0], /binary data that belongs to no packet: the in-memory server reads JSON, and no other serializer/);
    });

    test("while the server is offline, attempts fail; online, the next one succeeds", async (t) => {
      const server = new Server();
      const { client, socket } = await connectTo(t, server, { transports });
      const errors = [];
      client.on("connect_error", (error) => errors.push(error.code));
      server.offline();
      await until("two attempts", () => errors.length >= 2);
      assert.equal(socket.connected, false);
      assert.deepEqual(errors.slice(0, 2), ["UNREACHABLE", "UNREACHABLE"]);
      server.online();
      await within("the connection", server.connection());
      const other = newClient(t, { ...server.clientOptions, ...IMPATIENT });
      server.offline();
      await assert.rejects(other.connect(server.url, { transports }), { code: "UNREACHABLE", fault: "network" });
    });
  });
}

test("a connection that is lost at any step, also within the upgrade, is made again", async (t) => {
  for (let turns = 0; turns < 40; turns++) {
    const server = new Server();
    server.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
    const client = newClient(t, { ...server.clientOptions, reconnectionDelay: 1, randomizationFactor: 0 });
    const connected = client.connect(server.url, { retry: true });
    client.on("error", () => {}); // that of a first attempt that failed
    for (let at = 0; at < turns; at++) await null;
    server.drop();
    await within("the connection", connected);
    await until(`an answer, for a loss after ${turns} turns`, () => client.call("echo", true).catch(() => false));
    await client.disconnect();
  }
});

test("ping() resolves when each client has answered, and pings keep a connection", async (t) => {
  const server = new Server();
  const { client, socket } = await connectTo(t, server, { transports: "websocket" });
  await connectTo(t, server, { transports: "polling" });
  let pongs = 0;
  const { receive } = socket.conn;
  socket.conn.receive = (packet) => {
    if (packet === "3") pongs += 1;
    receive.call(socket.conn, packet);
  };
  await within("the answers", server.ping());
  assert.equal(pongs, 1);
  const ping = server.ping();
  server.drop();
  await within("the end of the ping", ping);
  await until("the loss", () => !client.connected || server.sockets.size === 0);
});

test("server.drop() and server.freeze() concern every connection", async (t) => {
  const server = new Server({ pingInterval: 50, pingTimeout: 50 });
  const ends = [await connectTo(t, server), await connectTo(t, server)];
  const lost = ends.map(({ client }) => heard(client, "disconnect"));
  server.freeze();
  for (const [reason, { cause }] of await Promise.all(lost)) assert.deepEqual([reason, cause], ["transport error", "ping timeout"]);
  server.delay(0);
  const again = ends.map(({ client }) => heard(client, "disconnect"));
  await until("both connections", () => server.sockets.size === 2);
  server.drop();
  await Promise.all(again);
});

test("close() ends the connections, the attempts and the waits", async (t) => {
  const server = new Server();
  const { client, socket } = await connectTo(t, server);
  const reason = new Promise((resolve) => socket.on("disconnect", resolve));
  const failed = heard(client, "connect_error");
  server.close();
  assert.equal(await reason, "server shutting down");
  assert.equal((await failed)[0].code, "UNREACHABLE");
  await assert.rejects(server.connection(), /the server is closed: no client can connect to \//);
});

test("the server refuses another path, another transport, another session and an old protocol, as npm's does", async () => {
  const server = new Server({ path: "/here", transports: ["polling"] });
  const get = async (address, init = { method: "GET" }) => {
    const answer = await server.fetch(`${server.url}${address}`, init);
    return [answer.status, await answer.text()];
  };
  assert.deepEqual(await get("/socket.io/?EIO=4&transport=polling"), [404, "Not Found"]);
  assert.deepEqual(await get("/here/?EIO=4&transport=websocket"), [400, '{"code":0,"message":"Transport unknown"}']);
  assert.deepEqual(await get("/here/?EIO=4&transport=polling&sid=x"), [400, '{"code":1,"message":"Session ID unknown"}']);
  assert.deepEqual(await get("/here/?EIO=4&transport=polling", { method: "POST", body: "40" }), [400, '{"code":2,"message":"Bad handshake method"}']);
  assert.deepEqual(await get("/here/?EIO=3&transport=polling"), [400, '{"code":5,"message":"Unsupported protocol version"}']);
  assert.equal((await get("/here/?EIO=4&transport=polling"))[0], 200);
});

test("a slash at the end of the path counts no more than on npm's server", async (t) => {
  const { client } = await connectTo(t, new Server({ path: "/ws/" }), { path: "/ws/" });
  assert.equal(client.connected, true);
});

test("a server of one transport refuses the other", async (t) => {
  const server = new Server({ transports: ["websocket"] });
  const client = newClient(t, server.clientOptions);
  await assert.rejects(client.connect(server.url, { transports: "polling" }), { code: "HTTP_STATUS" });
  await client.connect(server.url, { transports: "websocket" });
  const polled = new Server({ transports: ["polling"] });
  const { client: polling } = await connectTo(t, polled);
  assert.equal(polling.transport(), "polling");
  await assert.rejects(newClient(t, polled.clientOptions).connect(polled.url, { transports: "websocket" }), { code: "UNREACHABLE" });
});

test("an event to a namespace that the client has left reaches no socket", async () => {
  const server = new Server();
  const { post, poll } = await opened(server);
  await post("40");
  await poll();
  const socket = await server.connection();
  await post('41\x1e42["say"]');
  await assert.rejects(socket.received("say"), /has left \(client namespace disconnect\)/);
});

/** Opens a connection as a client does that polls, and returns its requests. */
async function opened(server) {
  const address = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await server.fetch(address, { method: "GET" })).text()).slice(1));
  const post = async (body) => (await server.fetch(`${address}&sid=${sid}`, { method: "POST", body })).text();
  const poll = async (signal) => (await server.fetch(`${address}&sid=${sid}`, { method: "GET", signal })).text();
  return { post, poll, websocket: `ws://any.test/socket.io/?EIO=4&transport=websocket&sid=${sid}` };
}

test("a client that leaves a namespace while use() decides does not enter it", async () => {
  const server = new Server();
  let accept;
  server.use((_socket, next) => (accept = next));
  const { post } = await opened(server);
  await post("40\x1e41");
  accept();
  assert.equal(server.sockets.size, 0);
});

test("without attachments a placeholder is data; with some, a wrong number ends the connection", async (t) => {
  const unhandled = collectUnhandled(t);
  const server = new Server();
  const { post } = await opened(server);
  await post("40");
  const socket = await server.connection();
  await post('42["say",{"_placeholder":true,"num":99}]');
  assert.deepEqual(await socket.received("say"), [{ _placeholder: true, num: 99 }]);
  const reason = new Promise((resolve) => socket.on("disconnect", resolve));
  assert.equal(await post('451-["say",{"_placeholder":true,"num":1}]\x1ebAQID'), "ok");
  assert.equal(await within("the end", reason), "forced close");
  await until("the error", () => unhandled.length > 0);
  assert.deepEqual(unhandled, ["the client has sent no attachment 1, but its place"]);
});

test("a client that aborts its poll is gone", async () => {
  const server = new Server();
  const { post, poll } = await opened(server);
  assert.equal(await post("40"), "ok");
  assert.equal(await poll(), '40{"sid":"socket-1"}');
  const socket = await server.connection();
  const reason = new Promise((resolve) => socket.on("disconnect", resolve));
  await assert.rejects(poll(AbortSignal.abort()), { name: "AbortError" });
  const early = new AbortController();
  const unsent = assert.rejects(poll(early.signal), { name: "AbortError" });
  early.abort();
  await unsent;
  socket.emit("news"); // that one was not sent, so it takes no packet
  assert.equal(await within("the event", poll()), '42["news"]');
  const controller = new AbortController();
  const aborted = assert.rejects(poll(controller.signal), { name: "AbortError" });
  await post('42["say"]');
  controller.abort();
  await aborted;
  assert.equal(await within("the reason", reason), "transport close");
  assert.equal(await post("40"), '{"code":1,"message":"Session ID unknown"}');
});

test("the test of a websocket ends the poll of its client, and a request that a frozen connection gets has no answer", async () => {
  const server = new Server();
  const { poll, post, websocket } = await opened(server);
  const packets = [];
  const socket = new server.WebSocket(websocket);
  socket.onmessage = ({ data }) => packets.push(data);
  const ended = poll();
  await new Promise((resolve) => (socket.onopen = resolve));
  socket.send("2probe");
  assert.equal(await within("the end of the poll", ended), "6");
  assert.deepEqual(packets, ["3probe"]);
  server.freeze();
  let isAnswered = false;
  post("40").then(() => (isAnswered = true));
  await server.fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { method: "GET" });
  assert.equal(isAnswered, false);
});

test("a websocket that its client closes before it is open does not open, and is of no connection", async () => {
  const server = new Server();
  const socket = new server.WebSocket("ws://any.test/socket.io/?EIO=4&transport=websocket");
  const calls = [];
  socket.onopen = () => calls.push("open");
  const closed = new Promise((resolve) => (socket.onclose = resolve));
  await null; // its request is under way
  socket.close();
  assert.equal((await within("the close event", closed)).type, "close");
  assert.throws(() => new server.WebSocket("ws://any.test").send("2"), /the websocket is not open yet/);
  await server.ping(); // of the connections, of which there is none
  assert.deepEqual([calls, socket.readyState], [[], 3]);
});
