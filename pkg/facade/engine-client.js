// Engine.IO alone: messages on one connection, without namespaces, events and acknowledgements, and without reconnection.
import { abortable, inTime, onAbort } from "./abort.js";
import { sleep, startBackgroundTask } from "./background-task.js";
import { toError } from "./messages.js";
import { checkHandler } from "./names.js";
import { platformFor } from "./platform.js";
import { reason } from "./reasons.js";
import { INSPECT } from "./show.js";
import { fromHere } from "./stacks.js";
import { checked, engineRequest, engineSettings, withDefaults, flag } from "./settings.js";

const EVENTS = ["connect", "message", "disconnect"];

/** What the `EngineClient` of every entry is built on; see types/ for the documentation of the public methods. */
export class BaseEngineClient {
  static reason = reason;

  #core;
  #platform;
  #autoJson;
  #requestTimeout;
  #handlers = new Map();
  #connecting; // the functions of the pending connect()
  #isKnown = false; // whether there is a connection that the user knows of, having been told by `connect`
  #reason; // what the user gave disconnect()
  #ended = Promise.resolve(); // pending from connect() until there is no connection any more
  #end = () => {};

  /**
   * @param {{ EngineCore: Function, platform: object }} runtime the loaded wasm module and what it may use here
   * @param {object} [options] as types/ has them
   */
  constructor(runtime, options) {
    const { autoJson, ...settings } = engineSettings(options, runtime.platform);
    const loggers = { logger: options?.logger, engineLogger: options?.logger };
    this.#platform = platformFor(runtime.platform, loggers, settings);
    this.#autoJson = autoJson;
    this.#requestTimeout = settings.requestTimeout;
    const listener = {
      opened: () => this.#opened(),
      message: (data) => this.#trigger("message", this.#decode(data)),
      closed: (why, cause, error) => this.#closed(why, cause, error),
    };
    this.#core = new runtime.EngineCore(this.#platform, settings, listener);
    // The core itself does not keep it while it is not connected, for it knows its client.
    this.#core.listener = listener;
  }

  get reason() {
    return reason;
  }

  on(event, handler) {
    if (!EVENTS.includes(event)) throw toError("INVALID_ENGINE_EVENT", event);
    checkHandler(handler);
    this.#handlers.set(event, handler);
    return () => {
      if (this.#handlers.get(event) === handler) this.#handlers.delete(event);
    };
  }

  async connect(url, options = {}) {
    const request = engineRequest(url, options, this.#platform);
    const { signal } = checked({ signal: options.signal }, ["signal"]);
    signal?.throwIfAborted();
    if (this.state !== "disconnected" || this.#connecting) throw toError("ALREADY_CONNECTED");
    this.#reason = undefined;
    this.#ended = new Promise((resolve) => (this.#end = resolve));
    const connected = new Promise((resolve, reject) => (this.#connecting = { resolve, reject }));
    const pending = this.#connecting;
    const failed = (error) => this.#connecting === pending && this.#fail(error);
    const stop = signal && onAbort(signal, failed);
    this.#platform.began?.(this);
    const late = () => toError("PREPARATION_TIMEOUT", this.#requestTimeout);
    const prepared = inTime(this.#platform, { timeout: this.#requestTimeout }, late, (limit) => abortable(request(), limit));
    prepared.then((endpoints) => this.#connecting === pending && this.#core.connect(endpoints)).catch(failed);
    try {
      await fromHere(this.#platform.busy(connected));
    } finally {
      stop?.();
    }
  }

  send(data) {
    this.#core.send(this.#encode(data));
    return this;
  }

  async disconnect(options = {}) {
    const { abort, reason } = withDefaults(options, DISCONNECT_OPTIONS);
    if (this.#connecting) return this.#fail(toError("DISCONNECTED", BaseEngineClient.reason.CLIENT_DISCONNECT));
    if (this.state === "connected") this.#reason = reason;
    const ended = this.wait();
    this.#core.disconnect(abort);
    await this.#platform.busy(ended);
  }

  async wait(options = {}) {
    const { signal } = checked(options, ["signal"]);
    signal?.throwIfAborted();
    await abortable(this.#ended, signal);
  }

  startBackgroundTask(work, ...args) {
    return startBackgroundTask(this.#platform, work, args);
  }

  async sleep(milliseconds = 0, options = {}) {
    await sleep(this.#platform, milliseconds, options);
  }

  get sid() {
    return this.#core.sid;
  }

  get state() {
    return this.#connecting ? "connecting" : this.#core.state;
  }

  get connected() {
    return this.state === "connected";
  }

  get bufferedAmount() {
    return this.#core.bufferedAmount;
  }

  transport() {
    return this.#core.transport();
  }

  [INSPECT](depth, options, inspect) {
    const { state, sid } = this;
    return `EngineClient ${inspect({ state, transport: this.transport(), sid }, options)}`;
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.disconnect();
  }

  // What the core tells

  // The handler runs before anything else happens on the connection; where it fails, there is to be none.
  async #opened() {
    const pending = this.#connecting;
    let failure;
    try {
      await this.#handlers.get("connect")?.();
    } catch (error) {
      failure = toError("CONNECT_HANDLER", error);
    }
    // It may have taken its time: the connection that it was called for may be gone, and another one be made.
    if (pending === undefined || this.#connecting !== pending) return void (failure && this.#platform.report(failure));
    if (failure) return this.#fail(failure);
    this.#isKnown = true;
    this.#connecting = undefined;
    pending.resolve();
  }

  #closed(why, cause, error) {
    this.#connecting?.reject(error ?? toError("DISCONNECTED", why));
    this.#connecting = undefined;
    if (this.#isKnown) this.#trigger("disconnect", this.#reason ?? why, error === undefined ? { cause } : { cause, error });
    this.#isKnown = false;
    this.#end();
  }

  #fail(error) {
    this.#connecting?.reject(error);
    this.#connecting = undefined;
    this.#core.disconnect(true);
    this.#end();
  }

  #trigger(event, ...args) {
    try {
      const result = this.#handlers.get(event)?.(...args);
      if (typeof result?.then === "function") result.then(undefined, this.#platform.report);
    } catch (error) {
      this.#platform.report(error);
    }
  }

  // Messages

  #encode(data) {
    if (typeof data === "string") return data;
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(data))) return new Uint8Array(data);
    if (typeof data !== "object" || data === null) return String(data);
    let text;
    try {
      text = this.#platform.JSON.stringify(data);
    } catch (error) {
      throw toError("UNSERIALIZABLE", error);
    }
    if (text === undefined) throw toError("UNSERIALIZABLE", new TypeError("JSON has nothing for it"));
    return text;
  }

  // As the servers' own clients do: a text that begins with a digit stays one, so that "42" is not a number by chance.
  #decode(data) {
    if (typeof data !== "string" || !this.#autoJson || /^\d/.test(data)) return data;
    try {
      return this.#platform.JSON.parse(data);
    } catch {
      return data;
    }
  }
}

const DISCONNECT_OPTIONS = {
  abort: [...flag, false],
  reason: [(value) => typeof value === "string", "a text"],
};
