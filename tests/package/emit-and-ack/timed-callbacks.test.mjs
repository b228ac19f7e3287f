// Callbacks of emit() with a chosen timeout: they get an error first, and are called once in any case.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until, within } from "../../support/until.mjs";

const websocket = { transports: ["websocket"] };

/** Emits with a callback; resolves to its arguments. Fails if the callback is called twice, or before emit() has returned. */
function answered(t, scope, ...args) {
  const calls = [];
  let hasReturned = false;
  scope.emit(...args, (...values) => calls.push(hasReturned ? values : ["too early"]));
  hasReturned = true;
  t.after(() => assert.equal(calls.length, 1));
  return until(`the callback of ${args[0]}`, () => calls[0]);
}

for (const kind of SERVERS) {
  describe(kind, () => {
    const server = sharedServer(kind);

    test("a callback gets null and the values of the answer", async (t) => {
      const client = newClient(t);
      await client.connect(server.url);
      for (const scope of [client.timeout(30_000), client.with({ timeout: 0 }), client.timeout(30_000).of("/").volatile]) {
        // A volatile event may be dropped while the connection is upgraded.
        const [error, ...values] = await answered(t, scope, "echo", 1, "two");
        if (error === null) assert.deepEqual(values, [1, "two"]);
        else assert.equal(error.code, "DROPPED");
      }
      const plain = new Promise((resolve) => client.of("/").emit("echo", 1, "two", (...values) => resolve(values)));
      assert.deepEqual(await within("the answer", plain), [1, "two"], "without a chosen timeout it gets the values alone");
    });

    test("a callback without an answer in time gets an error", async (t) => {
      const client = newClient(t);
      await client.connect(server.url);
      const [error, ...rest] = await answered(t, client.timeout(50), "never");
      assert.deepEqual([error.code, error.event, error.milliseconds, rest], ["CALL_TIMEOUT", "never", 50, []]);
    });

    test("a callback gets an error if the namespace is left, or the connection ends", async (t) => {
      const own = await startServer(t, kind);
      const patient = (client) => client.timeout(30_000);
      for (const [end, expected] of [
        [(client) => client.disconnect(), ["DISCONNECTED", "none", "client disconnect"]],
        [(client) => client.emit("kick"), ["DISCONNECTED", "peer", "server disconnect"]],
        [() => own.kill(), ["DISCONNECTED", "network", "transport error"]],
      ]) {
        const client = newClient(t);
        await client.connect(own.url, websocket);
        const call = answered(t, patient(client), "never");
        await client.call("echo", "the event before was sent");
        await end(client);
        const [error] = await call;
        assert.deepEqual([error.code, error.fault, error.reason, error.event], [...expected, "never"]);
      }
    });
  });
}

test("a callback gets the error with which emit() would throw, but a mistake in the arguments is thrown", async (t) => {
  const server = await startServer(t, "npm", { maxHttpBufferSize: 10_000 });
  const client = newClient(t, { maxBuffer: 1 });
  const timed = client.timeout(30_000);
  assert.equal((await answered(t, timed, "echo"))[0].code, "NOT_CONNECTED");
  await client.connect(server.url, websocket);
  assert.equal((await answered(t, timed.of("/unknown"), "echo"))[0].code, "BAD_NAMESPACE");
  assert.equal((await answered(t, timed, "echo", "x".repeat(20_000)))[0].code, "PAYLOAD_TOO_LARGE");
  const unexpected = () => assert.fail("the callback is called");
  assert.throws(() => timed.emit("connect", unexpected), { code: "INVALID_EVENT" });
  assert.throws(() => timed.emit("echo", 1n, unexpected), { code: "UNSERIALIZABLE" });
  assert.deepEqual(await answered(t, timed, "echo", "still here"), [null, "still here"]);
});

test("[DROPPED] the callback of a volatile event that is dropped gets an error", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  const connecting = client.connect(server.url, websocket);
  const [error] = await answered(t, client.timeout(30_000).volatile, "echo", 1);
  assert.deepEqual([error.code, error.event], ["DROPPED", "echo"]);
  await connecting;
});

test("an answer of too many values is an error of the callback", async (t) => {
  const peer = await websocketPeer(t, (socket) => {
    socket.on("message", (packet) => {
      const [, id] = /^42(\d+)\[/.exec(packet) ?? [];
      if (id) socket.send(`43${id}[${Array(10_001).fill(0)}]`);
    });
  });
  const client = newClient(t);
  await client.connect(peer.url, websocket);
  const [error, ...rest] = await answered(t, client.timeout(30_000), "many");
  assert.deepEqual([error.code, error.event, rest], ["TOO_MANY_ARGUMENTS", "many", []]);
});

test("an event that waits for a Blob has the same limit, and its callback gets an error if the Blob cannot be read", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  await client.connect(server.url, websocket);
  const unread = new Blob(["x"]);
  unread.arrayBuffer = () => new Promise(() => {});
  const [late] = await answered(t, client.timeout(50), "echo", unread);
  assert.deepEqual([late.code, late.event], ["CALL_TIMEOUT", "echo"]);
  const bad = new Blob(["x"]);
  bad.arrayBuffer = () => Promise.reject(new Error("gone"));
  const [error] = await answered(t, client.timeout(30_000), "echo", bad);
  assert.deepEqual([error.code, error.event], ["BLOB_UNREADABLE", "echo"]);
  assert.deepEqual(await answered(t, client.timeout(30_000), "echo", "next"), [null, "next"]);
});

test("an exception of a callback is reported as that of a handler, with an answer and with an error", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  await client.connect(server.url, websocket);
  const reported = [];
  const { reportError } = globalThis;
  globalThis.reportError = (error) => reported.push(error);
  t.after(() => (globalThis.reportError = reportError));
  const fails = (error) => {
    throw new Error(`after ${error?.code ?? error}`);
  };
  client.timeout(30_000).emit("echo", fails);
  client.timeout(20).emit("never", fails);
  client.timeout(30_000).of("/unknown").emit("echo", fails);
  await until("the exceptions", () => reported.length === 3);
  assert.deepEqual(reported.map(({ message }) => message).toSorted(), ["after BAD_NAMESPACE", "after CALL_TIMEOUT", "after null"]);
  assert.equal(await client.call("echo", 1), 1);
});
