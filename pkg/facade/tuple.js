// The mark by which the core distinguishes an answer of several arguments from one argument that is an array.
const TUPLE = Symbol.for("socketio-wasm.tuple"); // registered, so that two copies of this package understand each other

/**
 * Several values, for a handler that answers an acknowledgement with more than one argument.
 * @param {...unknown} values
 * @example client.on("divide", (a, b) => tuple(Math.floor(a / b), a % b));
 */
export function tuple(...values) {
  return asTuple(values);
}

/** Makes a tuple of an array. */
export const asTuple = (values) => Object.defineProperty(values, TUPLE, { value: true });
