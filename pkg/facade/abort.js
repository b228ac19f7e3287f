// Limits of waiting: a signal, or a time.
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

// The callbacks of each signal. A signal has one listener for all its calls: Node warns of more than ten listeners.
const callbacks = new WeakMap();

/**
 * Calls back with the signal's reason once the signal is aborted, which it may be already. Returns a function that stops listening.
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
    // A signal may outlive many calls: a callback that stays would keep the memory of its call.
    if (!all.delete(own) || all.size > 0) return;
    callbacks.delete(signal);
    try {
      signal.removeEventListener("abort", listener);
    } catch {
      // The signal is the user's. Whatever it throws, the wait has ended.
    }
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
 * Calls back after a time, unless the returned function is called before. A time of 0 or Infinity means never.
 * @param {import("./internal.d.ts").Waiting} platform whose timers are used
 * @param {number} milliseconds
 * @param {(value?: any) => void} callback
 */
export function after(platform, milliseconds, callback) {
  if (milliseconds === 0 || milliseconds > LONGEST_MS) return () => {};
  const timer = platform.setTimeout(callback, milliseconds);
  return () => platform.clearTimeout(timer);
}

// The longest time that timers take, 25 days: they fire at once for a longer one.
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Promises the result of `work`. Its signal is aborted by the given one, and when the time is up.
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
