// The option `limits`, which bounds the memory that a server can make a client use; and the minimal interface of a user-supplied WebSocket.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { open, websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const placeholders = (count) => Array.from({ length: count }, (_, num) => `{"_placeholder":true,"num":${num}}`).join();
const packet = (count) => [`45${count}-["b",${placeholders(count)}]`, ...Array.from({ length: count }, () => Buffer.from("x"))];
const nested = (depth) => [`451-["b",${"[".repeat(depth)}${placeholders(1)}${"]".repeat(depth)}]`, Buffer.from("x")];

// The value of a limit, frames within it, and frames beyond it.
const LIMITS = {
  maxAttachments: [2, packet(2), packet(3)],
  maxIdDigits: [2, ['4299["b"]'], ['42100["b"]']],
  maxPacketSize: [100, [`42["b","${"x".repeat(90)}"]`], [`42["b","${"x".repeat(95)}"]`]],
  maxDepth: [4, nested(2), nested(6)],
};

describe("limits", () => {
  for (const [limit, [value, inside, beyond]] of Object.entries(LIMITS)) {
    test(`[PARSE_ERROR] ${limit}: a packet within it arrives, and one beyond it ends the connection with a parse error`, async (t) => {
      const peer = await websocketPeer(t, (socket) => {
        for (const frame of inside) socket.send(frame);
        socket.on("message", (message) => String(message) === '42["more"]' && beyond.forEach((frame) => socket.send(frame)));
      });
      const client = newClient(t, { ...IMPATIENT, limits: { [limit]: value } });
      const arrived = heard(client, "b");
      const disconnect = heard(client, "disconnect");
      await client.connect(peer.url, { transports: "websocket" });
      await arrived;
      client.emit("more");
      const [reason, { cause, error }] = await disconnect;
      assert.deepEqual([reason, cause, error.code], ["transport error", "parse error", "PARSE_ERROR"]);
    });
  }
});

describe("maxPacketSize of an EngineClient", () => {
  const LARGE = 200;
  const ANSWERS = {
    "text over polling": ["polling", `4${"x".repeat(LARGE)}`],
    "binary over polling": ["polling", `b${Buffer.alloc(LARGE).toString("base64")}`],
    "text over websocket": ["websocket", `4${"x".repeat(LARGE)}`],
    "binary over websocket": ["websocket", Buffer.alloc(LARGE)],
  };

  for (const [what, [transports, packet]] of Object.entries(ANSWERS)) {
    test(`${what}: a larger packet ends the connection with a parse error, and is not delivered`, async (t) => {
      // The server answers a poll when the client has sent a message.
      let poll;
      const http = await listen(t, (request, response) => {
        if (!request.url.includes("sid=")) return response.end(open());
        if (request.method === "GET") return void (poll = response);
        response.end("ok");
        poll.end(["4small", packet].join("\x1e"));
      });
      new WebSocketServer({ server: http }).on("connection", (socket) => {
        socket.send(open());
        socket.on("message", () => ["4small", packet].forEach((part) => socket.send(part)));
      });
      const client = new api.EngineClient({ limits: { maxPacketSize: 100 } });
      t.after(() => client.disconnect());
      const messages = [];
      client.on("message", (message) => void messages.push(message));
      const lost = within("the end", new Promise((resolve) => client.on("disconnect", (...args) => resolve(args))));
      await client.connect(http.url, { transports });
      await until("the poll", () => transports === "websocket" || poll);
      client.send("more");
      const [, { cause, error }] = await lost;
      assert.deepEqual([cause, error.code, messages], ["parse error", "PARSE_ERROR", ["small"]]);
    });
  }
});

test("[SOCKET_CLOSED] the close frame of a websocket is an error with its code and reason", async (t) => {
  const peer = await websocketPeer(t, (socket, number) => number === 0 && socket.close(4321, "enough for today"));
  const client = newClient(t);
  const disconnect = heard(client, "disconnect");
  await client.connect(peer.url, { transports: "websocket" });
  const [, { cause, error }] = await disconnect;
  const { name, code, fault, closeCode, closeReason, message } = error;
  assert.deepEqual([cause, name, code, fault, closeCode, closeReason], ["transport close", "ConnectionError", "SOCKET_CLOSED", "network", 4321, "enough for today"]);
  assert.equal(message, "The websocket was closed (code 4321): enough for today");
  await heard(client, "connect");
});

test("[C9] a user-supplied WebSocket needs only the members of WebSocketLike", async (t) => {
  const server = await startServer(t, "npm");
  const { WebSocket: Real } = await import("../../../pkg/platform/node/websocket.js");
  class WebSocket {
    #socket;
    constructor(...args) {
      this.#socket = new Real(...args);
      for (const on of ["onopen", "onmessage", "onerror", "onclose"]) this.#socket[on] = (event) => this[on](event);
    }
    set binaryType(type) {
      assert.equal(type, "arraybuffer");
      this.#socket.binaryType = type;
    }
    get bufferedAmount() {
      return this.#socket.bufferedAmount;
    }
    send(data) {
      assert.ok(typeof data === "string" || data instanceof Uint8Array);
      this.#socket.send(data);
    }
    close(...args) {
      this.#socket.close(...args);
    }
  }
  const client = newClient(t, { ...IMPATIENT, WebSocket });
  await client.connect(server.url, { transports: "websocket" });
  const bytes = new Uint8Array([1, 2]);
  assert.deepEqual(await client.call("echo", "a", bytes), ["a", bytes]);
});
