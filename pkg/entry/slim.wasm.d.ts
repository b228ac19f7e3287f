// The file itself, for runtimes and bundlers that import WebAssembly: give it to initSync() of socketio-wasm/slim.

/** The compiled module, a WebAssembly.Module; of no type of its own, since not every platform's types have it. */
declare const module: object;
export default module;
