// Binary data: the memory that holds it, and the values beside it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { within } from "../../support/until.mjs";

const server = sharedServer("npm");

async function connected(t, options, clientOptions) {
  const client = newClient(t, { ...IMPATIENT, ...clientOptions });
  await client.connect(server.url, options);
  return client;
}

const detach = ({ buffer }) => structuredClone(buffer, { transfer: [buffer] });

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  describe(`[M2] binary over ${name}`, () => {
    test("arrives empty if its buffer is detached before it is sent, and other events go on", async (t) => {
      const client = await connected(t, { transports });
      const bytes = new Uint8Array([1, 2, 3]);
      const calls = [client.call("echo", "before"), client.call("echo", { bytes }), client.call("echo", "after")];
      detach(bytes);
      const answers = await within("the answers", Promise.all(calls));
      assert.deepEqual(answers, ["before", { bytes: new Uint8Array(0) }, "after"]);
      assert.equal(client.state, "connected");
    });

    test("in shared memory is copied when it is emitted", async (t) => {
      const client = await connected(t, { transports });
      const bytes = new Uint8Array(new SharedArrayBuffer(2)).fill(1);
      const call = client.call("echo", bytes);
      bytes.fill(2);
      assert.deepEqual(await call, new Uint8Array([1, 1]));
    });

    test("that is received has a buffer of its own", async (t) => {
      const client = await connected(t, { transports });
      const { buffer, byteLength } = await client.call("echo", new Uint8Array([1, 2, 3]));
      assert.deepEqual([byteLength, buffer], [3, new Uint8Array([1, 2, 3]).buffer]);
    });
  });
}

describe("values beside binary data are written as JSON writes them", () => {
  const themselves = { n: 1, toJSON: () => themselves };
  const VALUES = {
    "toJSON that returns the object itself": themselves,
    "toJSON that returns an object with another toJSON": { toJSON: () => ({ n: 1, toJSON: () => 2 }) },
    "toJSON that returns an array": { toJSON: () => [1, { toJSON: () => 2 }] },
    "a Date": new Date(0),
    "boxed values": [new String("s"), new Number(1), new Boolean(false)],
    "values that JSON does not have": [undefined, () => 1, NaN, { gone: undefined }],
  };
  for (const [name, value] of Object.entries(VALUES)) {
    test(name, async (t) => {
      const client = await connected(t);
      const bytes = new Uint8Array(1);
      // With a Blob the client makes a copy of the value, in another way.
      for (const binary of [bytes, new Blob([bytes])]) {
        assert.deepEqual(await within("the answer", client.call("echo", value, binary)), [JSON.parse(JSON.stringify(value)), bytes]);
      }
    });
  }
});
