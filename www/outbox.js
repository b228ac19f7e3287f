// Messages that a person wrote and that the server has not acknowledged yet. They are in localStorage, so that they survive a
// reload, and are removed when the server has them.

const PREFIX = "chat.outbox.";

/**
 * Each message has an entry of its own, so two tabs do not overwrite each other. A new tab finds the messages of the
 * others and sends them as well; the server accepts each id once.
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

  /** Stores a new message for a room, with an id of its own, and returns it. */
  add(room, name, text) {
    const last = [...this.#messages.values()].at(-1);
    const writtenAt = Math.max(Date.now(), last?.writtenAt ?? 0); // so that a clock that is set back does not change the order
    const message = { id: newId(), room, name, text, writtenAt, part: last?.writtenAt === writtenAt ? last.part + 1 : 0 };
    this.#messages.set(message.id, message);
    this.storage.write(PREFIX + message.id, message);
    return message;
  }

  /** Removes a message that the server has, or has refused. */
  remove(id) {
    this.#messages.delete(id);
    this.storage.remove(PREFIX + id);
  }

  /** Returns the messages for a room, the oldest first. */
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

// Browsers have crypto.randomUUID on https and on localhost only, not for a page from another machine over plain http.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
