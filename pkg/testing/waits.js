// Items that a test waits for, and listeners.

/** The items of one kind, which a test takes one by one, whether they come before it asks or after. */
export class Inbox {
  #items = [];
  #waiters = [];
  #end;

  /** Adds an item. */
  push(item) {
    const waiter = this.#waiters.shift();
    if (waiter) waiter.resolve(item);
    else this.#items.push(item);
  }

  /** Promises the first item that nobody has taken. Those that do not count are thrown away. */
  next(counts = (_item) => true) {
    while (this.#items.length > 0) {
      const item = this.#items.shift();
      if (counts(item)) return Promise.resolve(item);
    }
    if (this.#end) return Promise.reject(new Error(this.#end));
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Rejects the waits for items that can no longer come, now and later, with a message. */
  end(message) {
    this.#end = message;
    for (const { reject } of this.#waiters.splice(0)) reject(new Error(message));
  }
}

/** Listeners by the names of events. */
export class Emitter {
  #listeners = new Map();

  /** Adds a listener. */
  on(event, listener) {
    if (typeof listener !== "function") throw new TypeError(`the listener of "${event}" is ${typeof listener}, and not a function`);
    this.#listeners.set(event, [...this.listeners(event), listener]);
    return this;
  }

  /** Adds a listener for one event. */
  once(event, listener) {
    const once = (...args) => {
      this.off(event, once);
      return listener(...args);
    };
    return this.on(event, once);
  }

  /** Removes a listener, or without one all of the event. */
  off(event, listener) {
    this.#listeners.set(event, listener ? this.listeners(event).filter((other) => other !== listener) : []);
    return this;
  }

  /** Returns the listeners of an event. */
  listeners(event) {
    return this.#listeners.get(event) ?? [];
  }

  /** Calls the listeners. */
  fire(event, ...args) {
    for (const listener of this.listeners(event)) attempt(() => listener(...args));
  }
}

/** Calls code of the test. Its error becomes an unhandled rejection, which fails the test, and stops nothing else. */
export function attempt(code) {
  try {
    code();
  } catch (error) {
    Promise.reject(error);
  }
}
