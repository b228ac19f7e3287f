// Serializers by name: Node has loaded them, and a browser fetches the file of one when a client needs it.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { folder } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, within } from "../../support/until.mjs";

const msgpackServer = sharedServer("npm", { serializer: "msgpack" });

const client = (t, options) => newClient(t, { ...IMPATIENT, ...options });

async function connected(t, server, options, connect) {
  const made = client(t, options);
  await made.connect(server.url, connect);
  return made;
}

describe("a serializer by name in Node", () => {
  test("refuses a message over the server's limit before it is sent", async (t) => {
    const small = await startServer(t, "npm", { serializer: "msgpack", maxHttpBufferSize: 1000 });
    for (const transports of ["polling", "websocket"]) {
      const made = await connected(t, small, { serializer: "msgpack" }, { transports });
      await assert.rejects(made.call("echo", new Uint8Array(1001)), { name: "PayloadTooLargeError", limit: 1000 });
      assert.equal((await made.call("echo", new Uint8Array(500))).length, 500);
    }
  });

  test("is available: the connection begins during the call of connect()", async (t) => {
    const made = client(t, { serializer: "msgpack" });
    const connecting = made.connect(msgpackServer.url);
    assert.equal(made.state, "connecting");
    const answer = made.call("echo", "buffered");
    await connecting;
    assert.equal(await answer, "buffered");
  });

  test("buffers an event as it was emitted", async (t) => {
    const made = await connected(t, msgpackServer, { serializer: "msgpack" });
    const away = heard(made, "disconnect");
    made.emit("close-engine");
    await away;
    const value = { list: [1] };
    const answer = made.call("echo", value);
    value.list.push(2);
    assert.throws(() => made.emit("echo", 2n ** 70n), { code: "UNSERIALIZABLE" });
    assert.deepEqual(await answer, { list: [1] });
  });
});

describe("a serializer by name in a browser", () => {
  // In Node, which has everything that a worker has except a WebSocket; from a folder of its own, in which files can be missing.
  let at;
  let load;
  before(async () => {
    at = mkdtempSync(join(tmpdir(), "socketio-wasm-browser-"));
    writeFileSync(join(at, "package.json"), '{"type":"module"}');
    cpSync(join(folder, "node_modules/socketio-wasm/dist/browser.js"), join(at, "browser.js"));
    mkdirSync(join(at, "serializers"));
    ({ Client: load } = await import(pathToFileURL(join(at, "browser.js")).href));
  });
  after(() => rmSync(at, { recursive: true }));

  const browserClient = (t, options) => {
    const made = new load({ ...IMPATIENT, ...options });
    t.after(() => within("the client's disconnection", made.disconnect()));
    return made;
  };

  test("[SERIALIZER_UNAVAILABLE] is fetched by connect(), which rejects if that fails; the next connect() tries again", async (t) => {
    const made = browserClient(t, { serializer: "msgpack" });
    const connecting = made.connect(msgpackServer.url, { transports: "polling" });
    assert.equal(made.state, "connecting");
    assert.throws(() => made.emit("echo", 1), { code: "NOT_CONNECTED" });
    await assert.rejects(made.connect(msgpackServer.url), { code: "ALREADY_CONNECTED" });
    const { name, code, fault, serializer, cause, message } = await connecting.catch((error) => error);
    assert.deepEqual([name, code, fault, serializer], ["ConnectionError", "SERIALIZER_UNAVAILABLE", "network", "msgpack"]);
    assert.ok(cause instanceof Error);
    assert.match(message, /The file of the serializer "msgpack" could not be loaded/);
    assert.equal(made.state, "disconnected");

    cpSync(join(folder, "node_modules/socketio-wasm/dist/serializers/msgpack.js"), join(at, "serializers/msgpack.js"));
    await made.connect(msgpackServer.url, { transports: "polling" });
    assert.deepEqual(await made.call("echo", new Uint8Array([1, 2])), new Uint8Array([1, 2]));
    await made.disconnect();
    const again = made.connect(msgpackServer.url, { transports: "polling" });
    const early = made.call("echo", "early"); // the serializer is loaded now
    await again;
    assert.equal(await early, "early");
  });

  test("is awaited until requestTimeout, a signal or disconnect()", async (t) => {
    writeFileSync(join(at, "serializers/cbor.js"), "await new Promise(() => setInterval(() => {}, 1000).unref());\n");
    const made = browserClient(t, { serializer: "cbor", requestTimeout: 50 });
    await assert.rejects(made.connect("http://127.0.0.1:9"), { code: "SERIALIZER_UNAVAILABLE", message: /no answer within 50 ms \(`requestTimeout`\)/ });
    const patient = browserClient(t, { serializer: "cbor", requestTimeout: 0 });
    const controller = new AbortController();
    const aborted = assert.rejects(patient.connect("http://127.0.0.1:9", { signal: controller.signal }), { message: "enough" });
    controller.abort(new Error("enough"));
    await aborted;
    const ended = assert.rejects(patient.connect("http://127.0.0.1:9"), { code: "DISCONNECTED", reason: "client disconnect" });
    await patient.disconnect();
    await ended;
    assert.equal(patient.state, "disconnected");
  });

  test("may be interrupted by disconnect() or a signal at any moment, also when the file has just arrived", async (t) => {
    for (let turns = 0; turns < 30; turns++) {
      const made = browserClient(t, { serializer: "msgpack" }); // the file is loaded, so that it arrives within some turns
      const controller = new AbortController();
      const ended = assert.rejects(made.connect(msgpackServer.url, { transports: "polling", signal: controller.signal }));
      for (let turn = 0; turn < turns; turn++) await undefined;
      if (turns % 2) controller.abort();
      else await made.disconnect();
      await ended;
      assert.equal(made.state, "disconnected");
    }
  });

  test("a parser that is an object needs no loading, and gets ArrayBuffers", async (t) => {
    const { Encoder, Decoder } = await import(pathToFileURL(join(folder, "node_modules/socketio-wasm/dist/serializers/msgpack.js")).href);
    const chunks = [];
    class Watching extends Decoder {
      add(chunk) {
        chunks.push(chunk);
        super.add(chunk);
      }
    }
    const made = browserClient(t, { serializer: { Encoder, Decoder: Watching } });
    const connecting = made.connect(msgpackServer.url, { transports: "polling" });
    const early = made.call("echo", "early");
    await connecting;
    assert.equal(await early, "early");
    assert.ok(chunks.length > 0 && chunks.every((chunk) => chunk instanceof ArrayBuffer));
  });
});
