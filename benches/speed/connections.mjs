// Rows about connections rather than messages: making one, holding many, and importing the package before the first.
import { quantile } from "./statistics.mjs";
import { deadline, measured } from "./phase.mjs";
import { PAYLOADS } from "./payloads.mjs";

/** Measures the time from the call that connects to the first event of the server, one connection after the other. */
export async function connect(party, row, host) {
  let times;
  let first; // before anything is compiled, as for a program that connects once
  const work = async (ms) => {
    const over = deadline(ms);
    times = [];
    do {
      const start = performance.now();
      let client;
      await new Promise((resolve, reject) => {
        const prepare = (created) => created.on("hello", () => resolve(times.push(performance.now() - start)));
        client = party.open(row.url, row.transports, prepare);
        client.catch(reject);
      });
      first ??= times[0];
      await party.close(await client);
    } while (!over());
    return times.length;
  };
  const { cpu } = await measured(host, row, work);
  return { time: quantile(times, 0.5) * 1000, first: first * 1000, cpu };
}

const PACE_MS = 20;
const PACED = 60;

/**
 * Measures calls at a steady pace, from the connection on. With the default transports they go on during the upgrade. Half of them take
 * less than `p50`; `slowest` is the longest.
 */
export async function paced(party, row, host) {
  const client = await party.open(row.url, row.transports);
  const times = [];
  const one = async () => {
    const start = performance.now();
    await party.call(client, "echo", PAYLOADS["60 B"]);
    times.push((performance.now() - start) * 1000);
  };
  const calls = [];
  for (let number = 0; number < PACED; number++) {
    calls.push(one());
    await host.pause(PACE_MS);
  }
  await Promise.all(calls);
  await party.close(client);
  return { p50: quantile(times, 0.5), slowest: Math.max(...times) };
}

/** Measures importing the package in a fresh process or page: until it is there (`imported`), and until a client exists. */
export async function start(_party, { party }, host) {
  const before = await host.cpu();
  const start = performance.now();
  const imported = await import(host.entries[party]);
  const importing = performance.now() - start;
  if (party === "ours" || party === "old") new imported.Client();
  if (party === "peer") imported.io("http://127.0.0.1", { autoConnect: false });
  return { imported: importing * 1000, time: (performance.now() - start) * 1000, cpu: (await host.cpu()) - before };
}

const FIRST = 50;

/** Measures the memory of each of many connected, idle clients. */
export async function idle(party, row, host) {
  const clients = [];
  const open = async (count) => {
    while (clients.length < count) {
      const some = Math.min(row.atOnce, count - clients.length);
      clients.push(...(await Promise.all(Array.from({ length: some }, () => party.open(row.url, row.transports)))));
    }
  };
  await open(FIRST); // so that the shared memory of all clients is already there
  const first = clients.length;
  const before = await host.memory();
  await open(first + row.clients);
  const after = await host.memory();
  return Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] - before[name]) / row.clients / 1024]));
}

const STEADY_MS = 600;
const BEAT_MS = 5;

/** Measures garbage collections while events go to the server and back, at a pace that every party can keep. */
export async function garbage(party, row, host) {
  const client = await party.open(row.url, row.transports);
  const payload = PAYLOADS["60 B"];
  let came = 0;
  client.on("m", () => void came++);
  const work = async (ms) => {
    const before = came;
    const start = performance.now();
    const byBeat = (row.perSecond * BEAT_MS) / 1000;
    const beats = ms / BEAT_MS;
    for (let beat = 0; beat < beats; ) {
      for (const due = (performance.now() - start) / BEAT_MS; beat < Math.min(due, beats); beat++) {
        for (let message = 0; message < byBeat; message++) client.emit("reflect", payload);
      }
      await host.pause(BEAT_MS);
    }
    while (came < before + byBeat * beats) await host.pause(BEAT_MS);
  };
  await work(STEADY_MS / 4);
  const collections = host.collections();
  const begun = performance.now();
  await work(STEADY_MS);
  const seconds = (performance.now() - begun) / 1000;
  const { count, ms } = await collections.end();
  return { collections: count / seconds, pauses: ms / seconds };
}
