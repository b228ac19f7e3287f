// SimpleClient, with real servers: rows S1 to S10 of docs/parity.md.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { IMPATIENT, TRANSPORTS } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { mutePeer } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { until, within } from "../../support/until.mjs";

const { SimpleClient } = api;

function newSimple(t, options = IMPATIENT) {
  const simple = new SimpleClient(options);
  t.after(() => within("the client's disconnection", simple.disconnect()));
  return simple;
}

const servers = {};
before(async () => {
  for (const kind of SERVERS) servers[kind] = await startServer({ after: () => {} }, kind);
});
after(() => Promise.all(Object.values(servers).map((server) => server.kill())));

async function connected(t, options, server = servers.npm) {
  const simple = newSimple(t);
  await simple.connect(server.url, options);
  return simple;
}

const ENDED = { name: "DisconnectedError", code: "CONNECTION_ENDED" };
const BY_US = { ...ENDED, fault: "none", reason: "client disconnect", message: /^disconnect\(\) was called: call connect\(\)/ };
const BY_SERVER = { ...ENDED, fault: "peer", reason: "server disconnect", message: /^The server has ended the connection/ };
const LOST = { ...ENDED, fault: "network", reason: "transport error", message: /reconnectionAttempts/ };

/** Returns true if a promise is still pending after all microtasks and the I/O at hand. */
async function isPending(promise) {
  const pending = Symbol("pending");
  return (await Promise.race([promise.catch(() => {}), new Promise((resolve) => setImmediate(resolve, pending))])) === pending;
}

/** Returns a server, a client that is connected to it, and a function that kills the server and waits until the client knows. */
async function losing(t, options = IMPATIENT) {
  const server = await startServer(t, "npm");
  const simple = newSimple(t, options);
  await simple.connect(server.url);
  const lose = async () => {
    await server.kill();
    await until("the loss", () => !simple.connected);
  };
  return { server, simple, lose };
}

for (const kind of SERVERS) {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`[S2, S3, S4, S5, S6, S7] ${kind}, ${name}: connect, emit, call, receive, sid, transport`, async (t) => {
      const simple = newSimple(t);
      assert.deepEqual([simple.sid, simple.transport, simple.connected], [undefined, "", false]);
      await simple.connect(servers[kind].url, { transports, namespace: "/chat" });
      assert.equal(simple.connected, true);
      assert.match(simple.sid, /^[\w-]{10,}$/);
      assert.ok(transports.includes(simple.transport));
      assert.equal(await simple.emit("echo-back", 1, { two: new Uint8Array([2]) }), undefined);
      assert.deepEqual(await simple.receive({ timeout: 30_000 }), ["echo-back", 1, { two: new Uint8Array([2]) }]);
      assert.equal(await simple.call("echo", "one"), "one");
      assert.deepEqual(await simple.call("echo", 1, 2), [1, 2]);
      assert.equal(await simple.call("echo"), undefined);
      await simple.disconnect();
      assert.deepEqual([simple.sid, simple.transport, simple.connected], [undefined, "", false]);
    });
  }
}

describe("[S1] the constructor", () => {
  test("takes the options of Client, and names a wrong one", (t) => {
    newSimple(t, { reconnection: false, maxBuffer: 3 });
    assert.throws(() => new SimpleClient({ reconnect: true }), { code: "INVALID_OPTION", option: "reconnect" });
  });
  test("applies its options to each connection", async (t) => {
    const { simple, lose } = await losing(t, { reconnection: false });
    await lose();
    await assert.rejects(simple.receive(), LOST);
  });
});

describe("[S2] connect", () => {
  test("sends headers, auth and the query to the path", async (t) => {
    const seen = [];
    const http = await listen(t, (request, response) => {
      seen.push([request.url, request.headers.token]);
      response.writeHead(404).end("no");
    });
    await assert.rejects(newSimple(t).connect(`${http.url}?a=b`, { headers: { token: "x" }, path: "/own" }), { code: "HTTP_STATUS", status: 404 });
    // One request over polling, then one for the websocket.
    assert.deepEqual(seen.map(([, token]) => token), ["x", "x"]);
    assert.match(seen[0][0], /^\/own\/\?a=b&/);
    const simple = newSimple(t);
    await simple.connect(servers.npm.url, { namespace: "/auth", auth: { token: "secret" } });
    assert.deepEqual(await simple.receive(), ["welcome", { token: "secret" }]);
  });

  test("rejects if the server refuses the namespace", async (t) => {
    const expected = { name: "ConnectionError", code: "REFUSED", namespaces: ["/refuse"], data: { message: "no entry" }, message: /no entry$/ };
    await assert.rejects(newSimple(t).connect(servers.npm.url, { namespace: "/refuse" }), expected);
  });

  test("rejects if nothing listens, and may be called again", async (t) => {
    const simple = newSimple(t);
    await assert.rejects(simple.connect("http://127.0.0.1:1"), { name: "ConnectionError", code: "UNREACHABLE" });
    await simple.connect(servers.npm.url);
    assert.equal(await simple.call("echo", 1), 1);
  });

  for (const waitTimeout of [20, undefined]) {
    test(`[S2, CONNECT_TIMEOUT] rejects after waitTimeout (${waitTimeout ?? "5000 by default"}) if the server does not answer for the namespace`, async (t) => {
      const peer = await mutePeer(t);
      const expected = { name: "ConnectionError", code: "CONNECT_TIMEOUT", milliseconds: waitTimeout ?? 5_000, namespaces: ["/"] };
      await assert.rejects(newSimple(t).connect(peer.url, { waitTimeout }), expected);
    });
  }

  test("rejects with the reason of its signal", async (t) => {
    const silent = await listen(t, () => {});
    const controller = new AbortController();
    const simple = newSimple(t);
    const connecting = simple.connect(silent.url, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(connecting, /enough/);
    await simple.connect(servers.npm.url);
  });

  test("[S2, ALREADY_CONNECTED] is refused while the client is connected, connecting or reconnecting", async (t) => {
    const already = { name: "ConnectionError", code: "ALREADY_CONNECTED", fault: "misuse", message: /^Already connected/ };
    const { simple, lose } = await losing(t);
    await assert.rejects(simple.connect(servers.npm.url), already);
    await lose();
    await assert.rejects(simple.connect(servers.npm.url), already);
    const other = newSimple(t);
    const first = other.connect(servers.npm.url);
    await assert.rejects(other.connect(servers.npm.url), already);
    await first;
  });

  for (const [option, value] of [["namespaces", ["/"]], ["wait", true], ["retry", true], ["nonsense", 1], ["waitTimeout", -1]]) {
    test(`[INVALID_OPTION] the option ${option}: ${JSON.stringify(value)} is refused`, async (t) => {
      await assert.rejects(newSimple(t).connect(servers.npm.url, { [option]: value }), { name: "InvalidArgumentError", code: "INVALID_OPTION", option });
    });
  }

  for (const namespace of ["chat", "*", 7]) {
    test(`[INVALID_NAMESPACE] the namespace ${namespace} is refused`, async (t) => {
      await assert.rejects(newSimple(t).connect(servers.npm.url, { namespace }), { code: "INVALID_NAMESPACE" });
    });
  }

  test("drops the events of the connection before", async (t) => {
    const simple = await connected(t);
    await simple.emit("echo-back", "old");
    await simple.call("echo");
    await simple.disconnect();
    await simple.connect(servers.npm.url);
    await simple.emit("echo-back", "new");
    assert.deepEqual(await simple.receive(), ["echo-back", "new"]);
  });
});

describe("[S3, S4] emit and call", () => {
  test("[S3] wait for the first connection", async (t) => {
    const simple = newSimple(t);
    const emitted = simple.emit("echo-back", "early");
    const called = simple.call("echo", "early");
    assert.ok((await isPending(emitted)) && (await isPending(called)));
    await simple.connect(servers.npm.url);
    await emitted;
    assert.equal(await called, "early");
    assert.deepEqual(await simple.receive(), ["echo-back", "early"]);
  });

  test("[S3] wait during a reconnection", async (t) => {
    const { server, simple, lose } = await losing(t);
    const before = simple.sid;
    await lose();
    assert.equal(simple.sid, undefined);
    const emitted = simple.emit("echo-back", "late");
    const called = simple.call("echo", "late");
    assert.ok((await isPending(emitted)) && (await isPending(called)));
    await server.start();
    await within("the emit", emitted);
    assert.equal(await within("the answer", called), "late");
    assert.deepEqual(await simple.receive(), ["echo-back", "late"]);
    assert.ok(simple.sid && simple.sid !== before, "the sid did not change");
  });

  test("[S4, EMIT_TIMEOUT] end after their time, which covers both the connection and the answer", async (t) => {
    const simple = newSimple(t);
    const late = { name: "TimeoutError", code: "EMIT_TIMEOUT", event: "x", milliseconds: 20, message: /"x" was not sent/ };
    await assert.rejects(simple.timeout(20).emit("x"), late);
    await assert.rejects(simple.with({ timeout: 20 }).call("x"), { name: "TimeoutError", code: "CALL_TIMEOUT", event: "x", milliseconds: 20 });
    await simple.connect(servers.npm.url);
    await assert.rejects(simple.timeout(20).call("never"), { code: "CALL_TIMEOUT", event: "never", milliseconds: 20 });
    const waiting = newSimple(t);
    const called = assert.rejects(waiting.timeout(1_000).call("never"), { code: "CALL_TIMEOUT" });
    // Compared with another timer, not with the clock: on a busy machine timers may be late, but they fire in their order.
    const tooLate = sleep(1_600).then(() => assert.fail("the time began with the connection"));
    await sleep(700); // the difference between the two beginnings
    await waiting.connect(servers.npm.url);
    await Promise.race([called, tooLate]);
    tooLate.catch(() => {});
  });

  test("reject with the reason of their signal, before and after the connection", async (t) => {
    const simple = newSimple(t);
    for (const prepare of [() => {}, () => simple.connect(servers.npm.url)]) {
      await prepare();
      const controller = new AbortController();
      const call = simple.with({ signal: controller.signal }).call("never");
      controller.abort(new Error("enough"));
      await assert.rejects(call, /enough/);
    }
    await assert.rejects(simple.with({ signal: AbortSignal.abort(new Error("before")) }).emit("x"), /before/);
  });

  test("[S4] a call that was sent rejects when its connection drops", async (t) => {
    const { simple, server } = await losing(t);
    const dropped = assert.rejects(simple.call("never"), { name: "DisconnectedError", code: "DISCONNECTED", reason: "transport error" });
    await simple.call("echo");
    await server.kill();
    await within("the call's end", dropped);
  });

  test("refuse a wrong event, and arguments that cannot be serialized", async (t) => {
    const simple = await connected(t);
    await assert.rejects(simple.emit("connect"), { code: "INVALID_EVENT" });
    await assert.rejects(simple.call(undefined), { code: "INVALID_EVENT" });
    await assert.rejects(simple.emit("x", 1n), { code: "UNSERIALIZABLE" });
    assert.throws(() => simple.with({ nonsense: 1 }), { code: "INVALID_OPTION", option: "nonsense" });
    assert.throws(() => simple.timeout("1s"), { code: "INVALID_OPTION", option: "timeout" });
  });
});

describe("[S5] receive", () => {
  test("gives events to pending calls in order", async (t) => {
    const simple = await connected(t);
    const waiting = [simple.receive(), simple.receive()];
    await simple.emit("burst", 500);
    const events = await Promise.all(waiting);
    while (events.length < 500) events.push(await simple.receive());
    assert.deepEqual(events, Array.from({ length: 500 }, (_, n) => ["tick", n]));
  });

  test("[S5, RECEIVE_TIMEOUT] rejects after its time, and a later event goes to the next call", async (t) => {
    const simple = await connected(t);
    const late = { name: "TimeoutError", code: "RECEIVE_TIMEOUT", fault: "network", milliseconds: 20, message: "No event from the server within 20 ms" };
    await assert.rejects(simple.receive({ timeout: 20 }), late);
    await assert.rejects(simple.timeout(30).receive(), { code: "RECEIVE_TIMEOUT", milliseconds: 30 });
    await assert.rejects(simple.timeout(600_000).receive({ timeout: 40, signal: undefined }), { milliseconds: 40 });
    await simple.emit("echo-back", 1);
    assert.deepEqual(await simple.timeout(600_000).receive(), ["echo-back", 1]);
  });

  test("[RECEIVE_TIMEOUT] waits for the first connection within its time", async (t) => {
    const simple = newSimple(t);
    await assert.rejects(simple.receive({ timeout: 20 }), { code: "RECEIVE_TIMEOUT" });
    const received = simple.receive({ timeout: 30_000 });
    await simple.connect(servers.python.url, { namespace: "/early" });
    assert.deepEqual(await received, ["early", 0]);
  });

  test("rejects with the reason of its signal", async (t) => {
    const simple = await connected(t);
    const controller = new AbortController();
    const received = simple.receive({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(received, /enough/);
    await assert.rejects(simple.receive({ signal: controller.signal }), /enough/);
  });

  test("[S5] goes on after a reconnection", async (t) => {
    const { server, simple, lose } = await losing(t);
    const received = simple.receive();
    await lose();
    await server.start();
    await until("the reconnection", () => simple.connected);
    await simple.emit("echo-back", "after");
    assert.deepEqual(await received, ["echo-back", "after"]);
  });

  test("[S5] acknowledges each event that asks for it, without a value", async (t) => {
    const simple = await connected(t);
    await simple.emit("ask", 1);
    assert.deepEqual(await simple.receive(), ["question", 1]);
    assert.deepEqual(await simple.receive(), ["answered"]);
  });

  for (const options of [{ timeout: -1 }, { signal: {} }, { nonsense: 1 }]) {
    test(`the option ${Object.keys(options)} is checked`, async (t) => {
      await assert.rejects(newSimple(t).receive(options), { name: "InvalidArgumentError", code: "INVALID_OPTION" });
    });
  }
});

describe("[S8, S10] the end", () => {
  test("[S8, CONNECTION_ENDED] disconnect() rejects pending calls and later ones", async (t) => {
    for (const prepare of [(simple) => simple.connect(servers.npm.url), () => {}]) {
      const simple = newSimple(t);
      await prepare(simple);
      const waiting = [simple.receive(), simple.receive({ timeout: 60_000 }), ...(simple.connected ? [] : [simple.emit("x"), simple.call("x")])];
      const rejected = Promise.all(waiting.map((promise) => assert.rejects(promise, BY_US)));
      await simple.disconnect();
      await within("the pending calls", rejected);
      for (const late of [simple.receive(), simple.emit("x"), simple.call("x")]) await assert.rejects(late, BY_US);
      await simple.disconnect(); // a second time does nothing
    }
  });

  test("[CONNECTION_ENDED] a disconnection by the server rejects them, too", async (t) => {
    for (const kind of SERVERS) {
      const simple = await connected(t, {}, servers[kind]);
      const received = assert.rejects(simple.receive(), BY_SERVER);
      await simple.emit("kick");
      await within("the pending receive()", received);
      await assert.rejects(simple.emit("x"), BY_SERVER);
      assert.deepEqual([simple.connected, simple.transport], [false, ""]);
    }
  });

  test("[S10, CONNECTION_ENDED] giving up a reconnection rejects them, too", async (t) => {
    const { simple, lose } = await losing(t, { ...IMPATIENT, reconnectionAttempts: 2 });
    const received = assert.rejects(simple.receive(), LOST);
    await lose();
    const others = [simple.emit("x"), simple.call("x")].map((promise) => assert.rejects(promise, LOST));
    await within("the pending calls", Promise.all([received, ...others]));
    await simple.connect(servers.npm.url);
    assert.equal(await simple.call("echo", 1), 1);
  });

  test("[S8] disconnect() ends a reconnection: no timer keeps the process alive", (t) => {
    const script = join(folder, `stopping-${process.pid}.mjs`);
    writeFileSync(
      script,
      `import { SimpleClient } from "socketio-wasm";
      const simple = new SimpleClient({ reconnectionDelay: 600_000, reconnectionDelayMax: 600_000 });
      await simple.connect(process.argv[2]);
      await simple.emit("close-engine");
      while (simple.connected) await new Promise(setImmediate);
      const emitted = simple.emit("x").catch(({ code, reason }) => console.log(code, reason));
      await simple.disconnect();
      await emitted;`,
    );
    t.after(() => rmSync(script));
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, servers.npm.url], { encoding: "utf8", timeout: 30_000 });
    assert.deepEqual([stdout, status], ["CONNECTION_ENDED client disconnect\n", 0], stderr);
  });

  test("disconnect() ends a pending connect()", async (t) => {
    const silent = await listen(t, () => {});
    const simple = newSimple(t);
    const connecting = assert.rejects(simple.connect(silent.url), { code: "DISCONNECTED", fault: "none" });
    await once(silent, "request");
    await simple.disconnect();
    await connecting;
  });

  test("events that were received before are given first, then receive() rejects", async (t) => {
    const simple = await connected(t);
    await simple.emit("burst", 3);
    await simple.call("echo");
    await simple.disconnect();
    assert.deepEqual([await simple.receive(), await simple.receive(), await simple.receive()], [["tick", 0], ["tick", 1], ["tick", 2]]);
    await assert.rejects(simple.receive(), BY_US);
  });
});

describe("for await", () => {
  test("[S5] gives events until disconnect()", async (t) => {
    const simple = await connected(t);
    await simple.emit("burst", 3);
    const events = [];
    for await (const event of simple) {
      events.push(event);
      if (events.length === 3) await simple.disconnect();
    }
    assert.deepEqual(events, [["tick", 0], ["tick", 1], ["tick", 2]]);
  });

  test("is ended by disconnect() while it waits for an event", async (t) => {
    const simple = await connected(t);
    const loop = (async () => {
      for await (const _ of simple);
    })();
    await simple.disconnect();
    await within("the loop's end", loop);
  });

  test("throws if the server ends the connection", async (t) => {
    const simple = await connected(t);
    await simple.emit("kick");
    await assert.rejects(async () => {
      for await (const _ of simple);
    }, BY_SERVER);
  });

  test("passes on an error of its body", async (t) => {
    const simple = await connected(t);
    await simple.emit("echo-back");
    await assert.rejects(async () => {
      for await (const _ of simple) throw new Error("mine");
    }, /mine/);
    assert.equal(await simple.call("echo", 1), 1);
  });
});

describe("[S9] the end of a block", () => {
  test("[S9] Symbol.asyncDispose disconnects", async (t) => {
    const simple = await connected(t);
    await simple[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
    await assert.rejects(simple.emit("x"), BY_US);
  });

  test("[S9] SimpleClient.use resolves to the result of its function, and disconnects also if the function throws", async () => {
    const seen = [];
    const answer = await SimpleClient.use(async (simple) => {
      seen.push(simple);
      await simple.connect(servers.npm.url);
      return simple.call("echo", 1);
    }, { reconnection: false });
    assert.equal(answer, 1);
    await assert.rejects(
      SimpleClient.use(async (simple) => {
        seen.push(simple);
        await simple.connect(servers.npm.url);
        throw new Error("mine");
      }),
      /mine/,
    );
    for (const simple of seen) {
      assert.ok(simple instanceof SimpleClient);
      await assert.rejects(simple.emit("x"), BY_US);
    }
  });
});
