// The rows in which messages go to a server and come from it. Each is given a party and its row, and answers figures by name.
import { setImmediate as tick } from "node:timers/promises";
import { PAYLOADS } from "./payloads.mjs";
import { deadline, measured } from "./phase.mjs";
import { quantile } from "./statistics.mjs";

const WINDOW = 4; // marks on their way at once, so that no party fills its memory with what the server is too slow for
const TICKS_IN_MARK = 5;

/** Waits until a number that only grows has reached some value. */
class Gauge {
  value = 0;
  #wanted = Infinity;
  #wake;

  set(value) {
    this.value = value;
    if (value >= this.#wanted) this.#wake();
  }

  reach(value) {
    if (this.value >= value) return undefined;
    this.#wanted = value;
    return new Promise((resolve) => (this.#wake = resolve)).then(() => (this.#wanted = Infinity));
  }
}

async function connected(party, { url, transports }) {
  const client = await party.open(url, transports);
  return { client, usage: () => party.call(client, "usage") };
}

/** Events to the server, many in a tick; the time ends when the server says that it has them all. */
export async function emit(party, row) {
  const { client, usage } = await connected(party, row);
  const payload = PAYLOADS[row.payload];
  const arrived = new Gauge();
  client.on("marked", (count) => arrived.set(count));
  let sent = 0;
  const inMark = row.byTick * TICKS_IN_MARK;
  const work = async (ms) => {
    const before = sent;
    const over = deadline(ms);
    do {
      for (let number = 0; number < TICKS_IN_MARK; number++) {
        for (let message = 0; message < row.byTick; message++) client.emit("m", payload);
        await tick();
      }
      sent += inMark;
      client.emit("mark");
      await arrived.reach(sent - inMark * WINDOW);
    } while (!over());
    await arrived.reach(sent);
    if (arrived.value !== sent) throw new Error(`${arrived.value} of ${sent} messages arrived`);
    return sent - before;
  };
  return figures(await measured(work, usage));
}

/** Events from the server; the time ends when all that it was asked for are here. */
export async function receive(party, row) {
  const { client, usage } = await connected(party, row);
  const inFlood = row.byTick * TICKS_IN_MARK;
  let came = 0;
  let floods = 0;
  const ended = new Gauge();
  client.on("m", () => void came++);
  client.on("flooded", () => ended.set(ended.value + 1));
  const work = async (ms) => {
    const before = came;
    const over = deadline(ms);
    do {
      client.emit("flood", [row.payload, inFlood, row.byTick]);
      await ended.reach(++floods - 2);
    } while (!over());
    await ended.reach(floods);
    if (came !== floods * inFlood) throw new Error(`${came} of ${floods * inFlood} messages came`);
    return came - before;
  };
  return figures(await measured(work, usage));
}

/** Calls, `atOnce` in flight: how many a second, and what each took. */
export async function call(party, row) {
  const { client, usage } = await connected(party, row);
  const payload = PAYLOADS[row.payload];
  let times = [];
  const work = async (ms) => {
    const over = deadline(ms);
    times = [];
    const one = async () => {
      do {
        const start = performance.now();
        await party.call(client, "echo", payload);
        times.push(performance.now() - start);
      } while (!over());
    };
    await Promise.all(Array.from({ length: row.atOnce }, one));
    return times.length;
  };
  const result = figures(await measured(work, usage));
  return { ...result, p50: quantile(times, 0.5) * 1000, p99: quantile(times, 0.99) * 1000 };
}

/** Events of the server that this client acknowledges, `atOnce` in flight. */
export async function answer(party, row) {
  const { client, usage } = await connected(party, row);
  const done = new Gauge();
  party.answer(client, "question", (payload) => payload);
  client.on("asked", () => done.set(done.value + 1));
  const ROUND = row.atOnce * TICKS_IN_MARK;
  let rounds = 0;
  const work = async (ms) => {
    const before = rounds;
    const over = deadline(ms);
    do {
      client.emit("ask", [ROUND, row.atOnce]);
      await done.reach(++rounds);
    } while (!over());
    return (rounds - before) * ROUND;
  };
  return figures(await measured(work, usage));
}

const figures = ({ rate, cpu, serverBusy }) => ({ rate, cpu, serverBusy });
