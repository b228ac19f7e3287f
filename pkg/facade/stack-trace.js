// Where an error comes from, as its stack tells it.
import { SocketIOError } from "./errors.js";

/**
 * What the promise comes to. An error of ours comes about in a callback of the core's, with nothing of the user's program on the
 * stack: it gets the stack of those who wait here.
 * @template Value
 * @param {Promise<Value>} promise
 * @returns {Promise<Value>}
 */
export async function fromHere(promise) {
  try {
    return await promise;
  } catch (error) {
    // A signal's reason, or what the user's own function threw, is as it is. Only V8 can.
    if (error instanceof SocketIOError) Error.captureStackTrace?.(error, fromHere);
    throw error;
  }
}
