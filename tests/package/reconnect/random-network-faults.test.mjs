// Connections that the program or the network ends at random moments: no event arrives twice or out of order, and each event that was
// accepted arrives, unless the client counts it as unsent or as possibly lost.
// The moments are random numbers of a seed; CHAOS_SEED=… repeats them, as far as real time allows.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TRANSPORTS, UNHURRIED, newClient } from "../../support/clients.mjs";
import { randomNumbers } from "../../support/formats.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { unsteady } from "../../support/unsteady.mjs";
import { until, within } from "../../support/until.mjs";

const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const REPLAY = `CHAOS_SEED=${SEED}`;

const ROUNDS = 160;
const AT_ONCE = 8;
const UNSTEADY_MS = 12_000;
const LOSSES = 5; // a network with fewer losses stays unsteady for longer
const LAST = 20;

// Python's servers run the handlers of a connection concurrently, unless this option forbids it.
const IN_ORDER = { npm: {}, python: { python: { async_handlers: false } } };
// Both sides notice a loss soon.
const SHORT = { pingInterval: 1_000, pingTimeout: 1_000 };
const HASTY = { reconnectionDelay: 20, reconnectionDelayMax: 60, requestTimeout: 1_000 };

/** Returns functions for random choices by a seed. */
function choices(seed) {
  const random = randomNumbers(seed);
  const below = (limit) => Math.floor(random() * limit);
  return { below, of: (list) => list[below(list.length)] };
}

/** Returns the argument of event `n`; every third one has binary data. */
const value = (n) => (n % 3 === 2 ? { n, bytes: [new Uint8Array(n % 7), new Uint8Array([n])] } : { n });

/** Resolves to a function that returns the numbers that have arrived from a client, by the client's id. */
async function observe(t, server) {
  const observer = newClient(t);
  await observer.connect(server.url, UNHURRIED);
  return async (id) => (await observer.call("counted", id)).map(({ n }) => n);
}

/**
 * Asserts that the numbers grow: none came twice, and none after a later one. A number in `repeated` may come again, as often as it
 * is in there.
 */
function assertInOrder(numbers, label, repeated = []) {
  const left = [...repeated];
  let highest = -1;
  const wrong = numbers.findIndex((n) => {
    if (n > highest) {
      highest = n;
      return false;
    }
    const at = left.indexOf(n);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  assert.equal(wrong, -1, `${label} at ${wrong}: ${numbers.slice(Math.max(0, wrong - 5), wrong + 3)} (${REPLAY})`);
}

/**
 * Returns the numbers of an event in the POSTs that the client has repeated in one session after the network had cut the connection of
 * the first one. In Node, the client cannot tell such a connection from an idle one that the server has closed, as its types document.
 */
function repeatedNumbers(requests, event) {
  const posts = requests.filter(({ text }) => text.startsWith("POST "));
  const bodyOf = ({ text }) => text.slice(text.indexOf("\r\n\r\n"));
  const sessionOf = ({ text }) => /[?&]sid=([^& ]+)/.exec(text)?.[1];
  const isSame = (one, other) => bodyOf(one) === bodyOf(other) && sessionOf(one) === sessionOf(other);
  const again = posts.filter((post, index) => posts.slice(0, index).some((earlier) => earlier.isCut && isSame(earlier, post)));
  const numbers = (text) => [...text.matchAll(new RegExp(`\\["${event}",\\{"n":(\\d+)`, "g"))].map(([, n]) => Number(n));
  return again.flatMap(({ text }) => numbers(text));
}

describe(`random faults, ${REPLAY}`, { concurrency: true }, () => {
  for (const kind of SERVERS) {
    test(`[M7] ${kind}: events that are emitted just before disconnect() arrive once and in order`, async (t) => {
      const server = await startServer(t, kind, IN_ORDER[kind]);
      const arrived = await observe(t, server);
      const { below, of } = choices(SEED);
      const round = async (number) => {
        // All choices come before the first await, so that they depend on the seed alone.
        const transports = of(Object.values(TRANSPORTS));
        const isAwaited = below(4) > 0;
        const [first, then] = [below(6), below(25)];
        const [pause, last] = [of([0, 0, 1, 2, 5, 10, 20]), of([undefined, undefined, 0, 1, 3])];
        const id = randomUUID();
        const client = newClient(t);
        const connecting = client.connect(server.url, { ...UNHURRIED, transports, auth: { id } });
        // It rejects if disconnect() comes first.
        await (isAwaited ? connecting : void connecting.catch(() => {}));
        let emitted = 0;
        const emit = (count) => {
          for (const end = emitted + count; emitted < end; emitted += 1) client.emit("count", value(emitted));
        };
        emit(first);
        await sleep(pause);
        emit(then);
        if (last !== undefined) await sleep(last);
        const ended = await within(`the disconnection of round ${number}`, client.disconnect());
        const label = `round ${number}, ${transports}`;
        // Before the first connection, events are buffered, and disconnect() drops as many as it says.
        if (isAwaited) assert.equal(ended.unsent, 0, `${label} (${REPLAY})`);
        return { id, label, least: emitted - ended.unsent };
      };
      const rounds = [];
      let next = 0;
      const work = async () => {
        while (next < ROUNDS) rounds.push(await round(next++));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      for (const { id, label, least } of rounds) {
        await until(`${least} events of ${label} (${REPLAY})`, async () => (await arrived(id)).length >= least);
      }
      // After all rounds, late and repeated events have arrived.
      for (const { id, label } of rounds) assertInOrder(await arrived(id), label);
    });

    for (const [index, [name, transports]] of Object.entries(TRANSPORTS).entries()) {
      test(`${kind}, ${name}: over a network that cuts, stalls and refuses at random, no event arrives twice or out of order`, async (t) => {
        const server = await startServer(t, kind, { ...IN_ORDER[kind], ...SHORT });
        const arrived = await observe(t, server);
        const network = await unsteady(t, server.port);
        const client = newClient(t, HASTY);
        const id = randomUUID();
        const echoed = [];
        let losses = 0;
        let lost = 0; // events that the client reports as lost
        client.on("error", ({ code, events }) => {
          assert.ok(["POSSIBLY_LOST", "NOT_SENT"].includes(code), code);
          lost += events;
        });
        client.on("echo-back", ({ n }) => void echoed.push(n));
        client.on("disconnect", () => (losses += 1));
        await client.connect(network.url, { ...UNHURRIED, transports, auth: { id }, retry: true }); // on a busy machine, a request may take long

        let isSteady = false;
        const fail = async () => {
          const { below, of } = choices(SEED + index);
          const end = performance.now() + UNSTEADY_MS;
          while ((performance.now() < end || losses < LOSSES) && !t.signal.aborted) {
            const [pause, fault, time] = [20 + below(500), of(["cut", "cut", "stall", "refuse"]), of([20, 50, 150, 400, 2_500])];
            await sleep(pause);
            network[fault]();
            if (fault === "cut") continue;
            await sleep(Math.min(time, fault === "stall" ? Infinity : 400));
            if (below(2) === 0) network.cut();
            network.steady();
          }
          isSteady = true;
        };
        let [emitted, asked] = [0, 0];
        const calls = [];
        const talk = async () => {
          const { below } = choices(SEED + index + 100);
          while (!isSteady) {
            for (let more = below(4); more > 0; more -= 1) client.emit("count", value(emitted++));
            client.emit("echo-back", value(asked++));
            if (below(10) === 0) calls.push(client.call("echo", emitted).then((answer) => answer, ({ code }) => code), emitted);
            await sleep(1 + below(30));
          }
        };
        await within("the losses", Promise.all([fail(), talk()]));

        // Events that are emitted without a connection are buffered, and arrive on the next one if that is not lost.
        let buffered;
        let numbers;
        const arrive = async () => {
          network.refuse();
          network.cut();
          await until("the loss", () => !client.connected);
          buffered = Array.from({ length: LAST }, () => emitted++);
          for (const n of buffered) client.emit("count", value(n));
          const before = losses;
          network.steady();
          await until(`the last events (${REPLAY})`, async () => {
            numbers = await arrived(id);
            return numbers.at(-1) === buffered.at(-1) || losses > before;
          });
          return losses === before;
        };
        // A steady connection is lost only on a busy machine that is silent for longer than a heartbeat.
        await until("a connection that lasts", arrive);
        assertInOrder(numbers, "arrived", repeatedNumbers(network.requests, "count"));
        assert.deepEqual(numbers.slice(-LAST), buffered, REPLAY);
        assertInOrder(echoed, "echoed", repeatedNumbers(network.requests, "echo-back"));
        // A websocket has no answers, so the client does not know which events were lost with it.
        const missing = emitted - new Set(numbers).size;
        if (name === "polling") assert.ok(missing <= lost, `${missing} events are missing, ${lost} were counted (${REPLAY})`);
        for (let at = 0; at < calls.length; at += 2) {
          const answer = await within(`the answer of call ${at / 2} (${REPLAY})`, calls[at]);
          assert.ok(answer === calls[at + 1] || answer === "DISCONNECTED", `${answer}, not ${calls[at + 1]} (${REPLAY})`);
        }
        t.diagnostic(`${numbers.length} of ${emitted} events arrived, ${echoed.length} were echoed, with ${losses} losses; ${lost} were counted as lost`);
      });
    }
  }
});
