// An in-memory server and its client with fake timers: nothing happens by itself but what promises do.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { api } from "../../support/installed.mjs";
import { Server } from "../../support/testing.mjs";
import { TRANSPORTS } from "../../support/clients.mjs";

const HOUR_MS = 60 * 60 * 1_000;

/** Lets all promises settle: none of them waits for anything but others. */
async function settle() {
  for (let at = 0; at < 20; at++) await turn();
}

function withFakeTimers(t) {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  t.after(() => mock.timers.reset());
  return (milliseconds) => (mock.timers.tick(milliseconds), settle());
}

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  test(`${name}: a client connects, calls and disconnects while the time stands still`, async (t) => {
    withFakeTimers(t);
    const server = new Server();
    server.on("connection", (socket) => socket.on("add", (a, b, answer) => answer(a + b)));
    const client = new api.Client(server.clientOptions);
    await client.connect(server.url, { transports });
    assert.equal(await client.call("add", 1, 2), 3);
    await server.ping();
    await client.disconnect();
    assert.equal(server.sockets.size, 0);
  });
}

test("the back-off of a client runs in fake time", async (t) => {
  const pass = withFakeTimers(t);
  const server = new Server();
  const client = new api.Client({ ...server.clientOptions, reconnectionDelay: 1_000, randomizationFactor: 0 });
  t.after(() => client.disconnect());
  await client.connect(server.url, { transports: "websocket" });
  server.offline();
  await settle();
  assert.equal(client.state, "reconnecting");
  server.online();
  await pass(999);
  assert.equal(client.state, "reconnecting");
  await pass(1);
  assert.equal(client.state, "connected");
});

test("a delay of the server runs in fake time, in order", async (t) => {
  const pass = withFakeTimers(t);
  const server = new Server();
  server.on("connection", (socket) => socket.on("add", (a, b, answer) => answer(a + b)));
  const client = new api.Client(server.clientOptions);
  t.after(() => client.disconnect());
  await client.connect(server.url, { transports: "websocket" });
  const socket = await server.connection();
  const got = [];
  client.on("news", (text) => got.push(text));
  server.delay(500);
  socket.emit("news", "slow");
  client.emit("add", 1, 2, (sum) => got.push(sum));
  await pass(499);
  assert.deepEqual(got, []);
  server.delay(0);
  socket.emit("news", "behind the slow one");
  await settle();
  assert.deepEqual(got, []);
  await pass(1);
  assert.deepEqual(got, ["slow"]);
  await pass(499); // the answer's own delay began after 499 ms
  assert.deepEqual(got, ["slow", 3, "behind the slow one"]);
});

test("an answer whose timer the test has reset delays no later one", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const server = new Server();
  server.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
  const client = new api.Client(server.clientOptions);
  t.after(() => client.disconnect());
  await client.connect(server.url, { transports: "websocket" });
  const socket = await server.connection();
  const got = [];
  server.delay(800);
  client.emit("echo", 1, (value) => got.push(value));
  await socket.received("echo");
  mock.timers.reset();
  server.delay(0);
  client.emit("echo", 2, (value) => got.push(value));
  await socket.received("echo");
  await settle();
  assert.deepEqual(got, [1, 2]);
});

test("a call runs into its time limit, and 23 hours without a ping lose no connection", async (t) => {
  const pass = withFakeTimers(t);
  const server = new Server();
  const client = new api.Client(server.clientOptions);
  t.after(() => client.disconnect());
  await client.connect(server.url);
  const late = assert.rejects(client.timeout(5_000).call("never"), { code: "CALL_TIMEOUT" });
  await settle();
  await pass(5_000);
  await late;
  await pass(23 * HOUR_MS);
  assert.equal(client.state, "connected");
});

test("a frozen connection is lost when the fake time has passed the server's interval", async (t) => {
  const pass = withFakeTimers(t);
  const server = new Server({ pingInterval: 25_000, pingTimeout: 20_000 });
  const client = new api.Client(server.clientOptions);
  t.after(() => client.disconnect());
  await client.connect(server.url, { transports: "websocket" });
  const causes = [];
  client.on("disconnect", (_reason, { cause }) => causes.push(cause));
  server.freeze();
  await pass(44_999);
  assert.deepEqual(causes, []);
  await pass(1_001);
  assert.deepEqual(causes, ["ping timeout"]);
});
