// The client for plain Engine.IO, against npm's engine.io and python-engineio: rows G1 to G10 of docs/parity.md.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { TRANSPORTS } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { pollingPeer, websocketPeer } from "../../support/peer.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until, within } from "../../support/until.mjs";

const { EngineClient, errors } = api;
const SERVERS = { "engine.io": ["engine"], "python-engineio": ["python", { hosting: "uvicorn-engine" }] };

function newClient(t, options) {
  const client = new EngineClient(options);
  t.after(() => within("the client's disconnection", client.disconnect()));
  return client;
}

/** Returns a connected client, and its messages in `received`. */
async function connected(t, url, options = {}, settings) {
  const client = newClient(t, settings);
  const received = [];
  client.on("message", (data) => received.push(data));
  await client.connect(url, options);
  await until("the welcome", () => received.length > 0);
  assert.equal(received.shift(), "welcome");
  return { client, received };
}

for (const [name, [kind, options]] of Object.entries(SERVERS)) {
  describe(name, () => {
    const server = sharedServer(kind, { pingInterval: 1000, ...options });
    const fate = async (sid) => (await fetch(`${server.url}/seen/${sid}`)).json();

    for (const [way, transports] of Object.entries(TRANSPORTS)) {
      test(`[G2, G3, G4, G6] ${way}: every kind of message comes back`, async (t) => {
        const { client, received } = await connected(t, server.url, { transports });
        assert.equal(client.state, "connected");
        assert.equal(typeof client.sid, "string");
        if (way === "upgrade") await until("the upgrade", () => client.transport() === "websocket");
        else assert.equal(client.transport(), transports[0]);
        const sent = ["text", { a: [1, "\u00e9\u{1f600}"] }, [1, 2], new Uint8Array([1, 2, 255]), new Uint8Array([7, 8]).buffer, "42", 1.5, ""];
        for (const message of sent) client.send(message);
        await until("the answers", () => received.length === sent.length);
        const expected = ["text", { a: [1, "\u00e9\u{1f600}"] }, [1, 2], new Uint8Array([1, 2, 255]), new Uint8Array([7, 8]), "42", "1.5", ""];
        assert.deepEqual(received, expected);
      });

      test(`[G5] ${way}: what was sent before disconnect() arrives, and the server knows of the end`, async (t) => {
        const { client } = await connected(t, server.url, { transports });
        const ended = [];
        client.on("disconnect", (...args) => ended.push(args));
        const { sid } = client;
        const waiting = client.wait();
        for (let index = 0; index < 5; index++) client.send(`last ${index}`);
        await client.disconnect({ reason: "enough" });
        await waiting;
        assert.deepEqual(ended, [["enough", { cause: "client disconnect" }]]);
        assert.deepEqual([client.state, client.sid, client.bufferedAmount], ["disconnected", undefined, 0]);
        await until("the server's notice", () => fate(sid));
        assert.throws(() => client.send("late"), { name: "DisconnectedError", code: "NOT_CONNECTED" });
      });

      test(`[G5] ${way}: the server closes`, async (t) => {
        const { client } = await connected(t, server.url, { transports });
        const ended = new Promise((resolve) => client.on("disconnect", (...args) => resolve(args)));
        client.send("close");
        const [reason, { cause }] = await within("the end", ended);
        // npm's engine.io closes a websocket without a CLOSE packet.
        assert.ok([EngineClient.reason.SERVER_DISCONNECT, EngineClient.reason.TRANSPORT_ERROR].includes(reason), reason);
        assert.equal(cause, "transport close");
        await client.wait();
      });
    }

    test("[G5] a client connects again after each end, with abort too", async (t) => {
      const { client, received } = await connected(t, server.url);
      await client.disconnect({ abort: true });
      assert.equal(client.state, "disconnected");
      await client.connect(server.url);
      await until("the second welcome", () => received.length === 1);
    });

    test("[G7] an idle connection is kept alive by the server's pings", async (t) => {
      const pings = [];
      const logger = { debug: (what, value) => value === "2" && pings.push(what) };
      const { client } = await connected(t, server.url, { transports: ["websocket"] }, { logger });
      await until("three pings", () => pings.length >= 3);
      assert.equal(client.state, "connected");
    });
  });
}

test("[G1, INVALID_ENGINE_EVENT] only connect, message and disconnect are events, with one handler each", (t) => {
  const client = newClient(t);
  assert.throws(() => client.on("news", () => {}), { name: "InvalidArgumentError", code: "INVALID_ENGINE_EVENT", received: '"news"' });
  assert.throws(() => client.on("message", 1), { code: "INVALID_HANDLER" });
  const off = client.on("message", () => {});
  client.on("message", () => {});
  off();
});

test("[G2, CONNECT_HANDLER] the connect handler runs before connect() resolves, and ends the connection if it throws", async (t) => {
  const server = await startServer(t, "engine");
  const client = newClient(t);
  const order = [];
  client.on("connect", async () => {
    await client.sleep(1);
    order.push(`handler, ${client.transport()}`);
  });
  client.on("disconnect", () => order.push("disconnected"));
  await client.connect(server.url, { transports: "polling" });
  order.push("resolved");
  await client.disconnect();
  assert.deepEqual(order, ["handler, polling", "resolved", "disconnected"]);
  const cause = new Error("no");
  client.on("connect", () => {
    throw cause;
  });
  const error = await client.connect(server.url).catch((error) => error);
  assert.ok(error instanceof errors.ConnectionError);
  assert.deepEqual([error.code, error.message, error.cause], ["CONNECT_HANDLER", "Connect handler failed: no", cause]);
  assert.equal(client.state, "disconnected");
  assert.equal(order.length, 3);
});

test("[K11, G2] failures have a class, a code and a message", async (t) => {
  const server = await startServer(t, "engine");
  const client = newClient(t);
  await assert.rejects(client.connect(server.url, { path: "/other" }), { name: "ConnectionError", code: "HTTP_STATUS", status: 404 });
  await assert.rejects(client.connect("http://127.0.0.1:9"), { code: "UNREACHABLE" });
  await assert.rejects(client.connect("ftp://x"), { code: "INVALID_URL" });
  await assert.rejects(client.connect(server.url, { transports: [] }), { code: "INVALID_OPTION", option: "transports" });
  await assert.rejects(client.connect(server.url, { auth: {} }), { code: "INVALID_OPTION", option: "auth" });
  await client.connect(server.url);
  await assert.rejects(client.connect(server.url), { name: "ConnectionError", code: "ALREADY_CONNECTED" });
});

test("[G2] connect() is ended by its signal and by disconnect()", async (t) => {
  const peer = await pollingPeer(t, () => {}); // answers the handshake and nothing else
  const client = newClient(t);
  const controller = new AbortController();
  const connecting = client.connect(() => new Promise(() => {}), { signal: controller.signal });
  assert.equal(client.state, "connecting");
  controller.abort(new Error("changed my mind"));
  await assert.rejects(connecting, { message: "changed my mind" });
  assert.equal(client.state, "disconnected");
  const other = client.connect(() => new Promise(() => {}));
  await client.disconnect();
  await assert.rejects(other, { name: "DisconnectedError" });
  await client.connect(peer.url, { transports: "polling" });
});

test("[G2] url and headers may be functions, and headers go with every request", async (t) => {
  const seen = [];
  const peer = await pollingPeer(t, (request, response) => {
    seen.push(request.headers["x-tenant"]);
    response.end("6");
  });
  const client = newClient(t);
  await client.connect(async () => peer.url, { headers: () => ({ "x-tenant": "7" }), transports: "polling" });
  client.send("x");
  await until("a few requests", () => seen.length > 2);
  assert.deepEqual([...new Set(seen)], ["7"]);
});

test("[G3] a value that JSON cannot represent is refused, and the connection goes on", async (t) => {
  const server = await startServer(t, "engine");
  const { client, received } = await connected(t, server.url);
  assert.throws(() => client.send({ toJSON() {} }), { name: "InvalidArgumentError", code: "UNSERIALIZABLE" });
  client.send("next");
  await until("the answer", () => received.includes("next"));
});

test("[G2] a slow connect handler ends its own connection, and not a later one", async (t) => {
  const server = await startServer(t, "engine");
  const reported = reportedErrors(t);
  const client = newClient(t);
  let requests = 0;
  const silent = await listen(t, () => void (requests += 1)); // answers none
  for (const end of ["resolve", "reject"]) {
    let handler;
    client.on("connect", () => new Promise((resolve, reject) => (handler = { resolve, reject })));
    const first = client.connect(server.url);
    await until("the call of the handler", () => handler);
    await client.disconnect();
    await assert.rejects(first, { name: "DisconnectedError" });
    const second = client.connect(silent.url, { transports: "polling" });
    const before = requests;
    handler[end](new Error("late"));
    await until("the second connection's request", () => requests > before);
    assert.equal(client.state, "connecting");
    await client.disconnect();
    await assert.rejects(second, { name: "DisconnectedError" });
  }
  assert.deepEqual(reported.map(({ code }) => code), ["CONNECT_HANDLER"]);
});

test("[G5] connect() in the disconnect handler makes another connection, with an end of its own", async (t) => {
  const server = await startServer(t, "engine");
  const client = newClient(t);
  let again;
  let waiting;
  client.on("disconnect", () => {
    again ??= client.connect(server.url);
    waiting ??= client.wait();
  });
  await client.connect(server.url);
  await within("the end of the first", client.disconnect());
  await within("the second", again);
  assert.equal(client.state, "connected");
  let isOver = false;
  waiting.then(() => (isOver = true));
  const message = new Promise((resolve) => client.on("message", resolve));
  client.send("answer this");
  await within("the answer", message);
  assert.equal(isOver, false);
  await client.disconnect();
  await within("the end of the second", waiting);
});

test("[G5] a message handler may call disconnect() and connect()", async (t) => {
  const server = await startServer(t, "engine");
  const client = newClient(t);
  const reasons = [];
  let again;
  client.on("disconnect", (reason) => reasons.push(reason));
  client.on("message", () => (again ??= [client.disconnect({ abort: true, reason: "mine" }), client.connect(server.url)]));
  await client.connect(server.url);
  await until("the message", () => again);
  await within("both", Promise.all(again));
  assert.deepEqual([client.state, reasons], ["connected", ["mine"]]);
});

test("[K2, G2] a url function that never settles is given up after requestTimeout", async (t) => {
  const client = newClient(t, { requestTimeout: 20 });
  await assert.rejects(client.connect(() => new Promise(() => {})), { name: "ConnectionError", code: "PREPARATION_TIMEOUT", milliseconds: 20 });
  assert.equal(client.state, "disconnected");
});

test("[G3] a message over the server's limit is refused, and the connection goes on", async (t) => {
  const server = await startServer(t, "engine", { maxHttpBufferSize: 1000 });
  const { client, received } = await connected(t, server.url, { transports: "websocket" });
  assert.throws(() => client.send("x".repeat(1000)), { name: "PayloadTooLargeError", limit: 1000, size: 1001 });
  const circle = {};
  circle.self = circle;
  assert.throws(() => client.send(circle), { code: "UNSERIALIZABLE" });
  client.send("small");
  await until("the answer", () => received.includes("small"));
});

test("[G4] with autoJson: false every string stays as it is; `json` reads and writes in its own way", async (t) => {
  const server = await startServer(t, "engine");
  const { client, received } = await connected(t, server.url, {}, { autoJson: false });
  client.send({ a: 1 });
  await until("the answer", () => received.length === 1);
  assert.equal(received[0], '{"a":1}');
  const json = { stringify: () => '{"mine":1}', parse: (text) => (text === '{"mine":1}' ? "mine" : text) };
  const other = await connected(t, server.url, {}, { json });
  other.client.send({});
  await until("the answer", () => other.received.length === 1);
  assert.deepEqual(other.received, ["mine"]);
});

test("[G6] if the websocket fails, the connection stays on polling", async (t) => {
  let refusals = 0;
  const peer = await pollingPeer(t, () => {}, { upgrades: ["websocket"] });
  peer.on("upgrade", (request, socket) => {
    refusals += 1;
    socket.destroy();
  });
  const client = newClient(t);
  const message = new Promise((resolve) => client.on("message", resolve));
  await client.connect(peer.url);
  await until("the refusal", () => refusals > 0);
  client.send("anything"); // the peer answers with a message
  await within("the answer", message);
  assert.deepEqual([client.state, client.transport()], ["connected", "polling"]);
});

test("[G7] a server that falls silent is noticed", async (t) => {
  const peer = await websocketPeer(t, () => {}, { pingInterval: 50, pingTimeout: 50 });
  const client = newClient(t);
  const ended = new Promise((resolve) => client.on("disconnect", (...args) => resolve(args)));
  await client.connect(peer.url, { transports: "websocket" });
  const [reason, { cause, error }] = await within("the notice", ended);
  assert.deepEqual([reason, cause, error.code], ["transport error", "ping timeout", "PING_TIMEOUT"]);
});

test("[G8] more than 16 messages arrive in each direction, in one payload", async (t) => {
  const server = await startServer(t, "python", { hosting: "uvicorn-engine" });
  const { client, received } = await connected(t, server.url, { transports: "polling" });
  for (let index = 0; index < 60; index++) client.send(`message ${index}`);
  await until("all of them", () => received.length === 60);
  assert.deepEqual(received, Array.from({ length: 60 }, (_, index) => `message ${index}`));
});

test("[G9] a packet of an unknown type ends the connection with a parse error", async (t) => {
  const peer = await websocketPeer(t, (socket) => socket.send("9what"));
  const client = newClient(t);
  const ended = new Promise((resolve) => client.on("disconnect", (...args) => resolve(args)));
  await client.connect(peer.url, { transports: "websocket" });
  client.send("go");
  const [, { error }] = await within("the end", ended);
  assert.equal(error.code, "PARSE_ERROR");
});

test("[G10] options of Socket.IO are refused, and those of connections are checked", () => {
  assert.throws(() => new EngineClient({ reconnection: false }), { code: "INVALID_OPTION", option: "reconnection" });
  assert.throws(() => new EngineClient({ requestTimeout: -1 }), { code: "INVALID_OPTION", option: "requestTimeout" });
  new EngineClient({ requestTimeout: 1, logger: false, timestampRequests: false, tls: { rejectUnauthorized: false } });
});

test("[G10] handleSigint: SIGINT disconnects the client, then ends the process", async (t) => {
  const server = await startServer(t, "engine");
  const source = `
    import { EngineClient } from "socketio-wasm";
    const client = new EngineClient({ handleSigint: true });
    client.on("disconnect", (reason) => console.log(reason));
    await client.connect(${JSON.stringify(server.url)});
    console.log("connected");`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  await until("the connection", () => said === "connected\n");
  child.kill("SIGINT");
  const [status, signal] = await within("the end", once(child, "close"));
  assert.deepEqual([status, signal, said], [null, "SIGINT", "connected\nclient disconnect\n"]);
});

test("a handler that throws is reported, and the connection goes on", async (t) => {
  const server = await startServer(t, "engine");
  const { client, received } = await connected(t, server.url);
  const reported = reportedErrors(t);
  client.on("message", (data) => {
    if (data === "bad") throw new Error("in the handler");
    received.push(data);
  });
  client.send("bad").send("good");
  await until("the good message", () => received.includes("good"));
  await until("the report", () => reported.length === 1);
  assert.deepEqual(reported.map(({ message }) => message), ["in the handler"]);
});
