// Gives an error the stack of the call in user code that caused it.
import { SocketIOError } from "./errors.js";

/**
 * Returns the result of the promise. The core makes errors in its callbacks, without the user's program on the stack: an error gets the
 * stack of the caller here.
 * @template Value
 * @param {Promise<Value>} promise
 * @returns {Promise<Value>}
 */
export async function fromHere(promise) {
  try {
    return await promise;
  } catch (error) {
    // A signal's reason, or an error of a user-supplied function, stays unchanged. Only V8 supports this.
    if (error instanceof SocketIOError) Error.captureStackTrace?.(error, fromHere);
    throw error;
  }
}
