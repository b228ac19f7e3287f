// An in-memory Socket.IO server, driven by a test. Promises drive it, and `setTimeout` if the test asks for delays: so it works with fake
// timers, and needs no network.
import { Engine } from "./engine.js";
import { Namespace } from "./namespace.js";
import { Session } from "./session.js";

/** With `pingTimeout` a day, the longest silence that a client allows: a test with fake timers may let hours pass (milliseconds). */
const RARELY_MS = 86_380_000;

const DEFAULTS = { path: "/socket.io", transports: ["polling", "websocket"], pingInterval: RARELY_MS, pingTimeout: 20_000, maxPayload: 1_000_000 };

/** The server, which is its namespace `/`, too. The types are in entry/testing.d.ts. */
export class Server extends Namespace {
  /** Any address reaches the server. No other answers this one, since `.test` is reserved. */
  url = "http://server.test";
  /** @type {Map<string, Namespace>} */
  namespaces = new Map([["/", this]]);
  #engine;
  #count = 0;

  constructor(options = {}, ...more) {
    super("/");
    if (typeof options !== "object" || options === null || "on" in options || more.length > 0) {
      throw new TypeError("the in-memory server listens to no port and to no HTTP server: its only argument is an object of options");
    }
    for (const name of Object.keys(options)) {
      if (!(name in DEFAULTS)) throw new TypeError(`the in-memory server has no option "${name}": its options are ${Object.keys(DEFAULTS).join(", ")}`);
    }
    const all = { ...DEFAULTS, ...options };
    this.#engine = new Engine({ ...all, path: all.path.replace(/\/$/, "") }, (connection) => (connection.session = new Session(this, connection)));
  }

  get fetch() {
    return this.#engine.fetch;
  }

  get WebSocket() {
    return this.#engine.WebSocket;
  }

  get clientOptions() {
    return { fetch: this.fetch, WebSocket: this.WebSocket };
  }

  of(name) {
    if (typeof name !== "string" || name[0] !== "/") throw new TypeError(`the name of a namespace begins with "/": ${JSON.stringify(name)} does not`);
    const namespace = this.namespaces.get(name) ?? new Namespace(name);
    this.namespaces.set(name, namespace);
    return namespace;
  }

  delay(milliseconds) {
    if (typeof milliseconds !== "number" || !(milliseconds >= 0)) throw new TypeError(`a delay is a number of milliseconds, 0 or more: ${milliseconds} is none`);
    this.#engine.delay = milliseconds;
  }

  async ping() {
    await Promise.all(this.#connections().map((connection) => connection.ping()));
  }

  drop() {
    for (const connection of this.#connections()) connection.drop();
  }

  freeze() {
    for (const connection of this.#connections()) connection.isFrozen = true;
  }

  offline() {
    this.#engine.isOffline = true;
    this.drop();
  }

  online() {
    this.#engine.isOffline = false;
  }

  close() {
    this.#engine.isOffline = true;
    for (const { session } of this.#connections()) session.close("server shutting down");
    for (const namespace of this.namespaces.values()) namespace.end();
  }

  #connections() {
    return [...this.#engine.connections.values()];
  }

  /** Returns the id of the next socket. */
  nextId() {
    return `socket-${++this.#count}`;
  }
}
