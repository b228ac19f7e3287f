// Bugs of python-socketio's client against python-socketio's server that this client does not have: rows B1 to B10 of docs/parity.md.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { tap } from "../../support/tap.mjs";
import { heard, until, within } from "../../support/until.mjs";
import { listenIn } from "../../support/wire.mjs";

const server = sharedServer("python");

const numbers = (count) => Array.from({ length: count }, (_, index) => index);

async function connected(t, transports, { options, to = server, ...connect } = {}) {
  const client = newClient(t, { ...IMPATIENT, ...options });
  await client.connect(to.url, { transports, ...connect });
  await until("the upgrade", () => client.transport() === transports.at(-1));
  return client;
}

/** Resolves to the values that the server has counted for an id, once there are so many. */
async function counted(t, id, count) {
  const client = await connected(t, TRANSPORTS.websocket);
  return until(`${count} values`, async () => {
    const values = await client.call("counted", id);
    return values.length >= count && values;
  });
}

// They run at the same time, since most wait for a server to start.
describe("bugs of python-socketio's client that this client does not have", { concurrency: 4 }, () => {
  test("[B1] 60 events in one tick over polling are all acknowledged", async (t) => {
    const client = await connected(t, TRANSPORTS.polling);
    const answers = await within("60 answers", Promise.all(numbers(60).map((n) => client.call("echo", n))));
    assert.deepEqual(answers, numbers(60));
  });

  test("[B2] more than 20 packets in one poll are all delivered, and the connection goes on", async (t) => {
    const id = randomUUID();
    let release;
    let polls; // a promise that holds the polls back
    const sizes = [];
    const fetch = async (url, init) => {
      if (init.method === "GET") await polls;
      const response = await globalThis.fetch(url, init);
      const body = await response.text();
      if (init.method === "GET") sizes.push(body.split("\x1e").length);
      return { status: response.status, headers: response.headers, text: async () => body };
    };
    const client = await connected(t, TRANSPORTS.polling, { options: { fetch }, auth: { id } });
    const ticks = [];
    client.on("tick", (n) => ticks.push(n));
    polls = new Promise((resolve) => (release = resolve));
    client.emit("burst", 60).emit("count", "all are queued");
    await counted(t, id, 1);
    release();
    await until("60 ticks", () => ticks.length === 60);
    assert.deepEqual(ticks, numbers(60));
    assert.ok(Math.max(...sizes) > 20, `the polls had ${sizes} packets`);
    assert.equal(await client.call("echo", "alive"), "alive");
  });

  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`[M7, B3] ${name}: 5 events before disconnect() are all delivered, and disconnect() waits for no time-out`, async (t) => {
      const id = randomUUID();
      const client = await connected(t, transports, { auth: { id } });
      for (const n of numbers(5)) client.emit("count", n);
      const start = performance.now();
      await client.disconnect();
      assert.ok(performance.now() - start < 4_000, `disconnect() took ${performance.now() - start} ms`);
      assert.deepEqual((await counted(t, id, 5)).toSorted(), numbers(5)); // python's handlers run concurrently
    });

    test(`[B4] ${name}: the final disconnection rejects a pending receive()`, async (t) => {
      for (const [end, reason] of [
        [(simple) => simple.emit("kick"), "server disconnect"],
        [(simple) => simple.disconnect(), "client disconnect"],
      ]) {
        const simple = new api.SimpleClient(IMPATIENT);
        t.after(() => simple.disconnect());
        await simple.connect(server.url, { transports });
        const woken = assert.rejects(simple.receive(), { name: "DisconnectedError", code: "CONNECTION_ENDED", reason });
        await end(simple);
        await within("the end of receive()", woken);
      }
    });

    test(`[B5] ${name}: a client that gave up and was connected again reconnects by itself`, async (t) => {
      const to = await startServer(t, "python");
      const client = await connected(t, transports, { to, options: { reconnectionAttempts: 1 } });
      const final = heard(client, "disconnectFinal");
      await to.kill();
      await final;
      await to.start();
      await client.connect(to.url, { transports });
      const again = heard(client, "connect");
      client.emit("close-engine");
      await again;
      assert.equal(await client.call("echo", 1), 1);
    });

    test(`[B6] ${name}: a call whose connection drops rejects at once`, async (t) => {
      const to = await startServer(t, "python");
      const client = await connected(t, transports, { to });
      const dropped = assert.rejects(client.timeout(600_000).call("never"), { name: "DisconnectedError", code: "DISCONNECTED", reason: "transport error" });
      await client.call("echo");
      await to.kill();
      await within("the rejection", dropped);
    });

    test(`[B7] ${name}: a refusal by always_connect disconnects its namespace alone`, async (t) => {
      const to = await startServer(t, "python", { python: { always_connect: true } });
      const wire = listenIn();
      const client = await connected(t, transports, { to, options: { engineLogger: wire } });
      const events = [];
      for (const event of ["connect", "disconnect", "disconnectFinal"]) client.on(event, (reason) => events.push([event, reason]), { namespace: "/refuse-data" });
      await client.connectNamespace("/refuse-data");
      await until("the end of the namespace", () => events.length === 3);
      assert.deepEqual(events, [["connect", undefined], ["disconnect", "server disconnect"], ["disconnectFinal", "server disconnect"]]);
      assert.ok(wire.received.some((packet) => typeof packet === "string" && packet.startsWith("41/refuse-data,{")), "the DISCONNECT had no payload");
      assert.equal(await client.call("echo", 1), 1);
    });

    test(`[B8] ${name}: headers are on every request, and the caller's object is not changed`, async (t) => {
      const wire = await tap(t, server.port);
      const headers = { "X-Mine": "1", Cookie: "a=b" };
      const before = structuredClone(headers);
      const client = await connected(t, transports, { to: wire, headers: Object.freeze(headers) });
      for (const n of numbers(3)) assert.equal(await client.call("echo", n), n);
      await client.disconnect();
      const requests = wire.requests();
      assert.ok(requests.length >= { polling: 5, websocket: 1, upgrade: 3 }[name], `${requests.length} requests`);
      for (const { line, headers } of requests) assert.deepEqual([headers["x-mine"], headers.cookie], ["1", "a=b"], line);
      assert.deepEqual(headers, before);
    });
  }

  test("[B9] waitTimeout applies to reconnections, too", async (t) => {
    const to = await startServer(t, "python"); // accepts a client in "/slow" after 1.5 s, while python's client waits for 1 s
    await assert.rejects(newClient(t).connect(to.url, { namespaces: "/slow", waitTimeout: 1_000 }), { code: "CONNECT_TIMEOUT", milliseconds: 1_000 });
    const client = await connected(t, TRANSPORTS.upgrade, { to, namespaces: "/slow", waitTimeout: 30_000 });
    const slow = client.of("/slow");
    const failures = [];
    slow.on("connect_error", (error) => failures.push(error.code));
    const lost = heard(slow, "disconnect");
    await to.kill();
    await lost;
    await to.start();
    await until("the new connection", () => slow.connected);
    assert.equal(await slow.call("echo", 1), 1);
    assert.ok(!failures.includes("REQUEST_TIMEOUT") && !failures.includes("CONNECT_TIMEOUT"), `${failures}`);
  });

  describe("[E11, B10] handlers begin in the order of their events", () => {
    for (const [name, transports] of Object.entries(TRANSPORTS)) {
      test(`${name}: slow handlers, strings and binaries in turn`, async (t) => {
        // The server runs one handler after the other, so that its answers have the order of the events.
        const to = await startServer(t, "python", { python: { async_handlers: false } });
        const client = await connected(t, transports, { to });
        const begun = [];
        client.on("echo-back", async (n, value) => {
          begun.push([n, value]);
          await client.sleep(n % 3 === 0 ? 20 : 0); // later handlers end before it
          return n;
        });
        const value = (n) => (n % 2 === 0 ? { text: `é${n}` } : { list: [new Uint8Array([n]), new Uint8Array(n)] });
        for (const n of numbers(40)) client.emit("echo-back", n, value(n));
        await until("40 events", () => begun.length === 40);
        assert.deepEqual(begun, numbers(40).map((n) => [n, value(n)]));
      });

      test(`[M6, B10] ${name}: binaries that are emitted at the same time do not mix`, async (t) => {
        const client = await connected(t, transports);
        const value = (n) => ({ n, parts: [new Uint8Array([n, 1]), { deep: new Uint8Array([n, 2]) }] });
        const answers = numbers(30).map(async (n) => {
          if (n % 2 === 0) await null;
          return client.call("echo", value(n));
        });
        assert.deepEqual(await within("30 answers", Promise.all(answers)), numbers(30).map(value));
      });
    }
  });
});
