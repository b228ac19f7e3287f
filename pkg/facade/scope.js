// A view of a client with a namespace, a timeout and so on chosen: what of(), with(), timeout() and volatile return.
import { onAbort } from "./abort.js";
import { checked } from "./options.js";

// How an emit is treated while its namespace is not connected; the numbers are the core's.
const BUFFER = 0;
const THROW = 1;
const VOLATILE = 2;

const ORIGINAL = Symbol("the handler given to once()");

/** See index.d.ts for the documentation of the public methods. */
export class Scope {
  #core;
  #settings;

  /**
   * @param {object} core the `Core` exported by the wasm module
   * @param {{ namespace: string, timeout: number, signal?: AbortSignal, buffer?: boolean, volatile?: boolean }} settings
   */
  constructor(core, settings) {
    this.#core = core;
    this.#settings = settings;
  }

  with(settings) {
    // An option that is present but undefined leaves things as they were: `with({ signal })` with none given.
    const given = Object.entries(checked(settings, ["namespace", "timeout", "signal", "buffer", "volatile"]));
    const changes = Object.fromEntries(given.filter(([, value]) => value !== undefined));
    return new Scope(this.#core, { ...this.#settings, ...changes });
  }

  of(namespace) {
    return this.with({ namespace });
  }

  timeout(milliseconds) {
    return this.with({ timeout: milliseconds });
  }

  get volatile() {
    return this.with({ volatile: true });
  }

  get namespace() {
    return this.#settings.namespace;
  }

  get connected() {
    return this.sid !== undefined;
  }

  get sid() {
    return this.#core.getSid(this.namespace);
  }

  on(event, handler, options = {}) {
    const namespace = this.#namespaceOf(options);
    this.#core.on(namespace, event, handler);
    return () => {
      // Another handler may have taken the place of this one, which is then gone already.
      if (this.#core.handler(namespace, event) === handler) this.#core.off(namespace, event);
    };
  }

  once(event, handler, options = {}) {
    if (typeof handler !== "function") return this.on(event, handler, options); // throws
    const once = (...args) => {
      unsubscribe();
      return handler(...args);
    };
    once[ORIGINAL] = handler;
    const unsubscribe = this.on(event, once, options);
    return unsubscribe;
  }

  off(event, handler, options = {}) {
    const namespace = this.#namespaceOf(options);
    const current = this.#core.handler(namespace, event);
    if (handler !== undefined && current !== handler && current?.[ORIGINAL] !== handler) return false;
    return this.#core.off(namespace, event);
  }

  emit(...args) {
    const callback = args.length > 1 && typeof args.at(-1) === "function" ? args.pop() : undefined;
    this.#core.emit(this.namespace, args, this.#mode, callback);
    return this;
  }

  send(...args) {
    return this.emit("message", ...args);
  }

  call(...args) {
    const { namespace, timeout, signal } = this.#settings;
    return new Promise((resolve, reject) => {
      if (!signal) return void this.#core.call(namespace, args, this.#mode, timeout, resolve, reject);
      signal.throwIfAborted();
      let stop = () => {};
      const settle = (settled) => (value) => {
        stop();
        settled(value);
      };
      const id = this.#core.call(namespace, args, this.#mode, timeout, settle(resolve), settle(reject));
      stop = onAbort(signal, (reason) => this.#core.cancel(id, reason));
    });
  }

  emitWithAck(...args) {
    return this.call(...args);
  }

  get #mode() {
    const { buffer, volatile } = this.#settings;
    if (volatile) return VOLATILE;
    return buffer === false ? THROW : BUFFER;
  }

  #namespaceOf(options) {
    return checked(options, ["namespace"]).namespace ?? this.namespace;
  }
}
