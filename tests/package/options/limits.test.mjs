// `limits`: what a server may ask of this client's memory; and the least that a WebSocket of the user's must have.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { heard } from "../../support/until.mjs";

const placeholders = (count) => Array.from({ length: count }, (_, num) => `{"_placeholder":true,"num":${num}}`).join();
const packet = (count) => [`45${count}-["b",${placeholders(count)}]`, ...Array.from({ length: count }, () => Buffer.from("x"))];
const nested = (depth) => [`451-["b",${"[".repeat(depth)}${placeholders(1)}${"]".repeat(depth)}]`, Buffer.from("x")];

// limit: its value, frames that are within it, and frames that are beyond
const LIMITS = {
  maxAttachments: [2, packet(2), packet(3)],
  maxIdDigits: [2, ['4299["b"]'], ['42100["b"]']],
  maxPacketSize: [100, [`42["b","${"x".repeat(90)}"]`], [`42["b","${"x".repeat(95)}"]`]],
  maxDepth: [4, nested(2), nested(6)],
};

describe("limits", () => {
  for (const [limit, [value, within, beyond]] of Object.entries(LIMITS)) {
    test(`[PARSE_ERROR] ${limit}: what is within it arrives; what is beyond ends the connection with a parse error`, async (t) => {
      const peer = await websocketPeer(t, (socket) => {
        for (const frame of within) socket.send(frame);
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

test("[SOCKET_CLOSED] a websocket's close frame is told with its code and words", async (t) => {
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

test("[C9] a WebSocket of the user's needs no more than WebSocketLike says", async (t) => {
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
