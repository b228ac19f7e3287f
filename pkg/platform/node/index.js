// Node: `ws` behind the standard WebSocket's face, and a fetch over node:http, three to four times cheaper than Node's own.
import { toError } from "../../facade/to-error.js";
import { Console } from "node:console";
import { Cookies } from "./cookies.js";
import { fetcher } from "./fetch.js";
import { options } from "./options.js";
import { Routes } from "./routes.js";
import { disconnectOnSigint } from "./sigint.js";
import { tlsOptions } from "./tls.js";
import { WebSocket } from "./websocket.js";

// Files of their own beside the bundle, read when a client uses them; at once, as all that a client is made of.
const SERIALIZERS = {
  msgpack: () => require("../../serializers/msgpack.js"),
  cbor: () => require("../../serializers/cbor.js"),
  pickle: () => require("../../serializers/pickle.js"),
};

/** The platform of Node.js. */
export const platform = {
  name: "node",
  // Standard output is the program's own.
  console: new Console(process.stderr),
  options,
  serializer: (name) => SERIALIZERS[name](),
  websocketHeaders: true,
  forClient: (settings) => new ClientRuntime(settings),
};

/** The runtime of one client, by its options. */
class ClientRuntime {
  #connection;
  #perMessageDeflate;
  #handleSigint;
  #fetch; // made where something is polled

  /** @param {any} settings the client's options, checked by the rows of options.js */
  constructor({ agent, proxy, tls, cookieJar, credentials, perMessageDeflate, unref, handleSigint }) {
    if (cookieJar && credentials === "omit") throw toError("UNUSABLE_OPTION", "cookieJar", 'with `credentials: "omit"` no cookies are sent');
    const routes = new Routes({ agent, proxy, tls: tlsOptions(tls) });
    const cookies = credentials === "omit" ? undefined : new Cookies(cookieJar);
    this.#connection = { routes, cookies, unref };
    this.#perMessageDeflate = perMessageDeflate;
    this.#handleSigint = handleSigint;
  }

  fetch(url, init) {
    this.#fetch ??= fetcher(this.#connection);
    return this.#fetch(url, init);
  }

  openSocket(url, protocols, options) {
    return new WebSocket(url, protocols, { perMessageDeflate: this.#perMessageDeflate, ...options }, this.#connection);
  }

  prepare(endpoints) {
    return this.#connection.routes.prepare(endpoints);
  }

  setTimeout(callback, milliseconds) {
    const timer = globalThis.setTimeout(callback, milliseconds);
    return this.#connection.unref ? timer.unref() : timer;
  }

  clearTimeout(handle) {
    globalThis.clearTimeout(handle);
  }

  busy(promise) {
    return this.#connection.unref ? busy(promise) : promise;
  }

  began(client) {
    if (this.#handleSigint) disconnectOnSigint(client);
  }
}

// With unreferenced sockets and timers, a pending promise keeps the process alive: `await client.connect()` must not end it.
async function busy(promise) {
  const held = globalThis.setInterval(() => {}, 2 ** 30);
  try {
    return await promise;
  } finally {
    globalThis.clearInterval(held);
  }
}
