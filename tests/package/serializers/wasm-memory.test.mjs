// No payload enters the memory of wasm, in the default format or in that of a serializer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { heard, within } from "../../support/until.mjs";

const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...parameters) {
    super(...parameters);
    memories.push(...Object.values(this.exports).filter((value) => value instanceof WebAssembly.Memory));
  }
};
const { TRANSPORTS, newClient } = await import("../../support/clients.mjs");
const { startServer } = await import("../../support/server.mjs");

/** Returns true if a string is anywhere in the memory of wasm, in UTF-8 or in UTF-16. */
const isInMemory = (text) =>
  memories.some(({ buffer }) => {
    const memory = Buffer.from(buffer);
    return memory.includes(Buffer.from(text)) || memory.includes(Buffer.from(text, "utf16le"));
  });

const random = () => Array.from({ length: 8 }, () => Math.random().toString(36).slice(2)).join("-");

for (const serializer of ["default", "msgpack"]) {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`payload never enters the memory of wasm: ${serializer} over ${name}`, async (t) => {
      const options = serializer === "default" ? {} : { serializer };
      const { url } = await startServer(t, "npm", options);
      const client = newClient(t, options);
      await client.connect(url, { transports });
      assert.equal(memories.length, 1);
      const [text, bytes] = [random(), random()];
      const sent = [text, { bytes: new TextEncoder().encode(bytes) }];
      const event = heard(client, "echo-back");
      client.emit("echo-back", ...sent);
      assert.deepEqual(await event, sent);
      assert.deepEqual(await within("the answer", client.call("echo", ...sent)), sent);
      assert.deepEqual([isInMemory(text), isInMemory(bytes)], [false, false]);
    });
  }
}

test("the search finds a string that is in the memory", () => {
  const [{ buffer }] = memories;
  const text = random();
  const memory = Buffer.from(buffer);
  const before = Buffer.from(memory.subarray(-text.length));
  memory.write(text, memory.length - text.length);
  assert.ok(isInMemory(text));
  before.copy(memory, memory.length - text.length);
});
