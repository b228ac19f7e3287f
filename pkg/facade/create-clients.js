// Makes the classes that an entry exports, for its wasm module and its runtime.
import { BaseClient } from "./client.js";
import { BaseEngineClient } from "./engine-client.js";
import { BaseSimpleClient } from "./simple-client.js";

/**
 * Returns the clients of one runtime; types/ documents them.
 * @param {import("./internal.d.ts").Loaded} runtime the loaded wasm module's classes, and what they
 *   may use here
 */
export function clientsOf(runtime) {
  class Client extends BaseClient {
    constructor(options) {
      super(runtime, options);
    }
  }

  class SimpleClient extends BaseSimpleClient {
    constructor(options) {
      super({ Client, platform: runtime.platform }, options);
    }
  }

  class EngineClient extends BaseEngineClient {
    constructor(options) {
      super(runtime, options);
    }
  }

  return { Client, SimpleClient, EngineClient };
}
