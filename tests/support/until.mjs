// Waiting for what shall happen. A wait ends by time alone, never by a count of turns or attempts: on a busy machine turns come at
// any rate. Only a failing test reaches the limit. For tests in Rust, tests/wasm/until.rs does the same.

// The platform's own, also where a test has put another in its place.
const { clearTimeout, performance, setTimeout } = globalThis;

/** For any one wait: far more than a busy machine takes. */
export const LIMIT_MS = 30_000;

/**
 * Resolved with the first true value of a condition; rejected, naming what was awaited, if none comes in time.
 * @param {string} what for the message of a failure
 * @param {() => unknown} condition asked again and again
 */
export async function until(what, condition) {
  const start = performance.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() - start > LIMIT_MS) throw new Error(`waited ${LIMIT_MS} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * The promise's value; rejected, naming what was awaited, if it takes longer than any working run does.
 * @template Value
 * @param {string} what
 * @param {Promise<Value>} promise
 * @returns {Promise<Value>}
 */
export function within(what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${LIMIT_MS} ms in vain for ${what}`)), LIMIT_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * The arguments of the next event that a client, or one namespace of it, hears; takes the place of that event's handler.
 * @param {{ once: Function }} client
 * @param {string} event
 * @returns {Promise<unknown[]>}
 */
export function heard(client, event) {
  return within(`the event ${event}`, new Promise((resolve) => client.once(event, (...args) => resolve(args))));
}
