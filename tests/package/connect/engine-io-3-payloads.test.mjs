// Binary payloads of Engine.IO 3, as servers of Socket.IO 1.x and 2.x send them: valid ones and malformed ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { within } from "../../support/until.mjs";

const OPEN = '0{"sid":"engine","upgrades":[],"pingInterval":25000,"pingTimeout":5000}';

const packet = (text) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0, ...String(bytes.length).split("").map(Number), 255]), bytes]);
};

/** Starts a server that answers the first GET with `payload`, the second with `next`, and no other. */
async function peer(t, payload, next) {
  const answers = [payload, next];
  return listen(t, (request, response) => {
    const answer = request.method === "GET" ? answers.shift() : "ok";
    if (answer === undefined) return;
    response.setHeader("content-type", "application/octet-stream");
    response.end(answer);
  });
}

const HANDSHAKES = {
  "a length without its end": Buffer.from([0, 9, 9]),
  "a length that is not a number": Buffer.concat([Buffer.from([0, 48, 200, 255]), Buffer.from(OPEN)]),
  "a length beyond the payload": Buffer.concat([Buffer.from([0, 9, 9, 9, 255]), Buffer.from(OPEN)]),
  "a packet without its beginning": Buffer.from(OPEN.slice(1)),
  "an empty packet": Buffer.from([0, 0, 255]),
  nothing: Buffer.alloc(0),
};

for (const [what, payload] of Object.entries(HANDSHAKES)) {
  test(`${what} is not accepted as a handshake`, async (t) => {
    const { url } = await peer(t, payload);
    await assert.rejects(within("the end", newClient(t).connect(url, { transports: "polling" })), { code: "NOT_SOCKETIO" });
  });
}

const LATER = {
  "a binary packet that is not a message": Buffer.from([1, 1, 255, 3]),
  "binary data that no packet announced": Buffer.from([1, 2, 255, 4, 7]),
  "a length without its end": Buffer.from([0, 1, 1, 1]),
  "bytes that are not a payload": Buffer.from([7, 7, 7]),
};

for (const [what, payload] of Object.entries(LATER)) {
  test(`${what} ends the connection with a parse error`, async (t) => {
    const { url } = await peer(t, Buffer.concat([packet(OPEN), packet("40")]), payload);
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    const lost = new Promise((resolve) => client.on("disconnect", (reason, details) => resolve(details)));
    await client.connect(url, { transports: "polling" });
    const { cause, error } = await within("the end", lost);
    assert.deepEqual([cause, error.code], ["parse error", "PARSE_ERROR"]);
  });
}

test("strings and binary data of one payload arrive in order, also if a type byte means something else in Engine.IO 4", async (t) => {
  const message = packet('451-["bytes","é世👋",{"_placeholder":true,"num":0}]');
  const { url } = await peer(t, packet(OPEN), Buffer.concat([packet("40"), message, Buffer.from([1, 3, 255, 4, 0, 255])]));
  const client = newClient(t);
  const heard = new Promise((resolve) => client.on("bytes", (...args) => resolve(args)));
  await client.connect(url, { transports: "polling" });
  assert.deepEqual(await within("the event", heard), ["é世👋", new Uint8Array([0, 255])]);
});

test("a payload of Engine.IO 4 is read as such despite a binary content type", async (t) => {
  const { url } = await peer(t, OPEN, '40{"sid":"socket"}');
  const client = newClient(t);
  await client.connect(url, { transports: "polling" });
  assert.equal(client.sid, "socket");
});

test("a user-supplied fetch without arrayBuffer() is an error that says so", async (t) => {
  const { url } = await peer(t, packet(OPEN));
  const response = { status: 200, headers: { get: () => "application/octet-stream" }, text: async () => "" };
  const client = newClient(t, { fetch: async () => response });
  await assert.rejects(client.connect(url, { transports: "polling" }), { code: "UNREACHABLE", message: /arrayBuffer/ });
});
