/** A queue of received events. Taking one costs the same for any length. */
export class Inbox {
  #items = [];
  #taken = 0;

  get size() {
    return this.#items.length - this.#taken;
  }

  push(item) {
    this.#items.push(item);
  }

  /** Takes the oldest; undefined if there is none. */
  shift() {
    const item = this.#items[this.#taken];
    if (this.#taken < this.#items.length) this.#items[this.#taken++] = undefined;
    // Removed in batches: an array's own shift() moves the whole rest each time.
    if (this.#taken > 100 && this.#taken * 2 > this.#items.length) {
      this.#items.splice(0, this.#taken);
      this.#taken = 0;
    }
    return item;
  }
}
