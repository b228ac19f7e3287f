// Node: `ws` behind the standard WebSocket's face, and a fetch over node:http, three to four times cheaper than Node's own.
import { fetch } from "./fetch.js";
import { clearTimeout, setTimeout } from "./timers.js";
import { WebSocket } from "./websocket.js";

/** The platform of Node.js. */
export const platform = { name: "node", fetch, WebSocket, websocketHeaders: true, setTimeout, clearTimeout };
