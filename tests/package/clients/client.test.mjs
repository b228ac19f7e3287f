// The parts of Client's API that have no file of their own: connecting, events, state and background tasks. The tags are rows of docs/parity.md.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMPATIENT, everyWay, newClient } from "../../support/clients.mjs";
import { listen, unusedAddress } from "../../support/listen.mjs";
import { mutePeer, websocketPeer } from "../../support/peer.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { transformSync } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("esbuild");

const server = sharedServer("npm");

const connected = async (t, options, url = server.url) => {
  const client = newClient(t);
  await client.connect(url, options);
  return client;
};

everyWay(({ url, transports }) => {
  test("[K9] with wait: false, connect() resolves once the server is reached, and what is emitted then is buffered for the namespaces", async (t) => {
    const client = newClient(t);
    await client.connect(url(), { transports, wait: false, namespaces: ["/", "/chat"] });
    assert.deepEqual([client.namespaces.size, client.state], [0, "connecting"]);
    assert.equal(await client.of("/chat").call("echo", 1), 1);
  });

  test("[K10] in its connect handler, the client is connected, knows its sid, and may emit and call", async (t) => {
    const client = newClient(t);
    const seen = new Promise((resolve) => {
      client.on("connect", async () => resolve([client.connected, client.state, client.sid !== undefined, await client.call("echo", 1)]));
    });
    await client.connect(url(), { transports });
    assert.deepEqual(await seen, [true, "connected", true, 1]);
  });
});

describe("[K13] retry", () => {
  test("[K13] connect_error comes for each failure, then disconnectFinal, and then connect() rejects", async (t) => {
    const client = newClient(t, { ...IMPATIENT, reconnectionAttempts: 2 });
    const events = [];
    client.on("connect_error", (error) => events.push(`${error.code} of ${error.namespaces}`));
    client.on("disconnectFinal", () => events.push("final"));
    await assert.rejects(client.connect(await unusedAddress(t), { retry: true }), (error) => events.push("rejected", error.code) > 0);
    assert.deepEqual(events, ["UNREACHABLE of /", "UNREACHABLE of /", "UNREACHABLE of /", "final", "rejected", "UNREACHABLE"]);
  });

  test("[K13] a refusal is not tried again", async (t) => {
    const client = newClient(t);
    await assert.rejects(client.connect(server.url, { retry: true, namespaces: "/refuse" }), { code: "REFUSED" });
    await until("the end", () => client.state === "disconnected");
  });

  for (const [what, end, expected] of [
    ["shutdown()", (client) => client.shutdown(), { code: "DISCONNECTED", fault: "none" }],
    ["a signal", (client, controller) => controller.abort(new Error("enough")), /enough/],
  ]) {
    test(`[K13] is ended by ${what}`, async (t) => {
      const client = newClient(t);
      const controller = new AbortController();
      const failed = heard(client, "connect_error");
      const rejected = assert.rejects(client.connect(await unusedAddress(t), { retry: true, signal: controller.signal }), expected);
      await failed;
      await end(client, controller);
      await within("the rejection", rejected);
      assert.equal(client.state, "disconnected");
    });
  }
});

test("[K14] connect() during a reconnection takes over, and what was emitted stays buffered", async (t) => {
  const lost = await startServer(t, "npm");
  const client = await connected(t, { auth: { id: "K14" } }, lost.url);
  await lost.kill();
  await until("the loss", () => client.state === "reconnecting");
  client.emit("count", "kept");
  await client.connect(server.url, { auth: { id: "K14" } });
  assert.deepEqual(await client.call("counted", "K14"), ["kept"]);
  assert.equal(client.state, "connected");
});

describe("[T4] shutdown()", () => {
  test("disconnects a connected client", async (t) => {
    const client = await connected(t);
    const disconnect = heard(client, "disconnect");
    await client.shutdown();
    assert.equal((await disconnect)[0], client.reason.CLIENT_DISCONNECT);
    assert.equal(client.state, "disconnected");
  });

  test("[T4] ends a connect() that is pending", async (t) => {
    const silent = await listen(t, () => {});
    const client = newClient(t);
    const rejected = assert.rejects(client.connect(silent.url), { name: "DisconnectedError", code: "DISCONNECTED" });
    await once(silent, "request");
    await client.shutdown();
    await rejected;
  });

  test("[T4] ends a reconnection, for good", async (t) => {
    const lost = await startServer(t, "npm");
    const client = await connected(t, {}, lost.url);
    const final = heard(client, "disconnectFinal");
    await lost.kill();
    await until("the loss", () => client.state === "reconnecting");
    await client.shutdown();
    await final;
    await client.wait();
    assert.equal(client.state, "disconnected");
  });

  test("does nothing without a connection", async (t) => {
    await newClient(t).shutdown();
  });
});

describe("[T1, T2] state", () => {
  test("[T2] the transport stays known after the end", async (t) => {
    const client = await connected(t, { transports: "websocket" });
    await client.disconnect();
    assert.equal(client.transport(), "websocket");
  });

  test("[T1] `namespaces` is a snapshot, which the caller may change", async (t) => {
    const client = await connected(t);
    client.namespaces.clear();
    assert.deepEqual([...client.namespaces], [["/", client.getSid()]]);
    assert.equal(client.getSid("/nowhere"), undefined);
  });
});

describe("[E2] event()", () => {
  test("[E2] listens to the event that its function is named after, and returns a function that removes the handler", async (t) => {
    const client = await connected(t, { namespaces: ["/", "/chat"] });
    const calls = [];
    const question = (value) => `root ${value}`;
    const unsubscribe = client.event(question);
    client.event(function question(value) {
      calls.push(value);
    }, { namespace: "/chat" });
    for (const [scope, answer] of [[client, ["root 1"]], [client.of("/chat"), []]]) {
      const answered = heard(scope, "answered");
      scope.emit("ask", 1);
      assert.deepEqual(await answered, answer);
    }
    assert.deepEqual(calls, [1]);
    unsubscribe();
    assert.equal(client.off("question"), false);
  });

  for (const [what, decorator] of [["alone", "client.event"], ["with options", 'client.event({ namespace: "/" })']]) {
    test(`[E2] is a decorator of methods, used ${what}`, async (t) => {
      const client = await connected(t);
      const source = `class Reader { answer = "from the instance"; @${decorator} question(value) { return [this.answer, value]; } }; return new Reader();`;
      const { code } = transformSync(`function make(client) { ${source} }`, { target: "es2022" });
      new Function("client", `${code}; return make(client);`)(client);
      const answered = heard(client, "answered");
      client.emit("ask", 1);
      assert.deepEqual(await answered, [["from the instance", 1]]);
    });
  }

  test("[NAMELESS_HANDLER] refuses a function without a name, and a value that is not a function", (t) => {
    const client = newClient(t);
    assert.throws(() => client.event(() => {}), { name: "InvalidArgumentError", code: "NAMELESS_HANDLER" });
    assert.throws(() => client.event("news"), { code: "INVALID_HANDLER", received: "a string of 4 characters" });
    assert.throws(() => client.event(function news() {}, { namspace: "/" }), { code: "INVALID_OPTION", option: "namspace" });
  });
});

test("[E4] __disconnect_final is another name of disconnectFinal", async (t) => {
  const client = await connected(t);
  const calls = [];
  client.on("__disconnect_final", () => calls.push("final"));
  await client.disconnect();
  assert.deepEqual(calls, ["final"]);
  assert.equal(client.off("disconnectFinal"), true);
});

test("[E5] a second CONNECT of the server for one namespace is ignored", async (t) => {
  const peer = await websocketPeer(t, (socket) => {
    socket.send('40{"sid":"another"}');
    socket.send('42["after"]');
  });
  const client = newClient(t);
  let connects = 0;
  client.on("connect", () => (connects += 1));
  const next = heard(client, "after");
  await client.connect(peer.url, { transports: "websocket" });
  await next;
  assert.deepEqual([connects, client.sid], [1, "socket"]);
});

test("[K8, D9] without an answer, connect() rejects with the names of the namespaces", async (t) => {
  const peer = await mutePeer(t);
  const expected = { name: "ConnectionError", code: "CONNECT_TIMEOUT", milliseconds: 30, namespaces: ["/", "/chat"], message: /\/, \/chat.*`waitTimeout`/ };
  await assert.rejects(newClient(t).connect(peer.url, { namespaces: ["/", "/chat"], waitTimeout: 30 }), expected);
});

describe("[T6] sleep()", () => {
  test("waits for the given time; without one it does not wait", async (t) => {
    const client = newClient(t);
    const start = performance.now();
    await client.sleep(30);
    assert.ok(performance.now() - start >= 29);
    await client.sleep();
  });

  test("rejects with its signal's reason", async (t) => {
    const client = newClient(t);
    const controller = new AbortController();
    const rejected = assert.rejects(client.sleep(600_000, { signal: controller.signal }), /enough/);
    controller.abort(new Error("enough"));
    await rejected;
    await assert.rejects(client.sleep(600_000, { signal: controller.signal }), /enough/);
  });

  for (const milliseconds of [-1, NaN, "1s", null]) {
    test(`refuses ${JSON.stringify(milliseconds)}`, async (t) => {
      const expected = { name: "InvalidArgumentError", code: "INVALID_OPTION", option: "milliseconds", received: typeof milliseconds === "string" ? "a string of 2 characters" : String(milliseconds) };
      await assert.rejects(newClient(t).sleep(milliseconds), expected);
    });
  }
});

describe("[T7, P9] startBackgroundTask()", () => {
  test("runs a function with its arguments after the current task; join() resolves to its result", async (t) => {
    const client = newClient(t);
    const order = [];
    const task = client.startBackgroundTask(async (a, b, signal) => {
      order.push("task");
      assert.ok(signal instanceof AbortSignal && !signal.aborted);
      return a + b;
    }, 1, 2);
    order.push("started");
    assert.equal(await task.join(), 3);
    assert.equal(await task.join(), 3);
    assert.deepEqual(order, ["started", "task"]);
  });

  test("cancel() aborts its signal", async (t) => {
    const errors = reportedErrors(t);
    const client = newClient(t);
    let begun;
    const beginning = new Promise((resolve) => (begun = resolve));
    const task = client.startBackgroundTask(async (signal) => {
      begun();
      await client.sleep(600_000, { signal });
    });
    await beginning;
    task.cancel(new Error("enough"));
    await assert.rejects(task.join(), /enough/);
    const early = client.startBackgroundTask(() => assert.fail("it was cancelled before it began"));
    early.cancel();
    await assert.rejects(early.join(), { name: "AbortError" });
    assert.deepEqual(errors, []);
  });

  test("an error rejects join(), and is reported if nobody joined", async (t) => {
    const errors = reportedErrors(t);
    const client = newClient(t);
    const error = new Error("mine");
    const fail = async () => {
      throw error;
    };
    await assert.rejects(client.startBackgroundTask(fail).join(), /mine/);
    assert.deepEqual(errors, []);
    client.startBackgroundTask(fail);
    client.startBackgroundTask(() => {
      throw error;
    });
    await until("the reports", () => errors.length === 2);
    assert.deepEqual(errors, [error, error]);
  });

  test("a signal ends join(), and the task goes on", async (t) => {
    const client = newClient(t);
    let finish;
    const task = client.startBackgroundTask(() => new Promise((resolve) => (finish = resolve)));
    await assert.rejects(task.join({ signal: AbortSignal.abort(new Error("enough")) }), /enough/);
    await until("the task's beginning", () => finish);
    finish(1);
    assert.equal(await task.join(), 1);
  });

  test("refuses a value that is not a function", (t) => {
    assert.throws(() => newClient(t).startBackgroundTask("work"), { code: "INVALID_HANDLER", received: "a string of 4 characters" });
  });
});

describe("disconnect() and connect() in one handler: each promise is settled by its own connection", () => {
  test("a connect_error handler may connect to another server", async (t) => {
    const client = newClient(t);
    const calls = [];
    client.on("connect_error", () => {
      if (calls.length > 0) return;
      calls.push(client.disconnect(), client.connect(server.url));
    });
    const first = client.connect("http://127.0.0.1:9", { retry: true });
    await assert.rejects(within("the first connect()", first), { name: "DisconnectedError" });
    await within("the second connect()", Promise.all(calls));
    assert.equal(client.connected, true);
  });

  test("a connect handler may connect again", async (t) => {
    const client = newClient(t);
    let again;
    client.on("connect", () => (again ??= [client.disconnect(), client.connect(server.url, { namespaces: "/chat" })]));
    await within("the first connect()", client.connect(server.url).catch((error) => assert.equal(error.name, "DisconnectedError")));
    await within("the second connect()", Promise.all(again));
    assert.deepEqual([...client.namespaces.keys()], ["/chat"]);
  });

  test("a url function may connect again", async (t) => {
    const client = newClient(t);
    let again;
    const first = client.connect(() => {
      again ??= [client.disconnect(), client.connect(server.url)];
      return server.url;
    });
    await assert.rejects(within("the first connect()", first), { name: "DisconnectedError" });
    await within("the second connect()", Promise.all(again));
    assert.equal(client.connected, true);
  });

  test("wait() waits for the end of the current connection, not of the one before", async (t) => {
    const client = await connected(t);
    const left = client.disconnect();
    const joined = client.connect(server.url);
    let isOver = false;
    const over = client.wait().then(() => (isOver = true));
    await within("both", Promise.all([left, joined]));
    await client.call("echo");
    assert.equal(isOver, false);
    await client.disconnect();
    await within("the end", over);
  });

  test("a namespace may be left and joined again", async (t) => {
    const client = await connected(t);
    let again;
    client.on("echo-back", () => {
      const left = client.connectNamespace("/chat");
      client.disconnectNamespace("/chat");
      again = [assert.rejects(left, { name: "DisconnectedError" }), client.connectNamespace("/chat")];
    });
    client.emit("echo-back");
    await until("the event", () => again);
    await within("both", Promise.all(again));
    assert.equal(client.of("/chat").connected, true);
  });
});

test("the signal of a connect() that is refused does not end the pending one", async (t) => {
  const client = newClient(t);
  const first = client.connect(server.url);
  const controller = new AbortController();
  const second = client.connect(server.url, { signal: controller.signal });
  controller.abort(new Error("the second's"));
  await assert.rejects(second, (error) => error.code === "ALREADY_CONNECTED" || error.message === "the second's");
  await within("the first connect()", first);
  assert.equal(client.connected, true);
});
