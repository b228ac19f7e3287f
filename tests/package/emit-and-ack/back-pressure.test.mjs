// A server that does not read its websocket: events wait in the client, where they are counted, bounded, and dropped if volatile.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket as NodeWebSocket } from "../../../pkg/platform/node/websocket.js";
import { IMPATIENT, UNHURRIED, newClient } from "../../support/clients.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { until, within } from "../../support/until.mjs";

const WEBSOCKET = { transports: "websocket", ...UNHURRIED };
const MARK = 1_048_576; // the default of `highWaterMark`
const LARGE = "x".repeat(65_536);
const SYSTEM = 16_000_000; // more than the system buffers for a connection that nobody reads

/** Starts a server that `pause()` stops from reading; the numbers that arrived are in `numbers`. */
async function lazyPeer(t) {
  const numbers = [];
  let connection;
  const peer = await websocketPeer(t, (socket) => {
    connection = socket;
    socket.on("message", (message) => numbers.push(JSON.parse(String(message).slice(2))[1]));
  });
  return Object.assign(peer, { numbers, pause: () => connection.pause(), resume: () => connection.resume() });
}

/** Returns a WebSocket class, and in `most.waited` the most bytes that ever waited in one of its instances. */
function watched() {
  const most = { waited: 0 };
  class Watched extends NodeWebSocket {
    send(data) {
      super.send(data);
      most.waited = Math.max(most.waited, this.bufferedAmount);
    }
  }
  return { WebSocket: Watched, most };
}

/** Returns a WebSocket class that holds its messages back until `release()`, and counts their bytes exactly, as a browser's does. */
function holding() {
  const held = [];
  const given = { bytes: 0, most: 0 };
  let isHolding = false;
  class Holding extends NodeWebSocket {
    get bufferedAmount() {
      return given.bytes;
    }
    send(data) {
      if (!isHolding) return super.send(data);
      given.bytes += Buffer.byteLength(data);
      given.most = Math.max(given.most, given.bytes);
      held.push(() => super.send(data));
    }
  }
  const hold = () => (isHolding = true);
  const release = () => {
    [isHolding, given.bytes] = [false, 0];
    for (const send of held.splice(0)) send();
  };
  return { WebSocket: Holding, given, hold, release };
}

const numbersTo = (end) => Array.from({ length: end }, (_, index) => index);

/** Emits large events, a few in each turn, until the client buffers some of them. Resolves to their number. */
async function fill(client, limit = 2 * SYSTEM) {
  let emitted = 0;
  await until("a full websocket", () => {
    if (emitted * LARGE.length > limit) throw new Error(`${emitted} events of ${LARGE.length} bytes were sent, and none waits`);
    for (let more = 0; more < 8; more += 1) client.emit("n", emitted++, LARGE);
    return new Promise((resolve) => setImmediate(() => resolve(client.bufferedAmount > 0)));
  });
  return emitted;
}

for (const [which, options] of [["Node's websocket", () => ({ most: undefined })], ["a user-supplied websocket", watched]]) {
  describe(`${which} that the server does not read`, () => {
    const prepare = async (t, more = {}) => {
      const peer = await lazyPeer(t);
      const { WebSocket, most } = options();
      const client = newClient(t, { ...IMPATIENT, ...(WebSocket && { WebSocket }), ...more });
      await client.connect(peer.url, WEBSOCKET);
      peer.pause();
      return { peer, client, most };
    };

    test("holds no more than highWaterMark: later events wait in the client, drain() waits for them, and all arrive in order", async (t) => {
      const { peer, client, most } = await prepare(t);
      let emitted = await fill(client);
      const waited = client.bufferedAmount;
      for (const end = emitted + 100; emitted < end; emitted += 1) client.emit("n", emitted, LARGE);
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(client.bufferedAmount >= waited + 100, `${client.bufferedAmount} wait of ${waited} and 100`);
      let isDrained = false;
      const drained = client.drain().then(() => (isDrained = true));
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(isDrained, false);
      assert.ok(client.connected);
      peer.resume();
      await within("drain()", drained);
      assert.equal(client.bufferedAmount, 0);
      await until("all events", () => peer.numbers.length === emitted);
      assert.deepEqual(peer.numbers, numbersTo(emitted));
      if (most) assert.ok(most.waited <= MARK + 2 * LARGE.length, `${most.waited} bytes waited`);
    });

    test("[M1] drops volatile events and rejects volatile calls while it is full, and sends them again later", async (t) => {
      const { peer, client } = await prepare(t);
      const emitted = await fill(client);
      const volatile = client.with({ volatile: true });
      volatile.emit("n", -1);
      await assert.rejects(volatile.call("n", -1), { code: "DROPPED" });
      peer.resume();
      await within("drain()", client.drain());
      await until("all events", () => peer.numbers.length === emitted);
      await until("room for a volatile event", () => (volatile.emit("n", -2), peer.numbers.length > emitted));
      assert.deepEqual(new Set(peer.numbers.slice(emitted)), new Set([-2]));
    });

    test("[M1] makes emit() throw when maxBuffer events wait", async (t) => {
      const { peer, client } = await prepare(t, { maxBuffer: 20 });
      let emitted = 0;
      const fills = () => {
        for (;;) {
          if (emitted * LARGE.length > 2 * SYSTEM) throw new Error(`${emitted} events were accepted`);
          try {
            client.emit("n", emitted, LARGE);
          } catch (error) {
            return error;
          }
          emitted += 1;
        }
      };
      let refused = 0;
      await until("refusals that last", async () => {
        const before = emitted;
        const { code, limit } = fills();
        assert.deepEqual([code, limit, client.bufferedAmount], ["BUFFER_FULL", 20, 20]);
        await new Promise((resolve) => setTimeout(resolve, 20));
        refused = emitted === before ? refused + 1 : 0;
        return refused === 3;
      });
      peer.resume();
      await within("drain()", client.drain());
      await until("all events", () => peer.numbers.length === emitted);
      assert.deepEqual(peer.numbers, numbersTo(emitted));
    });
  });
}

describe("highWaterMark", () => {
  for (const mark of [0, 1_000, 100_000]) {
    test(`${mark}: the websocket gets that many bytes, and the message that exceeds them`, async (t) => {
      const peer = await lazyPeer(t);
      const { WebSocket, given, hold, release } = holding();
      const client = newClient(t, { ...IMPATIENT, WebSocket, highWaterMark: mark });
      await client.connect(peer.url, WEBSOCKET);
      hold();
      const text = "x".repeat(400);
      for (let n = 0; n < 1_000; n += 1) client.emit("n", n, text);
      await until("the first messages", () => given.bytes > 0);
      assert.ok(given.most >= mark && given.most <= mark + 500, `${given.most} bytes`);
      assert.ok(client.bufferedAmount >= 1_000 - Math.ceil((mark + 500) / 400), `${client.bufferedAmount} events`);
      release();
      await within("drain()", client.drain());
      await until("all events", () => peer.numbers.length === 1_000);
      assert.deepEqual(peer.numbers, numbersTo(1_000));
    });
  }

  test("a single message may be larger than the mark", async (t) => {
    const peer = await lazyPeer(t);
    const client = newClient(t, { ...IMPATIENT, highWaterMark: 10 });
    await client.connect(peer.url, WEBSOCKET);
    client.emit("n", 0, LARGE);
    client.emit("n", 1, LARGE);
    await until("both", () => peer.numbers.length === 2);
  });
});

test("a program that awaits drain() sends 200 MB with little in its websocket, however slowly the server reads", async (t) => {
  const peer = await lazyPeer(t);
  const { WebSocket, most } = watched();
  const client = newClient(t, { ...IMPATIENT, WebSocket });
  await client.connect(peer.url, WEBSOCKET);
  const events = 3_200;
  for (let n = 0; n < events; n += 1) {
    if (n % 640 === 0) {
      peer.pause();
      setTimeout(peer.resume, 50);
    }
    client.emit("n", n, LARGE);
    if (client.bufferedAmount > 20) await within("drain()", client.drain());
  }
  await until("all events", () => peer.numbers.length === events);
  assert.ok(most.waited <= MARK + 2 * LARGE.length, `${most.waited} bytes waited`);
});

test("disconnect() waits until the server has read a full websocket, and no event is lost", async (t) => {
  const peer = await lazyPeer(t);
  const client = newClient(t);
  await client.connect(peer.url, WEBSOCKET);
  peer.pause();
  const emitted = await fill(client);
  const ending = client.disconnect();
  setTimeout(peer.resume, 100);
  assert.deepEqual(await within("the end", ending), { unsent: 0 });
  await until("all events", () => peer.numbers.length >= emitted);
  assert.deepEqual(peer.numbers.filter((n) => n !== undefined), numbersTo(emitted));
});
