// A connection of Engine.IO 4, as a server has it.
import { responseOf, toBase64 } from "./wire.js";

const resolved = Promise.resolve();

/** One connection of a client, over polling or a websocket. */
export class Connection {
  /** The transport that it uses. */
  transport;
  /** True if nothing arrives any longer on either side. */
  isFrozen = false;
  /** The session on it. @type {any} */
  session;
  /** Is called with each message: a string or bytes. @type {(message: string | Uint8Array) => void} */
  onmessage = () => {};
  /** Is called at the end, with its reason. @type {(reason: string) => void} */
  onend = () => {};
  #engine;
  #packets = []; // that the transport has not taken yet
  #poll; // answers the request that waits for packets
  #websocket;
  #websockets = []; // those that the client tests, too
  #pings = [];
  #isOver = false;

  constructor(engine, id, request) {
    this.id = id;
    this.request = request;
    this.transport = { name: request.transport };
    this.#engine = engine;
    const { pingInterval, pingTimeout, maxPayload, transports } = engine.options;
    const upgrades = request.transport === "polling" ? transports.filter((name) => name !== "polling") : [];
    /** The first packet. */
    this.handshake = `0${JSON.stringify({ sid: id, upgrades, pingInterval, pingTimeout, maxPayload })}`;
  }

  /** Sends a packet: a string that begins with its type, or the bytes of a message. */
  send(packet) {
    this.#engine.later(() => {
      this.#packets.push(packet);
      this.#flush();
    });
  }

  #flush() {
    if (this.isFrozen) return;
    if (this.#websocket) for (const packet of this.#packets.splice(0)) this.#websocket.deliver(packet);
    else if (this.#poll && this.#packets.length > 0) this.#answerPoll(...this.#packets.splice(0));
  }

  #answerPoll(...packets) {
    const answer = this.#poll;
    this.#poll = undefined;
    answer?.(responseOf(200, packets.map((packet) => (typeof packet === "string" ? packet : `b${toBase64(packet)}`)).join("\x1e")));
  }

  /** Takes a request for packets, which waits until there are some. */
  poll(answer) {
    this.#poll = answer;
    this.#flush();
  }

  /** Is called when the client has aborted a request: without its poll, a server gives the connection up. */
  abandon(answer) {
    if (this.#poll === answer) this.end("transport close");
  }

  /** Moves to a websocket, or begins on it. */
  use(websocket) {
    this.#websockets.push(websocket);
    websocket.onpacket = (packet) => this.receive(packet);
    websocket.onend = () => this.end("transport close");
    if (this.transport.name === "websocket") websocket.deliver(this.handshake);
    this.transport.name = "websocket";
    this.#websocket = websocket;
    this.#flush();
  }

  /** Lets a client that polls test a websocket. */
  probe(websocket) {
    this.#websockets.push(websocket);
    websocket.onpacket = (packet) => {
      if (packet === "5") return this.use(websocket);
      return this.#engine.later(() => {
        websocket.deliver("3probe");
        this.#answerPoll("6"); // the client ends its poll before it moves
      });
    };
  }

  /** Reads a packet. */
  receive(packet) {
    if (this.isFrozen || this.#isOver) return;
    if (typeof packet !== "string") this.onmessage(packet);
    else if (packet[0] === "4") this.onmessage(packet.slice(1));
    else if (packet[0] === "3") for (const answered of this.#pings.splice(0)) answered();
    else if (packet[0] === "1") this.end("transport close");
  }

  /** Sends a ping, and resolves when the client has answered, or is gone. */
  ping() {
    this.send("2");
    return new Promise((resolve) => this.#pings.push(resolve));
  }

  /** Closes the connection. The client connects again, as after a restart of its server. */
  close(reason = "forced close") {
    this.#engine.later(() => this.end(reason, "1"));
  }

  /** Loses the connection, as if the network had failed. */
  drop() {
    resolved.then(() => this.end("transport close", ""));
  }

  /** Ends, with a last packet for the request that waits; an empty one if the network has failed. */
  end(reason, farewell = "6") {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#engine.connections.delete(this.id);
    if (farewell) this.#answerPoll(farewell);
    else this.#poll?.(undefined);
    for (const websocket of this.#websockets) websocket.end(farewell ? 1000 : undefined);
    for (const answered of this.#pings.splice(0)) answered();
    this.onend(reason);
  }
}
