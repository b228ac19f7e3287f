// A view of a client with a namespace, a timeout and so on chosen: what of(), with(), timeout() and volatile return.
import { onAbort } from "./abort.js";
import { SEND_BUFFER, SEND_FAIL, SEND_VOLATILE } from "./boundary.js";
import { Listening } from "./listening.js";
import { checkEmittable, handledName } from "./names.js";
import { toError } from "./to-error.js";
import { checked } from "./settings.js";
import { fromHere } from "./stack-trace.js";

/** See types/ for the documentation of the public methods. */
export class Scope extends Listening {
  #core;
  #queue;
  #settings;

  /**
   * @param {import("./internal.d.ts").Core} core the `Core` exported by the wasm module
   * @param {import("./blob-queue.js").BlobQueue} queue of that core
   * @param {{ namespace: string, timeout: number, signal?: AbortSignal, buffer?: boolean, volatile?: boolean }} settings
   */
  constructor(core, queue, settings) {
    super(core, settings.namespace);
    this.#core = core;
    this.#queue = queue;
    this.#settings = settings;
  }

  with(settings) {
    // An option that is present but undefined leaves things as they were: `with({ signal })` with none given.
    const changes = checked(settings, ["namespace", "timeout", "signal", "buffer", "volatile"]);
    if (changes.namespace !== undefined) handledName(changes.namespace);
    return new Scope(this.#core, this.#queue, { ...this.#settings, ...changes });
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

  emit(...args) {
    checkEmittable(args[0]);
    const callback = args.length > 1 && typeof args.at(-1) === "function" ? args.pop() : undefined;
    const answer = callback && { event: args[0], namespace: this.namespace, callback, reject() {} };
    this.#queue.emit(this.namespace, args, this.#mode, answer, 0);
    return this;
  }

  send(...args) {
    return this.emit("message", ...args);
  }

  call(...args) {
    const { namespace, timeout, signal } = this.#settings;
    const answered = new Promise((resolve, reject) => {
      checkEmittable(args[0]);
      signal?.throwIfAborted();
      let id;
      // Before the emit, which may find the connection dead and end this very call.
      const stop = signal && onAbort(signal, (reason) => this.#queue.cancel(id, reason));
      const answer = {
        event: args[0],
        namespace,
        awaited: true,
        resolve: (values) => {
          stop?.();
          resolve(values.length > 1 ? values : values[0]);
        },
        reject: (error) => {
          stop?.();
          reject(error);
        },
      };
      try {
        id = this.#queue.emit(namespace, args, this.#mode, answer, timeout);
      } catch (error) {
        return answer.reject(error);
      }
      if (id === 0) answer.reject(toError("DROPPED", args[0]));
      // A handler that ran within the emit may have aborted what had no number yet.
      if (signal?.aborted) this.#queue.cancel(id, signal.reason);
    });
    return fromHere(this.#core.platform.busy(answered));
  }

  emitWithAck(...args) {
    return this.call(...args);
  }

  get #mode() {
    const { buffer, volatile } = this.#settings;
    if (volatile) return SEND_VOLATILE;
    return buffer === false ? SEND_FAIL : SEND_BUFFER;
  }
}
