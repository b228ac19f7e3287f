// What must not break a client: buffers given away, objects that throw, sockets that refuse, functions that never end.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { WebSocket as NodeWebSocket } from "../../../pkg/platform/node/websocket.js";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";

let server;
before(async () => {
  server = await startServer({ after: () => {} }, "npm");
});
after(() => server.kill());

async function connected(t, options, clientOptions) {
  const client = newClient(t, { ...IMPATIENT, ...clientOptions });
  await client.connect(server.url, options);
  return client;
}

// The errors that nobody caught, while the test runs.
function reported(t) {
  const errors = [];
  globalThis.reportError = (error) => errors.push(error);
  t.after(() => delete globalThis.reportError);
  return errors;
}

const giveAway = ({ buffer }) => structuredClone(buffer, { transfer: [buffer] });

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  describe(`[M2] binary over ${name}`, () => {
    test("whose buffer is given away before it is sent arrives empty, and harms nothing else", async (t) => {
      const client = await connected(t, { transports });
      const bytes = new Uint8Array([1, 2, 3]);
      const calls = [client.call("echo", "before"), client.call("echo", { bytes }), client.call("echo", "after")];
      giveAway(bytes);
      const answers = await within("the answers", Promise.all(calls));
      assert.deepEqual(answers, ["before", { bytes: new Uint8Array(0) }, "after"]);
      assert.equal(client.state, "connected");
    });

    test("in memory that is shared is copied when it is emitted", async (t) => {
      const client = await connected(t, { transports });
      const bytes = new Uint8Array(new SharedArrayBuffer(2)).fill(1);
      const call = client.call("echo", bytes);
      bytes.fill(2);
      assert.deepEqual(await call, new Uint8Array([1, 1]));
    });

    test("that is received has its buffer for itself", async (t) => {
      const client = await connected(t, { transports });
      const { buffer, byteLength } = await client.call("echo", new Uint8Array([1, 2, 3]));
      assert.deepEqual([byteLength, buffer], [3, new Uint8Array([1, 2, 3]).buffer]);
    });
  });
}

describe("a WebSocket", () => {
  class Blocked {
    constructor() {
      throw new Error("blocked by policy");
    }
  }

  test("that cannot be made for the upgrade leaves the client on polling", async (t) => {
    const client = newClient(t, { ...IMPATIENT, WebSocket: Blocked });
    await client.connect(server.url);
    assert.equal(await within("the answer", client.call("echo", 1)), 1);
    assert.equal(client.transport(), "polling");
    await within("disconnect()", client.disconnect());
  });

  test("that cannot be made at all is an error with its words", async (t) => {
    const client = newClient(t, { ...IMPATIENT, WebSocket: Blocked });
    const expected = { code: "UNREACHABLE", message: /blocked by policy/ };
    await assert.rejects(within("the rejection", client.connect(server.url, { transports: "websocket" })), expected);
  });

  test("that refuses a frame ends the connection, and another is made: no call is left without an end", async (t) => {
    class Picky extends NodeWebSocket {
      send(data) {
        if (String(data).includes("poison")) throw new Error("no such frame");
        super.send(data);
      }
    }
    const client = await connected(t, { transports: "websocket" }, { WebSocket: Picky });
    const disconnect = heard(client, "disconnect");
    const again = heard(client, "connect");
    const calls = ["before", "poison", "after"].map((value) => client.call("echo", value));
    const results = await within("the calls' ends", Promise.allSettled(calls));
    assert.deepEqual([results[1].status, results[1].reason.code], ["rejected", "DISCONNECTED"]);
    const [reason, { error }] = await disconnect;
    assert.equal(reason, "transport error");
    assert.match(error.message, /no such frame/);
    await again;
    assert.equal(await client.call("echo", "again"), "again");
  });
});

describe("an answer of a handler", () => {
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
      const errors = reported(t);
      const client = await connected(t);
      client.on("question", answer);
      client.emit("ask");
      await until("the report", () => errors.length > 0);
      assert.equal(await within("the answer", client.call("echo", 1)), 1);
    });
  }
});

describe("namespaces", () => {
  test("the auth of one is forgotten with its connection", async (t) => {
    const client = await connected(t);
    await client.connectNamespace("/auth", { auth: { token: "secret" } });
    await client.disconnect();
    const again = client.connect(server.url, { namespaces: ["/", "/auth"], auth: { token: "wrong" } });
    await assert.rejects(again, { code: "REFUSED", namespaces: ["/auth"] });
  });

  for (const [namespace, status] of [["/chat", "fulfilled"], ["/refuse", "rejected"]]) {
    test(`several that wait for ${namespace} are all told: ${status}`, async (t) => {
      const client = await connected(t);
      const waiting = [1, 2, 3].map(() => client.connectNamespace(namespace));
      const results = await within("their ends", Promise.allSettled(waiting));
      assert.deepEqual(results.map((result) => result.status), [status, status, status]);
    });
  }

  test("one that gives up waiting does not cut off another; where all do, it is not connected", async (t) => {
    const client = await connected(t);
    const controller = new AbortController();
    const { signal } = controller;
    const given = [client.connectNamespace("/chat", { signal }), client.connectNamespace("/early", { signal }), client.connectNamespace("/early", { signal })];
    const other = client.connectNamespace("/chat");
    controller.abort("enough");
    for (const waiting of given) await assert.rejects(waiting, (error) => error === "enough");
    await within("the other", other);
    assert.equal(await client.of("/chat").call("echo", 1), 1); // the server has answered all CONNECTs before
    assert.deepEqual([...client.namespaces.keys()].sort(), ["/", "/chat"]);
  });
});

test("a call on a connection that is found dead has an end, also where its end is the client's", async (t) => {
  const peer = await websocketPeer(t, () => {});
  const client = newClient(t);
  await client.connect(peer.url, { transports: "websocket" });
  client.on("disconnect", () => client.disconnect());
  const now = Date.now;
  t.mock.method(Date, "now", () => now() + 3_600_000); // as if the machine had slept for an hour
  await assert.rejects(within("the call's end", client.call("x")), { code: "DISCONNECTED" });
});

describe("a function of the user's that never ends", () => {
  const never = () => new Promise(() => {});
  const ways = {
    url: (client) => client.connect(never),
    headers: (client) => client.connect(server.url, { headers: never }),
    auth: (client) => client.connect(server.url, { auth: never }),
  };
  for (const [name, connect] of Object.entries(ways)) {
    test(`[PREPARATION_TIMEOUT] for ${name} fails the attempt`, async (t) => {
      const client = newClient(t, { ...IMPATIENT, requestTimeout: 60 });
      const expected = { name: "ConnectionError", code: "PREPARATION_TIMEOUT", fault: "misuse", milliseconds: 60 };
      await assert.rejects(within("the rejection", connect(client)), expected);
      await client.connect(server.url);
      assert.equal(await client.call("echo", 1), 1);
    });
  }

  test("for the auth of one namespace harms no other", async (t) => {
    const client = await connected(t, {}, { requestTimeout: 200 });
    const joining = client.connectNamespace("/chat", { auth: never });
    await assert.rejects(within("the rejection", joining), { code: "PREPARATION_TIMEOUT" });
    assert.equal(await client.call("echo", 1), 1);
  });
});

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

test("a handler's promise that is settled when its client is gone harms nobody", async (t) => {
  const errors = [];
  const caught = (error) => errors.push(error);
  process.on("uncaughtException", caught);
  t.after(() => process.off("uncaughtException", caught));
  let settle;
  let collected = false;
  const registry = new FinalizationRegistry(() => (collected = true));
  await (async () => {
    const client = await connected({ after: () => {} }); // which would keep it until the end
    const asked = new Promise((resolve) => {
      client.on("question", () => (resolve(), new Promise((resolve) => (settle = resolve))));
    });
    client.emit("ask", 1);
    await asked;
    await client.disconnect();
    registry.register(client);
  })();
  await until("the collection", () => (collectGarbage(), collected));
  collectGarbage(); // what the client held is finalised apart from it
  await turn();
  settle("late");
  await turn();
  assert.deepEqual(errors, []);
});

describe("wait() and drain()", () => {

  // Signals of which each was waited for, and aborted.
  const aborted = async (wait) => {
    const signals = [];
    for (let round = 0; round < 10; round += 1) {
      const controller = new AbortController();
      signals.push(new WeakRef(controller.signal));
      const waiting = wait({ signal: controller.signal });
      controller.abort("enough");
      await assert.rejects(waiting, (error) => error === "enough");
    }
    return signals;
  };

  test("keep nothing of those that gave up", async (t) => {
    const silent = await listen(t, () => {});
    const client = newClient(t, { requestTimeout: 0 });
    const connecting = assert.rejects(client.connect(silent.url), { code: "DISCONNECTED" });
    client.emit("kept"); // until it is connected, so never
    for (const wait of ["wait", "drain"]) {
      const signals = await aborted((options) => client[wait](options));
      await until(`the end of what ${wait}() kept`, () => (collectGarbage(), signals.every((signal) => !signal.deref())));
    }
    await client.disconnect();
    await connecting;
  });

  test("tell all that wait, whoever has given up", async (t) => {
    const client = await connected(t);
    const controller = new AbortController();
    const [first, second] = [client.wait({ signal: controller.signal }), client.wait()];
    controller.abort();
    await assert.rejects(first, { name: "AbortError" });
    await client.disconnect();
    await within("the end", second);
    await within("the end, known before", client.wait());
    await client.connect(server.url);
    const third = client.wait();
    await client.disconnect();
    await within("the next end", third);
  });
});

describe("values beside binary data are written as JSON writes them", () => {
  const themselves = { n: 1, toJSON: () => themselves };
  const VALUES = {
    "toJSON that gives the object itself": themselves,
    "toJSON that gives an object with another": { toJSON: () => ({ n: 1, toJSON: () => 2 }) },
    "toJSON that gives an array": { toJSON: () => [1, { toJSON: () => 2 }] },
    "a Date": new Date(0),
    "boxed values": [new String("s"), new Number(1), new Boolean(false)],
    "what JSON has not": [undefined, () => 1, NaN, { gone: undefined }],
  };
  for (const [name, value] of Object.entries(VALUES)) {
    test(name, async (t) => {
      const client = await connected(t);
      const bytes = new Uint8Array(1);
      // A Blob has its bytes put into a copy, which is made in its own way.
      for (const binary of [bytes, new Blob([bytes])]) {
        assert.deepEqual(await within("the answer", client.call("echo", value, binary)), [JSON.parse(JSON.stringify(value)), bytes]);
      }
    });
  }
});
