// Deeply nested values: without binary data as deep as JSON.stringify can write them, with binary data up to `maxDepth`. Circular
// values have an error of their own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { folder } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until } from "../../support/until.mjs";

const server = sharedServer("npm");

async function connected(t, options) {
  const client = newClient(t, { ...IMPATIENT, ...options });
  await client.connect(server.url, { transports: "websocket" });
  return client;
}

const arrays = (levels, value = 1) => {
  for (let level = 0; level < levels; level++) value = [value];
  return value;
};
const objects = (levels, value = 1) => {
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
};

/** Returns the number of levels, and the value at the bottom. */
function bottomOf(value) {
  let levels = 0;
  for (; typeof value === "object" && !ArrayBuffer.isView(value); levels++) [value] = Object.values(value);
  return [levels, value];
}

describe("without binary data", () => {
  for (const [name, nested] of Object.entries({ arrays, objects })) {
    for (const levels of [199, 201, 1_000]) {
      test(`${levels} levels of ${name} arrive, also with the smallest \`maxDepth\``, async (t) => {
        for (const options of [{}, { limits: { maxDepth: 1 } }]) {
          const client = await connected(t, options);
          assert.deepEqual(bottomOf(await client.call("echo", nested(levels))), [levels, 1]);
        }
      });
    }
  }

  test("5,000 levels arrive, if JSON.stringify has the stack for them", async (t) => {
    // A server in JavaScript has the same limit, so this one answers with the string that it got.
    const peer = await websocketPeer(t, (socket) => socket.on("message", (text) => socket.send(String(text).replace(/^42(\d+)\["echo",/, "43$1["))));
    const script = `
      import { Client } from "socketio-wasm";
      let value = 1;
      for (let level = 0; level < 5000; level++) value = level % 2 ? [value] : { a: value };
      const client = new Client();
      await client.connect(${JSON.stringify(peer.url)}, { transports: "websocket" });
      let answer = await client.call("echo", value);
      let levels = 0;
      for (; typeof answer === "object"; levels++) [answer] = Object.values(answer);
      console.log(levels);
      await client.disconnect();`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--stack-size=3900", "--input-type=module", "-e", script], { cwd: folder });
    assert.equal(stdout, "5000\n");
  });

  test("a value that JSON.stringify cannot write is an error that says so, and the connection goes on", async (t) => {
    const client = await connected(t);
    const message = /more deeply than JSON\.stringify can write them/;
    for (const value of [arrays(90_000), objects(90_000)]) {
      assert.throws(() => client.emit("echo", value), { code: "UNSERIALIZABLE", message });
      await assert.rejects(client.call("echo", value), { code: "UNSERIALIZABLE", message });
    }
    assert.throws(() => client.emit("echo", arrays(200_000)), { code: "UNSERIALIZABLE", message: /more than 100000 levels/ });
    const endless = { toJSON: () => ({ again: { ...endless } }) };
    assert.throws(() => client.emit("echo", endless), { code: "UNSERIALIZABLE", message: /more than 100000 levels|more deeply/ });
    assert.equal(await client.call("echo", 1), 1);
  });

  test("a handler's answer may be nested as deeply", async (t) => {
    const client = await connected(t);
    client.on("question", () => arrays(1_000));
    const answered = new Promise((resolve) => client.on("answered", resolve));
    client.emit("ask");
    assert.deepEqual(bottomOf(await answered), [1_000, 1]);
  });

  test("an auth may be nested as deeply", async (t) => {
    const client = newClient(t);
    await client.connect(server.url, { auth: objects(1_000) });
    assert.deepEqual(bottomOf(await client.call("auth")), [1_000, 1]);
  });

  test("deep values behind a Blob that is being read arrive, too", async (t) => {
    const client = await connected(t);
    const first = client.call("echo", new Blob(["x"]));
    const deep = client.call("echo", arrays(1_000), objects(1_000));
    assert.deepEqual(await first, new Uint8Array([120]));
    assert.deepEqual((await deep).map(bottomOf), [[1_000, 1], [1_000, 1]]);
  });

  test("an object that many others refer to is searched once", async (t) => {
    const client = await connected(t);
    let shared = [];
    for (let level = 0; level < 2_000; level++) shared = [shared, shared];
    const started = performance.now();
    // Each level doubles the size of the JSON.
    assert.throws(() => client.emit("echo", shared, new Uint8Array(1)), { code: "UNSERIALIZABLE", message: /more deeply than `limits` allow/ });
    assert.ok(performance.now() - started < 10_000);
  });
});

describe("with binary data", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const tooDeep = { code: "UNSERIALIZABLE", name: "InvalidArgumentError", message: /with binary data are nested more deeply than `limits/ };

  test("`maxDepth` limits all arguments, also those without binary data", async (t) => {
    const client = await connected(t);
    assert.deepEqual(bottomOf(await client.call("echo", arrays(198, bytes))), [198, bytes]);
    for (const values of [[arrays(250, bytes)], [objects(250, bytes)], [bytes, arrays(250)], [arrays(250), bytes], [arrays(3_000, bytes)]]) {
      assert.throws(() => client.emit("echo", ...values), tooDeep);
      await assert.rejects(client.call("echo", ...values), tooDeep);
    }
    const deeper = await connected(t, { limits: { maxDepth: 500 } });
    assert.deepEqual(bottomOf(await deeper.call("echo", arrays(400, bytes))), [400, bytes]);
  });

  test("`maxDepth` applies to Blobs, too", async (t) => {
    const client = await connected(t);
    assert.throws(() => client.emit("echo", new Blob(["x"]), arrays(250)), tooDeep);
    assert.throws(() => client.emit("echo", arrays(250, new Blob(["x"]))), tooDeep);
    assert.deepEqual(bottomOf(await client.call("echo", arrays(150, new Blob(["x"])))), [150, new Uint8Array([120])]);
    const gated = client.call("echo", new Blob(["x"]));
    assert.throws(() => client.emit("echo", bytes, arrays(250)), tooDeep);
    await gated;
  });
});

describe("circular values", () => {
  const own = {};
  own.self = own;
  const list = [];
  list.push([[list]]);
  const far = arrays(1_000);
  let last = far;
  while (typeof last[0] === "object") [last] = last;
  last[0] = far;
  const parent = { children: [] };
  for (let child = 0; child < 3; child++) parent.children.push({ parent, more: [{ parent }] });
  const made = { toJSON: () => ({ made }) };
  const CIRCLES = { "an object": own, "an array": list, "a long circle": far, "children that know their parent": parent, "a toJSON": made };
  const bytes = new Uint8Array(1);
  const expected = { code: "UNSERIALIZABLE", message: /nested in a circle/ };

  for (const [what, circle] of Object.entries(CIRCLES)) {
    test(`${what}: the error says so, also with binary data and Blobs`, async (t) => {
      const client = await connected(t);
      for (const values of [[circle], [arrays(300, circle)], [circle, bytes], [bytes, circle], [new Blob(["x"]), circle]]) {
        assert.throws(() => client.emit("echo", ...values), expected);
        await assert.rejects(client.call("echo", ...values), expected);
      }
      const gated = client.call("echo", new Blob(["x"]));
      assert.throws(() => client.emit("echo", circle), expected);
      await gated;
      assert.equal(await client.call("echo", 1), 1);
    });
  }

  test("a circular answer is reported", async (t) => {
    const errors = [];
    const client = await connected(t);
    client.on("error", (error) => errors.push(error));
    client.on("question", () => own);
    client.emit("ask");
    await until("the report", () => errors.length > 0);
    assert.deepEqual([errors[0].code, /nested in a circle/.test(errors[0].message)], ["UNSERIALIZABLE", true]);
  });
});
