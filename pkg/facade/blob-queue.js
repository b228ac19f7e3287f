// Events on their way to the core: at once, or, while a Blob is being read, in a queue behind it.
import { abortable, after, inTime } from "./abort.js";
import { holdBlobs, readBlobs, separateBlobs } from "./blobs.js";
import { toError } from "./to-error.js";
import { reason as reasons } from "./reasons.js";

// Milliseconds that a disconnection waits for Blobs, at most.
const LAST_MS = 5_000;

const disconnected = () => toError("DISCONNECTED", reasons.CLIENT_DISCONNECT);

/** One for each client, shared by all its scopes. */
export class BlobQueue {
  #core;
  #platform;
  #settings;
  // Empty but for the time while a Blob is read: the first one has that Blob in it.
  #queue = [];
  #hurrying; // stops the timer of hurry()
  #late = 0; // events that hurry() has dropped

  /**
   * @param {import("./internal.d.ts").Core} core
   * @param {import("./platform.js").Platform} platform
   * @param {{ maxBuffer: number, maxDepth: number, requestTimeout: number, logger: boolean, serializer: unknown }} settings the client's; a Blob is read within
   *   `requestTimeout`
   */
  constructor(core, platform, settings) {
    this.#core = core;
    this.#platform = platform;
    this.#settings = settings;
  }

  /** The number of events that wait here. */
  get size() {
    return this.#queue.length;
  }

  /**
   * Emits an event, as the core's `emit` does.
   * @param {string} namespace
   * @param {unknown[]} values its name and arguments
   * @param {number} mode the core's
   * @param {any} answer the waiter of the acknowledgement; `awaited` if it takes errors
   * @param {number} timeout milliseconds for the answer; 0 or Infinity: no limit
   * @returns the argument for `cancel`; 0 if nothing is awaited
   */
  emit(namespace, values, mode, answer, timeout) {
    if (this.#settings.logger) this.#platform.log("info", "emitting", [namespace, values[0]]);
    if (this.#queue.length > 0) return this.#enqueue(namespace, this.#separated(values), mode, answer, timeout);
    // A user-supplied parser may encode a Blob itself.
    const found = typeof this.#settings.serializer !== "string" && this.#withBlobs(values);
    if (found) return this.#enqueue(namespace, found, mode, answer, timeout);
    try {
      return this.#emit(namespace, values, mode, answer, timeout);
    } catch (error) {
      // The core cannot write a Blob: the search for one happens now, and not for each event.
      const separated = error.code === "UNSERIALIZABLE" && this.#withBlobs(values);
      if (!separated) throw error;
      return this.#enqueue(namespace, separated, mode, answer, timeout);
    }
  }

  /** Rejects a call with the reason. A call that waits here is not sent. */
  cancel(call, reason) {
    if (typeof call === "number") this.#core.cancel(call, reason);
    else if (call?.id !== undefined) this.#core.cancel(call.id, reason);
    else if (call) this.#remove(call, reason);
  }

  /** Runs a function that must not overtake the waiting events, behind them; at once if there are none. */
  inTurn(run) {
    if (this.#queue.length === 0) run();
    else this.#queue.push({ run, blobs: [] });
  }

  /** Limits the time for reading Blobs before a disconnection. Events whose Blob was not read in time are dropped, and the rest goes on. */
  hurry() {
    if (this.#queue.length === 0) return;
    const limit = Math.min(this.#settings.requestTimeout, LAST_MS);
    this.#hurrying ??= after(this.#platform, limit, () => {
      const cause = new Error(`it was not read within ${limit} ms of disconnect()`);
      for (const entry of this.#queue.filter(({ blobs }) => blobs.length > 0)) {
        if (!entry.answer?.awaited) this.#late += 1;
        this.#remove(entry, entry.answer?.awaited ? disconnected() : toError("BLOB_UNREADABLE", entry.values[0], cause));
      }
    });
  }

  /** Returns how many events `hurry` has dropped since this was last asked. */
  takeLate() {
    const late = this.#late;
    this.#late = 0;
    return late;
  }

  /** Drops the waiting events before a disconnection without a connection, as the core does. Returns their number. */
  clear() {
    const queue = this.#queue;
    this.#queue = [];
    this.#unhurried();
    for (const entry of queue) {
      entry.stopTimer?.();
      if (entry.run) entry.run();
      else if (entry.answer?.awaited) entry.answer.reject(disconnected());
    }
    return queue.filter((entry) => !entry.run && !entry.answer?.awaited).length;
  }

  #emit(namespace, values, mode, answer, timeout) {
    const result = this.#core.emit(namespace === "/" ? undefined : namespace, values, mode, answer, timeout);
    if (typeof result === "object") throw result;
    return result ?? 0;
  }

  #withBlobs(values) {
    try {
      if (!holdBlobs(values)) return undefined;
    } catch {
      return undefined; // the core has found the same fault
    }
    return this.#separated(values, true);
  }

  #separated(values, hasBinary) {
    try {
      return separateBlobs(values, this.#settings.maxDepth, hasBinary);
    } catch (error) {
      throw toError("UNSERIALIZABLE", error);
    }
  }

  #enqueue(namespace, { values, blobs }, mode, answer, timeout) {
    const refused = this.#core.refusal(namespace);
    if (refused !== undefined) throw refused;
    const { maxBuffer } = this.#settings;
    if (this.#queue.length >= maxBuffer) throw toError("BUFFER_FULL", maxBuffer);
    const entry = { namespace, values, blobs, mode, answer, timeout, since: performance.now(), reading: false };
    const late = () => this.#remove(entry, toError("CALL_TIMEOUT", values[0], timeout));
    if (answer?.awaited) entry.stopTimer = after(this.#platform, timeout, late);
    this.#queue.push(entry);
    this.#advance();
    return entry;
  }

  #advance() {
    while (this.#queue.length > 0) {
      const [entry] = this.#queue;
      if (entry.blobs.length > 0) {
        if (!entry.reading) this.#read(entry);
        return;
      }
      this.#queue.shift();
      if (entry.run) entry.run();
      else this.#hand(entry);
    }
    this.#unhurried();
  }

  // The limit of a former disconnection does not concern the next connection's Blobs.
  #unhurried() {
    this.#hurrying?.();
    this.#hurrying = undefined;
  }

  async #read(entry) {
    entry.reading = true;
    try {
      const timeout = this.#settings.requestTimeout;
      const late = () => new Error(`it was not read within ${timeout} ms (\`requestTimeout\`)`);
      await inTime(this.#platform, { timeout }, late, (signal) => abortable(readBlobs(entry.blobs), signal));
    } catch (cause) {
      return this.#remove(entry, toError("BLOB_UNREADABLE", entry.values[0], cause));
    }
    entry.blobs = [];
    this.#advance();
  }

  #hand(entry) {
    const { namespace, values, mode, answer, timeout, since, stopTimer } = entry;
    stopTimer?.();
    // One limit covers the time here and in the core.
    const left = timeout > 0 ? Math.max(1, timeout - (performance.now() - since)) : timeout;
    try {
      entry.id = this.#emit(namespace, values, mode, answer, left);
      if (entry.id === 0 && answer) answer.reject(toError("DROPPED", values[0]));
    } catch (error) {
      this.#fail(entry, error);
    }
  }

  /** Removes an event that will not be sent; those behind it go on. */
  #remove(entry, error) {
    const at = this.#queue.indexOf(entry);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    entry.stopTimer?.();
    this.#fail(entry, error);
    this.#advance();
  }

  #fail({ namespace, answer }, error) {
    if (answer?.awaited) answer.reject(error);
    else this.#core.reportError(namespace, error);
  }
}
