// Quirks of python-socketio's servers that a client must handle: namespaces, events, acknowledgements. server-quirks-engine.test.mjs has
// those of Engine.IO. The tags are rows of docs/parity.md. If a quirk can be observed, its test shows that the server has it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { startServer } from "../support/server.mjs";
import { sharedServer } from "../support/shared-server.mjs";
import { heard, until, within } from "../support/until.mjs";
import { listenIn } from "../support/wire.mjs";
import { connected, newClient, overEach, place } from "./server-quirks.mjs";

const { WebSocket } = createRequire(new URL("../../pkg/package.json", import.meta.url))("ws");

const server = sharedServer("python");

overEach("[Q1] events of the connect handler come before the CONNECT, and are delivered after `connect`", async (t, transport) => {
  const wire = listenIn();
  const client = newClient(t, { engineLogger: wire });
  const early = client.of("/early");
  const heardInOrder = [];
  early.on("connect", () => heardInOrder.push("connect"));
  early.on("early", (number) => heardInOrder.push(number));
  await client.connect(server.url, { transports: transport, namespaces: "/early" });
  await early.call("echo");
  assert.deepEqual(heardInOrder, ["connect", 0, 1, 2]);
  const [event, connect] = ["42/early,", '40/early,{"sid"'].map((beginning) => place(wire.received, beginning));
  assert.ok(event >= 0 && event < connect, `${wire.received}`);
});

describe("[Q2] refusals have three forms", () => {
  const REFUSALS = {
    "/refuse": [{ message: "no entry" }, "no entry"],
    "/refuse-data": [{ message: "nope", data: { code: 7 } }, "nope"],
    "/unknown": ["Unable to connect", "Unable to connect"],
  };
  for (const [namespace, [data, reason]] of Object.entries(REFUSALS)) {
    overEach(`[Q2] the error has the data ${JSON.stringify(data)}`, async (t, transport) => {
      const client = newClient(t);
      const reported = heard(client.of(namespace), "connect_error");
      const connecting = client.connect(server.url, { transports: transport, namespaces: namespace });
      await assert.rejects(connecting, { code: "REFUSED", namespaces: [namespace], data, reason });
      assert.deepEqual((await reported)[0].data, data);
    });
  }

  test("[Q2] the refusal of a second CONNECT does not end the connection of the first", async (t) => {
    class Doubling extends WebSocket {
      send(data, ...rest) {
        super.send(data, ...rest);
        if (String(data) === "40") super.send(data, ...rest);
      }
    }
    const { client, wire, losses } = await connected(t, server, "websocket", { client: { WebSocket: Doubling } });
    await until("the refusal", () => wire.received.includes('44"Unable to connect"'));
    assert.deepEqual([await client.call("echo", 1), losses], [1, []]);
  });

  overEach("[Q2] connectNamespace() of a connected namespace sends no CONNECT", async (t, transport) => {
    const { client, wire } = await connected(t, server, transport);
    await client.connectNamespace("/chat");
    await client.connectNamespace("/chat");
    await client.of("/chat").call("echo");
    assert.deepEqual(wire.sent.filter((packet) => packet.startsWith("40")), ["40", "40/chat,"]);
  });
});

overEach("[Q3] always_connect refuses with a DISCONNECT that carries the reason", async (t, transport) => {
  const to = await startServer(t, "python", { python: { always_connect: true } });
  const { client, wire, losses } = await connected(t, to, transport);
  const refused = client.of("/refuse-data");
  const disconnect = heard(refused, "disconnect");
  await client.connectNamespace("/refuse-data");
  const [reason, details] = await disconnect;
  assert.equal(reason, client.reason.SERVER_DISCONNECT);
  assert.deepEqual(details, { cause: "server disconnect", data: { message: "nope", data: { code: 7 } } });
  assert.ok(wire.received.includes('41/refuse-data,{"message":"nope","data":{"code":7}}'), `${wire.received}`);
  assert.equal(refused.connected, false);
  assert.deepEqual([await client.call("echo", 1), losses], [1, []]);
});

overEach("[Q4] each namespace has an id of its own, and the engine another", async (t, transport) => {
  const { client, wire } = await connected(t, server, transport, { namespaces: ["/", "/chat"] });
  assert.equal(new Set([client.getSid("/"), client.getSid("/chat"), client.engineSid]).size, 3);
  assert.equal(client.sid, client.getSid("/"));
  const sidIn = (beginning) => JSON.parse(wire.received[place(wire.received, beginning)].slice(beginning.length)).sid;
  assert.deepEqual([sidIn("0"), sidIn("40"), sidIn("40/chat,")], [client.engineSid, client.sid, client.getSid("/chat")]);
});

overEach("[Q5] nothing is sent to a namespace before its CONNECT is answered", async (t, transport) => {
  const wire = listenIn();
  const client = newClient(t, { engineLogger: wire });
  const connecting = client.connect(server.url, { transports: transport, wait: false });
  const calls = ["text", new Uint8Array([1, 2])].map((value) => client.call("echo", value));
  await connecting;
  assert.deepEqual(await within("the answers", Promise.all(calls)), ["text", new Uint8Array([1, 2])]);
  const packets = wire.all.map(([received, packet]) => `${received ? "received" : "sent"} ${packet}`);
  assert.ok(place(packets, 'received 40{"sid"') < place(packets, "sent 42"), `${packets}`);
});

overEach("[Q6] the server never acknowledges an unknown event: the call ends by its timeout", async (t, transport) => {
  const { client, losses } = await connected(t, server, transport);
  await assert.rejects(client.timeout(200).call("nobody knows this"), { name: "TimeoutError", code: "CALL_TIMEOUT", milliseconds: 200 });
  assert.deepEqual([await client.call("echo", 1), losses], [1, []]);
});

overEach("[Q18] answers come in any order, each to its own call", async (t, transport) => {
  const { client } = await connected(t, server, transport);
  const order = [];
  const calls = [200, 0].map((ms) => client.call("later", ms, `after ${ms}`).then((value) => order.push(value) && value));
  assert.deepEqual(await within("the answers", Promise.all(calls)), ["after 200", "after 0"]);
  assert.deepEqual(order, ["after 0", "after 200"]);
});

describe("[Q21] a connect handler gets None for every falsy auth", () => {
  // The log hides the content of auth.
  const AUTHS = [[undefined, "40", null], [{}, '40"<hidden>"', null], [{ a: 1 }, '40"<hidden>"', { a: 1 }]];
  for (const [auth, packet, expected] of AUTHS) {
    overEach(`[Q21] auth ${JSON.stringify(auth)} arrives as the server reads it`, async (t, transport) => {
      const { client, wire } = await connected(t, server, transport, { auth });
      assert.equal(wire.sent[0], packet);
      assert.deepEqual(await client.call("auth"), expected);
    });
  }
});
