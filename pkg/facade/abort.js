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

/**
 * Calls back with the signal's reason once it is aborted, which it may be already; returns what stops listening.
 * @param {AbortSignal} signal
 * @param {(reason: unknown) => void} callback
 */
export function onAbort(signal, callback) {
  const listener = () => callback(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  // A signal may outlive many calls: one that kept their listeners would keep their memory too.
  return () => signal.removeEventListener("abort", listener);
}
