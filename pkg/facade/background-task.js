// Work beside the connection, which can be waited for and asked to end.
import { abortable, after } from "./abort.js";
import { toError } from "./to-error.js";
import { checkHandler } from "./names.js";
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

/** Starts a task; `platform.report` gets the error of one that nobody has joined. */
export function startBackgroundTask(platform, work, args) {
  checkHandler(work);
  return new BackgroundTask(platform.report, work, args);
}

/** Resolved after some milliseconds; rejected with the signal's reason once that is aborted. */
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
