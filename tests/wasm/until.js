// Timers and clock for until.rs. They are the platform's own even if a test has replaced the global functions.

const { performance, setTimeout } = globalThis;

/** Lets other tasks run. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Milliseconds of a clock that is never set. */
export const now = () => performance.now();
