// Rows in which messages go to a server and come from it. Each receives a party, its row and its host, and returns
// figures by name.
import { PAYLOADS } from "./payloads.mjs";
import { deadline, measured } from "./phase.mjs";
import { quantile } from "./statistics.mjs";

const WINDOW = 4; // marks on their way at once, so that no party fills its memory with messages that the server is too slow to read
const TICKS_IN_MARK = 5;

/** Waits until a growing number has reached a value. */
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

/** Measures events to the server, many in a tick. The time ends when the server says that it has them all. */
export async function emit(party, row, host) {
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
        await host.tick();
      }
      sent += inMark;
      client.emit("mark");
      await arrived.reach(sent - inMark * WINDOW);
    } while (!over());
    await arrived.reach(sent);
    if (arrived.value !== sent) throw new Error(`${arrived.value} of ${sent} messages arrived`);
    return sent - before;
  };
  return measured(host, row, work, usage);
}

/**
 * Measures events to the server, in one tick as many as fit into the system's buffer of a connection. `handed over` ends when the
 * system has taken them all, which is the client's own part; `arrived` ends when the server has read them.
 */
export async function burst(party, row, host) {
  const { client, usage } = await connected(party, row);
  const payload = PAYLOADS[row.payload];
  const arrived = new Gauge();
  client.on("marked", (count) => arrived.set(count));
  let sent = 0;
  let handed; // the last work: messages, and their milliseconds
  const work = async (ms) => {
    handed = { messages: 0, ms: 0 };
    const over = deadline(ms);
    do {
      const start = performance.now();
      for (let message = 0; message < row.byTick; message++) client.emit("m", payload);
      do await host.tick();
      while (party.pending(client) > 0 || host.unwritten() > 0);
      handed.ms += performance.now() - start;
      handed.messages += row.byTick;
      sent += row.byTick;
      client.emit("mark");
      await arrived.reach(sent);
    } while (!over());
    if (arrived.value !== sent) throw new Error(`${arrived.value} of ${sent} messages arrived`);
    return handed.messages;
  };
  const { rate, cpu, serverBusy } = await measured(host, row, work, usage);
  return { "handed over": (handed.messages / handed.ms) * 1000, arrived: rate, cpu, serverBusy };
}

/** Measures events from the server. The time ends when all requested events have arrived. */
export async function receive(party, row, host) {
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
      client.emit(row.inOnePiece ? "flood-in-one-piece" : "flood", [row.payload, inFlood, row.byTick]);
      await ended.reach(++floods - 2);
    } while (!over());
    await ended.reach(floods);
    if (came !== floods * inFlood) throw new Error(`${came} of ${floods * inFlood} messages came`);
    return came - before;
  };
  return measured(host, row, work, usage);
}

/** Measures calls, `atOnce` in flight: calls per second, and the time of each. */
export async function call(party, row, host) {
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
  const result = await measured(host, row, work, usage);
  return { ...result, p50: quantile(times, 0.5) * 1000, p99: quantile(times, 0.99) * 1000 };
}

/** Measures events of the server that the client acknowledges, `atOnce` in flight. */
export async function answer(party, row, host) {
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
  return measured(host, row, work, usage);
}
