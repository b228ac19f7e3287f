// Ends of waiting: by a signal, or by a time.
import { fromHere } from "./stack-trace.js";

/**
 * Waits for a promise until a signal is aborted, then rejects with the signal's reason; the work behind the promise goes on.
 * @template Value
 * @param {Promise<Value>} promise
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Value>}
 */
export function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, reject);
    promise.then(resolve, reject).finally(stop);
  });
}

// Who is called, by signal. A signal has one listener, for however many calls it is given to: of more than ten, Node warns.
const callbacks = new WeakMap();

/**
 * Calls back with the signal's reason once it is aborted, which it may be already; returns what stops listening.
 * @param {AbortSignal} signal
 * @param {(reason: unknown) => void} callback
 */
export function onAbort(signal, callback) {
  if (signal.aborted) {
    callback(signal.reason);
    return () => {};
  }
  const { all, listener } = callbacks.get(signal) ?? listened(signal);
  const own = (reason) => callback(reason);
  all.add(own);
  return () => {
    // A signal may outlive many calls: one that kept their callbacks would keep their memory too.
    if (!all.delete(own) || all.size > 0) return;
    signal.removeEventListener("abort", listener);
    callbacks.delete(signal);
  };
}

function listened(signal) {
  const all = new Set();
  const listener = () => {
    for (const callback of all) callback(signal.reason);
  };
  signal.addEventListener("abort", listener, { once: true });
  callbacks.set(signal, { all, listener });
  return { all, listener };
}

/**
 * Calls back after a time, unless the function that it returns is called before; a time of 0 or Infinity never comes.
 * @param {import("./internal.d.ts").Waiting} platform whose timers are used
 * @param {number} milliseconds
 * @param {(value?: any) => void} callback
 */
export function after(platform, milliseconds, callback) {
  if (milliseconds === 0 || milliseconds > LONGEST_MS) return () => {};
  const timer = platform.setTimeout(callback, milliseconds);
  return () => platform.clearTimeout(timer);
}

// What timers can hold, 25 days; a longer time would be none to them.
const LONGEST_MS = 2 ** 31 - 1;

/**
 * What `work` comes to. The signal that it gets is aborted by the given one, and when the time is up.
 * @template Value
 * @param {import("./internal.d.ts").Waiting} platform whose timers are used, and which is kept busy
 * @param {{ timeout?: number, signal?: AbortSignal }} limits no time-out, 0 or Infinity: no limit
 * @param {() => Error} late gives the reason of the abortion when the time is up
 * @param {(signal: AbortSignal) => Promise<Value>} work
 */
export async function inTime(platform, { timeout = 0, signal }, late, work) {
  const controller = new AbortController();
  const stopListening = signal && onAbort(signal, (reason) => controller.abort(reason));
  const stopTimer = after(platform, timeout, () => controller.abort(late()));
  try {
    return await fromHere(platform.busy(work(controller.signal)));
  } finally {
    stopTimer();
    stopListening?.();
  }
}
