// Engine.IO alone: messages on one connection, without namespaces, events and acknowledgements, and without reconnection.
import { abortable, inTime, onAbort } from "./abort.js";
import { sleep, startBackgroundTask } from "./background-task.js";
import { toError } from "./to-error.js";
import { checkHandler } from "./names.js";
import { Platform } from "./platform.js";
import { reason } from "./reasons.js";
import { INSPECT } from "./format-value.js";
import { fromHere } from "./stack-trace.js";
import { flag } from "./option-table.js";
import { checked, engineRequest, engineSettings, withDefaults } from "./settings.js";

const EVENTS = ["connect", "message", "disconnect"];

/** The base of the `EngineClient` of every entry; types/ documents the public methods. */
export class BaseEngineClient {
  static reason = reason;

  #core;
  #platform;
  #autoJson;
  #requestTimeout;
  #handlers = new Map();
  #latest; // the connection of the last connect()
  #begun = []; // those that the core knows: its reports are about the first, until that is closed

  /**
   * @param {Pick<import("./internal.d.ts").Loaded, "EngineCore" | "platform">} runtime the loaded wasm module and what it may use here
   * @param {import("../types/engine-client.js").EngineClientOptions} [options]
   */
  constructor(runtime, options) {
    const settings = engineSettings(options, runtime.platform);
    const loggers = { logger: options?.logger, engineLogger: options?.logger };
    this.#platform = new Platform(runtime.platform, loggers, settings);
    this.#autoJson = settings.autoJson;
    this.#requestTimeout = settings.requestTimeout;
    const listener = {
      opened: () => this.#opened(),
      message: (data) => this.#trigger("message", this.#decode(data)),
      closed: (why, cause, error) => this.#closed(why, cause, error),
    };
    this.#core = new runtime.EngineCore(this.#platform, settings, listener);
    // The core does not hold it while it is not connected, because it refers to its client.
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
    if (this.state !== "disconnected") throw toError("ALREADY_CONNECTED");
    const connection = new Connection();
    this.#latest = connection;
    const stop = signal && onAbort(signal, (why) => this.#fail(connection, why));
    this.#platform.began(this);
    const late = () => toError("PREPARATION_TIMEOUT", this.#requestTimeout);
    const prepared = inTime(this.#platform, { timeout: this.#requestTimeout, signal: connection.preparation.signal }, late, (limit) =>
      abortable(request(), limit),
    );
    prepared.then((endpoints) => this.#begin(connection, endpoints)).catch((error) => this.#fail(connection, error));
    try {
      await fromHere(this.#platform.busy(connection.opened));
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
    const connection = this.#latest;
    if (connection?.isPending) {
      this.#fail(connection, toError("DISCONNECTED", BaseEngineClient.reason.CLIENT_DISCONNECT));
    } else if (connection) {
      if (this.state === "connected") connection.reason = reason;
      this.#core.disconnect(abort);
    }
    await this.#platform.busy(Promise.resolve(connection?.ended));
  }

  async wait(options = {}) {
    const { signal } = checked(options, ["signal"]);
    signal?.throwIfAborted();
    await abortable(Promise.resolve(this.#latest?.ended), signal);
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
    return this.#latest?.isPending ? "connecting" : this.#core.state;
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

  // Reports of the core

  #begin(connection, endpoints) {
    if (!connection.isPending) return;
    this.#begun.push(connection);
    this.#core.connect(endpoints);
  }

  // The handler runs before anything else happens on the connection. If it fails, the connection is closed.
  async #opened() {
    const [connection] = this.#begun;
    let failure;
    try {
      await this.#handlers.get("connect")?.();
    } catch (error) {
      failure = toError("CONNECT_HANDLER", error);
    }
    // The connection may have ended while the handler ran.
    if (!connection?.isPending) return void (failure && this.#platform.report(failure));
    if (failure) this.#fail(connection, failure);
    else connection.open();
  }

  #closed(why, cause, error) {
    const connection = this.#begun.shift();
    if (connection?.isPending) connection.fail(error ?? toError("DISCONNECTED", why));
    else if (connection?.isKnown) this.#trigger("disconnect", connection.reason ?? why, error === undefined ? { cause } : { cause, error });
    connection?.end();
  }

  #fail(connection, error) {
    if (!connection.isPending) return;
    connection.fail(error);
    // If the core knows the connection, it is the core's last one: closed() ends it.
    if (this.#begun.at(-1) === connection) this.#core.disconnect(true);
    else connection.end();
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

  // As the servers' own clients do: a string that begins with a digit stays a string, so that "42" does not become a number by accident.
  #decode(data) {
    if (typeof data !== "string" || !this.#autoJson || /^\d/.test(data)) return data;
    try {
      return this.#platform.JSON.parse(data);
    } catch {
      return data;
    }
  }
}

/** One connection, from connect() until it has ended. */
class Connection {
  isPending = true; // until connect() is settled
  isKnown = false; // to the user, once the connect handler is done
  reason; // the one that the user gave disconnect()
  preparation = new AbortController(); // of the user's functions for url and headers
  opened = /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
    this.open = () => {
      this.isPending = false;
      this.isKnown = true;
      resolve();
    };
    this.fail = (error) => {
      this.isPending = false;
      this.preparation.abort(error);
      reject(error);
    };
  }));
  ended = /** @type {Promise<void>} */ (new Promise((resolve) => (this.end = resolve)));
}

/** @type {import("./option-table.js").OptionTable} */
const DISCONNECT_OPTIONS = {
  abort: [...flag, false],
  reason: [(value) => typeof value === "string", "a string"],
};
