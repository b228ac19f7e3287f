// Node: `ws` behind the standard WebSocket's face, and a fetch over node:http, three to four times cheaper than Node's own.
import { fetch } from "./fetch.js";
import { WebSocket } from "./websocket.js";

/** The platform of Node.js. */
export const platform = {
  name: "node",
  fetch,
  WebSocket,
  websocketHeaders: true,
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => globalThis.clearTimeout(handle),
};
