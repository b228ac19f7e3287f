// A client in a namespace, as the server sees it: the names are those of npm's socket.io.
import { Broadcast } from "./namespace.js";
import { Emitter, Inbox, attempt } from "./waits.js";
import { ACK, DISCONNECT, EVENT, checkName } from "./wire.js";

/** A client in a namespace. The types are in entry/testing.d.ts. */
export class Socket extends Emitter {
  connected = false;
  data = {};
  /** @type {Set<string>} */ rooms;
  #session;
  #inboxes = new Map();
  #answers = new Map();
  #count = 0;
  #any = [];
  /** The reason for which it has left. @type {string | undefined} */
  #reason;

  constructor(session, namespace, auth) {
    super();
    const { request } = session.connection;
    this.#session = session;
    this.id = session.server.nextId();
    this.nsp = namespace;
    this.conn = session.connection;
    this.handshake = { auth, headers: request.headers, query: request.query, url: request.url };
    this.rooms = new Set([this.id]);
  }

  emit(event, ...args) {
    checkName(event);
    const answer = typeof args.at(-1) === "function" ? args.pop() : undefined;
    this.#check(`emit "${event}"`);
    if (answer) this.#answers.set(++this.#count, { resolve: (values) => answer(...values), reject: () => {} });
    this.#session.send(EVENT, this.nsp.name, [event, ...args], answer && this.#count);
    return true;
  }

  async emitWithAck(event, ...args) {
    const [value] = await this.ask(event, args);
    return value;
  }

  /** Emits an event, and promises all values of the client's answer. */
  async ask(event, args) {
    checkName(event);
    this.#check(`emit "${event}"`);
    const id = ++this.#count;
    const answered = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject, event }));
    this.#session.send(EVENT, this.nsp.name, [event, ...args], id);
    return answered;
  }

  /** Promises the arguments of the next event of this name that was not taken yet, also of one that has arrived. */
  async received(event) {
    return this.#inbox(event).next();
  }

  #inbox(event) {
    const inbox = this.#inboxes.get(event) ?? new Inbox();
    if (this.#reason) inbox.end(`the socket ${this.id} has left (${this.#reason}): no "${event}" can come`);
    this.#inboxes.set(event, inbox);
    return inbox;
  }

  onAny(listener) {
    this.#any.push(listener);
    return this;
  }

  join(rooms) {
    this.#check("join a room");
    for (const room of [rooms].flat()) this.rooms.add(room);
  }

  leave(room) {
    this.rooms.delete(room);
  }

  to(rooms) {
    return this.broadcast.to(rooms);
  }

  in(rooms) {
    return this.to(rooms);
  }

  except(rooms) {
    return this.broadcast.except(rooms);
  }

  get broadcast() {
    return new Broadcast(this.nsp).except(this.id);
  }

  disconnect(close = false) {
    if (close) this.#session.close();
    if (!this.connected) return this;
    this.#session.send(DISCONNECT, this.nsp.name);
    this.left("server namespace disconnect");
    return this;
  }

  drop() {
    this.conn.drop();
  }

  freeze() {
    this.conn.isFrozen = true;
  }

  #check(what) {
    if (this.connected) return;
    const state = this.#reason ? `has left (${this.#reason})` : "is not connected yet: use it in a listener of \"connection\"";
    throw new Error(`the socket ${this.id} cannot ${what}, because it ${state}`);
  }

  // Called by the session.

  /** Has an event for the listeners and for `received`. */
  hear([event, ...args], id) {
    const answer = id === undefined ? [] : [this.#answering(id)];
    for (const listener of this.#any) attempt(() => listener(event, ...args, ...answer));
    this.fire(event, ...args, ...answer);
    // The listeners come first: a test that has waited finds what they did.
    this.#inbox(event).push(args);
  }

  #answering(id) {
    let isDone = false;
    return (...values) => {
      if (isDone || !this.connected) return;
      isDone = true;
      this.#session.send(ACK, this.nsp.name, values, id);
    };
  }

  /** Has the answer of the client. */
  answered(id, values) {
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (answer) attempt(() => answer.resolve(values));
  }

  /** Has left, for a reason of npm's socket.io. */
  left(reason) {
    if (!this.connected || this.#reason) return;
    this.#reason = reason;
    this.fire("disconnecting", reason); // it still has its rooms
    this.connected = false;
    this.rooms.clear();
    this.nsp.sockets.delete(this.id);
    this.#session.sockets.delete(this.nsp.name);
    for (const { reject, event } of this.#answers.values()) reject(new Error(`the socket ${this.id} has left (${reason}) before it answered "${event}"`));
    for (const event of this.#inboxes.keys()) this.#inbox(event);
    this.fire("disconnect", reason);
  }
}
