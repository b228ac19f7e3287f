// The Socket.IO session of one connection: it reads packets, and has a socket for each namespace.
import { Socket } from "./socket.js";
import { attempt } from "./waits.js";
import { ACK, CONNECT, CONNECT_ERROR, DISCONNECT, EVENT, decode, encode, putBinary } from "./wire.js";

/** The sockets of one connection. */
export class Session {
  /** The sockets by their namespaces. @type {Map<string, Socket>} */
  sockets = new Map();
  /** The sockets that wait for a decision, by their namespaces. @type {Map<string, Socket>} */
  #entering = new Map();
  /** A packet whose attachments have not all arrived. */
  #incomplete;

  /**
   * @param {import("./server.js").Server} server
   * @param {import("./connection.js").Connection} connection
   */
  constructor(server, connection) {
    this.server = server;
    this.connection = connection;
    connection.onmessage = (message) => this.#read(message);
    connection.onend = (reason) => {
      this.#entering.clear();
      this.#each((socket) => socket.left(reason));
    };
  }

  #each(action) {
    for (const socket of [...this.sockets.values()]) action(socket);
  }

  /** Sends a packet to a namespace of the client. */
  send(type, namespace, data, id) {
    const [text, ...attachments] = encode(type, namespace, id, data);
    this.connection.send(`4${text}`);
    for (const bytes of attachments) this.connection.send(bytes);
  }

  /** Ends all namespaces, then the connection. */
  close(reason) {
    this.#each((socket) => (reason ? socket.left(reason) : socket.disconnect()));
    this.connection.close(reason);
  }

  /** Reads a message. One that is no packet ends the connection, as on npm's server, and fails the test. */
  #read(message) {
    try {
      this.#take(message);
    } catch (error) {
      this.connection.end("forced close", "1");
      throw error;
    }
  }

  #take(message) {
    if (typeof message === "string") this.#incomplete = { ...decode(message), attachments: [] };
    else if (this.#incomplete) this.#incomplete.attachments.push(message);
    else throw new Error("the client has sent binary data that belongs to no packet: the in-memory server reads JSON, and no other serializer");
    const { type, namespace, id, data, missing, attachments } = this.#incomplete;
    if (attachments.length < missing) return;
    this.#incomplete = undefined;
    // Without attachments, what looks like the place of one is data.
    this.#handle(type, namespace, missing > 0 ? putBinary(data, attachments) : data, id);
  }

  #handle(type, name, data, id) {
    const socket = this.sockets.get(name);
    if (type === CONNECT) attempt(() => this.#enter(name, data ?? {}));
    else if (type === DISCONNECT) this.#leave(name, socket);
    else if (type === EVENT) socket?.hear(data, id);
    else if (type === ACK) socket?.answered(id, data);
  }

  #enter(name, auth) {
    const namespace = this.server.namespaces.get(name);
    if (!namespace) return this.send(CONNECT_ERROR, name, { message: "Invalid namespace" });
    const socket = new Socket(this, namespace, auth);
    this.#entering.set(name, socket);
    return namespace.examine(socket, (error) => {
      if (this.#entering.get(name) !== socket) return undefined; // it has left meanwhile, or the decision is taken
      this.#entering.delete(name);
      if (error) return this.send(CONNECT_ERROR, name, { message: error.message, data: error.data });
      this.sockets.set(name, socket);
      this.send(CONNECT, name, { sid: socket.id });
      return namespace.add(socket);
    });
  }
  #leave(name, socket) {
    this.#entering.delete(name);
    socket?.left("client namespace disconnect");
  }
}
