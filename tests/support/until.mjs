// Waiting for conditions. A wait ends by time alone, never by a count of turns or attempts, since a busy machine runs turns at any
// rate. Only a failing test reaches the limit. For tests in Rust, tests/wasm/until.rs does the same.

// The platform's own functions, also if a test replaces them.
const { clearTimeout, performance, setTimeout } = globalThis;

/** The limit of every wait, far more than a busy machine takes. */
export const LIMIT_MS = 30_000;

/**
 * Resolves to the first true value of a condition; rejects with a message about `awaited` after 30 s.
 * @param {string} awaited a name for the message
 * @param {() => unknown} condition called repeatedly
 */
export async function until(awaited, condition) {
  const start = performance.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() - start > LIMIT_MS) throw new Error(`waited ${LIMIT_MS} ms in vain for ${awaited}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * Resolves to the value of a promise; rejects with a message about `awaited` after 30 s.
 * @template Value
 * @param {string} awaited a name for the message
 * @param {Promise<Value>} promise
 * @returns {Promise<Value>}
 */
export function within(awaited, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${LIMIT_MS} ms in vain for ${awaited}`)), LIMIT_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Resolves to the arguments of the next event of a client or of a namespace. It replaces the handler of the event for that time.
 * @param {{ once: Function }} client
 * @param {string} event
 * @returns {Promise<unknown[]>}
 */
export function heard(client, event) {
  return within(`the event ${event}`, new Promise((resolve) => client.once(event, (...args) => resolve(args))));
}
