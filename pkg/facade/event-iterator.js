// The events of a namespace as an async iterator: what events() returns.
import { onAbort } from "./abort.js";
import { Inbox } from "./inbox.js";
import { GROUPS } from "./names.js";
import { toError } from "./to-error.js";

/**
 * Reads events one by one. It listens from the beginning, so that no event is missed before the first `next()`.
 *
 * States: open (events come in), ended (the buffered ones are still read, then an error if there is one), closed.
 */
export class EventIterator {
  #inbox = new Inbox();
  #waiting = []; // the pending next(): only while nothing is buffered
  #end; // once no more events come in: `{ error }`, if it ended by one
  #stops;

  /**
   * @param {(group: string, listener: (...args: unknown[]) => void) => () => void} listen adds a listener to a group of this namespace
   * @param {string | undefined} wanted the name of the events; undefined for all, whose items then begin with the name
   * @param {number} limit of the number of buffered events
   * @param {AbortSignal} [signal]
   */
  constructor(listen, wanted, limit, signal) {
    const receive = (event, ...args) => {
      if (wanted !== undefined && event !== wanted) return;
      const item = wanted === undefined ? [event, ...args] : args;
      const next = this.#waiting.shift();
      if (next) next.resolve({ value: item, done: false });
      else if (this.#inbox.size < limit) this.#inbox.push(item);
      else this.#close({ error: toError("EVENTS_MISSED", limit) });
    };
    this.#stops = [listen(GROUPS.ANY, receive), listen(GROUPS.ENDED, () => this.#close({}))];
    if (signal) this.#stops.push(onAbort(signal, (error) => this.#close({ error })));
  }

  #close(end) {
    if (this.#end) return;
    this.#end = end;
    for (const stop of this.#stops) stop();
    for (const next of this.#waiting.splice(0)) this.#settle(next);
  }

  #settle({ resolve, reject }) {
    const { error } = this.#end;
    this.#end = {}; // an error is thrown once
    if (error === undefined) resolve({ value: undefined, done: true });
    else reject(error);
  }

  next() {
    return new Promise((resolve, reject) => {
      if (this.#inbox.size > 0) resolve({ value: this.#inbox.shift(), done: false });
      else if (this.#end) this.#settle({ resolve, reject });
      else this.#waiting.push({ resolve, reject });
    });
  }

  async return(value) {
    this.#inbox = new Inbox();
    this.#close({});
    return { value, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
