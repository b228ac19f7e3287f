// Setting and removing handlers, the arguments that they get, and the errors that they throw.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { sent } from "../../support/echo.mjs";
import { folder } from "../../support/installed.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard } from "../../support/until.mjs";

const server = sharedServer("npm");

async function connected(t, namespaces) {
  const client = newClient(t);
  await client.connect(server.url, { namespaces });
  return client;
}

describe("handlers", () => {
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
