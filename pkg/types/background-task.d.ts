// Work that runs beside the connection.
import type { SignalOptions } from "./options.js";

/** A task that `startBackgroundTask` has started. */
export interface BackgroundTask<Result = unknown> {
  /**
   * Waits for the end of the function.
   * @returns the result of the function
   * @throws the error of the function; the reason of `cancel` if the task was cancelled before it began; or the signal's reason once the
   *   signal is aborted: the task itself goes on then
   */
  join(options?: SignalOptions): Promise<Result>;
  /** Aborts the signal that the function received, with a reason if one is given: it is a request to end. */
  cancel(reason?: unknown): void;
}
