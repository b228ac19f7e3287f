// Errors that the client reports as uncaught ones, because no promise and no `error` event carries them.

/**
 * Collects the errors that are given to `reportError` until the test ends.
 * @param {import("node:test").TestContext} t
 * @returns {unknown[]} the errors, in order
 */
export function reportedErrors(t) {
  const errors = [];
  globalThis.reportError = (error) => errors.push(error);
  t.after(() => delete globalThis.reportError);
  return errors;
}
