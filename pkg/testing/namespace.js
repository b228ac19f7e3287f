// A namespace: its sockets, who may enter, and who receives an event.
import { Emitter, Inbox } from "./waits.js";
import { checkName, hasBinary } from "./wire.js";

/** A choice of sockets. Each method that narrows it returns another one. */
export class Broadcast {
  #namespace;
  #rooms;
  #excluded;

  constructor(namespace, rooms = [], excluded = []) {
    this.#namespace = namespace;
    this.#rooms = rooms;
    this.#excluded = excluded;
  }

  to(rooms) {
    return new Broadcast(this.#namespace, this.#rooms.concat(rooms), this.#excluded);
  }

  in(rooms) {
    return this.to(rooms);
  }

  except(rooms) {
    return new Broadcast(this.#namespace, this.#rooms, this.#excluded.concat(rooms));
  }

  emit(event, ...args) {
    checkName(event);
    if (typeof args.at(-1) === "function") throw new Error(`"${event}" goes to several sockets, which cannot answer: emit it on each, with a callback`);
    for (const socket of this.chosen()) socket.emit(event, ...args);
    return true;
  }

  async fetchSockets() {
    return this.chosen();
  }

  disconnectSockets(close = false) {
    for (const socket of this.chosen()) socket.disconnect(close);
  }

  /** Returns the chosen sockets. */
  chosen() {
    const isIn = (socket) => this.#rooms.length === 0 || this.#rooms.some((room) => socket.rooms.has(room));
    return [...this.#namespace.sockets.values()].filter((socket) => isIn(socket) && !this.#excluded.some((room) => socket.rooms.has(room)));
  }
}

/** A namespace. The types are in entry/testing.d.ts. */
export class Namespace extends Emitter {
  /** @type {Map<string, import("./socket.js").Socket>} */
  sockets = new Map();
  #middlewares = [];
  #refusal;
  #entered = new Inbox();

  constructor(name) {
    super();
    this.name = name;
  }

  on(event, listener) {
    if (event !== "connection" && event !== "connect") throw new TypeError(`a namespace has no event "${event}", only "connection" and "connect"`);
    return super.on(event, listener);
  }

  use(middleware) {
    this.#middlewares.push(middleware);
    return this;
  }

  refuse(message, data) {
    if (hasBinary(data)) throw new TypeError("the data of a refusal cannot be binary: Socket.IO has no attachments for it");
    this.#refusal = { message, data };
  }

  accept() {
    this.#refusal = undefined;
  }

  /** Promises the next client that was not taken yet, also one that is here already, and has not left. */
  async connection() {
    return this.#entered.next((socket) => socket.connected);
  }

  emit(event, ...args) {
    return this.#all().emit(event, ...args);
  }

  to(rooms) {
    return this.#all().to(rooms);
  }

  in(rooms) {
    return this.to(rooms);
  }

  except(rooms) {
    return this.#all().except(rooms);
  }

  fetchSockets() {
    return this.#all().fetchSockets();
  }

  disconnectSockets(close = false) {
    this.#all().disconnectSockets(close);
  }

  #all() {
    return new Broadcast(this);
  }

  /** Returns all sockets. */
  chosen() {
    return this.#all().chosen();
  }

  // Called by the session and the server.

  /** Calls `done` with the error for which a socket is refused, or without one: at once, unless a function of `use` takes its time. */
  examine(socket, done) {
    const from = (at) => {
      const middleware = this.#middlewares[at];
      if (middleware) middleware(socket, (error) => (error ? done(error) : from(at + 1)));
      else done();
    };
    if (this.#refusal) done(this.#refusal);
    else from(0);
  }

  /** Has a socket enter. */
  add(socket) {
    socket.connected = true;
    this.sockets.set(socket.id, socket);
    this.fire("connection", socket);
    this.fire("connect", socket);
    this.#entered.push(socket);
  }

  /** Ends the waits for clients. */
  end() {
    this.#entered.end(`the server is closed: no client can connect to ${this.name}`);
  }
}
