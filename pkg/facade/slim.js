// What the entries of socketio-wasm/slim are made of: a Client whose module is loaded when the program says so.
import { BaseClient } from "./client.js";
import { toError } from "./messages.js";

/**
 * The client of one module, and what loads that.
 * @param {{ Core: Function, instantiate: Function }} glue wasm-bindgen's class, and its `initSync`
 * @param {object} platform
 * @param {(address: string | URL) => Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>} fetch the file at an address
 * @param {() => URL} beside where the file is if nothing else is said
 */
export function slimOf({ Core, instantiate }, platform, fetch, beside) {
  let runtime; // once the module is there
  let loading;

  /** See entry/slim.d.ts. */
  function initSync({ module }) {
    // One module serves all clients: they could not share their handlers with those of another.
    if (runtime) return;
    instantiate({ module });
    runtime = { Core, platform };
  }

  function init(source) {
    loading ??= load(source).catch((error) => {
      loading = undefined; // another init() may find it
      throw toError("MODULE_UNAVAILABLE", error);
    });
    return loading;
  }

  async function load(source) {
    if (runtime) return;
    let given = (await source) ?? beside();
    if (typeof given === "string" || given instanceof URL) given = await fetch(given);
    if (given.ok === false) throw new Error(`status ${given.status} for ${given.url}`);
    if (typeof given.arrayBuffer === "function") given = await given.arrayBuffer();
    initSync({ module: given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given) });
  }

  class Client extends BaseClient {
    constructor(options) {
      if (!runtime) throw toError("NOT_INITIALIZED");
      super(runtime, options);
    }
  }

  return { init, initSync, Client };
}
