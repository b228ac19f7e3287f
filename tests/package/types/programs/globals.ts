// Only compiled: the options accept the functions and classes of a page or a worker with the same name.
import { Client } from "socketio-wasm";

export const client = new Client({ fetch, WebSocket, logger: console, json: JSON });
