// The client without handlers: its user awaits the connection and each event.
import { ofEvent, toError } from "./to-error.js";
import { checkEmittable } from "./names.js";
import { CALL_TIMEOUT_MS } from "./option-table.js";
import { Platform } from "./platform.js";
import { checked, clientSettings } from "./settings.js";
import { INSPECT } from "./format-value.js";
import { SimpleConnection } from "./simple-connection.js";

/** A view of a simple client with a time-out and a signal chosen; types/ documents it. */
export class SimpleScope {
  #connection;
  #limits;

  /**
   * @param {SimpleConnection} connection of the client
   * @param {{ timeout?: number, signal?: AbortSignal }} limits
   */
  constructor(connection, limits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  with(options) {
    return new SimpleScope(this.#connection, this.#limitedBy(options));
  }

  timeout(milliseconds) {
    return this.with({ timeout: milliseconds });
  }

  async emit(...args) {
    checkEmittable(args[0]);
    const late = () => toError("EMIT_TIMEOUT", args[0], this.#limits.timeout);
    await this.#named(args[0], this.#connection.use(this.#limits, late, (scope) => void scope.emit(...args)));
  }

  async call(...args) {
    checkEmittable(args[0]);
    const limits = { timeout: CALL_TIMEOUT_MS, ...this.#limits };
    const late = () => toError("CALL_TIMEOUT", args[0], limits.timeout);
    const answer = this.#connection.use(limits, late, (scope, signal) => scope.with({ timeout: 0, signal }).call(...args));
    return this.#named(args[0], answer);
  }

  // The errors of an event name it; the reason of a signal stays as it is.
  #named(event, promise) {
    const { signal } = this.#limits;
    return promise.catch((error) => {
      throw error === signal?.reason ? error : ofEvent(error, event);
    });
  }

  async receive(options = {}) {
    return this.#connection.receive(this.#limitedBy(options));
  }

  #limitedBy(options) {
    // A limit that is there but undefined leaves things as they were.
    return { ...this.#limits, ...checked(options, ["timeout", "signal"]) };
  }
}

/** The base of the `SimpleClient` of every entry; types/ documents the public methods. */
export class BaseSimpleClient extends SimpleScope {
  #connection;

  /**
   * @param {{ Client: new (options?: any) => any, platform: import("./internal.d.ts").Runtime }} runtime
   * @param {import("../types/options.js").ClientOptions} [options] the Client's
   */
  constructor(runtime, options) {
    const settings = clientSettings(options, runtime.platform, "SimpleClient"); // a wrong option throws now, and not in connect()
    const platform = new Platform(runtime.platform, options, settings);
    const connection = new SimpleConnection(() => new runtime.Client(options), platform);
    super(connection, {});
    this.#connection = connection;
  }

  static async use(work, options) {
    const client = new this(options);
    try {
      return await work(client);
    } finally {
      await client.disconnect();
    }
  }

  async connect(url, options = {}) {
    await this.#connection.open(url, options);
  }

  async disconnect() {
    await this.#connection.close();
  }

  get connected() {
    return this.sid !== undefined;
  }

  get sid() {
    return this.#connection.sid;
  }

  get transport() {
    return this.#connection.transport;
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      const event = await this.#connection.next();
      if (!event) return;
      yield event;
    }
  }

  [INSPECT](depth, options, inspect) {
    const { connected, transport, sid } = this;
    return `SimpleClient ${inspect({ connected, transport, sid }, options)}`;
  }

  // The registered symbol where the platform has none yet, so that a polyfilled `await using` finds nothing wrong.
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.disconnect();
  }
}
