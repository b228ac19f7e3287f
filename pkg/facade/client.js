// The client of the JavaScript API: a thin layer over the wasm core, which holds the connection's state and makes all decisions.
import { abortable, onAbort } from "./abort.js";
import { sleep, startBackgroundTask } from "./background-task.js";
import { attachNamespace } from "./client-namespace.js";
import { toError } from "./to-error.js";
import { GROUPS, namespaceName } from "./names.js";
import { BlobQueue } from "./blob-queue.js";
import { Platform } from "./platform.js";
import { reason } from "./reasons.js";
import { Scope } from "./scope.js";
import { Serializer } from "./serializer.js";
import { INSPECT } from "./format-value.js";
import { fromHere } from "./stack-trace.js";
import { CALL_TIMEOUT_MS } from "./option-table.js";
import { authentication, checked, clientSettings, connectRequest } from "./settings.js";
import { Waiters } from "./waiters.js";

// The settings of a client itself, see scope.js.
const USUAL = { namespace: "/", timeout: CALL_TIMEOUT_MS };

/** The base of the `Client` of every entry; types/ documents the public methods. */
export class BaseClient extends Scope {
  static reason = reason;

  #core;
  #platform;
  #serializer;
  #requestTimeout;
  #queue;
  // Made when they are first needed.
  #ended;
  #drained;
  #joining; // the number of waiting calls by namespace

  /**
   * @param {Pick<import("./internal.d.ts").Loaded, "Core" | "platform">} runtime the loaded wasm module and its runtime
   * @param {import("../types/options.js").ClientOptions} [options]
   */
  constructor(runtime, options) {
    const settings = clientSettings(options, runtime.platform);
    const platform = new Platform(runtime.platform, options, settings);
    const table = new Map();
    const core = new runtime.Core(platform, settings, table);
    // The core does not hold it: listeners refer to their client, and core and client would keep each other alive.
    core.table = table;
    core.platform = platform;
    const queue = new BlobQueue(core, platform, settings);
    super(core, queue, USUAL);
    this.#core = core;
    this.#queue = queue;
    this.#platform = platform;
    this.#serializer = new Serializer(core, platform, settings.serializer);
    this.#requestTimeout = settings.requestTimeout;
  }

  get reason() {
    return reason;
  }

  async connect(url, options = {}) {
    const { table } = this.#core;
    const names = [table, table.get(GROUPS.CLASS), table.get(GROUPS.ANY)].flatMap((lists) => [...(lists?.keys() ?? [])]);
    const handled = [...new Set(names)].filter((name) => name.startsWith("/"));
    const request = connectRequest(url, options, this.#platform, handled, this.#serializer);
    const { signal } = checked({ signal: options.signal }, ["signal"]);
    signal?.throwIfAborted();
    const loading = this.#serializer.ready(signal, this.#requestTimeout);
    if (loading) (await loading)(); // awaited only if needed: otherwise the connection begins at once
    let begun = false; // and was not refused: this signal does not concern another connect()
    const connected = this.#inTurn((resolve, reject) => {
      signal?.throwIfAborted();
      this.#core.connect(request, resolve, reject);
      begun = true;
    });
    const stop = signal && onAbort(signal, (why) => begun && this.#core.abortConnect(why));
    this.#platform.began(this);
    try {
      await fromHere(this.#platform.busy(abortable(connected, signal)));
    } finally {
      stop?.();
    }
  }

  async disconnect(options = {}) {
    const { flush } = checked(options, ["flush"]);
    this.#serializer.giveUp(() => toError("DISCONNECTED", reason.CLIENT_DISCONNECT));
    let dropped = 0;
    if (this.#core.connected || flush !== undefined) this.#queue.hurry();
    else dropped = this.#queue.clear();
    const left = this.#inTurn((resolve) => this.#core.disconnect(flush ?? -1, resolve));
    const unsent = await this.#platform.busy(left);
    dropped += this.#queue.takeLate();
    // The core logs its own.
    if (dropped > 0) this.#platform.log("warn", "disconnected with unsent events that wait for a Blob", dropped);
    return { unsent: unsent + dropped };
  }

  // A disconnection also ends attempts to connect and to reconnect, so there is nothing more to stop.
  async shutdown() {
    return this.disconnect();
  }

  registerNamespace(instance) {
    attachNamespace(instance, this, this.#core);
    return instance;
  }

  startBackgroundTask(work, ...args) {
    return startBackgroundTask(this.#platform, work, args);
  }

  async sleep(milliseconds = 0, options = {}) {
    await sleep(this.#platform, milliseconds, options);
  }

  async connectNamespace(namespace, options = {}) {
    const { auth, signal } = checked(options, ["auth", "signal"]);
    const name = namespaceName(namespace);
    signal?.throwIfAborted();
    const own = auth === undefined ? undefined : authentication(auth, this.#serializer);
    const connected = this.#inTurn((resolve, reject) => {
      signal?.throwIfAborted();
      this.#core.connectNamespace(name, own, resolve, reject);
    });
    const joining = (this.#joining ??= new Map());
    const waiting = (change) => {
      const count = (joining.get(name) ?? 0) + change;
      if (count > 0) joining.set(name, count);
      else joining.delete(name);
      return count;
    };
    waiting(+1);
    let aborted = false;
    try {
      await fromHere(this.#platform.busy(abortable(connected, signal)));
    } catch (error) {
      aborted = signal?.aborted;
      throw error;
    } finally {
      // Without a waiting call, the namespace must not be connected later by surprise.
      if (waiting(-1) === 0 && aborted) this.#core.disconnectNamespace(name);
    }
  }

  async disconnectNamespace(namespace) {
    const name = namespaceName(namespace);
    this.#queue.inTurn(() => this.#core.disconnectNamespace(name));
  }

  async wait(options = {}) {
    this.#ended ??= new Waiters((done) => this.#core.wait(done));
    await this.#ended.wait(checked(options, ["signal"]).signal);
  }

  async drain(options = {}) {
    this.#drained ??= new Waiters((done) => this.#queue.inTurn(() => this.#core.drain(done)));
    await this.#platform.busy(this.#drained.wait(checked(options, ["signal"]).signal));
  }

  /** Returns a promise that `begin`, which may throw, settles. It runs behind earlier events: at once unless a Blob is being read. */
  #inTurn(begin) {
    return new Promise((resolve, reject) => {
      this.#queue.inTurn(() => {
        try {
          begin(resolve, reject);
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  get connected() {
    return this.#core.connected;
  }

  get state() {
    return this.#serializer.isAwaited ? "connecting" : this.#core.state;
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
    return this.#core.bufferedAmount + this.#queue.size;
  }

  [INSPECT](depth, options, inspect) {
    const { state, sid } = this;
    return `Client ${inspect({ state, transport: this.transport(), sid, namespaces: [...this.namespaces.keys()] }, options)}`;
  }

  // The registered symbol if the platform has none yet, which a polyfilled `await using` looks for.
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.disconnect();
  }
}
