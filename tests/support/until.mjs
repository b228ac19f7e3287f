// Waiting for what shall happen, with a limit that only a failing test reaches.

const LIMIT_MS = 10_000;

/**
 * Resolved with the first true value of a condition; rejected, naming what was awaited, if none comes in time.
 * @param {string} what for the message of a failure
 * @param {() => unknown} condition asked again and again
 */
export function until(what, condition) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const ask = async () => {
      const value = await condition();
      if (value) resolve(value);
      else if (performance.now() - start > LIMIT_MS) reject(new Error(`waited ${LIMIT_MS} ms in vain for ${what}`));
      else setTimeout(ask, 5);
    };
    ask().catch(reject);
  });
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
