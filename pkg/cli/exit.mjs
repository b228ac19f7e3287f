// Exit codes of the command, and the exit code of an error.
import { errors } from "socketio-wasm";

/** Exit codes. --help and the README list them. */
export const EXIT = {
  DONE: 0,
  MISUSE: 1,
  REFUSED: 2,
  TIMED_OUT: 3,
  LOST: 4,
  // The convention of shells: 128 plus the signal's number.
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** The command is used wrongly. The message names the argument and says what to do. */
export class UsageError extends Error {
  name = "UsageError";
  code = "USAGE";
}

/** The command must end: a signal arrived, or nobody reads its output. */
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

/** The connection has ended, and the command has not ended it. */
export class LostError extends Error {
  name = "LostError";
  code = "CONNECTION_LOST";
}

/** Events were not sent, or may not have arrived. */
export class UnsentError extends Error {
  name = "UnsentError";
  code = "NOT_SENT";

  /** @param {number} unsent their number */
  constructor(unsent) {
    super(`${unsent === 1 ? "1 event has" : `${unsent} events have`} perhaps not reached the server`);
  }
}

/** Returns the exit code of an error. */
export function exitOf(error) {
  if (error instanceof Interruption) return error.exit;
  if (error instanceof LostError || error instanceof UnsentError || error instanceof errors.DisconnectedError) return EXIT.LOST;
  if (error instanceof TooFewError || error instanceof errors.TimeoutError) return EXIT.TIMED_OUT;
  if (error instanceof errors.ConnectionError) return EXIT.REFUSED;
  return EXIT.MISUSE;
}
