// What a user's own code may throw and return, odd as it may be: none of it stops the client.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { folder } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";

let server;
before(async () => (server = await startServer({ after() {} }, "npm")));
after(() => server.kill());

function reports(t) {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error);
  t.after(() => delete globalThis.reportError);
  return reported;
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

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const THROWN = {
  "a message that is a symbol": { message: Symbol("s") },
  "a message that cannot be read": { get message() { throw new Error("m"); } },
  "an object without a prototype": Object.create(null),
  "undefined": undefined,
  "a revoked proxy": revoked(),
  "a function whose name is a symbol": Object.defineProperty(() => {}, "name", { value: Symbol("n") }),
  "a tag that cannot be read": { get [Symbol.toStringTag]() { throw new Error("t"); }, toJSON() { throw new Error("j"); } },
};

describe("an answer that cannot be written is reported, and the connection goes on: its toJSON throws", () => {
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

describe("a handler that throws it", () => {
  for (const [name, thrown] of Object.entries(THROWN)) {
    test(name, async (t) => {
      const reported = reports(t);
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

describe("a promise that a handler answers with", () => {
  const PROMISES = {
    "has a `then` that throws": [(made) => (made.then = () => { throw new Error("then"); }), undefined],
    "has a `then` that answers at once": [(made) => (made.then = (resolve) => resolve(7)), [7]],
    "has a constructor that cannot be read": [(made) => Object.defineProperty(made, "constructor", { get() { throw new Error("c"); } }), undefined],
  };
  for (const [name, [change, answer]] of Object.entries(PROMISES)) {
    test(name, async (t) => {
      const reported = reports(t);
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

describe("a parser whose decoder throws it: a parse error, and the connection is made again", () => {
  const parser = createRequire(import.meta.url)("socket.io-msgpack-parser");
  let binary;
  before(async () => (binary = await startServer({ after() {} }, "npm", { serializer: "msgpack" })));
  after(() => binary.kill());

  for (const [name, thrown] of Object.entries(THROWN)) {
    test(name, async (t) => {
      let isOdd = true;
      class Decoder extends parser.Decoder {
        add(frame) {
          if (isOdd && /echo-back/.test(String(frame))) throw thrown;
          return super.add(frame);
        }
      }
      const client = newClient(t, { ...IMPATIENT, serializer: { ...parser, Decoder } });
      await client.connect(binary.url, { transports: "websocket" });
      const lost = heard(client, "disconnect");
      client.emit("echo-back");
      const [, { cause, error }] = await lost;
      assert.deepEqual([cause, error.code], ["parse error", "PARSE_ERROR"]);
      isOdd = false;
      assert.equal(await within("the answer", client.call("echo", "alive")), "alive");
    });
  }
});

test("a json that throws an odd value", async (t) => {
  const odd = { message: Symbol("s") };
  const json = {
    stringify(value) {
      const text = JSON.stringify(value);
      if (text.includes("boom")) throw odd;
      return text;
    },
    parse: JSON.parse,
  };
  const client = newClient(t, { json });
  await client.connect(server.url, { transports: "websocket" });
  assert.throws(() => client.emit("echo", "boom"), { code: "UNSERIALIZABLE", cause: odd });
  assert.equal(await within("the answer", client.call("echo", "alive")), "alive");
});

test("a fetch of one's own that rejects with an odd value, or gives no response", async (t) => {
  for (const fetch of [async () => Promise.reject(THROWN["a message that cannot be read"]), async () => undefined]) {
    const client = newClient(t, { fetch });
    await assert.rejects(client.connect(server.url, { transports: "polling" }), { name: "ConnectionError", code: "UNREACHABLE" });
    assert.equal(client.state, "disconnected");
  }
});

test("a json whose arrays are frozen", async (t) => {
  const client = newClient(t, { json: { stringify: JSON.stringify, parse: (text) => Object.freeze(JSON.parse(text)) } });
  await client.connect(server.url, { transports: "websocket" });
  const back = heard(client, "*");
  client.emit("echo-back", 1);
  assert.deepEqual(await back, ["echo-back", 1]);
  assert.equal(await client.call("echo", "alive"), "alive");
});

test("a logger that uses its client, and one that throws", async (t) => {
  const reported = reports(t);
  let lines = 0;
  const logger = {
    info() {
      lines += 1;
      client?.emit("count", lines);
      throw new Error("from the logger");
    },
  };
  let client;
  client = newClient(t, { logger, maxBuffer: 100 });
  await client.connect(server.url, { transports: "websocket" });
  assert.equal(await client.call("echo", "alive"), "alive");
  assert.ok(lines > 0 && reported.length >= lines, `${lines} lines, ${reported.length} reports`);
  logger.info = () => {}; // the end of the test is its own affair
});

test("reportError that throws: what it was told comes as an uncaught exception", async (t) => {
  const uncaught = [];
  const child = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { Client } from "socketio-wasm";
       globalThis.reportError = () => { throw new Error("reportError"); };
       process.on("uncaughtException", (error) => console.log(error.message));
       const client = new Client();
       client.on("question", () => { throw new Error("the handler's"); });
       await client.connect(${JSON.stringify(server.url)});
       client.emit("ask");
       client.emit("echo-back");
       await new Promise((resolve) => client.on("echo-back", resolve));
       console.log(await client.call("echo", "alive"));
       await client.disconnect();`,
    ],
    { cwd: folder, stdio: ["ignore", "pipe", "inherit"] },
  );
  t.after(() => child.kill("SIGKILL"));
  child.stdout.on("data", (text) => uncaught.push(...String(text).trim().split("\n")));
  await within("its end", once(child, "close"));
  assert.deepEqual(uncaught, ["the handler's", "alive"]);
});

test("a WebSocket of one's own that takes no handlers", async (t) => {
  class Deaf {
    set onopen(handler) {
      throw new Error("no handlers here");
    }
    send() {}
    close() {}
  }
  const client = newClient(t, { WebSocket: Deaf });
  await assert.rejects(client.connect(server.url, { transports: "websocket" }), { name: "ConnectionError", code: "UNREACHABLE" });
  assert.equal(client.state, "disconnected");
});

test("a WebSocket of one's own that answers within send()", async (t) => {
  class Hasty {
    constructor() {
      queueMicrotask(() => {
        this.onopen({ type: "open" });
        this.say('0{"sid":"e","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
      });
    }
    say(data) {
      this.onmessage({ type: "message", data });
    }
    send(data) {
      if (data === "40") this.say('40{"sid":"s"}');
      const [, id] = /^42(\d+)/.exec(data) ?? [];
      if (id !== undefined) this.say(`43${id}[${id}]`);
    }
    close() {}
  }
  const client = newClient(t, { WebSocket: Hasty });
  await client.connect(server.url, { transports: "websocket" });
  const answers = await Promise.all([client.call("one"), client.call("two"), client.call("three")]);
  assert.equal(new Set(answers).size, 3);
});

test("a JSON with NaN, and long texts full of escapes and open quotes", async (t) => {
  const long = "\\\"".repeat(3_000_000);
  for (const [text, expected] of [
    [`42["news",NaN,"${long}"]`, [null, '"'.repeat(3_000_000)]],
    [`42["news",-Infinity,"a NaN in a text"]`, [null, "a NaN in a text"]],
  ]) {
    const peer = await websocketPeer(t, (socket) => socket.send(text));
    const client = newClient(t);
    const news = heard(client, "news");
    await client.connect(peer.url, { transports: "websocket" });
    assert.deepEqual(await news, expected);
  }
  const peer = await websocketPeer(t, (socket) => socket.send(`42["news",NaN,${'"a\\'.repeat(500_000)}`));
  const client = newClient(t, { reconnection: false });
  const lost = heard(client, "disconnect");
  await client.connect(peer.url, { transports: "websocket" });
  assert.equal((await lost)[1].error.code, "PARSE_ERROR");
});
