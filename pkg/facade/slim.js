// The base of the entries of socketio-wasm/slim: a Client whose module the program loads itself.
import { BaseClient } from "./client.js";
import { toError } from "./to-error.js";

// The name of the type also where its class is another realm's.
const typeOf = (value) => Object.prototype.toString.call(value).slice("[object ".length, -1);
const isModule = (value) => typeOf(value) === "WebAssembly.Module";
const isBytes = (value) => ArrayBuffer.isView(value) || typeOf(value) === "ArrayBuffer";

/**
 * The client of one module, and what loads that.
 * @param {{ BUILD: string, Core: Function, instantiate: Function }} glue of which build it is, wasm-bindgen's class, and its `initSync`
 * @param {object} platform
 * @param {(address: string | URL) => Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>} fetch the file at an address
 * @param {() => URL} beside where the file is if nothing else is said
 */
export function slimOf({ BUILD, Core, instantiate }, platform, fetch, beside) {
  let runtime; // once the module is there
  let loading;

  /** See entry/slim.d.ts. */
  function initSync(options) {
    if (runtime) return;
    const module = options?.module;
    if (!isModule(module) && !isBytes(module)) throw toError("INVALID_OPTION", "module", module, "bytes or a WebAssembly.Module");
    try {
      use(isModule(module) ? module : new WebAssembly.Module(module));
    } catch (error) {
      throw toError("MODULE_UNAVAILABLE", error);
    }
  }

  function use(module) {
    // One module serves all clients: they could not share their handlers with those of another.
    if (runtime) return;
    // The names across the boundary fit each build, so that it must be asked whether it is this one.
    const [build] = WebAssembly.Module.customSections(module, "socketio-wasm");
    if (!build) throw new Error("it is not a module of socketio-wasm");
    if (new TextDecoder().decode(build) !== BUILD) throw new Error("it is of another build of socketio-wasm than the script");
    instantiate(module);
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
    use(isModule(given) ? given : await compile(given));
  }

  async function compile(given) {
    if (typeof given.arrayBuffer !== "function") return WebAssembly.compile(given);
    try {
      return await WebAssembly.compileStreaming(given);
    } catch (error) {
      // Nothing was read from a Response of another type, from an object like one, or without streaming.
      if (given.bodyUsed) throw error;
      return WebAssembly.compile(await given.arrayBuffer());
    }
  }

  class Client extends BaseClient {
    constructor(options) {
      if (!runtime) throw toError("NOT_INITIALIZED");
      super(runtime, options);
    }
  }

  return { init, initSync, Client };
}
