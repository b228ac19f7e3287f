// Connecting and disconnecting, over each transport to each real server.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { everyWay, newClient } from "../../support/clients.mjs";
import { heard, until } from "../../support/until.mjs";

everyWay(({ transports, url, connect }) => {
  test("[T1, D3, D8] connect() resolves when the client is connected, and ids and the transport are known", async (t) => {
    const client = await connect(t);
    assert.equal(client.connected, true);
    assert.equal(client.state, "connected");
    assert.match(client.sid, /./);
    assert.match(client.engineSid, /./);
    assert.notEqual(client.sid, client.engineSid);
    assert.deepEqual([...client.namespaces], [["/", client.sid]]);
    if (transports.length === 1) assert.equal(client.transport(), transports[0]);
  });

  test("[T2] the last of the transports is used in the end", async (t) => {
    const client = await connect(t);
    await until("the upgrade", () => client.transport() === transports.at(-1));
    assert.equal(await client.call("echo", "still here"), "still here");
  });

  test("[D1] namespaces share one connection, each with an id of its own", async (t) => {
    const client = await connect(t, { namespaces: ["/", "/chat"] });
    assert.deepEqual([...client.namespaces.keys()].sort(), ["/", "/chat"]);
    assert.notEqual(client.getSid("/"), client.getSid("/chat"));
    assert.equal(client.of("/chat").sid, client.getSid("/chat"));
    const answers = await Promise.all([client.call("echo", "a"), client.of("/chat").call("echo", "b")]);
    assert.deepEqual(answers, ["a", "b"]);
  });

  test("without a list, the namespaces that have handlers are connected", async (t) => {
    const client = await connect(t, {}, (client) => client.of("/chat").on("tick", () => {}));
    assert.deepEqual([...client.namespaces.keys()], ["/chat"]);
    assert.equal(client.sid, client.getSid("/chat"));
  });

  test("a namespace can be connected and disconnected later", async (t) => {
    const client = await connect(t);
    await client.connectNamespace("/chat");
    assert.equal(await client.of("/chat").call("echo", 1), 1);
    await client.disconnectNamespace("/chat");
    assert.deepEqual([...client.namespaces.keys()], ["/"]);
    assert.equal(client.connected, true);
  });

  test("auth reaches the server, from an object and from a function", async (t) => {
    const welcome = (client) => heard(client.of("/auth"), "welcome");
    let first;
    await connect(t, { namespaces: "/auth", auth: { token: "secret", n: 1 } }, (client) => (first = welcome(client)));
    assert.deepEqual(await first, [{ token: "secret", n: 1 }]);
    let second;
    const auth = async () => ({ token: "secret", n: 2 });
    await connect(t, { namespaces: "/auth", auth }, (client) => (second = welcome(client)));
    assert.deepEqual(await second, [{ token: "secret", n: 2 }]);
  });

  test("[E12] events that the server emits in its connect handler are heard after connect, in order", async (t) => {
    const events = [];
    const client = await connect(t, { namespaces: "/early" }, (client) => {
      client.of("/early").on("connect", () => events.push("connect"));
      client.of("/early").on("early", (index) => events.push(index));
    });
    await until("all events", () => events.length === 4);
    assert.deepEqual(events, ["connect", 0, 1, 2]);
    assert.equal(client.connected, true);
  });

  test("[D6] disconnect() calls the handlers with its reason, and connect() works again", async (t) => {
    const client = await connect(t);
    const events = [];
    client.on("disconnect", (reason) => events.push(reason));
    client.on("disconnectFinal", () => events.push("final"));
    await client.disconnect();
    assert.deepEqual(events, [client.reason.CLIENT_DISCONNECT, "final"]);
    assert.deepEqual([client.connected, client.state, client.sid, client.namespaces.size], [false, "disconnected", undefined, 0]);
    await client.connect(url(), { transports });
    assert.equal(await client.call("echo", "again"), "again");
  });

  test("wait() resolves when the connection has ended for good", async (t) => {
    const client = await connect(t);
    const ended = client.wait();
    await client.disconnect();
    await ended;
  });

  test("a disconnection by the server calls `disconnect` and is final", async (t) => {
    const client = await connect(t);
    const disconnect = heard(client, "disconnect");
    const final = heard(client, "disconnectFinal");
    client.emit("kick");
    assert.equal((await disconnect)[0], client.reason.SERVER_DISCONNECT);
    await final;
    await until("the end", () => client.state === "disconnected");
  });

  test("[R7] if the server closes the connection, the client reconnects", async (t) => {
    const client = await connect(t);
    const before = client.sid;
    const disconnect = heard(client, "disconnect");
    const connected = heard(client, "connect");
    client.emit("close-engine");
    assert.equal((await disconnect)[0], client.reason.TRANSPORT_ERROR);
    await connected;
    assert.notEqual(client.sid, before);
    assert.equal(await client.call("echo", "back"), "back");
  });
});

describe("a client without a connection", () => {
  test("has a state, no ids and no transport", async (t) => {
    const client = newClient(t);
    assert.deepEqual([client.state, client.connected, client.sid, client.engineSid], ["disconnected", false, undefined, undefined]);
    assert.deepEqual([client.transport(), client.namespaces.size, client.bufferedAmount], ["", 0, 0]);
    await client.disconnect();
    await client.wait();
    assert.equal(client.state, "disconnected");
  });
});
