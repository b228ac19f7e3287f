// Work beside the connection, which can be waited for and asked to end.
import { abortable } from "./abort.js";
import { checked } from "./settings.js";

/** What startBackgroundTask() returns; types/ documents it. */
export class BackgroundTask {
  #controller = new AbortController();
  #result;
  #joined = false;

  /**
   * @param {(error: unknown) => void} report gets the error of a task that nobody has joined
   * @param {Function} work called in a microtask, with the arguments and the signal of `cancel`
   * @param {unknown[]} args
   */
  constructor(report, work, args) {
    const { signal } = this.#controller;
    this.#result = Promise.resolve().then(() => {
      signal.throwIfAborted();
      return work(...args, signal);
    });
    this.#result.catch((error) => {
      const cancelled = signal.aborted && error === signal.reason;
      if (!this.#joined && !cancelled) report(error);
    });
  }

  async join(options = {}) {
    const { signal } = checked(options, ["signal"]);
    signal?.throwIfAborted();
    this.#joined = true;
    return abortable(this.#result, signal);
  }

  cancel(reason) {
    this.#controller.abort(reason);
  }
}
