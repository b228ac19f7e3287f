// The package's WebSocket for Node: the standard's interface over npm's ws, with additions.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { test } from "node:test";
import { WebSocket } from "../../../pkg/platform/node/websocket.js";
import { listen } from "../../support/listen.mjs";
import { within } from "../../support/until.mjs";

const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

// Starts a websocket server, and connects a client to it.
async function connected(t, options) {
  const http = await listen(t, () => {});
  const server = new WebSocketServer({ server: http });
  const url = http.url.replace("http", "ws");
  const socket = new WebSocket(url, [], options);
  const [[peer, request]] = await Promise.all([once(server, "connection"), event(socket, "open")]);
  t.after(() => peer.terminate());
  return { socket, peer, request };
}

const event = (socket, name) => within(`the event ${name}`, new Promise((resolve) => (socket[`on${name}`] = resolve)));

test("headers are sent with the request, and the user of the URL as basic authentication", async (t) => {
  const http = await listen(t, () => {});
  const server = new WebSocketServer({ server: http });
  const socket = new WebSocket(http.url.replace("http://", "ws://me:pass@"), [], { headers: { "x-mine": "1" } });
  t.after(() => socket.close());
  const [, request] = await once(server, "connection");
  assert.equal(request.headers["x-mine"], "1");
  assert.equal(request.headers.authorization, `Basic ${btoa("me:pass")}`);
});

test("a text message arrives as a string, a binary one as an ArrayBuffer", async (t) => {
  const { socket, peer } = await connected(t);
  peer.send("grüße");
  assert.equal((await event(socket, "message")).data, "grüße");
  peer.send(Buffer.from([1, 2, 3]));
  assert.deepEqual((await event(socket, "message")).data, new Uint8Array([1, 2, 3]).buffer);
});

test("send() accepts strings and Uint8Arrays, and does not change the latter", async (t) => {
  const { socket, peer } = await connected(t);
  const bytes = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);
  socket.send("text");
  assert.deepEqual((await once(peer, "message")).map(String), ["text", "false"]);
  socket.send(bytes);
  assert.deepEqual(await once(peer, "message"), [Buffer.from([1, 2]), true]);
  assert.deepEqual(bytes, new Uint8Array([1, 2]));
});

test("send() throws before the socket is open", async (t) => {
  const http = await listen(t, () => {});
  const socket = new WebSocket(http.url.replace("http", "ws"));
  assert.throws(() => socket.send("x"));
  socket.close();
  await event(socket, "close");
});

test("messages between cork() and uncork() arrive in one piece", async (t) => {
  const { socket, peer, request } = await connected(t);
  const chunks = [];
  request.socket.on("data", (chunk) => chunks.push(chunk));
  socket.cork();
  for (const text of ["a", "b", "c"]) socket.send(text);
  socket.uncork();
  const messages = [];
  await within("three messages", new Promise((resolve) => peer.on("message", (data) => messages.push(String(data)) === 3 && resolve())));
  assert.deepEqual(messages, ["a", "b", "c"]);
  assert.equal(chunks.length, 1);
});

test("cork() and uncork() do nothing before the socket is open", async (t) => {
  const http = await listen(t, () => {});
  const socket = new WebSocket(http.url.replace("http", "ws"));
  socket.cork();
  socket.uncork();
  socket.close();
  await event(socket, "close");
});

test("close() sends its code and reason, and ends with a clean close event", async (t) => {
  const { socket, peer } = await connected(t);
  socket.close(3001, "bye");
  const [code, reason] = await once(peer, "close");
  assert.deepEqual([code, String(reason)], [3001, "bye"]);
  const closed = await event(socket, "close");
  assert.deepEqual([closed.code, closed.reason, closed.wasClean], [3001, "bye", true]);
});

test("a connection that breaks off ends with code 1006", async (t) => {
  const { socket, peer } = await connected(t);
  peer.terminate();
  const { code, wasClean } = await event(socket, "close");
  assert.deepEqual([code, wasClean], [1006, false]);
});

test("a refused upgrade is an error event with the server's status and body, then a close event", async (t) => {
  const server = await listen(t, () => {});
  server.on("upgrade", (request, stream) => stream.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 12\r\n\r\nnot with you"));
  const socket = new WebSocket(server.url.replace("http", "ws"));
  const closed = event(socket, "close");
  const { message, status, body } = await event(socket, "error");
  assert.deepEqual([message, status, body], ["Unexpected server response: 403", 403, "not with you"]);
  assert.equal((await closed).code, 1006);
});

test("the body of a long refusal is truncated", async (t) => {
  const server = await listen(t, () => {});
  server.on("upgrade", (request, stream) => {
    stream.on("error", () => {});
    stream.write(`HTTP/1.1 500 No\r\ncontent-length: 1000000\r\n\r\n${"x".repeat(100_000)}`);
  });
  const socket = new WebSocket(server.url.replace("http", "ws"));
  const { status, body } = await event(socket, "error");
  assert.deepEqual([status, body], [500, "x".repeat(64 * 1024)]);
});

test("close() during the body of a refusal ends the attempt", async (t) => {
  const server = await listen(t, () => {});
  let begin;
  const begun = new Promise((resolve) => (begin = resolve));
  server.on("upgrade", (request, stream) => stream.on("error", () => {}).write("HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nhalf", begin));
  const socket = new WebSocket(server.url.replace("http", "ws"));
  await within("the answer's beginning", begun);
  socket.close();
  assert.equal((await event(socket, "close")).code, 1006);
});

test("without a server there is an error event with the network's message, then a close event", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const closed = event(socket, "close");
  assert.match((await event(socket, "error")).message, /ECONNREFUSED/);
  assert.equal((await closed).code, 1006);
});
