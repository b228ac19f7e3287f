// What Node gets, as one CommonJS file, since only that can serve both `require` and `import` with one and the same module.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clientsOf } from "../facade/clients.js";
import { platform } from "../platform/node/index.js";
import { Core, EngineCore, initSync } from "../wasm/full/socketio_wasm.js";

export * from "../facade/index.js";

initSync(new WebAssembly.Module(readFileSync(join(__dirname, "socketio_wasm_bg.wasm")))); // beside the bundle: build.mjs puts it there

export const { Client, SimpleClient, EngineClient } = clientsOf({ Core, EngineCore, platform });
