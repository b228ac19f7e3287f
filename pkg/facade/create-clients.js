// Makes the classes that an entry exports, for its wasm module and its runtime.
import { BaseClient } from "./client.js";
import { BaseEngineClient } from "./engine-client.js";
import { BaseSimpleClient } from "./simple-client.js";
import { toError } from "./to-error.js";

/**
 * Returns the clients of one runtime; types/ documents them.
 * @param {import("./internal.d.ts").Loaded} runtime the wasm module's classes, and what they may use here
 * @param {(() => void) | undefined} start compiles the module. It is called for the first client, because an import must not fail where
 *   WebAssembly is forbidden, and costs less without it. After a failure, the next client tries again.
 */
export function clientsOf(runtime, start) {
  function load() {
    try {
      start?.();
      start = undefined;
    } catch (error) {
      throw toError("MODULE_UNAVAILABLE", error);
    }
  }

  class Client extends BaseClient {
    constructor(options) {
      load();
      super(runtime, options);
    }
  }

  class SimpleClient extends BaseSimpleClient {
    constructor(options) {
      load();
      super({ Client, platform: runtime.platform }, options);
    }
  }

  class EngineClient extends BaseEngineClient {
    constructor(options) {
      load();
      super(runtime, options);
    }
  }

  return { Client, SimpleClient, EngineClient };
}
