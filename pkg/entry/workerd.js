// The entry of workerd and other runtimes at the edge: they compile no bytes, but import a file of WebAssembly as a compiled module.
// "?module" is how Vercel tells it from a module with imports of its own; Wrangler takes both.
import { clientsOf } from "../facade/create-clients.js";
import { platform } from "../platform/browser.js";
import { Core, EngineCore, initSync } from "../wasm/full/socketio_wasm.js";
import module from "./socketio_wasm_bg.wasm?module"; // beside the bundle, where the build puts it

export * from "../facade/index.js";

export const { Client, SimpleClient, EngineClient } = clientsOf({ Core, EngineCore, platform }, () => initSync({ module }));
