// An event or an acknowledgement with more values than a function can be called with is reported, and the connection goes on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { run } from "../../support/command.mjs";
import { api } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { until } from "../../support/until.mjs";

const MOST = 10_000;

/** Collects the errors of the `error` event of a namespace. A handler for "/" would keep events of "/" from a handler for "*". */
function reported(client, namespace = "/") {
  const errors = [];
  client.of(namespace).on("error", (...args) => errors.push(args.at(-1)));
  return errors;
}

const values = (count) => Array.from({ length: count }, () => 1).join();

/** Starts a server that sends events with these numbers of values, asks for an acknowledgement of every second one, and then sends "after". */
async function sending(t, counts, namespace = "") {
  const acknowledged = [];
  const peer = await websocketPeer(t, (socket) => {
    socket.on("message", (text) => {
      const message = String(text);
      if (message.startsWith("40/chat")) socket.send('40/chat,{"sid":"chat"}');
      if (message.startsWith("43")) acknowledged.push(message);
      const [, id] = /^42(\d+)\["ask"/.exec(message) ?? [];
      if (id !== undefined) socket.send(`43${id}[${values(counts[0])}]`);
      if (!/^42(\/chat,)?\["go"\]/.test(message)) return;
      counts.forEach((count, at) => socket.send(`42${namespace}${at % 2 ? at : ""}["many",${values(count)}]`));
      socket.send(`42${namespace}["after"]`);
    });
  });
  return Object.assign(peer, { acknowledged });
}

const namespaceOf = (on_many, on_after) =>
  new (class extends api.ClientNamespace {
    on_many = on_many;
    on_after = on_after;
  })("/chat");

// Ways to listen, as functions of (client, handler of "many", handler of "after").
const LISTENERS = {
  "a handler": (client, many, after) => {
    client.on("many", many);
    client.on("after", after);
  },
  "once()": (client, many, after) => {
    client.on("many", many);
    client.once("many", many);
    client.on("after", after);
  },
  "a handler of all events": (client, many, after) => client.on("*", (event, ...args) => (event === "many" ? many(...args) : after())),
  "a handler of all namespaces": (client, many, after) => {
    client.of("*").on("many", (namespace, ...args) => many(...args));
    client.of("*").on("after", after);
  },
  "a handler of all events of all namespaces": (client, many, after) =>
    client.of("*").on("*", (event, namespace, ...args) => (event === "many" ? many(...args) : after())),
};

describe("an event with too many values", () => {
  for (const [what, listen] of Object.entries(LISTENERS)) {
    test(`[TOO_MANY_ARGUMENTS] is reported for ${what}, and later events are handled`, async (t) => {
      const counts = [120_000, 120_000, MOST + 1, MOST, 65_000];
      const peer = await sending(t, counts);
      const client = newClient(t, { ...IMPATIENT, reconnection: false });
      const errors = reported(client, what.includes("all namespaces") ? "*" : "/");
      const heard = [];
      let after = 0;
      listen(client, (...args) => void heard.push(args.length), () => void after++);
      await client.connect(peer.url, { transports: "websocket" });
      client.emit("go");
      await until("the event behind them", () => after > 0);
      assert.deepEqual(heard, [MOST]);
      const expected = (count) => ({ name: "PayloadTooLargeError", code: "TOO_MANY_ARGUMENTS", fault: "peer", event: "many", size: count, limit: MOST });
      const got = errors.map(({ name, code, fault, event, size, limit }) => ({ name, code, fault, event, size, limit }));
      assert.deepEqual(got, [120_000, 120_000, MOST + 1, 65_000].map(expected));
      assert.match(errors[0].message, /has sent 120000 values with "many".* 10000 at most.*as one array/);
      assert.equal(client.connected, true);
    });
  }

  test("is reported for a ClientNamespace", async (t) => {
    const peer = await sending(t, [120_000, MOST], "/chat,");
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    const errors = reported(client);
    const heard = [];
    let after = 0;
    client.registerNamespace(namespaceOf((...args) => void heard.push(args.length), () => void after++));
    await client.connect(peer.url, { transports: "websocket", namespaces: ["/", "/chat"] });
    client.of("/chat").emit("go");
    await until("the event behind them", () => after > 0);
    assert.deepEqual([heard, errors.map(({ code, size }) => [code, size])], [[MOST], [["TOO_MANY_ARGUMENTS", 120_000]]]);
  });

  test("is reported to the logger of a SimpleClient, which receives the later events", async (t) => {
    const errors = [];
    const peer = await sending(t, [120_000, MOST - 1]);
    const simple = new api.SimpleClient({ reconnection: false, logger: { error: (line, error) => errors.push(error) } });
    t.after(() => simple.disconnect());
    await simple.connect(peer.url, { transports: "websocket" });
    await simple.emit("go");
    assert.equal((await simple.receive({ timeout: 30_000 })).length, MOST);
    assert.deepEqual(await simple.receive({ timeout: 30_000 }), ["after"]);
    assert.deepEqual(errors.map(({ code }) => code), ["TOO_MANY_ARGUMENTS"]);
  });

  test("is reported by the command line, which goes on", async (t) => {
    const peer = await sending(t, [120_000]);
    const { out, err, code } = await run(t, [peer.url, "--transport", "websocket", "--emit", "go", "--listen", "after", "--listen", "many", "--count", "1"]);
    assert.equal(out, "after\n");
    assert.match(err, /has sent 120000 values with "many"/);
    assert.equal(code, 1);
  });

  test("is not confused with a RangeError of the handler", async (t) => {
    const errors = reportedErrors(t);
    const peer = await sending(t, [2]);
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    client.on("error", (error) => assert.fail(error));
    const mine = new RangeError("Maximum call stack size exceeded");
    client.on("many", () => {
      throw mine;
    });
    await client.connect(peer.url, { transports: "websocket" });
    client.emit("go");
    await until("the report", () => errors.length > 0);
    assert.equal(errors[0], mine);
  });
});

describe("an acknowledgement with too many values", () => {
  test("[TOO_MANY_ARGUMENTS] is reported for the callback of emit(); call() gets the values as an array", async (t) => {
    const peer = await sending(t, [120_000]);
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    const errors = reported(client);
    await client.connect(peer.url, { transports: "websocket" });
    let called = 0;
    client.emit("ask", () => void called++);
    assert.equal((await client.call("ask")).length, 120_000);
    const simple = new api.SimpleClient({ reconnection: false });
    t.after(() => simple.disconnect());
    await simple.connect(peer.url, { transports: "websocket" });
    assert.equal((await simple.call("ask")).length, 120_000);
    assert.equal(called, 0);
    assert.deepEqual(errors.map(({ code, event, size }) => [code, event, size]), [["TOO_MANY_ARGUMENTS", "ask", 120_000]]);
    assert.equal(client.connected, true);
  });

  test("reaches the callback if it has as many values as possible", async (t) => {
    const peer = await sending(t, [MOST]);
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    await client.connect(peer.url, { transports: "websocket" });
    assert.equal(await new Promise((resolve) => client.emit("ask", (...answer) => resolve(answer.length))), MOST);
  });

  test("has no limit if the client sends it: an array, a tuple, and with a Blob in it", async (t) => {
    const many = Array.from({ length: 120_000 }, () => 1);
    const answers = [];
    const peer = await websocketPeer(t, (socket) => {
      socket.on("message", (text, isBinary) => isBinary || answers.push(String(text)));
      socket.send('421["a"]');
      socket.send('422["b"]');
    });
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    const list = api.tuple();
    for (const one of many) list.push(one);
    client.on("a", () => list);
    client.on("b", () => {
      const withBlob = api.tuple();
      for (const one of many) withBlob.push(one);
      withBlob.push(new Blob(["x"]));
      return withBlob;
    });
    await client.connect(peer.url, { transports: "websocket" });
    await until("the answers", () => answers.length === 2);
    assert.deepEqual(answers.map((answer) => answer.slice(0, 6)), ["431[1,", "461-2["]);
  });
});
