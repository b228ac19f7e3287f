// The numbers that the facade and the core agree on. This is the one source: scripts/tables.mjs writes them to src/tables.rs.

/** The transports that a connection may use, in their order of preference. */
export const TRANSPORTS_POLLING = 0;
export const TRANSPORTS_WEBSOCKET = 1;
export const TRANSPORTS_POLLING_FIRST = 2;
export const TRANSPORTS_WEBSOCKET_FIRST = 3;

/** The version of the Engine.IO protocol. The core finds out the server's if it is unknown. */
export const VERSION_UNKNOWN = 0;
export const VERSION_3 = 3;
export const VERSION_4 = 4;

/** The ways to emit while a namespace is not connected: buffer the event, fail, or drop it. */
export const SEND_BUFFER = 0;
export const SEND_FAIL = 1;
export const SEND_VOLATILE = 2;
