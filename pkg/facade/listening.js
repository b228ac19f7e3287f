// The listeners of a namespace: they are in the core's table, which calls them.
import { onAbort } from "./abort.js";
import { EventIterator } from "./event-iterator.js";
import { checkHandler, eventName, GROUPS, handledName, receivedName } from "./names.js";
import { EVENTS_LIMIT } from "./option-table.js";
import { checked } from "./settings.js";
import { toError } from "./to-error.js";

// The listeners of the iterators that events() returns: offAny() leaves them.
const ofIterators = new WeakSet();

/** The part of a Scope that listens; types/ documents it. */
export class Listening {
  #core;
  #namespace;

  /**
   * @param {import("./internal.d.ts").Core} core the `Core` exported by the wasm module
   * @param {string} namespace to listen to unless a method's options name another one
   */
  constructor(core, namespace) {
    this.#core = core;
    this.#namespace = namespace;
  }

  on(event, listener, options = {}) {
    const { namespace, once = false, signal } = checked(options, ["namespace", "once", "signal"]);
    return this.#add(this.#handled(namespace), eventName(event), listener, once, signal);
  }

  once(event, listener, options = {}) {
    const { namespace, signal } = checked(options, ["namespace", "signal"]);
    return this.#add(this.#handled(namespace), eventName(event), listener, true, signal);
  }

  onAny(listener, options = {}) {
    return this.#observe(GROUPS.ANY, listener, options);
  }

  offAny(listener, options = {}) {
    return this.#ignore(GROUPS.ANY, listener, options);
  }

  onAnyOutgoing(listener, options = {}) {
    return this.#observe(GROUPS.OUTGOING, listener, options);
  }

  offAnyOutgoing(listener, options = {}) {
    return this.#ignore(GROUPS.OUTGOING, listener, options);
  }

  #observe(group, listener, options) {
    const { namespace, signal } = checked(options, ["namespace", "signal"]);
    return this.#add(group, this.#handled(namespace), listener, false, signal);
  }

  #ignore(group, listener, options) {
    const { namespace } = checked(options, ["namespace"]);
    const name = this.#handled(namespace);
    if (listener !== undefined) {
      checkHandler(listener);
      return this.#core.off(group, name, listener);
    }
    const observers = this.#core.listeners(group, name).filter((each) => !ofIterators.has(each));
    for (const each of observers) this.#core.off(group, name, each);
    return observers.length > 0;
  }

  // Adds a listener to the list of a group and a name. Returns a function that undoes this call alone: a listener that several calls
  // have added stays until all of them are undone, since the parts of a program that made them do not know of each other.
  #add(group, name, listener, once, signal) {
    checkHandler(listener);
    if (signal?.aborted) return () => false;
    this.#core.on(group, name, listener, once);
    // A listener that is removed and added again has another entry.
    const entry = () => this.#core.table.get(group)?.get(name)?.get(listener);
    let own = entry();
    const kind = once ? "once" : "lasting";
    let stop;
    const remove = () => {
      stop?.();
      own?.stops?.delete(stop);
      const isPresent = own !== undefined && own === entry();
      // The one event may have come already, while another addition lasts.
      if (isPresent && own[kind] > 0) own[kind] -= 1;
      const isLast = isPresent && own.once + own.lasting === 0;
      own = undefined;
      return isLast && this.#core.off(group, name, listener);
    };
    if (signal) {
      stop = onAbort(signal, remove);
      (own.stops ??= new Set()).add(stop);
    }
    return remove;
  }

  off(event, listener, options = {}) {
    const { namespace } = checked(options, ["namespace"]);
    if (listener !== undefined) checkHandler(listener);
    return this.#core.off(this.#handled(namespace), eventName(event), listener);
  }

  listeners(event, options = {}) {
    const { namespace } = checked(options, ["namespace"]);
    return [...this.#core.listeners(this.#handled(namespace), eventName(event))];
  }

  removeAllListeners(event) {
    const names = event === undefined ? [...(this.#core.table.get(this.#namespace)?.keys() ?? [])] : [eventName(event)];
    for (const name of names) this.#core.off(this.#namespace, name);
    return this;
  }

  events(event, options = {}) {
    const { limit = EVENTS_LIMIT, signal } = checked(options, ["limit", "signal"]);
    const wanted = event === undefined ? undefined : receivedName(event);
    signal?.throwIfAborted();
    const listen = (group, listener) => {
      ofIterators.add(listener);
      return this.#add(group, this.#namespace, listener, false);
    };
    return new EventIterator(listen, wanted, limit, signal);
  }

  // Some compilers call a decorator without its object.
  get event() {
    return (...args) => this.#event(...args);
  }

  #event(...args) {
    // With options alone it makes a decorator of them.
    if (typeof args[0] === "object" && args[0] !== null) return (method, context) => this.#decorate(method, context, args[0]);
    if (typeof args[1]?.addInitializer === "function") return this.#decorate(...args);
    const [listener, options] = args;
    checkHandler(listener);
    if (listener.name === "") throw toError("NAMELESS_HANDLER", listener);
    return this.on(listener.name, listener, options);
  }

  // A method has its object only in an instance: each one adds a listener when it is made.
  #decorate(method, context, options) {
    const own = this;
    if (typeof context?.addInitializer !== "function") return void this.#event(method, options);
    context.addInitializer(/** @this {any} */ function () {
      own.on(String(context.name), method.bind(this), options);
    });
    return undefined;
  }

  #handled(namespace = this.#namespace) {
    return handledName(namespace);
  }
}
