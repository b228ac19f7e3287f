// The entry of Node, as one CommonJS file, because only that can serve both `require` and `import` with one and the same module. The
// wasm is inside, so that a program that is bundled itself needs no file beside it.
import { clientsOf } from "../facade/create-clients.js";
import { platform } from "../platform/node/index.js";
import { Core, EngineCore, initSync } from "../wasm/full/socketio_wasm.js";
import bytes from "../wasm/full/socketio_wasm_bg.wasm"; // the build makes a function that returns them

export * from "../facade/index.js";

export const { Client, SimpleClient, EngineClient } = clientsOf({ Core, EngineCore, platform }, () =>
  initSync({ module: new WebAssembly.Module(bytes()) }),
);
