import { onAbort } from "./abort.js";

/** The waiters for one condition, which is requested once. A waiter that gives up leaves nothing behind. */
export class Waiters {
  #ask;
  #asked = false;
  #waiting = new Set();

  /** @param {(done: () => void) => void} ask asks for a call of `done` */
  constructor(ask) {
    this.#ask = ask;
  }

  /**
   * Resolved when the thing is there; rejected with the signal's reason once that is aborted.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  wait(signal) {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const waiter = { resolve };
      this.#waiting.add(waiter);
      waiter.stop = signal && onAbort(signal, (reason) => {
        this.#waiting.delete(waiter);
        reject(reason);
      });
      if (!this.#asked) this.#begin();
    });
  }

  // Not within wait(), since a function made there would keep the first signal.
  #begin() {
    this.#asked = true;
    this.#ask(() => this.#done());
  }

  #done() {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#asked = false;
    for (const { resolve, stop } of waiting) {
      stop?.();
      resolve();
    }
  }
}
