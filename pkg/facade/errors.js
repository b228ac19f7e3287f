// The error classes. error-table.js has the codes, fields and messages.

/** The base class of all errors: `code` says what happened, `fault` which side caused it. */
export class SocketIOError extends Error {
  /**
   * @param {string} message for people
   * @param {object} [details] `code`, `fault` ("misuse", "peer", "network" or "none"), `cause`, and the fields of that code
   */
  constructor(message, details = {}) {
    const { cause, ...fields } = /** @type {{ cause?: unknown }} */ (details);
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
  }
}

export class InvalidArgumentError extends SocketIOError {}
export class UnsupportedOptionError extends SocketIOError {}
export class ConnectionError extends SocketIOError {}
export class DisconnectedError extends SocketIOError {}
export class BadNamespaceError extends SocketIOError {}
export class TimeoutError extends SocketIOError {}
export class PayloadTooLargeError extends SocketIOError {}

/** The error classes by name. */
export const errors = Object.freeze({
  SocketIOError,
  InvalidArgumentError,
  UnsupportedOptionError,
  ConnectionError,
  DisconnectedError,
  BadNamespaceError,
  TimeoutError,
  PayloadTooLargeError,
});

// On the prototypes and in full, since a minifier renames the classes, and not enumerable, as with JavaScript's own errors.
for (const [name, Class] of Object.entries(errors)) {
  Object.defineProperty(Class.prototype, "name", { value: name, configurable: true, writable: true });
}
