// Messages that were written and that the server has not answered yet. They are kept in localStorage, so that they
// outlive a reload, and leave it when the server has them.

const PREFIX = "chat.outbox.";

/**
 * Each message has an entry of its own: two tabs write without overwriting each other. A tab that opens finds the
 * messages of the others too and sends them as well; the server takes each id once.
 */
export class Outbox {
  #messages = new Map(); // id → message, the oldest first

  constructor(storage) {
    this.storage = storage;
    const found = storage
      .keys(PREFIX)
      .map((key) => storage.read(key))
      .filter(isMessage);
    found.sort((a, b) => a.writtenAt - b.writtenAt || a.part - b.part);
    for (const message of found) this.#messages.set(message.id, message);
  }

  /** Keeps a new message for a room and answers it, with an id of its own. */
  add(room, name, text) {
    const last = [...this.#messages.values()].at(-1);
    const writtenAt = Math.max(Date.now(), last?.writtenAt ?? 0); // a clock put back does not change the order
    const message = { id: newId(), room, name, text, writtenAt, part: last?.writtenAt === writtenAt ? last.part + 1 : 0 };
    this.#messages.set(message.id, message);
    this.storage.write(PREFIX + message.id, message);
    return message;
  }

  /** The server has it, or will never take it. */
  remove(id) {
    this.#messages.delete(id);
    this.storage.remove(PREFIX + id);
  }

  /** The messages for a room, the oldest first. */
  of(room) {
    return [...this.#messages.values()].filter((message) => message.room === room);
  }

  get size() {
    return this.#messages.size;
  }
}

function isMessage(value) {
  return typeof value?.id === "string" && typeof value.room === "string" && typeof value.text === "string";
}

// crypto.randomUUID exists on https and on localhost only; a page opened from another machine by plain http has none.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
