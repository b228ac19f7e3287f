// Disconnections: the end of one namespace of several, of calls and callbacks, of wait(), and the namespaces that go on.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMPATIENT, everyWay, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";
import { listenIn } from "../../support/wire.mjs";

const { transformSync } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("esbuild"); // Node 20 has no `await using`

everyWay(({ url, transports, connect }) => {
  test("[R6] a namespace that the server disconnects stays disconnected, and the others stay connected", async (t) => {
    const client = await connect(t, { namespaces: ["/", "/chat"] });
    const chat = client.of("/chat");
    const calls = [];
    client.on("disconnect", () => calls.push("/"));
    chat.on("disconnect", (reason, details) => calls.push(reason, details));
    chat.on("disconnectFinal", () => calls.push("final"));
    const pending = assert.rejects(chat.call("never"), { name: "DisconnectedError", code: "DISCONNECTED", reason: "server disconnect" });
    chat.emit("kick");
    await within("the rejection", pending);
    await until("its end", () => calls.length >= 3);
    assert.deepEqual(calls, ["server disconnect", { cause: "server disconnect" }, "final"]);
    assert.deepEqual([...client.namespaces.keys()], ["/"]);
    assert.throws(() => chat.emit("x"), { name: "BadNamespaceError", code: "BAD_NAMESPACE", namespace: "/chat" });
    assert.equal(await client.call("echo", 1), 1);
    await client.connectNamespace("/chat");
    assert.equal(await chat.call("echo", 2), 2);
  });

  test("[R6] when the server disconnects the last namespace, the connection ends, and the client does not reconnect", async (t) => {
    const client = await connect(t, { namespaces: ["/", "/chat"] });
    const failed = [];
    client.on("connect_error", (...args) => failed.push(args));
    client.emit("kick");
    client.of("/chat").emit("kick");
    await within("the end", client.wait());
    assert.deepEqual([client.state, client.connected, client.engineSid, failed], ["disconnected", false, undefined, []]);
  });

  test("[R3] a namespace that is refused on a reconnection stays disconnected, and the others are connected again", async (t) => {
    let token = "secret";
    const client = await connect(t, { namespaces: ["/", "/auth"], auth: () => ({ token }) });
    const calls = [];
    const gone = client.of("/auth");
    gone.on("connect_error", ({ code, data }) => calls.push([code, data?.message]));
    gone.on("disconnectFinal", () => calls.push(["final"]));
    token = "expired";
    const again = heard(client, "connect");
    client.emit("close-engine");
    await again;
    await until("the refusal", () => calls.length === 2);
    assert.deepEqual(calls, [["REFUSED", "wrong token"], ["final"]]);
    assert.throws(() => gone.emit("x"), { name: "BadNamespaceError" });
    assert.equal(await client.call("echo", 1), 1);
    token = "secret";
    await client.connectNamespace("/auth");
    assert.equal(gone.connected, true);
  });

  test("[E7] in its disconnect handler, the client is not connected and has no id; what it emits is buffered, or refused after disconnect()", async (t) => {
    const client = await connect(t);
    const seen = [];
    client.on("disconnect", (reason) => {
      let thrown;
      try {
        client.emit("count", 1);
      } catch (error) {
        thrown = error.code;
      }
      seen.push([reason, client.connected, client.sid, client.namespaces.size, thrown]);
    });
    const again = heard(client, "connect");
    client.emit("close-engine");
    await again;
    await client.disconnect();
    assert.deepEqual(seen, [
      ["transport error", false, undefined, 0, undefined],
      ["client disconnect", false, undefined, 0, "NOT_CONNECTED"],
    ]);
  });

  test("[M4] a callback whose answer is lost with the connection is never called; one of the next connection is called", async (t) => {
    const client = await connect(t);
    const answers = [];
    client.emit("never", (...answer) => answers.push("lost", ...answer));
    await client.call("echo", "the event before was sent");
    const again = heard(client, "connect");
    client.emit("close-engine");
    await again;
    client.emit("echo", 1, 2, (...answer) => answers.push(...answer));
    await client.call("echo");
    assert.deepEqual(answers, [1, 2]);
  });

  test("[T5] wait() goes on during a reconnection, and resolves at the final end", async (t) => {
    const client = await connect(t);
    let ended = false;
    const end = client.wait().then(() => (ended = true));
    const again = heard(client, "connect");
    client.emit("close-engine");
    await again;
    await client.call("echo");
    assert.equal(ended, false);
    client.emit("kick");
    await within("the end", end);
    await client.wait(); // without a connection it resolves at once
    await client.connect(url(), { transports });
    assert.equal(await client.call("echo", 1), 1);
  });

  test("[T3] disconnect() ends all namespaces, calls the handlers of each once, and the server knows the reason", async (t) => {
    const client = await connect(t, { namespaces: ["/", "/chat"] });
    const sids = ["/", "/chat"].map((name) => client.getSid(name));
    const calls = [];
    for (const event of ["disconnect", "disconnectFinal"]) client.of("*").on(event, (...args) => calls.push([event, ...args].slice(0, 3).join(" ")));
    await client.disconnect();
    await client.disconnect();
    assert.deepEqual(calls.toSorted(), ["disconnect / client disconnect", "disconnect /chat client disconnect", "disconnectFinal / client disconnect", "disconnectFinal /chat client disconnect"]);
    const other = await connect(t, { namespaces: ["/", "/chat"] });
    // npm's and python's reasons for a DISCONNECT packet of the namespace.
    for (const [index, name] of ["/", "/chat"].entries()) {
      const why = await until("the server's reason", () => other.of(name).call("left", sids[index]));
      assert.match(why, /^client (namespace )?disconnect$/);
    }
  });
});

for (const transports of ["polling", "websocket"]) {
  test(`[T3] over ${transports}, a DISCONNECT for each namespace is sent, then the connection is closed`, async (t) => {
    const server = await startServer(t, "python");
    const wire = listenIn();
    const client = newClient(t, { ...IMPATIENT, engineLogger: wire });
    await client.connect(server.url, { transports, namespaces: ["/", "/chat"] });
    await client.disconnect();
    const after = wire.sent.indexOf("40/chat,") + 1;
    assert.deepEqual(wire.sent.slice(after), transports === "polling" ? ["41", "41/chat,", "1"] : ["41", "41/chat,"]);
  });
}

test("[R1] half a packet is dropped with its connection", async (t) => {
  const peer = await websocketPeer(t, (socket, number) => {
    if (number > 0) return socket.send('42["whole"]');
    socket.send('452-["half",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    socket.send(Buffer.from("one of two"), () => socket.terminate());
  });
  const client = newClient(t);
  const heardEvents = [];
  client.on("*", (...event) => heardEvents.push(event));
  const losses = [];
  client.on("disconnect", (reason, { cause }) => losses.push(cause));
  await client.connect(peer.url, { transports: "websocket" });
  await until("the event", () => heardEvents.length > 0);
  assert.deepEqual([heardEvents, losses], [[["whole"]], ["transport close"]]);
});

for (const [name, kind] of [["Client", "npm"], ["EngineClient", "engine"], ["SimpleClient", "npm"]]) {
  test(`[S9] await using disconnects a ${name} at the end of its block, also after an error`, async (t) => {
    const server = await startServer(t, kind);
    const source = `async function run(Class, url, use) {
      await using client = new Class();
      await client.connect(url);
      use(client);
      throw new Error("mine");
    }`;
    const run = new Function(`${transformSync(source, { target: "es2022" }).code}; return run;`)();
    const used = [];
    await assert.rejects(run(api[name], server.url, (client) => used.push(client, client.connected)), /mine/);
    assert.deepEqual([used[1], used[0].connected], [true, false]);
  });
}

describe("an acknowledgement", () => {
  test("[M4] that nobody asked for, or that comes twice, is ignored", async (t) => {
    const answers = [];
    const peer = await websocketPeer(t, (socket) => {
      socket.on("message", (packet) => {
        const [, id] = /^42(\d+)/.exec(packet) ?? [];
        if (id === undefined) return;
        for (const frame of [`43${Number(id) + 1000}["strange"]`, `43${id}["first"]`, `43${id}["again"]`, '43["without a number"]', "43/other,1[]"]) socket.send(frame);
        socket.send('42["after"]');
      });
    });
    const client = newClient(t);
    const losses = [];
    client.on("disconnect", (...why) => losses.push(why));
    const after = heard(client, "after");
    await client.connect(peer.url, { transports: "websocket" });
    client.emit("x", (answer) => answers.push(answer));
    await after;
    assert.deepEqual([answers, losses], [["first"], []]);
  });

  test("[M4] has a number that the client never uses twice", async (t) => {
    const ids = [];
    const peer = await websocketPeer(t, (socket) => socket.on("message", (packet) => ids.push(...(String(packet).match(/(?<=^42)\d+/) ?? []))));
    const client = newClient(t);
    await client.connect(peer.url, { transports: "websocket" });
    for (let index = 0; index < 20; index += 1) client.emit("x", () => {});
    await until("all events", () => ids.length === 20);
    assert.equal(new Set(ids).size, 20);
    assert.ok(ids.every((id) => Number(id) >= 1), "the numbers begin with 1, as python's do");
  });

  test("[M5] is awaited for 60 seconds by default, by call() of the client and of a class", async (t) => {
    const peer = await websocketPeer(t, () => {}, { pingInterval: 1e6 });
    const client = newClient(t);
    const instance = client.registerNamespace(new api.ClientNamespace());
    await client.connect(peer.url, { transports: "websocket" });
    const now = Date.now.bind(Date);
    let passed = 0;
    t.mock.method(Date, "now", () => now() + passed);
    const ended = [];
    for (const scope of [client, instance]) scope.call("never").catch((error) => ended.push([error.code, error.milliseconds]));
    // This call makes the client read its clock, and set its timer for the tenth of a second that is left.
    passed = 59_900;
    await assert.rejects(client.timeout(1).call("never"), { code: "CALL_TIMEOUT" });
    await until("the end of both", () => ended.length === 2);
    assert.deepEqual(ended, [["CALL_TIMEOUT", 60_000], ["CALL_TIMEOUT", 60_000]]);
  });
});
