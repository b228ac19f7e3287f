// Compiled only: what a page or a worker has by itself is what the options of this name take.
import { Client } from "socketio-wasm";

export const client = new Client({ fetch, WebSocket, logger: console, json: JSON });
