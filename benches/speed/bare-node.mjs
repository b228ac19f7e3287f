// The floor in Node: bare `ws`, and HTTP by node:http.
import http from "node:http";
import { WebSocket } from "../../pkg/node_modules/ws/wrapper.mjs";
import { Bare, BarePolling, OPEN, PATH } from "./bare.mjs";

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

const agent = new http.Agent({ keepAlive: true });

function request(method, address, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "text/plain;charset=UTF-8" };
    const request = http.request(address, { method, agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`))));
    });
    request.on("error", reject);
    request.end(body);
  });
}

const codec = {
  encode: ({ buffer, byteOffset, length }) => Buffer.from(buffer, byteOffset, length).toString("base64"),
  decode: (text) => Buffer.from(text, "base64"),
};

/** HTTP over persistent connections. */
export const barePolling = () => new BarePolling(request, codec);
