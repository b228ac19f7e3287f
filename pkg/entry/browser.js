// The entry of browsers, workers and bundlers: the wasm module is inside, and compiled for the first client, so that importing is all
// there is to do.
import { clientsOf } from "../facade/create-clients.js";
import { platform } from "../platform/browser.js";
import { Core, EngineCore, initSync } from "../wasm/full/socketio_wasm.js";
import bytes from "../wasm/full/socketio_wasm_bg.wasm"; // the build makes a function that returns them

export * from "../facade/index.js";

export const { Client, SimpleClient, EngineClient } = clientsOf({ Core, EngineCore, platform }, () =>
  initSync({ module: new WebAssembly.Module(bytes()) }),
);
