// The server as `socketio_wasm::testing` uses it. scripts/snippets.mjs makes one file of this and its imports, beside the Rust: a
// test in Rust may have only four such files (docs/two-trips.md, "Constraints").
export { Server } from "./server.js";

/** Calls a handler with each socket of a namespace, and with those that are there. */
export function onConnection(namespace, handler) {
  namespace.chosen().forEach(handler);
  namespace.on("connection", handler);
}

/** Calls a handler for each event of a name: with the socket, the arguments, and the function that answers if an answer is wanted. */
export function onEvent(namespace, event, handler) {
  onConnection(namespace, (socket) => {
    socket.on(event, (...args) => {
      // No value that a client sends is a function.
      const answer = typeof args.at(-1) === "function" ? args.pop() : undefined;
      handler(socket, args, answer);
    });
  });
}

/** Refuses the sockets for which a function returns a message. */
export function refuseIf(namespace, messageFor) {
  namespace.use((socket, next) => {
    const message = messageFor(socket);
    next(message === undefined ? undefined : new Error(message));
  });
}

/** Emits an event to a socket, to a choice of sockets or to a namespace. */
export const emitTo = (target, event, args) => void target.emit(event, ...args);

/** Lets the runtime report an error that nobody caught, as it does with one of a listener. */
export function fail(error) {
  Promise.reject(error);
}
