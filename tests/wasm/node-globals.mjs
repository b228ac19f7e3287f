// Loaded by `node --import` before the wasm tests. Node 20 has no WebSocket, and the package brings `ws` for every Node:
// the tests run against the one that ships.
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

globalThis.WebSocket = createRequire(new URL("../../pkg/package.json", import.meta.url))("ws");

// As in Chromium (webdriver.json), tests may ask for a garbage collection.
setFlagsFromString("--expose-gc");
globalThis.gc = runInNewContext("gc");
