// For who counts bytes, in browsers, workers and bundlers: no wasm inside, but a file beside it, loaded by init().
import { slimOf } from "../facade/slim.js";
import { platform } from "../platform/browser.js";
import { BUILD, Core, initSync as instantiate } from "../wasm/slim/socketio_wasm.js";

export * from "../facade/index.js";

// In these words, by which bundlers know that the file is to come with them.
const beside = () => new URL("./slim.wasm", import.meta.url);

export const { init, initSync, Client } = slimOf({ BUILD, Core, instantiate }, platform, (address) => fetch(address), beside);
