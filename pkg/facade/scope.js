// A view of a client with a namespace, a timeout and so on chosen: what of(), with(), timeout() and volatile return.
import { onAbort } from "./abort.js";
import { SEND_BUFFER, SEND_FAIL, SEND_VOLATILE } from "./boundary.js";
import { checkEmittable, checkHandler, eventName, handledName } from "./names.js";
import { toError } from "./to-error.js";
import { checked } from "./settings.js";
import { fromHere } from "./stack-trace.js";

const ORIGINAL = Symbol("the handler given to once()");
const BEFORE = Symbol("the handler whose place once() has taken");

/** See types/ for the documentation of the public methods. */
export class Scope {
  #core;
  #queue;
  #settings;

  /**
   * @param {import("./internal.d.ts").Core} core the `Core` exported by the wasm module
   * @param {import("./blob-queue.js").BlobQueue} queue of that core
   * @param {{ namespace: string, timeout: number, signal?: AbortSignal, buffer?: boolean, volatile?: boolean }} settings
   */
  constructor(core, queue, settings) {
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

  on(event, handler, options = {}) {
    const namespace = this.#namespaceOf(options);
    const name = eventName(event);
    checkHandler(handler);
    this.#core.on(namespace, name, handler);
    return () => this.#remove(namespace, name, (other) => other === handler);
  }

  once(event, handler, options = {}) {
    checkHandler(handler);
    const once = (...args) => {
      unsubscribe();
      return handler(...args);
    };
    once[ORIGINAL] = handler;
    once[BEFORE] = this.#core.handler(this.#namespaceOf(options), eventName(event));
    const unsubscribe = this.on(event, once, options);
    return unsubscribe;
  }

  // Removes the handlers for which `isMeant` returns true, also those that a pending once() has replaced: otherwise they would come
  // back when it is done. Returns true if there was one.
  #remove(namespace, name, isMeant) {
    const all = [];
    for (let at = this.#core.handler(namespace, name); at; at = at[BEFORE]) all.push(at);
    const left = all.filter((handler) => !isMeant(handler));
    if (left.length === all.length) return false;
    left.forEach((handler, at) => handler[ORIGINAL] && (handler[BEFORE] = left[at + 1]));
    if (left.length === 0) return this.#core.off(namespace, name);
    if (left[0] !== all[0]) this.#core.on(namespace, name, left[0]);
    return true;
  }

  // Some compilers call a decorator without its object.
  get event() {
    return (...args) => this.#event(...args);
  }

  #event(...args) {
    // With options alone it makes a decorator of them.
    if (typeof args[0] === "object" && args[0] !== null) return (method, context) => this.#decorate(method, context, args[0]);
    if (typeof args[1]?.addInitializer === "function") return this.#decorate(...args);
    const [handler, options] = args;
    checkHandler(handler);
    if (handler.name === "") throw toError("NAMELESS_HANDLER", handler);
    return this.on(handler.name, handler, options);
  }

  // A method has its object only in an instance: each one takes the handler over when it is made.
  #decorate(method, context, options) {
    const scope = this;
    if (typeof context?.addInitializer !== "function") return void this.#event(method, options);
    context.addInitializer(/** @this {any} */ function () {
      scope.on(String(context.name), method.bind(this), options);
    });
    return undefined;
  }

  off(event, handler, options = {}) {
    const namespace = this.#namespaceOf(options);
    const name = eventName(event);
    return this.#remove(namespace, name, (other) => handler === undefined || other === handler || other[ORIGINAL] === handler);
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

  #namespaceOf(options) {
    return handledName(checked(options, ["namespace"]).namespace ?? this.namespace);
  }
}
