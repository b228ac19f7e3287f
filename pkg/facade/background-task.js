// Work beside the connection, which can be joined and cancelled.
import { abortable, after } from "./abort.js";
import { toError } from "./to-error.js";
import { checkHandler } from "./names.js";
import { checked } from "./settings.js";

/** The result of startBackgroundTask(); types/ documents it. */
export class BackgroundTask {
  #controller = new AbortController();
  #result;
  #joined = false;

  /**
   * @param {(error: unknown) => void} report receives the error of a task that was not joined
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

/** Starts a task; `platform.report` receives its error if it was not joined. */
export function startBackgroundTask(platform, work, args) {
  checkHandler(work);
  return new BackgroundTask(platform.report, work, args);
}

/** Waits some milliseconds. Rejects with the signal's reason once the signal is aborted. */
export async function sleep(platform, milliseconds, options) {
  if (typeof milliseconds !== "number" || !(milliseconds >= 0)) {
    throw toError("INVALID_OPTION", "milliseconds", milliseconds, "a number of milliseconds, 0 or more");
  }
  const { signal } = checked(options, ["signal"]);
  signal?.throwIfAborted();
  let stop;
  const slept = new Promise((resolve) => (stop = after(platform, Math.max(milliseconds, 1), resolve)));
  await platform.busy(abortable(slept, signal)).finally(stop);
}
