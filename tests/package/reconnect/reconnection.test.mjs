// A server that goes away and comes back: the events of the client, its options, and buffered events, which are not lost.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";

// Gives up after three attempts, and leaves a server the time to start.
const PATIENT = { reconnectionDelay: 300, reconnectionDelayMax: 600, randomizationFactor: 0, reconnectionAttempts: 3 };

// Starts a server and connects a client to it.
async function both(t, kind, transports, { options = IMPATIENT, ...connect } = {}) {
  const server = await startServer(t, kind);
  const client = newClient(t, options);
  await client.connect(server.url, { transports, ...connect });
  await until("the upgrade", () => client.transport() === transports.at(-1));
  return { server, client };
}

// Kills the server, and resolves to the arguments of `disconnect` when the client has noticed.
async function away({ server, client }) {
  const disconnect = heard(client, "disconnect");
  await server.kill();
  return disconnect;
}

for (const kind of SERVERS) {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    describe(`${kind}, ${name}`, () => {
      test("[C1, E5, R1] `disconnect` is called for the loss, and `connect` for the new connection", async (t) => {
        const { server, client } = await both(t, kind, transports);
        const before = client.sid;
        const [reason, details] = await away({ server, client });
        assert.equal(reason, client.reason.TRANSPORT_ERROR);
        assert.match(details.cause, /./);
        assert.deepEqual([client.connected, client.state, client.sid], [false, "reconnecting", undefined]);
        const connect = heard(client, "connect");
        await server.start();
        await connect;
        assert.deepEqual([client.connected, client.state], [true, "connected"]);
        assert.notEqual(client.sid, before);
      });

      test("[M1, R1] events that are emitted while the server is away arrive later, once and in order", async (t) => {
        const id = randomUUID();
        const { server, client } = await both(t, kind, transports, { auth: { id } });
        await away({ server, client });
        const values = Array.from({ length: 40 }, (_, index) => index);
        for (const value of values) client.emit("count", value);
        const answer = client.call("echo", "buffered, too");
        assert.equal(client.bufferedAmount, 41);
        await server.start();
        assert.equal(await within("the answer", answer), "buffered, too");
        assert.deepEqual(await client.call("counted", id), values);
        assert.equal(client.bufferedAmount, 0);
      });

      test("[R4] all namespaces are connected again, with fresh auth", async (t) => {
        let tokens = 0;
        const auth = () => ({ token: "secret", n: (tokens += 1) });
        const { server, client } = await both(t, kind, transports, { auth, namespaces: ["/", "/chat", "/auth"] });
        await away({ server, client });
        const welcome = heard(client.of("/auth"), "welcome");
        await server.start();
        const [{ n }] = await welcome;
        assert.ok(n > 1, `the token is not a new one, but number ${n}`);
        await until("all three", () => client.namespaces.size === 3);
        assert.equal(await client.of("/chat").call("echo", 1), 1);
      });

      test("[M5] a call that was sent rejects when the connection breaks", async (t) => {
        const { server, client } = await both(t, kind, transports);
        const call = client.call("never");
        await client.call("echo", "the call before was sent");
        const rejected = assert.rejects(call, { name: "DisconnectedError", code: "DISCONNECTED", reason: "transport error" });
        await server.kill();
        await within("the rejection", rejected);
      });
    });
  }

  describe(kind, () => {
    const transports = TRANSPORTS.upgrade;

    test("[C1] with reconnection: false, a loss is final", async (t) => {
      const { server, client } = await both(t, kind, transports, { options: { reconnection: false } });
      const final = heard(client, "disconnectFinal");
      const ended = client.wait();
      await away({ server, client });
      await final;
      await ended;
      assert.equal(client.state, "disconnected");
      assert.throws(() => client.emit("x"), { code: "NOT_CONNECTED" });
    });

    test("[C2, R5] after reconnectionAttempts the client gives up, and can be connected again", async (t) => {
      const { server, client } = await both(t, kind, transports, { options: PATIENT });
      let failures = 0;
      client.on("connect_error", () => (failures += 1));
      const final = heard(client, "disconnectFinal");
      await away({ server, client });
      const buffered = assert.rejects(client.call("echo", 1), { name: "DisconnectedError" });
      await final;
      await buffered;
      assert.equal(failures, 3);
      assert.equal(client.state, "disconnected");
      await server.start();
      await client.connect(server.url, { transports });
      await away({ server, client });
      const connect = heard(client, "connect");
      await server.start();
      await connect; // reconnection works as before
    });

    test("[T3] disconnect() ends a reconnection", async (t) => {
      const { server, client } = await both(t, kind, transports);
      const failed = heard(client, "connect_error");
      await away({ server, client });
      await failed;
      await within("disconnect()", client.disconnect());
      assert.equal(client.state, "disconnected");
      await client.wait();
    });

    test("[T3] disconnect() resolves to the number of events that it drops; with flush it waits for the connection, and they are sent", async (t) => {
      const id = randomUUID();
      const { server, client } = await both(t, kind, transports, { auth: { id } });
      await away({ server, client });
      client.emit("count", 1).emit("count", 2);
      assert.deepEqual(await within("disconnect()", client.disconnect()), { unsent: 2 });
      await server.start();
      await client.connect(server.url, { transports, auth: { id } });
      await away({ server, client });
      client.emit("count", 3);
      assert.deepEqual(await within("disconnect()", client.disconnect({ flush: 100 })), { unsent: 1 });
      await server.start();
      await client.connect(server.url, { transports, auth: { id } });
      await away({ server, client });
      client.emit("count", 4);
      const left = within("disconnect()", client.disconnect({ flush: 30_000 }));
      await server.start();
      assert.deepEqual(await left, { unsent: 0 });
      await client.connect(server.url, { transports });
      assert.deepEqual(await client.call("counted", id), [4]);
    });

    test("[K13] with retryRefused, the client asks again for a namespace that was refused", async (t) => {
      const server = await startServer(t, kind);
      const client = newClient(t);
      let asked = 0;
      const auth = () => ({ token: (asked += 1) > 2 ? "secret" : "wrong" });
      const refusals = [];
      client.of("/auth").on("connect_error", ({ code }) => refusals.push(code));
      const connecting = client.connect(server.url, { namespaces: "/auth", auth, retry: true, retryRefused: true });
      await within("connect()", connecting);
      assert.deepEqual(refusals, ["REFUSED", "REFUSED"]);
      assert.equal(await client.of("/auth").call("echo", 1), 1);
    });

    test("a url function is called for each attempt", async (t) => {
      const server = await startServer(t, kind);
      const client = newClient(t);
      let asked = 0;
      await client.connect(() => ((asked += 1), new URL(server.url)), { transports });
      await away({ server, client });
      const connect = heard(client, "connect");
      await server.start();
      await connect;
      assert.ok(asked > 1);
    });

    test("[K13] with retry, connect() waits for a server that has not started yet", async (t) => {
      const server = await startServer(t, kind);
      await server.kill();
      const client = newClient(t);
      const failed = heard(client, "connect_error");
      const connecting = client.connect(server.url, { transports, retry: true });
      await failed;
      await server.start();
      await within("connect()", connecting);
      assert.equal(await client.call("echo", 1), 1);
    });

    test("[BUFFER_FULL] maxBuffer bounds the buffered events; with buffer: false emit() throws, and a volatile event is dropped", async (t) => {
      const id = randomUUID();
      const options = { ...IMPATIENT, maxBuffer: 2 };
      const { server, client } = await both(t, kind, transports, { options, auth: { id } });
      await away({ server, client });
      client.volatile.emit("count", "dropped");
      assert.throws(() => client.with({ buffer: false }).emit("count", "refused"), { name: "DisconnectedError" });
      client.emit("count", 1).emit("count", 2);
      assert.throws(() => client.emit("count", 3), { name: "DisconnectedError", code: "BUFFER_FULL", limit: 2, message: /2 packets/ });
      const connect = heard(client, "connect");
      await server.start();
      await connect;
      assert.deepEqual(await client.call("counted", id), [1, 2]);
    });
  });
}
