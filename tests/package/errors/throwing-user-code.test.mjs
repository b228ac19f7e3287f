// Functions and objects around the client that throw where nobody expects it: what they throw is reported, and the client goes on.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { until, within } from "../../support/until.mjs";
import { WebSocket as NodeWebSocket } from "../../../pkg/platform/node/websocket.js";

let server;
before(async () => (server = await startServer({ after() {} }, "npm")));
after(() => server.kill());

function reports(t) {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error);
  t.after(() => delete globalThis.reportError);
  return reported;
}

const throws = (words) => () => {
  throw new Error(words);
};

/** A client that is connected over websocket. */
async function connected(t, options) {
  const client = newClient(t, options);
  await client.connect(server.url, { transports: "websocket" });
  return client;
}

/** Uses a connected client in every way; it is connected again in the end. */
async function works(client) {
  assert.equal(await within("the answer", client.call("echo", 1)), 1);
  await assert.rejects(within("the time limit", client.timeout(20).call("never")), { code: "CALL_TIMEOUT" });
  const heard = new Promise((resolve) => client.on("echo-back", resolve));
  client.emit("echo-back", 2);
  assert.equal(await within("the event", heard), 2);
  await within("drain()", client.drain());
  await within("disconnect()", client.disconnect());
  await within("connect()", client.connect(server.url));
  assert.equal(await within("the next answer", client.call("echo", 3)), 3);
}

describe("a function of the runtime that throws for a while", () => {
  for (const name of ["setTimeout", "clearTimeout", "queueMicrotask"]) {
    test(name, async (t) => {
      reports(t);
      const client = await connected(t);
      const { [name]: original } = globalThis;
      globalThis[name] = throws(name);
      try {
        client.emit("burst", 1);
        const calls = [1, 2].map((value) => client.call("echo", value).catch((error) => error.message));
        await new Promise((resolve) => client.on("tick", resolve));
        await Promise.all(calls);
      } finally {
        globalThis[name] = original;
      }
      await works(client);
    });
  }
});

describe("a WebSocket of one's own", () => {
  const hostile = (name, descriptor) => class extends NodeWebSocket {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener?.("open", () => Object.defineProperty(this, name, { configurable: true, ...descriptor }));
    }
  };
  const CLASSES = {
    "whose bufferedAmount cannot be read": hostile("bufferedAmount", { get: throws("bufferedAmount") }),
    "whose readyState cannot be read": hostile("readyState", { get: throws("readyState") }),
    "whose close() throws": hostile("close", { value: throws("close") }),
    "whose handlers cannot be taken away": hostile("onmessage", { set: throws("onmessage") }),
  };
  for (const [name, WebSocket] of Object.entries(CLASSES)) {
    test(name, async (t) => {
      reports(t);
      const client = await connected(t, { WebSocket, requestTimeout: 1_000 });
      assert.equal(await within("the answer", client.call("echo", 1)), 1);
      await within("disconnect()", client.disconnect());
      await within("connect()", client.connect(server.url, { transports: "polling" }));
      assert.equal(await within("the next answer", client.call("echo", 2)), 2);
    });
  }
});

test("arguments that throw as they are read are refused, and nothing else is", async (t) => {
  const client = await connected(t);
  const traps = { get: throws("get"), ownKeys: throws("ownKeys"), getPrototypeOf: throws("getPrototypeOf") };
  for (const [trap, handler] of Object.entries(traps)) {
    const value = new Proxy({ a: 1 }, { [trap]: handler });
    assert.throws(() => client.emit("echo-back", value), { code: "UNSERIALIZABLE" }, trap);
    await assert.rejects(client.call("echo", value), { code: "UNSERIALIZABLE" }, trap);
  }
  await works(client);
});

test("a handler's answer that throws as it is read is reported", async (t) => {
  const reported = [];
  const client = await connected(t);
  client.on("error", (error) => reported.push(error));
  client.on("question", () => new Proxy({}, { ownKeys: throws("ownKeys") }));
  client.emit("ask");
  await until("the report", () => reported.length > 0);
  assert.equal(reported[0].code, "UNSERIALIZABLE");
  client.off("question");
  await works(client);
});

test("a signal of one's own making whose methods throw", async (t) => {
  reports(t);
  const client = await connected(t);
  for (const method of ["addEventListener", "removeEventListener"]) {
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {}, [method]: throws(method) };
    await client.with({ signal }).call("echo", 1).catch(() => {});
    await client.timeout(20).with({ signal }).call("never").catch(() => {});
  }
  await works(client);
});

test("a program that runs out of stack as it emits keeps its client", async (t) => {
  const client = await connected(t);
  const endless = (number) => {
    client.emit("count", number);
    endless(number + 1);
  };
  assert.throws(() => endless(0), RangeError);
  await works(client);
});

test("a client that runs out of stack at work says so, and does not hang", async () => {
  // One that cannot be disconnected in the end.
  const client = new api.Client();
  await client.connect(server.url, { transports: "websocket" });
  const endless = (name) => {
    client.disconnectNamespace(name);
    endless(name);
  };
  assert.throws(() => endless("/nowhere"), RangeError);
  // Where the stack ends depends on the engine and its compilers: in the core, or before it.
  const outcome = await within("the answer", client.call("echo", 1).catch((error) => error.message));
  assert.ok(outcome === 1 || /^this client cannot be used any more/.test(outcome), outcome);
});

describe("a message of a WebSocket of one's own that is an odd Uint8Array", () => {
  class Odd extends Uint8Array {
    get length() {
      throw new Error("length");
    }
  }
  const MESSAGES = {
    "whose length cannot be read": (bytes) => new Odd(bytes.buffer),
    "of Node's": (bytes) => Buffer.from(bytes),
  };
  for (const [name, odd] of Object.entries(MESSAGES)) {
    test(name, async (t) => {
      class WebSocket extends NodeWebSocket {
        set onmessage(listener) {
          super.onmessage = ({ data }) => listener({ data: typeof data === "string" ? data : odd(new Uint8Array(data)) });
        }
      }
      const client = await connected(t, { WebSocket });
      const bytes = await within("the answer", client.call("echo", Uint8Array.of(1, 2, 3)));
      assert.deepEqual(new Uint8Array(bytes), Uint8Array.of(1, 2, 3));
      await works(client);
    });
  }
});
