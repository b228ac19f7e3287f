// A view of a client with a namespace, a timeout and so on chosen: what of(), with(), timeout() and volatile return.
import { onAbort } from "./abort.js";
import { SEND_BUFFER, SEND_FAIL, SEND_VOLATILE } from "./boundary.js";
import { InvalidArgumentError } from "./errors.js";
import { Listening } from "./listening.js";
import { checkEmittable, handledName } from "./names.js";
import { ofEvent, toError } from "./to-error.js";
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
   * @param {{ namespace: string, timeout: number, isTimed?: boolean, signal?: AbortSignal, buffer?: boolean, volatile?: boolean }} settings
   *   `isTimed` if the timeout was chosen: then callbacks of `emit` get an error first
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
    const isTimed = this.#settings.isTimed || changes.timeout !== undefined;
    return new Scope(this.#core, this.#queue, { ...this.#settings, ...changes, isTimed });
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
    if (callback && this.#settings.isTimed) this.#emitTimed(args, callback);
    else {
      const answer = callback && { event: args[0], namespace: this.namespace, awaited: false, callback, reject() {} };
      this.#queue.emit(this.namespace, args, this.#mode, answer, 0);
    }
    return this;
  }

  // Calls back once, with an error or with null and the values. A mistake in the arguments is thrown, and calls back never.
  #emitTimed(args, callback) {
    const { platform } = this.#core;
    const answered = (...values) => {
      try {
        callback(...values);
      } catch (error) {
        platform.report(error);
      }
    };
    let isEmitting = true;
    let mistake;
    const failed = (error) => {
      if (!isEmitting) answered(error);
      else if (error instanceof InvalidArgumentError) mistake = error;
      // Never before emit() has returned.
      else Promise.resolve(error).then(answered);
    };
    this.#ask(args, "callback", (...values) => answered(null, ...values), failed);
    isEmitting = false;
    if (mistake) throw mistake;
  }

  send(...args) {
    return this.emit("message", ...args);
  }

  call(...args) {
    const answered = new Promise((resolve, reject) => {
      checkEmittable(args[0]);
      this.#ask(args, "resolve", (values) => resolve(values.length > 1 ? values : values[0]), reject);
    });
    return fromHere(this.#core.platform.busy(answered));
  }

  // Emits an event whose answer is awaited. `take` takes the answer's values: as an array if `kind` is "resolve", as its arguments if it
  // is "callback". `reject` is called instead if there is no answer in time.
  #ask(args, kind, take, reject) {
    const { namespace, timeout, signal } = this.#settings;
    if (signal?.aborted) return reject(signal.reason);
    const [event] = args;
    let id;
    // Before the emit, which may find the connection dead and end this very call.
    const stop = signal && onAbort(signal, (reason) => this.#queue.cancel(id, reason));
    const answer = {
      event,
      namespace,
      awaited: true,
      [kind]: stop
        ? (...values) => {
            stop();
            take(...values);
          }
        : take,
      reject: (error) => {
        stop?.();
        // The signal's reason stays as it is.
        reject(signal && error === signal.reason ? error : ofEvent(error, event));
      },
    };
    try {
      id = this.#queue.emit(namespace, args, this.#mode, answer, timeout);
    } catch (error) {
      return answer.reject(error);
    }
    if (id === 0) answer.reject(toError("DROPPED", event));
    // A handler that ran within the emit may have aborted what had no number yet.
    if (signal?.aborted) this.#queue.cancel(id, signal.reason);
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
