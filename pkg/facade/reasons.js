/** The reasons of a connection's end: the first argument of a `disconnect` handler. Its second argument says more. */
export const reason = Object.freeze({
  /** This side called `disconnect()` or `disconnectNamespace()`. */
  CLIENT_DISCONNECT: "client disconnect",
  /** The server disconnected the namespace; there is no reconnection. */
  SERVER_DISCONNECT: "server disconnect",
  /** The connection broke; a reconnection follows unless it is switched off. */
  TRANSPORT_ERROR: "transport error",
  /** The client has given up to reconnect. Only `disconnectFinal` has it; `disconnect` said "transport error" before. */
  RECONNECTION_FAILED: "reconnection failed",
});
