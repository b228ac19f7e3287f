/** What has come and was not taken yet, in order; taking costs the same however much there is. */
export class Inbox {
  #items = [];
  #taken = 0;

  push(item) {
    this.#items.push(item);
  }

  /** Takes the oldest; undefined where there is none. */
  shift() {
    const item = this.#items[this.#taken];
    if (this.#taken < this.#items.length) this.#items[this.#taken++] = undefined;
    // Cut off once in a while: an array's own shift() moves all the rest each time.
    if (this.#taken > 100 && this.#taken * 2 > this.#items.length) {
      this.#items.splice(0, this.#taken);
      this.#taken = 0;
    }
    return item;
  }
}
