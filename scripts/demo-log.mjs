// The chat's memory: every message of every room, one JSON value a line, in a file that only grows.
//
// A message is in the file before anyone hears of it. A server that is killed has therefore lost none that it
// acknowledged, and the next one, given the same file, goes on with the same sequence numbers. The first line names the
// log, so that a page can tell a server that was started again from one that starts anew.

import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

export class MessageLog {
  #file;
  #end = 0; // the position of the next line
  #rooms = new Map(); // room → { messages, by: id → message }

  constructor(path) {
    this.path = path;
    this.#file = openSync(path, "a+");
    this.#read();
    if (this.id === undefined) this.#write({ log: (this.id = randomUUID()) });
  }

  /**
   * Stores a message, unless its id is already known in that room.
   * Returns the message in the log, and whether it is new.
   */
  append(room, { id, name, text }) {
    const { messages, by } = this.#room(room);
    const known = by.get(id);
    if (known) return { message: known, isNew: false };

    const message = { seq: messages.length + 1, id, name, text, at: Date.now() };
    this.#write({ room, ...message });
    messages.push(message);
    by.set(id, message);
    return { message, isNew: true };
  }

  /** Returns the messages after a sequence number, the oldest first. */
  after(room, seq, limit) {
    return this.#messages(room).slice(seq, seq + limit); // numbers begin at 1 and have no gap: number n is at n - 1
  }

  /** Returns the last messages before a sequence number, the oldest first. */
  before(room, seq, limit) {
    const end = Math.min(seq - 1, this.last(room));
    return this.#messages(room).slice(Math.max(0, end - limit), Math.max(0, end));
  }

  /** Returns the highest sequence number of a room; 0 if it has no message. */
  last(room) {
    return this.#messages(room).length;
  }

  rooms() {
    return [...this.#rooms.keys()];
  }

  close() {
    closeSync(this.#file);
  }

  #messages(room) {
    return this.#rooms.get(room)?.messages ?? []; // a question about a room does not create it
  }

  #room(name) {
    let room = this.#rooms.get(name);
    if (!room) this.#rooms.set(name, (room = { messages: [], by: new Map() }));
    return room;
  }

  // Synchronous, so that the order in the file is the order of the numbers. Data that the system has taken survives the
  // process; to survive a power cut, too, each message would need an fsync.
  #write(line) {
    const bytes = Buffer.from(JSON.stringify(line) + "\n");
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      ftruncateSync(this.#file, this.#end); // a full disk leaves half a line
      throw error;
    }
    this.#end += bytes.length;
  }

  #read() {
    const bytes = readFileSync(this.path);
    // A server that was killed in the middle of a line had not acknowledged it: the half is removed, and the sender sends the message again.
    this.#end = bytes.lastIndexOf("\n") + 1;
    if (this.#end < fstatSync(this.#file).size) ftruncateSync(this.#file, this.#end);
    for (const line of bytes.toString("utf8", 0, this.#end).split("\n")) {
      if (line === "") continue;
      const { log, room: name, ...message } = JSON.parse(line);
      if (log !== undefined) {
        this.id = log;
        continue;
      }
      const room = this.#room(name);
      room.messages.push(message);
      room.by.set(message.id, message);
    }
  }
}
