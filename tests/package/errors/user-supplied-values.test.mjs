// User-supplied values that throw when they are read, and odd values that are thrown: arguments, answers, errors of handlers. None of
// them stops the client.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until, within } from "../../support/until.mjs";
import { THROWN, revoked } from "../../support/thrown-values.mjs";

const server = sharedServer("npm");

const throws = (message) => () => {
  throw new Error(message);
};

/** Returns a client that is connected over websocket. */
async function connected(t, options) {
  const client = newClient(t, options);
  await client.connect(server.url, { transports: "websocket" });
  return client;
}

/** Calls, emits, drains, disconnects and connects again with a connected client. */
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

const throwing = (thrown) => ({
  toJSON() {
    throw thrown;
  },
});

const promise = (change) => {
  const made = Promise.resolve(1);
  change(made);
  return made;
};

test("arguments that throw when they are read are refused, and the client goes on", async (t) => {
  const client = await connected(t);
  const traps = { get: throws("get"), ownKeys: throws("ownKeys"), getPrototypeOf: throws("getPrototypeOf") };
  for (const [trap, handler] of Object.entries(traps)) {
    const value = new Proxy({ a: 1 }, { [trap]: handler });
    assert.throws(() => client.emit("echo-back", value), { code: "UNSERIALIZABLE" }, trap);
    await assert.rejects(client.call("echo", value), { code: "UNSERIALIZABLE" }, trap);
  }
  await works(client);
});

test("a handler's answer that throws when it is read is reported", async (t) => {
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

describe("an answer is reported, and the connection goes on, if its toJSON throws", () => {
  for (const [name, thrown] of Object.entries(THROWN)) {
    test(name, async (t) => {
      const reported = [];
      const client = newClient(t);
      client.on("error", (error) => reported.push(error));
      client.on("question", () => throwing(thrown));
      await client.connect(server.url, { transports: "websocket" });
      client.emit("ask");
      await until("the report", () => reported.length === 1);
      assert.equal(reported[0].code, "UNSERIALIZABLE");
      assert.equal(await client.call("echo", "alive"), "alive");
      assert.throws(() => client.emit("echo", throwing(thrown)), { name: "InvalidArgumentError", code: "UNSERIALIZABLE" });
      assert.equal(await client.call("echo", "still"), "still");
    });
  }
});

describe("a handler is reported, and the client goes on, if it throws", () => {
  for (const [name, thrown] of Object.entries(THROWN)) {
    test(name, async (t) => {
      const reported = reportedErrors(t);
      const client = newClient(t);
      client.on("echo-back", () => {
        throw thrown;
      });
      await client.connect(server.url, { transports: "websocket" });
      client.emit("echo-back");
      await until("the report", () => reported.length === 1);
      assert.equal(reported[0], thrown);
      assert.equal(await client.call("echo", "alive"), "alive");
    });
  }
});

describe("a handler may answer with a promise that", () => {
  const PROMISES = {
    "has a `then` that throws": [(made) => (made.then = () => { throw new Error("then"); }), undefined],
    "has a `then` that resolves at once": [(made) => (made.then = (resolve) => resolve(7)), [7]],
    "has a constructor that cannot be read": [(made) => Object.defineProperty(made, "constructor", { get() { throw new Error("c"); } }), undefined],
  };
  for (const [name, [change, answer]] of Object.entries(PROMISES)) {
    test(name, async (t) => {
      const reported = reportedErrors(t);
      const client = newClient(t);
      client.on("question", () => promise(change));
      await client.connect(server.url, { transports: "websocket" });
      const answers = [];
      client.on("answered", (...values) => answers.push(values));
      client.emit("ask");
      await until("the answer or the report", () => answers.length + reported.length > 0);
      assert.deepEqual(answers, answer ? [answer] : []);
      assert.equal(await client.call("echo", "alive"), "alive");
    });
  }
});

describe("a handler's answer", () => {
  const ANSWERS = {
    "whose `then` throws": () => ({
      get then() {
        throw new Error("mine");
      },
    }),
    "that is a revoked proxy": () => {
      const { proxy, revoke } = Proxy.revocable([], {});
      revoke();
      return proxy;
    },
  };
  for (const [name, answer] of Object.entries(ANSWERS)) {
    test(`${name} is reported, and the client goes on`, async (t) => {
      const errors = reportedErrors(t);
      const client = await connected(t);
      client.on("question", answer);
      client.emit("ask");
      await until("the report", () => errors.length > 0);
      assert.equal(await within("the answer", client.call("echo", 1)), 1);
    });
  }
});

test("a program that runs out of stack while it emits can still use its client", async (t) => {
  const client = await connected(t);
  const endless = (number) => {
    client.emit("count", number);
    endless(number + 1);
  };
  assert.throws(() => endless(0), RangeError);
  await works(client);
});

test("a client that runs out of stack while it works rejects calls, and does not hang", async () => {
  // Not of newClient(), since it may not disconnect any longer.
  const client = new api.Client();
  await client.connect(server.url, { transports: "websocket" });
  const endless = (name) => {
    client.disconnectNamespace(name);
    endless(name);
  };
  assert.throws(() => endless("/nowhere"), RangeError);
  // The stack may end in the wasm module or before it, depending on the engine.
  const outcome = await within("the answer", client.call("echo", 1).catch((error) => error.message));
  assert.ok(outcome === 1 || /^this client can no longer be used/.test(outcome), outcome);
});
