// The client of the JavaScript API: a thin face over the wasm core, which alone holds connection state and decides.
import { abortable, onAbort } from "./abort.js";
import { sleep, startBackgroundTask } from "./background-task.js";
import { attachNamespace } from "./client-namespace.js";
import { toError } from "./to-error.js";
import { namespaceName } from "./names.js";
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

// What a client does without having been told otherwise, see scope.js.
const USUAL = { namespace: "/", timeout: CALL_TIMEOUT_MS };

/** What the `Client` of every entry is built on; see types/ for the documentation of the public methods. */
export class BaseClient extends Scope {
  static reason = reason;

  #core;
  #platform;
  #serializer;
  #requestTimeout;
  #queue;
  // Made where they are needed first.
  #ended;
  #drained;
  #joining; // how many wait for each namespace

  /**
   * @param {Pick<import("./internal.d.ts").Loaded, "Core" | "platform">} runtime the loaded wasm module and what it may use here
   * @param {import("../types/options.js").ClientOptions} [options]
   */
  constructor(runtime, options) {
    const settings = clientSettings(options, runtime.platform);
    const platform = new Platform(runtime.platform, options, settings);
    const handlers = new Map();
    const core = new runtime.Core(platform, settings, handlers);
    // The core itself does not keep it: handlers know their client, and would keep each other alive through it.
    core.handlers = handlers;
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
    const { handlers } = this.#core;
    // Beside the namespaces, which begin with "/", stand "*" and the classes by their namespaces.
    const handled = [...handlers.keys(), ...(handlers.get("classes")?.keys() ?? [])].filter((name) => name.startsWith("/"));
    const request = connectRequest(url, options, this.#platform, handled, this.#serializer);
    const { signal } = checked({ signal: options.signal }, ["signal"]);
    signal?.throwIfAborted();
    const loading = this.#serializer.ready(signal, this.#requestTimeout);
    if (loading) (await loading)(); // and only then: a connection begins at once where it can
    let begun = false; // and not refused, because another connect() is at work: that one is none of this signal's business
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
    // The core has written of its own.
    if (dropped > 0) this.#platform.log("warn", "disconnected with unsent events that wait for a Blob", dropped);
    return { unsent: unsent + dropped };
  }

  // What connects and what connects again ends with a disconnection here, so there is nothing more to stop.
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
      // Where nobody waits any more, it is not to be connected behind the user's back.
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

  /** A promise made by `begin`, which may throw, behind what was emitted before: at once but where a Blob is read. */
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

  // The registered symbol where the platform has none yet, so that a polyfilled `await using` finds nothing wrong.
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.disconnect();
  }
}
