// Loaded by `node --import` before the wasm tests. Node 20 has no WebSocket, and the package brings `ws` for every Node:
// the tests run against the one that ships.
import { createRequire } from "node:module";

globalThis.WebSocket = createRequire(new URL("../../pkg/package.json", import.meta.url))("ws");
