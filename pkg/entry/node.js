// What Node gets, as one CommonJS file, since only that can serve both `require` and `import` with one and the same module.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BaseClient } from "../facade/client.js";
import { BaseEngineClient } from "../facade/engine-client.js";
import { BaseSimpleClient } from "../facade/simple-client.js";
import { platform } from "../platform/node/index.js";
import { Core, EngineCore, initSync } from "../wasm/socketio_wasm.js";

export * from "../facade/index.js";

initSync({ module: readFileSync(join(__dirname, "socketio_wasm_bg.wasm")) }); // beside the bundle: build.mjs puts it there

/** The client for Node; types/ documents it. */
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
