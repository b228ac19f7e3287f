// The floor: what the same messages cost over a bare transport with JSON, by a client that knows the frames by heart and checks
// nothing. It speaks to the same server as the others, so that the server's part in every row is the same.
import http from "node:http";
import { WebSocket } from "../../pkg/node_modules/ws/wrapper.mjs";

const OPEN = "40";
const SEPARATOR = "\x1e";
const PATH = "/socket.io/?EIO=4&transport=";

/** What both transports share: events and acknowledgements as text. */
class Bare {
  handlers = new Map();
  #calls = new Map();
  #lastCall = 0;
  #head; // of a binary event whose attachments are still to come
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

/** A bare websocket. */
export class BareWebSocket extends Bare {
  /** Resolved when the server has let the client in. */
  open(url) {
    this.socket = new WebSocket(url.replace("http", "ws") + PATH + "websocket", { perMessageDeflate: false });
    return new Promise((resolve, reject) => {
      this.socket.on("error", reject);
      this.socket.on("message", (data, isBinary) => {
        const packet = isBinary ? data : data.toString();
        if (packet[0] === "0") this.write(OPEN);
        else if (!isBinary && packet.startsWith(OPEN)) resolve();
        else this.deliver(packet);
      });
    });
  }

  write(packet) {
    this.socket.send(packet);
  }

  close() {
    this.socket.terminate();
  }
}

/** Bare HTTP: one POST at a time with whatever waits, one GET at a time, over connections that are kept. */
export class BarePolling extends Bare {
  #agent = new http.Agent({ keepAlive: true });
  #waiting = [];
  #posting = false;
  #closed = false;
  #address;

  /** Resolved when the server has let the client in. */
  async open(url) {
    this.#address = url + PATH + "polling";
    const opened = JSON.parse((await this.#request("GET")).slice(1));
    this.#address += `&sid=${opened.sid}`;
    await new Promise((resolve, reject) => {
      this.write(OPEN);
      this.#poll(resolve).catch((error) => this.#closed || reject(error));
    });
  }

  write(packet) {
    if (this.#waiting.push(packet) === 1 && !this.#posting) queueMicrotask(() => this.#post());
  }

  close() {
    this.#closed = true;
    this.#agent.destroy();
  }

  async #post() {
    this.#posting = true;
    while (this.#waiting.length > 0) {
      const packets = this.#waiting.map((packet) => (typeof packet === "string" ? packet : "b" + Buffer.from(packet.buffer, packet.byteOffset, packet.length).toString("base64")));
      this.#waiting = [];
      await this.#request("POST", packets.join(SEPARATOR)).catch((error) => {
        if (!this.#closed) throw error;
      });
    }
    this.#posting = false;
  }

  async #poll(opened) {
    while (!this.#closed) {
      for (const packet of (await this.#request("GET")).split(SEPARATOR)) {
        if (packet.startsWith(OPEN)) opened();
        else this.deliver(packet[0] === "b" ? Buffer.from(packet.slice(1), "base64") : packet);
      }
    }
  }

  #request(method, body) {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": "text/plain;charset=UTF-8" };
      const request = http.request(this.#address, { method, agent: this.#agent, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`))));
      });
      request.on("error", reject);
      request.end(body);
    });
  }
}
