// One measurement within a turn: first the same work unmeasured, until the JavaScript engine has compiled it, then measured.

/**
 * The environment of a turn: a Node process, or a page.
 * @typedef {object} Host
 * @property {number} warmMs how long work goes on unmeasured, unless a row says otherwise
 * @property {number} measuredMs how long it goes on then
 * @property {() => Promise<void>} tick resolved in a task of its own, after what waits already
 * @property {() => Promise<number>} cpu the CPU time that the client's process has used, in microseconds
 * @property {(ms: number) => Promise<void>} pause
 * @property {Record<string, string>} entries the module of each party
 * @property {() => Promise<Record<string, number>>} memory the bytes in use after a garbage collection, by kind
 */

/**
 * @param {Host} host
 * @param {{ warmMs?: number }} row
 * @param {(ms: number) => Promise<number>} work goes on for about that time, ends when everything has arrived, and answers how
 *   many messages that were
 * @param {() => Promise<number>} [serverCpu] the CPU time of the server in microseconds
 * @returns {Promise<{ rate: number, cpu: number, serverBusy: number }>} `rate` in messages a second, `cpu` in microseconds for
 *   each, `serverBusy` the share of the time in which the server worked
 */
export async function measured(host, row, work, serverCpu = async () => 0) {
  await work(row.warmMs ?? host.warmMs);
  await host.tick();
  const serverBefore = await serverCpu();
  const before = await host.cpu();
  const start = performance.now();
  const messages = await work(host.measuredMs);
  const seconds = (performance.now() - start) / 1000;
  const cpu = ((await host.cpu()) - before) / messages;
  const serverBusy = ((await serverCpu()) - serverBefore) / 1e6 / seconds;
  return { rate: messages / seconds, cpu, serverBusy };
}

/** Returns a function that returns whether `ms` have passed since this call. */
export function deadline(ms) {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}
