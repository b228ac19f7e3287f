// Setting and removing handlers, the arguments that they get, and the errors that they throw.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { folder } from "../../support/installed.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard } from "../../support/until.mjs";

const server = sharedServer("npm");

// Makes the server send an event back; resolves when the event was handled.
async function sent(client, ...event) {
  client.emit("echo-back", ...event);
  await client.call("echo", "the event before was handled");
}

async function connected(t, namespaces) {
  const client = newClient(t);
  await client.connect(server.url, { namespaces });
  return client;
}

describe("handlers", () => {
  test("[E1] on() replaces the handler before", async (t) => {
    const client = await connected(t);
    const calls = [];
    client.on("echo-back", () => calls.push("first"));
    client.on("echo-back", () => calls.push("second"));
    await sent(client);
    assert.deepEqual(calls, ["second"]);
  });

  test("once() is called for one event", async (t) => {
    const client = await connected(t);
    const calls = [];
    client.once("echo-back", (value) => calls.push(value));
    await sent(client, 1);
    await sent(client, 2);
    assert.deepEqual(calls, [1]);
  });

  test("[E1] the function that on() returns removes its own handler, and no other", async (t) => {
    const client = await connected(t);
    const calls = [];
    const first = client.on("echo-back", () => calls.push("first"));
    const second = client.on("echo-back", () => calls.push("second"));
    first();
    await sent(client);
    second();
    second();
    await sent(client);
    assert.deepEqual(calls, ["second"]);
  });

  test("off() removes any handler, or only the given one, also a handler of once()", (t) => {
    const client = newClient(t);
    const handler = () => {};
    client.on("x", handler);
    assert.equal(client.off("x", () => {}), false);
    assert.equal(client.off("x", handler), true);
    client.once("x", handler);
    assert.equal(client.off("x", handler), true);
    client.on("x", handler);
    assert.equal(client.off("x"), true);
    assert.equal(client.off("x"), false);
  });

  // An action while a once() has replaced a handler for one event, and the handlers that are called for three events after it.
  const PENDING = {
    "no action: the handler is back after the event": [() => {}, ["once", "first", "first"]],
    "off() with the handler": [({ client, first }) => assert.equal(client.off("echo-back", first), true), ["once"]],
    "the function that on() returned": [({ off }) => assert.equal(off(), true), ["once"]],
    "off() with the handler of once()": [({ client, once }) => assert.equal(client.off("echo-back", once), true), ["first", "first", "first"]],
    "the function that once() returned": [({ offOnce }) => assert.equal(offOnce(), true), ["first", "first", "first"]],
    "off() without a handler": [({ client }) => assert.equal(client.off("echo-back"), true), []],
    "off() with the handler, twice": [({ client, first }) => (client.off("echo-back", first), assert.equal(client.off("echo-back", first), false)), ["once"]],
    "another on()": [({ client, hear }) => client.on("echo-back", hear("second")), ["second", "second", "second"]],
    "another once(), then off() with the handler of on()": [
      ({ client, hear, first }) => (client.once("echo-back", hear("second")), client.off("echo-back", first)),
      ["second", "once"],
    ],
    "another once(), then off() with the handler of the first once()": [
      ({ client, hear, once }) => (client.once("echo-back", hear("second")), client.off("echo-back", once)),
      ["second", "first", "first"],
    ],
    "another once(), then the function that the first once() returned": [
      ({ client, hear, offOnce }) => (client.once("echo-back", hear("second")), assert.equal(offOnce(), true)),
      ["second", "first", "first"],
    ],
    "once() with the same function, then off() with that function": [
      ({ client, first }) => (client.once("echo-back", first), client.off("echo-back", first)),
      ["once"],
    ],
  };
  for (const [what, [act, expected]] of Object.entries(PENDING)) {
    test(`a handler that a pending once() has replaced: ${what}`, async (t) => {
      const client = await connected(t);
      const calls = [];
      const hear = (name) => () => void calls.push(name);
      const [first, once] = [hear("first"), hear("once")];
      const off = client.on("echo-back", first);
      const offOnce = client.once("echo-back", once);
      act({ client, hear, first, once, off, offOnce });
      for (let count = 0; count < 3; count++) await sent(client);
      assert.deepEqual(calls, expected);
    });
  }

  test("[E1] each namespace has handlers of its own", async (t) => {
    const client = await connected(t, ["/", "/chat"]);
    const calls = [];
    client.on("echo-back", () => calls.push("/"));
    client.on("echo-back", () => calls.push("/chat"), { namespace: "/chat" });
    await sent(client.of("/chat"));
    assert.deepEqual(calls, ["/chat"]);
  });

  test("[D2] handlers of all events and of all namespaces get the names, too", async (t) => {
    const client = await connected(t, ["/", "/chat"]);
    const calls = [];
    client.on("*", (...args) => calls.push(args));
    client.of("*").on("*", (...args) => calls.push(args));
    await sent(client, 1);
    await sent(client.of("/chat"), 2);
    assert.deepEqual(calls, [["echo-back", 1], ["echo-back", "/chat", 2]]);
  });

  test("a handler that is set in a connect handler gets the next event", async (t) => {
    const client = newClient(t);
    const chat = client.of("/early");
    const early = new Promise((resolve) => chat.once("connect", () => void chat.on("early", resolve)));
    await client.connect(server.url, { namespaces: "/early" });
    assert.equal(await early, 0);
  });

  test("a handler may emit, call and disconnect", async (t) => {
    const client = await connected(t);
    const done = new Promise((resolve) =>
      client.on("echo-back", async () => {
        client.emit("count", 1);
        const answer = await client.call("echo", "inside");
        await client.disconnect();
        resolve(answer);
      }),
    );
    client.emit("echo-back");
    assert.equal(await done, "inside");
  });
});

describe("a handler that throws", () => {
  for (const [kind, handler] of Object.entries({
    "at once": (error) => {
      throw error;
    },
    "in its promise": async (error) => {
      throw error;
    },
  })) {
    test(`[E10] ${kind} is reported, sends no answer, and other events go on`, async (t) => {
      const client = await connected(t);
      const errors = reportedErrors(t);
      const error = new Error("mine");
      let answers = 0;
      client.on("answered", () => (answers += 1));
      client.on("question", () => handler(error));
      client.emit("ask");
      const next = heard(client, "echo-back");
      client.emit("echo-back", "next");
      assert.deepEqual(await next, ["next"]);
      await client.call("echo", 1);
      assert.deepEqual([errors, answers, client.state], [[error], 0, "connected"]);
    });
  }

  test("is reported for connect and disconnect, too", async (t) => {
    const errors = reportedErrors(t);
    const client = newClient(t);
    for (const event of ["connect", "disconnect", "disconnectFinal"]) {
      client.on(event, () => {
        throw new Error(event);
      });
    }
    await client.connect(server.url);
    await client.disconnect();
    assert.deepEqual(errors.map(({ message }) => message), ["connect", "disconnect", "disconnectFinal"]);
  });

  test("is reported for the callback of emit(), too", async (t) => {
    const errors = reportedErrors(t);
    const client = await connected(t);
    client.emit("echo", () => {
      throw new Error("callback");
    });
    await client.call("echo", 1);
    assert.deepEqual(errors.map(({ message }) => message), ["callback"]);
  });

  test("[D11] is an uncaught exception in Node, whose stack names the handler", (t) => {
    const script = join(folder, `throwing-${process.pid}.mjs`);
    writeFileSync(
      script,
      `import { Client } from "socketio-wasm";
      const client = new Client();
      process.on("uncaughtException", (error) => console.log(error.stack));
      client.on("echo-back", function faulty() { throw new Error("mine"); });
      await client.connect(process.argv[2]);
      client.emit("echo-back");
      console.log(await client.call("echo", "goes on"));
      await client.disconnect();`,
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, server.url], { encoding: "utf8", timeout: 30_000 });
    assert.match(stdout, /^Error: mine\n +at .*faulty[^]*goes on\n$/, stderr);
    assert.equal(status, 0);
  });
});
