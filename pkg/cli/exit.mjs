// How the command ends: its exit codes, and which of them an error means.
import { errors } from "socketio-wasm";

/** Exit codes, as --help and the README list them. */
export const EXIT = {
  DONE: 0,
  MISUSE: 1,
  REFUSED: 2,
  TIMED_OUT: 3,
  LOST: 4,
  // As shells count them: 128 and the signal's number.
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** Something is wrong with how the command is used; the message names it and says what to do. */
export class UsageError extends Error {
  name = "UsageError";
  code = "USAGE";
}

/** The command was told to end, by a signal, or because nobody reads its output any more. */
export class Interruption extends Error {
  name = "Interruption";
  code = "INTERRUPTED";

  /** @param {number} exit the code to end with */
  constructor(exit) {
    super("interrupted");
    this.exit = exit;
  }
}

/** --count events have not come within --wait. */
export class TooFewError extends Error {
  name = "TooFewError";
  code = "TOO_FEW_EVENTS";
}

/** The connection has ended without having been asked to. */
export class LostError extends Error {
  name = "LostError";
  code = "CONNECTION_LOST";
}

/** Events were not sent, or nobody knows whether they arrived. */
export class UnsentError extends Error {
  name = "UnsentError";
  code = "NOT_SENT";

  /** @param {number} unsent how many */
  constructor(unsent) {
    super(`${unsent === 1 ? "1 event has" : `${unsent} events have`} perhaps not reached the server`);
  }
}

/** The exit code that an error means. */
export function exitOf(error) {
  if (error instanceof Interruption) return error.exit;
  if (error instanceof LostError || error instanceof UnsentError || error instanceof errors.DisconnectedError) return EXIT.LOST;
  if (error instanceof TooFewError || error instanceof errors.TimeoutError) return EXIT.TIMED_OUT;
  if (error instanceof errors.ConnectionError) return EXIT.REFUSED;
  return EXIT.MISUSE;
}
