// The floor in Node: bare `ws`, and HTTP by node:http.
import http from "node:http";
import { WebSocket } from "../../pkg/node_modules/ws/wrapper.mjs";
import { Bare, OPEN, PATH, SEPARATOR } from "./bare.mjs";

/** A bare websocket. */
export class BareWs extends Bare {
  #socket;

  /** Resolved when the server has let the client in. */
  open(url) {
    this.#socket = new WebSocket(url.replace("http", "ws") + PATH + "websocket", { perMessageDeflate: false });
    return new Promise((resolve, reject) => {
      this.#socket.on("error", reject);
      this.#socket.on("message", (data, isBinary) => {
        const packet = isBinary ? data : data.toString();
        if (packet[0] === "0") this.write(OPEN);
        else if (!isBinary && packet.startsWith(OPEN)) resolve();
        else this.deliver(packet);
      });
    });
  }

  write(packet) {
    this.#socket.send(packet);
  }

  close() {
    return new Promise((resolve) => this.#socket.on("close", resolve).close());
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
