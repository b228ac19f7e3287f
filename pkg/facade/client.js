// The client of the JavaScript API: a thin face over the wasm core, which alone holds connection state and decides.
import { abortable, onAbort } from "./abort.js";
import { checked } from "./options.js";
import { platformFor } from "./platform.js";
import { reason } from "./reasons.js";
import { Scope } from "./scope.js";

const CALL_TIMEOUT_MS = 60_000;

/** What the `Client` of every entry is built on; see index.d.ts for the documentation of the public methods. */
export class BaseClient extends Scope {
  static reason = reason;

  #core;

  /**
   * @param {{ Core: Function, platform: object }} runtime the loaded wasm module and what it may use here
   * @param {object} [options] as index.d.ts has them
   */
  constructor(runtime, options) {
    const core = new runtime.Core(platformFor(runtime.platform, options), options);
    super(core, { namespace: "/", timeout: CALL_TIMEOUT_MS });
    this.#core = core;
  }

  get reason() {
    return reason;
  }

  async connect(url, { signal, ...params } = {}) {
    checked({ signal }, ["signal"]);
    signal?.throwIfAborted();
    const connected = this.#core.connect(addressOf(url), params);
    const stop = signal && onAbort(signal, (why) => this.#core.abortConnect(why));
    try {
      await connected;
    } finally {
      stop?.();
    }
  }

  async disconnect() {
    await this.#core.disconnect();
  }

  async connectNamespace(namespace, options = {}) {
    const { auth, signal } = checked(options, ["auth", "signal"]);
    signal?.throwIfAborted();
    await abortable(this.#core.connectNamespace(namespace, auth), signal);
  }

  async disconnectNamespace(namespace) {
    await this.#core.disconnectNamespace(namespace);
  }

  async wait(options = {}) {
    const { signal } = checked(options, ["signal"]);
    signal?.throwIfAborted();
    await abortable(this.#core.wait(), signal);
  }

  async drain(options = {}) {
    const { signal } = checked(options, ["signal"]);
    signal?.throwIfAborted();
    await abortable(this.#core.drain(), signal);
  }

  get connected() {
    return this.#core.connected;
  }

  get state() {
    return this.#core.state;
  }

  get sid() {
    const connected = this.#core.namespaces();
    return this.#core.getSid(connected.length === 1 ? connected[0] : "/");
  }

  getSid(namespace = "/") {
    return this.#core.getSid(namespace);
  }

  get engineSid() {
    return this.#core.engineSid;
  }

  get namespaces() {
    return new Map(this.#core.namespaces().map((namespace) => [namespace, this.#core.getSid(namespace)]));
  }

  transport() {
    return this.#core.transport();
  }

  get bufferedAmount() {
    return this.#core.bufferedAmount;
  }

  // The registered symbol where the platform has none yet, so that a polyfilled `await using` finds nothing wrong.
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.disconnect();
  }
}

// The core takes text; URL objects are turned into it, also where a function returns one.
function addressOf(url) {
  const text = (value) => (value instanceof URL ? value.href : value);
  if (typeof url !== "function") return text(url);
  return () => {
    const value = url();
    return typeof value?.then === "function" ? value.then(text) : text(value);
  };
}
