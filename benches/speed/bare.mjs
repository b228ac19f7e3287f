// The floor: the same messages over a bare transport with JSON, by a client that has the frames hard-coded and checks nothing.
// It uses the same server as the others, so the server's share is the same in every row.
export const OPEN = "40";
const SEPARATOR = "\x1e";
export const PATH = "/socket.io/?EIO=4&transport=";

/** The common part of all transports: events and acknowledgements as strings. */
export class Bare {
  handlers = new Map();
  #calls = new Map();
  #lastCall = 0;
  #head; // a binary event whose attachments are still to come
  #attachments;
  #missing = 0;

  on(event, handler) {
    this.handlers.set(event, handler);
  }

  emit(event, argument) {
    const attachments = argument instanceof Uint8Array ? [argument] : argument?.list;
    if (attachments === undefined) {
      this.write("42" + JSON.stringify(argument === undefined ? [event] : [event, argument]));
      return;
    }
    const places = attachments.map((_, num) => ({ _placeholder: true, num }));
    this.write(`45${places.length}-` + JSON.stringify([event, attachments.length === 1 ? places[0] : { list: places }]));
    for (const bytes of attachments) this.write(bytes);
  }

  call(event, argument) {
    const id = this.#lastCall++;
    this.write(`42${id}` + JSON.stringify(argument === undefined ? [event] : [event, argument]));
    return new Promise((resolve) => this.#calls.set(id, resolve));
  }

  deliver(packet) {
    if (typeof packet !== "string") {
      this.#attachments.push(packet);
      if (--this.#missing === 0) this.#event(this.#head[0], this.#attachments);
    } else if (packet === "2") {
      this.write("3");
    } else if (packet[1] === "2") {
      const start = packet.indexOf("[");
      const [event, argument] = JSON.parse(packet.slice(start));
      const answer = this.#event(event, argument);
      if (start > 2) this.write(`43${packet.slice(2, start)}` + JSON.stringify([answer]));
    } else if (packet[1] === "3") {
      const start = packet.indexOf("[");
      const id = Number(packet.slice(2, start));
      this.#calls.get(id)(JSON.parse(packet.slice(start))[0]);
      this.#calls.delete(id);
    } else if (packet[1] === "5") {
      const dash = packet.indexOf("-");
      this.#missing = Number(packet.slice(2, dash));
      this.#head = JSON.parse(packet.slice(dash + 1));
      this.#attachments = [];
    }
  }

  #event(event, argument) {
    return this.handlers.get(event)?.(argument);
  }
}

/** A client over a browser's WebSocket. */
export class BareWebSocket extends Bare {
  #class;
  #socket;

  constructor(WebSocket = globalThis.WebSocket) {
    super();
    this.#class = WebSocket;
  }

  /** Resolved when the server has let the client in. */
  open(url) {
    this.#socket = new this.#class(url.replace("http", "ws") + PATH + "websocket");
    this.#socket.binaryType = "arraybuffer";
    return new Promise((resolve, reject) => {
      this.#socket.onerror = reject;
      this.#socket.onmessage = ({ data }) => {
        if (data[0] === "0") this.write(OPEN);
        else if (typeof data === "string" && data.startsWith(OPEN)) resolve();
        else this.deliver(data);
      };
    });
  }

  write(packet) {
    this.#socket.send(packet);
  }

  close() {
    this.#socket.close();
  }
}

/** Bare HTTP: one POST at a time with all waiting packets, one GET at a time. `request(method, url, body)` returns the body of the answer. */
export class BarePolling extends Bare {
  #codec;
  #request;
  #waiting = [];
  #posting = false;
  #closed = false;
  #address;

  /** `codec` writes and reads bytes as base64. */
  constructor(request, codec) {
    super();
    this.#request = request;
    this.#codec = codec;
  }

  /** Resolved when the server has let the client in. */
  async open(url) {
    this.#address = url + PATH + "polling";
    const opened = JSON.parse((await this.#request("GET", this.#address)).slice(1));
    this.#address += `&sid=${opened.sid}`;
    await new Promise((resolve, reject) => {
      this.write(OPEN);
      this.#poll(resolve).catch((error) => this.#closed || reject(error));
    });
  }

  write(packet) {
    if (this.#waiting.push(packet) === 1 && !this.#posting) queueMicrotask(() => this.#post());
  }

  /** Ends the connection as the protocol does: the server answers the waiting GET. */
  async close() {
    this.#closed = true;
    await this.#request("POST", this.#address, "1");
  }

  async #post() {
    this.#posting = true;
    while (this.#waiting.length > 0) {
      const packets = this.#waiting.map((packet) => (typeof packet === "string" ? packet : "b" + this.#codec.encode(packet)));
      this.#waiting = [];
      await this.#request("POST", this.#address, packets.join(SEPARATOR));
    }
    this.#posting = false;
  }

  async #poll(opened) {
    while (!this.#closed) {
      for (const packet of (await this.#request("GET", this.#address)).split(SEPARATOR)) {
        if (packet.startsWith(OPEN)) opened();
        else this.deliver(packet[0] === "b" ? this.#codec.decode(packet.slice(1)) : packet);
      }
    }
  }
}
