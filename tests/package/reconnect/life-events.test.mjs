// The events of the life of a connection: its state, the attempts to make it again, and their end; and delays that the user chooses.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { heard, until } from "../../support/until.mjs";

const { reason } = api;

const EVENTS = ["reconnect_attempt", "reconnect", "reconnect_failed", "state", "upgrade", "connect", "disconnect", "disconnectFinal"];

/** Records the events of a connection's life, and those of a namespace, as arrays that begin with their name. */
function recorded(client, events = EVENTS) {
  const calls = [];
  const plain = (value) => typeof value !== "object";
  for (const event of events) client.on(event, (...args) => calls.push([event, ...args.filter(plain)]));
  return calls;
}

/** Returns the records of some events, and removes all records. */
const take = (calls, ...events) => calls.splice(0).filter(([event]) => events.length === 0 || events.includes(event));

const websocket = { transports: ["websocket"] };

/** Connects a client with a websocket to a server of its own. */
async function connected(t, options = IMPATIENT, connect = {}) {
  const server = await startServer(t, "npm");
  const client = newClient(t, options);
  await client.connect(server.url, { ...websocket, ...connect });
  return { server, client };
}

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  test(`${name}: each change of the state, each attempt and the reconnection are reported, in order`, async (t) => {
    const server = await startServer(t, "npm");
    const client = newClient(t);
    const calls = recorded(client);
    await client.connect(server.url, { transports });
    await until("the upgrade", () => client.transport() === transports.at(-1));
    const upgrade = name === "upgrade" ? [["upgrade", "websocket"]] : [];
    const begin = [["state", "connecting", "disconnected"], ["state", "connected", "connecting"], ["connect"]];
    assert.deepEqual(take(calls), [...begin, ...upgrade]);
    await server.kill();
    const attempts = () => calls.filter(([event]) => event === "reconnect_attempt");
    await until("two attempts", () => attempts().length >= 2);
    const loss = [["state", "reconnecting", "connected"], ["disconnect", "transport error"]];
    assert.deepEqual(calls.slice(0, 4), [...loss, ["reconnect_attempt", 1, 50], ["reconnect_attempt", 2, 100]]);
    await server.start();
    await until("the reconnection", () => calls.some(([event]) => event === "reconnect"));
    const count = attempts().length;
    const rest = take(calls, "state", "connect", "reconnect").slice(1);
    assert.deepEqual(rest, [["state", "connected", "reconnecting"], ["connect"], ["reconnect", count]]);
    await client.disconnect();
    assert.deepEqual(take(calls, "state", "disconnect", "disconnectFinal"), [
      ["state", "disconnecting", "connected"],
      ["disconnect", "client disconnect"],
      ["disconnectFinal", "client disconnect"],
      ["state", "disconnected", "disconnecting"],
    ]);
  });
}

test("a handler of `state` finds the state of which it is notified", async (t) => {
  const states = [];
  const { client } = await connected(t, IMPATIENT);
  client.on("state", (now, before) => states.push([now, before, client.state]));
  await client.disconnect();
  assert.deepEqual(states, [["disconnecting", "connected", "disconnecting"], ["disconnected", "disconnecting", "disconnected"]]);
});

describe("the reason of `disconnectFinal`", () => {
  const giveUp = { ...IMPATIENT, reconnectionAttempts: 1 };
  for (const [what, options, end, expected] of [
    ["the program disconnects", IMPATIENT, ({ client }) => client.disconnect(), [["disconnectFinal", "client disconnect"]]],
    ["the server disconnects", IMPATIENT, ({ client }) => client.emit("kick"), [["disconnectFinal", "server disconnect"]]],
    ["reconnection is off", { reconnection: false }, ({ server }) => server.kill(), [["disconnectFinal", "transport error"]]],
    ["all attempts fail", giveUp, ({ server }) => server.kill(), [["reconnect_failed"], ["disconnectFinal", reason.RECONNECTION_FAILED]]],
  ]) {
    test(`is its own if ${what}`, async (t) => {
      const both = await connected(t, options);
      const calls = recorded(both.client, ["reconnect_failed", "disconnectFinal"]);
      await end(both);
      await until("the last event", () => calls.some(([event]) => event === "disconnectFinal"));
      assert.deepEqual(calls, expected);
      assert.ok(Object.values(api.reason).includes(calls.at(-1)[1]));
    });
  }
});

test("a first connection with `retry` has the same events, and connect() rejects after `reconnect_failed`", async (t) => {
  const server = await startServer(t, "npm");
  await server.kill();
  const client = newClient(t, { ...IMPATIENT, reconnectionAttempts: 2 });
  const calls = recorded(client, ["reconnect_attempt", "reconnect_failed", "disconnectFinal"]);
  await assert.rejects(client.connect(server.url, { ...websocket, retry: true }), { code: "UNREACHABLE" });
  const end = [["reconnect_failed"], ["disconnectFinal", "reconnection failed"]];
  assert.deepEqual(calls, [["reconnect_attempt", 1, 50], ["reconnect_attempt", 2, 100], ...end]);
});

test("the events reach the handlers and classes of all namespaces, those of any namespace with * in its place", async (t) => {
  const calls = [];
  class Chat extends api.ClientNamespace {
    on_state(...args) {
      calls.push(["class", ...args]);
    }
  }
  const { client } = await connected(t, IMPATIENT, { namespaces: ["/", "/chat"] });
  client.registerNamespace(new Chat("/chat"));
  for (const name of ["/", "/other", "*"]) client.of(name).on("state", (...args) => calls.push([name, ...args]));
  await client.disconnect();
  const change = ["disconnecting", "connected"];
  const expected = [["*", "*", ...change], ["/", ...change], ["/other", ...change], ["class", ...change]];
  assert.deepEqual(calls.filter((call) => call.at(-1) === "connected").toSorted(), expected);
});

test("an event of the server with such a name goes to the same handlers", async (t) => {
  const { client } = await connected(t);
  const peer = await websocketPeer(t, (socket) => socket.send('42["state","of the server"]'));
  await client.disconnect();
  const states = [];
  client.on("state", (...args) => states.push(args));
  await client.connect(peer.url, websocket);
  await until("the event", () => states.length >= 3);
  assert.deepEqual(states, [["connecting", "disconnected"], ["connected", "connecting"], ["of the server"]]);
});

describe("a function as `reconnectionDelay`", () => {
  test("gives each delay, without jitter, and with the number of the attempt and the error", async (t) => {
    const asked = [];
    const reconnectionDelay = (attempt, error) => asked.push([attempt, error.constructor.name]) && [61, 0, 62][attempt - 1];
    const { server, client } = await connected(t, { reconnectionDelay, reconnectionAttempts: 3, randomizationFactor: 1 });
    const calls = recorded(client, ["reconnect_attempt"]);
    const final = heard(client, "disconnectFinal");
    await server.kill();
    await final;
    assert.deepEqual(asked, [1, 2, 3].map((attempt) => [attempt, "ConnectionError"]));
    // 50 ms are the least.
    assert.deepEqual(calls, [["reconnect_attempt", 1, 61], ["reconnect_attempt", 2, 50], ["reconnect_attempt", 3, 62]]);
  });

  test("ends reconnection with false, as if the attempts were used up", async (t) => {
    const { server, client } = await connected(t, { reconnectionDelay: (attempt) => attempt < 2 && 50 });
    const calls = recorded(client, ["reconnect_attempt", "reconnect_failed", "disconnectFinal", "state"]);
    const call = client.call("never");
    const rejected = assert.rejects(call, { code: "DISCONNECTED", event: "never" });
    const ended = client.wait();
    await server.kill();
    await Promise.all([ended, rejected]);
    assert.deepEqual(calls, [
      ["state", "reconnecting", "connected"],
      ["reconnect_attempt", 1, 50],
      ["state", "disconnected", "reconnecting"],
      ["reconnect_failed"],
      ["disconnectFinal", "reconnection failed"],
    ]);
  });

  const thrown = new Error("no idea");
  for (const [what, reconnectionDelay, message] of [
    ["throws", () => { throw thrown; }, /no idea/],
    ["returns NaN", () => NaN, /a number/],
    ["returns a negative number", () => -1, /a number/],
    ["returns Infinity", () => Infinity, /a number/],
    ["returns true", () => true, /a boolean/],
    ["returns nothing", () => {}, /undefined/],
    ["returns a promise", async () => 50, /an object/],
    ["returns a promise that is rejected", () => Promise.reject(thrown), /an object/],
  ]) {
    test(`[INVALID_DELAY] that ${what} is reported, and the default delay is used`, async (t) => {
      const { server, client } = await connected(t, { reconnectionDelay, reconnectionDelayMax: 80, randomizationFactor: 0 });
      const reported = heard(client, "error");
      const attempt = heard(client, "reconnect_attempt");
      await server.kill();
      const [error] = await reported;
      assert.deepEqual([error.name, error.code, error.fault], ["InvalidArgumentError", "INVALID_DELAY", "misuse"]);
      assert.match(error.message, message);
      assert.deepEqual(await attempt, [1, 80]);
      if (what === "throws") assert.equal(error.cause, thrown);
    });
  }
});
