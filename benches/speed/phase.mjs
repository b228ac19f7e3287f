// One measurement within a turn: first the same work unmeasured, until the JavaScript engine has compiled it, then measured.
import { setImmediate as tick } from "node:timers/promises";

const WARM_MS = 300;
const MEASURED_MS = 500;

/**
 * @param {(ms: number) => Promise<number>} work goes on for about that time, ends when everything has arrived, and answers how
 *   many messages that were
 * @param {() => Promise<number>} [serverCpu] the CPU time of the server in microseconds
 * @returns {Promise<{ messages: number, seconds: number, rate: number, cpu: number, serverBusy: number }>} `rate` in messages a second, `cpu`
 *   in microseconds of this process for each, `serverBusy` the share of the time in which the server worked
 */
export async function measured(work, serverCpu = async () => 0) {
  await work(WARM_MS);
  await tick();
  const serverBefore = await serverCpu();
  const cpuBefore = process.cpuUsage();
  const start = process.hrtime.bigint();
  const messages = await work(MEASURED_MS);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpuBefore);
  const serverBusy = ((await serverCpu()) - serverBefore) / 1e6 / seconds;
  return { messages, seconds, rate: messages / seconds, cpu: (user + system) / messages, serverBusy };
}

/** Whether `ms` have passed since this was called. */
export function deadline(ms) {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}
