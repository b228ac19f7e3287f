// `node --import` loads this before the wasm tests. Node 20 has no WebSocket, and the package uses `ws` in every Node: the tests use
// it too.
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

globalThis.WebSocket = createRequire(new URL("../../pkg/package.json", import.meta.url))("ws");

// Tests may request a garbage collection, as in Chromium (webdriver.json).
setFlagsFromString("--expose-gc");
globalThis.gc = runInNewContext("gc");
