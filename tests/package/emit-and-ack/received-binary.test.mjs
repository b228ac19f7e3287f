// Received binary data is a Uint8Array, and no subclass of it such as Node's Buffer: in each build, transport, format and kind of packet.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { TRANSPORTS } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const require = createRequire(import.meta.url);
const parser = require("socket.io-msgpack-parser");
const { WebSocket } = require("ws"); // for the build for browsers: Node 20 has no WebSocket of its own
const BUILDS = { Node: api, browsers: await import(pathToFileURL(join(folder, "node_modules/socketio-wasm/dist/browser.js"))) };

// A server and its options, and options of the client.
const FORMATS = {
  JSON: ["npm"],
  "JSON of a Python server": ["python"],
  "JSON of Socket.IO 2": ["npm", { library: "socket.io-2" }],
  msgpack: ["npm", { serializer: "msgpack" }, { serializer: "msgpack" }],
  "the parser of npm": ["npm", { serializer: "msgpack" }, { serializer: parser }],
  cbor: ["python", { serializer: "cbor" }, { serializer: "cbor" }],
  pickle: ["python", { serializer: "pickle" }, { serializer: "pickle" }],
};

const SENT = Buffer.from([1, 2, 255]);
const EXPECTED = new Uint8Array([1, 2, 255]);

// The parser of npm takes Buffers alone for binary data in Node; a Buffer can be sent in all formats.
const assertBytes = (value) => {
  assert.equal(Object.getPrototypeOf(value), Uint8Array.prototype);
  assert.deepEqual(value, EXPECTED);
};

for (const [build, { Client, SimpleClient, EngineClient }] of Object.entries(BUILDS)) {
  const platform = build === "Node" ? {} : { WebSocket };
  for (const [format, [kind, serverOptions, options]] of Object.entries(FORMATS)) {
    // Node finds the parser of npm for Node, which reads Buffers alone.
    if (build !== "Node" && options?.serializer === parser) continue;
    describe(`with the build for ${build} and ${format}`, () => {
      const server = sharedServer(kind, serverOptions);
      for (const [way, transports] of Object.entries(TRANSPORTS)) {
        test(`[M2] bytes in events, nested bytes, and bytes in acknowledgements over ${way} are Uint8Arrays`, async (t) => {
          const client = new Client({ ...platform, ...options });
          t.after(() => client.disconnect());
          await client.connect(server.url, { transports });
          assertBytes(await within("the answer", client.call("echo", SENT)));
          const [first, { list }] = await within("the answer", client.call("echo", SENT, { list: [SENT] }));
          for (const value of [first, list[0]]) assertBytes(value);
          assertBytes(await within("the callback", new Promise((resolve) => client.emit("echo", SENT, resolve))));
          const event = heard(client, "echo-back");
          client.emit("echo-back", SENT, { deep: [{ bytes: SENT }] });
          const [direct, { deep }] = await event;
          for (const value of [direct, deep[0].bytes]) assertBytes(value);
          const question = new Promise((resolve) => {
            client.on("question", (bytes) => {
              resolve(bytes);
              return SENT;
            });
          });
          const answered = heard(client, "answered");
          client.emit("ask", SENT);
          assertBytes(await within("the question", question));
          assertBytes((await answered)[0]);
        });
      }

      test("[M2, S5] bytes that a SimpleClient receives are Uint8Arrays", async (t) => {
        const simple = new SimpleClient({ ...platform, ...options });
        t.after(() => simple.disconnect());
        await simple.connect(server.url);
        await simple.emit("echo-back", SENT);
        const [, bytes] = await within("the event", simple.receive());
        assertBytes(bytes);
      });
    });
  }

  describe(`with the build for ${build} and Engine.IO alone`, () => {
    const server = sharedServer("engine");
    for (const [way, transports] of Object.entries(TRANSPORTS)) {
      test(`[G4] a message of bytes over ${way} is a Uint8Array`, async (t) => {
        const client = new EngineClient(platform);
        t.after(() => client.disconnect());
        const received = [];
        client.on("message", (data) => received.push(data));
        await client.connect(server.url, { transports });
        client.send(SENT);
        await until("the message", () => received.length === 2); // behind a welcome
        assertBytes(received[1]);
      });
    }
  });
}
