// The smallest entry for browsers, workers and bundlers: no wasm inside, but a file beside it, which init() loads.
import { slimOf } from "../facade/slim.js";
import { platform } from "../platform/browser.js";
import { BUILD, Core, initSync as initGlue } from "../wasm/slim/socketio_wasm.js";

export * from "../facade/index.js";

// Bundlers recognise this expression, and include the file.
const beside = () => new URL("./slim.wasm", import.meta.url);

// The glue takes a module of its own realm only. A copy of a module belongs to the realm that makes the copy.
const instantiate = (module) => initGlue({ module: module instanceof WebAssembly.Module ? module : structuredClone(module) });

export const { init, initSync, Client } = slimOf({ BUILD, Core, instantiate }, platform, (address) => fetch(address), beside);
