// A machine that has slept: the timer fires late, and the connection may be dead.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, mock, test } from "node:test";
import { WebSocket as NodeWebSocket } from "../../../pkg/platform/node/websocket.js";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { open, websocketPeer } from "../../support/peer.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const HEARTBEAT = { pingInterval: 1_000, pingTimeout: 1_000 };
const SLEEP = 3_600_000;

/** Returns a WebSocket class that collects its messages in `sent`. */
function recording() {
  const sent = [];
  class Recording extends NodeWebSocket {
    send(data) {
      sent.push(data);
      super.send(data);
    }
  }
  return { WebSocket: Recording, sent };
}

/** Moves the clock forward, and not the timers, so that the next timer fires late. */
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

  test("nothing is sent on the dead websocket, not even a packet that waits for its delay", async (t) => {
    const peer = await websocketPeer(t, (socket) => socket.on("message", () => socket.send('40/chat,{"sid":"chat"}')), HEARTBEAT);
    const { WebSocket, sent } = recording();
    const client = newClient(t, { ...IMPATIENT, WebSocket });
    const lost = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "websocket", namespaces: ["/", "/chat"] });
    client.of("/chat").emit("a");
    await until("the event", () => sent.includes('42/chat,["a"]'));
    // Its packet is sent a moment later than the event.
    await client.disconnectNamespace("/chat");
    await endsUnsent(lost, sent);
  });

  test("nor is a ping, with Socket.IO 2, in which the client pings", async (t) => {
    const http = await listen(t, () => {});
    new WebSocketServer({ server: http }).on("connection", (socket) => {
      socket.send(open(HEARTBEAT));
      socket.send("40");
    });
    const { WebSocket, sent } = recording();
    const client = newClient(t, { ...IMPATIENT, WebSocket });
    const lost = heard(client, "disconnect");
    await client.connect(http.url, { transports: "websocket", protocol: 4 });
    await endsUnsent(lost, sent);
  });

  test("an event that is emitted before the timer fires is buffered for the next connection", async (t) => {
    const came = [];
    const peer = await websocketPeer(t, (socket, number) => socket.on("message", (message) => came.push([number, String(message)])), HEARTBEAT);
    const { WebSocket, sent } = recording();
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
    await within("the buffered event", client.drain());
    assert.deepEqual(sent.filter((packet) => String(packet).startsWith("42")), ['42["a"]']);
  });
});
