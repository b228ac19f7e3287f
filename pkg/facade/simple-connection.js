// The connection of a simple client, and the waiters for it or for its events.
import { inTime, onAbort } from "./abort.js";
import { Inbox } from "./inbox.js";
import { toError } from "./to-error.js";
import { namespaceName } from "./names.js";
import { SIMPLE_CONNECT_OPTIONS } from "./option-table.js";
import { reason as reasons } from "./reasons.js";
import { withDefaults } from "./settings.js";

const { CLIENT_DISCONNECT, TRANSPORT_ERROR } = reasons;

export class SimpleConnection {
  #create;
  #platform;
  #client; // from connect() until the connection has ended for good
  #namespace = "/";
  #events = new Inbox();
  #ended; // the reason and the error, once it has
  #waiting = new Set();

  /**
   * @param {() => any} create makes a `Client`: a new one for each connect(), so that nothing comes late from an old one
   * @param {import("./platform.js").Platform} platform whose timers are used
   */
  constructor(create, platform) {
    this.#create = create;
    this.#platform = platform;
  }

  async open(url, options) {
    if (this.#client) throw toError("ALREADY_CONNECTED");
    const given = withDefaults(options, SIMPLE_CONNECT_OPTIONS, { type: "SimpleClient", method: "connect" });
    const { namespace, waitTimeout } = given;
    const client = this.#create();
    const request = { ...given, waitTimeout, namespace: undefined, namespaces: namespaceName(namespace) };
    const before = this.#ended;
    this.#client = client;
    this.#namespace = namespace;
    this.#events = new Inbox();
    this.#ended = undefined;
    this.#listen(client);
    try {
      await client.connect(url, request);
    } catch (error) {
      if (this.#client === client) {
        this.#client = undefined;
        this.#ended = before;
        this.#wake();
      }
      throw error;
    }
  }

  #listen(client) {
    const scope = client.of(this.#namespace);
    const on = (event, handler) => scope.on(event, (...args) => void (this.#client === client && handler(...args)));
    let last = [TRANSPORT_ERROR];
    on("connect", () => this.#wake());
    on("disconnect", (reason, { error }) => (last = [reason, error]));
    on("disconnectFinal", () => this.#end(...last));
    on("*", (...event) => {
      this.#events.push(event);
      this.#wake();
    });
  }

  async close() {
    const client = this.#client;
    this.#end(CLIENT_DISCONNECT);
    await client?.disconnect();
  }

  #end(reason, error) {
    this.#client = undefined;
    this.#ended ??= [reason, error];
    this.#wake();
  }

  get sid() {
    return this.#client?.getSid(this.#namespace);
  }

  get transport() {
    return this.#client?.transport() ?? "";
  }

  /**
   * Does something with the namespace once that is connected.
   * @param {{ timeout?: number, signal?: AbortSignal }} limits
   * @param {() => Error} late
   * @param {(scope: import("./scope.js").Scope, signal: AbortSignal) => unknown} work
   */
  use(limits, late, work) {
    const connected = () => {
      if (this.#ended) throw toError("CONNECTION_ENDED", ...this.#ended);
      return this.sid === undefined ? undefined : this.#client.of(this.#namespace);
    };
    return inTime(this.#platform, limits, late, async (signal) => {
      for (;;) {
        const scope = await this.#until(connected, signal);
        try {
          return await work(scope, signal);
        } catch (error) {
          // The connection ended between the two lines above: the loop checks the reason, and for a new connection.
          if (error?.code !== "NOT_CONNECTED" && error?.code !== "CONNECTING") throw error;
        }
      }
    });
  }

  /** The next event; it may be one that came before the connection ended. */
  async receive(/** @type {{ timeout?: number, signal?: AbortSignal }} */ { timeout, signal }) {
    signal?.throwIfAborted();
    const late = () => toError("RECEIVE_TIMEOUT", timeout);
    const take = () => {
      const event = this.#events.shift();
      if (event === undefined && this.#ended) throw toError("CONNECTION_ENDED", ...this.#ended);
      return event;
    };
    return take() ?? inTime(this.#platform, { timeout, signal }, late, (limit) => this.#until(take, limit));
  }

  /** As `receive`, but undefined after disconnect(). */
  async next() {
    try {
      return await this.receive({});
    } catch (error) {
      if (error.code === "CONNECTION_ENDED" && error.reason === CLIENT_DISCONNECT) return undefined;
      throw error;
    }
  }

  /** Promises the result of `look`, now or after one of the next changes. Rejects with its error or the signal's reason. */
  #until(look, signal) {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const found = look();
      if (found !== undefined) return resolve(found);
      const waiter = () => {
        try {
          const found = look();
          if (found === undefined) return;
          resolve(found);
        } catch (error) {
          reject(error);
        }
        stop();
      };
      this.#waiting.add(waiter);
      const stopListening = onAbort(signal, (reason) => {
        reject(reason);
        stop();
      });
      const stop = () => {
        this.#waiting.delete(waiter);
        stopListening();
      };
    });
  }

  #wake() {
    for (const waiter of [...this.#waiting]) waiter();
  }
}
