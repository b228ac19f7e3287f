// What until.rs needs of the platform: its own timers and its own clock, also where a test has put others in their place.

const { performance, setTimeout } = globalThis;

/** Lets others run. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Milliseconds that no change of the clock moves. */
export const now = () => performance.now();
