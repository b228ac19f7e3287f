// What runs beside the connection.
import type { SignalOptions } from "./options.js";

/** What `startBackgroundTask` has started. */
export interface BackgroundTask<Result = unknown> {
  /**
   * What the function comes to, once it has ended.
   * @throws what the function throws, the reason of `cancel` if it was cancelled before it began, or the signal's reason once
   *   that is aborted: the task itself goes on then
   */
  join(options?: SignalOptions): Promise<Result>;
  /** Aborts the signal that the function was given: it is asked to end, with a reason if there is one. */
  cancel(reason?: unknown): void;
}
