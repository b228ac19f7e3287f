// A machine that has slept: the timer comes late, and the connection may be dead. And limits of packets for Engine.IO by itself.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, mock, test } from "node:test";
import { WebSocket as NodeWebSocket } from "../../../pkg/platform/node/websocket.js";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { open, websocketPeer } from "../../support/peer.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const HEARTBEAT = { pingInterval: 1_000, pingTimeout: 1_000 };
const SLEEP = 3_600_000;

/** A websocket that keeps what it is given in `sent`. */
function noting() {
  const sent = [];
  class Noting extends NodeWebSocket {
    send(data) {
      sent.push(data);
      super.send(data);
    }
  }
  return { WebSocket: Noting, sent };
}

/** The clock goes on, and the timers do not: the one that is due comes late. */
const sleep = () => mock.timers.setTime(Date.now() + SLEEP);

/** Asserts that a late timer ends the connection, and that nothing is sent on it after the sleep. */
async function endsUnsent(lost, sent) {
  sent.length = 0;
  sleep();
  mock.timers.tick(2_000);
  const [, { cause }] = await lost;
  assert.equal(cause, "ping timeout");
  assert.deepEqual(sent, []);
}

describe("after a sleep", () => {
  before(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() }));
  after(() => mock.timers.reset());

  test("nothing is written to the dead websocket, not even what waits for its time", async (t) => {
    const peer = await websocketPeer(t, (socket) => socket.on("message", () => socket.send('40/chat,{"sid":"chat"}')), HEARTBEAT);
    const { WebSocket, sent } = noting();
    const client = newClient(t, { ...IMPATIENT, WebSocket });
    const lost = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "websocket", namespaces: ["/", "/chat"] });
    client.of("/chat").emit("a");
    await until("the event", () => sent.includes('42/chat,["a"]'));
    // Its packet leaves a moment later than the event.
    await client.disconnectNamespace("/chat");
    await endsUnsent(lost, sent);
  });

  test("nor the ping that is due, with Socket.IO 2, where it is the client that pings", async (t) => {
    const http = await listen(t, () => {});
    new WebSocketServer({ server: http }).on("connection", (socket) => {
      socket.send(open(HEARTBEAT));
      socket.send("40");
    });
    const { WebSocket, sent } = noting();
    const client = newClient(t, { ...IMPATIENT, WebSocket });
    const lost = heard(client, "disconnect");
    await client.connect(http.url, { transports: "websocket", protocol: 4 });
    await endsUnsent(lost, sent);
  });

  test("what is emitted before the timer comes is kept for the next connection", async (t) => {
    const came = [];
    const peer = await websocketPeer(t, (socket, number) => socket.on("message", (message) => came.push([number, String(message)])), HEARTBEAT);
    const { WebSocket, sent } = noting();
    const client = newClient(t, { ...IMPATIENT, WebSocket });
    const lost = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "websocket" });
    sent.length = 0;
    sleep();
    client.emit("a");
    const [, { cause }] = await lost;
    assert.deepEqual([cause, sent, client.bufferedAmount], ["ping timeout", [], 1]);
    const again = heard(client, "connect");
    mock.timers.tick(1_000);
    await again;
    await within("what was kept", client.drain());
    assert.deepEqual(sent.filter((packet) => String(packet).startsWith("42")), ['42["a"]']);
  });
});

describe("maxPacketSize for Engine.IO by itself", () => {
  const LARGE = 200;
  const ANSWERS = {
    "text over polling": ["polling", `4${"x".repeat(LARGE)}`],
    "binary over polling": ["polling", `b${Buffer.alloc(LARGE).toString("base64")}`],
    "text over websocket": ["websocket", `4${"x".repeat(LARGE)}`],
    "binary over websocket": ["websocket", Buffer.alloc(LARGE)],
  };

  for (const [what, [transports, packet]] of Object.entries(ANSWERS)) {
    test(`${what}: a larger packet ends the connection with a parse error, and is no message`, async (t) => {
      // A poll is answered when the client has sent something.
      let poll;
      const http = await listen(t, (request, response) => {
        if (!request.url.includes("sid=")) return response.end(open());
        if (request.method === "GET") return void (poll = response);
        response.end("ok");
        poll.end(["4small", packet].join("\x1e"));
      });
      new WebSocketServer({ server: http }).on("connection", (socket) => {
        socket.send(open());
        socket.on("message", () => ["4small", packet].forEach((part) => socket.send(part)));
      });
      const client = new api.EngineClient({ limits: { maxPacketSize: 100 } });
      t.after(() => client.disconnect());
      const messages = [];
      client.on("message", (message) => void messages.push(message));
      const lost = within("the end", new Promise((resolve) => client.on("disconnect", (...args) => resolve(args))));
      await client.connect(http.url, { transports });
      await until("the poll", () => transports === "websocket" || poll);
      client.send("more");
      const [, { cause, error }] = await lost;
      assert.deepEqual([cause, error.code, messages], ["parse error", "PARSE_ERROR", ["small"]]);
    });
  }
});
