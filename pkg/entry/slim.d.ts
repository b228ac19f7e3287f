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

/** The part of a Response that is used. */
export interface ModuleResponse {
  /** Its bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The source of the module: its address, a response of fetch(), its bytes, or the compiled module. */
export type ModuleSource = string | URL | ModuleResponse | ArrayBuffer | ArrayBufferView | WasmModule;

/**
 * Loads the WebAssembly module: before the first `new Client()`. Once it is there, a further call does nothing. While one is under
 * way, another call waits for it and its `source` is not looked at: both fail if it fails. After a failure, a further call tries anew.
 * @param source by default the file `slim.wasm` beside this script, which is also to be had as `socketio-wasm/slim.wasm`. A string is an
 *   address; in Node without a scheme a path, as for `readFile`
 * @throws {ConnectionError} MODULE_UNAVAILABLE, if it cannot be had, or is not the module that was built with this script
 * @example
 * import { init, Client } from "socketio-wasm/slim";
 * await init();
 * const client = new Client();
 */
export function init(source?: ModuleSource | PromiseLike<ModuleSource>): Promise<void>;

/**
 * The same at once, of bytes or of a compiled module.
 * @throws {InvalidArgumentError} INVALID_OPTION, if it is neither
 * @throws {ConnectionError} MODULE_UNAVAILABLE, if it is not WebAssembly, or not the module that was built with this script
 */
export function initSync(options: InitSyncOptions): void;

/** The options of `initSync`. */
export interface InitSyncOptions {
  /** The bytes of `slim.wasm`, or what was compiled of them. */
  module: ArrayBuffer | ArrayBufferView | WasmModule;
}
