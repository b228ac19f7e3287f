/// <reference lib="esnext.disposable" />

// The types of socketio-wasm/slim: those of socketio-wasm, without SimpleClient and EngineClient, and what loads the module.
export type * from "./index.js";
export {
  BadNamespaceError,
  Client,
  ClientNamespace,
  ConnectionError,
  DisconnectedError,
  InvalidArgumentError,
  PayloadTooLargeError,
  SocketIOError,
  TimeoutError,
  UnsupportedOptionError,
  errors,
  reason,
  tuple,
} from "./index.js";

/** A WebAssembly.Module; of no type of its own, since not every platform's types have it. */
export type WasmModule = object;

/** Where the module may come from: its address, what fetch() answered, its bytes, or the compiled module. */
export type ModuleSource = string | URL | { arrayBuffer(): Promise<ArrayBuffer> } | ArrayBuffer | ArrayBufferView | WasmModule;

/**
 * Loads the WebAssembly module: before the first `new Client()`. A second call does nothing, and calls at the same time share
 * one module; after a failure, a further call tries anew.
 * @param source by default the file `slim.wasm` beside this script, which is also to be had as `socketio-wasm/slim.wasm`
 * @throws {ConnectionError} MODULE_UNAVAILABLE
 * @example
 * import { init, Client } from "socketio-wasm/slim";
 * await init();
 * const client = new Client();
 */
export function init(source?: ModuleSource | PromiseLike<ModuleSource>): Promise<void>;

/** The same at once, of bytes or of a compiled module. */
export function initSync(options: { module: ArrayBuffer | ArrayBufferView | WasmModule }): void;
