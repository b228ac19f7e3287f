// What browsers, workers and bundlers get: the wasm module is inside, compiled at once, so that importing is all there is to do.
import { BaseClient } from "../facade/client.js";
import { BaseEngineClient } from "../facade/engine-client.js";
import { BaseSimpleClient } from "../facade/simple-client.js";
import { platform } from "../platform/browser.js";
import { Core, EngineCore, initSync } from "../wasm/socketio_wasm.js";
import module from "../wasm/socketio_wasm_bg.wasm"; // its bytes: build.mjs inlines them

export * from "../facade/index.js";

initSync({ module });

/** The client for pages and workers; types/ documents it. */
export class Client extends BaseClient {
  constructor(options) {
    super({ Core, platform }, options);
  }
}

/** The client of one namespace, without handlers; types/ documents it. */
export class SimpleClient extends BaseSimpleClient {
  constructor(options) {
    super({ Client, platform }, options);
  }
}

/** The client of Engine.IO servers, without Socket.IO; types/ documents it. */
export class EngineClient extends BaseEngineClient {
  constructor(options) {
    super({ EngineCore, platform }, options);
  }
}
