// User-supplied functions and classes that throw, never settle or behave oddly: fetch, WebSocket, logger, json, parser, signal. The
// client reports the error and goes on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { WebSocket as NodeWebSocket } from "../../../pkg/platform/node/websocket.js";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { folder } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, within } from "../../support/until.mjs";
import { THROWN } from "../../support/thrown-values.mjs";

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
async function works(client, options) {
  assert.equal(await within("the answer", client.call("echo", 1)), 1);
  await assert.rejects(within("the time limit", client.timeout(20).call("never")), { code: "CALL_TIMEOUT" });
  const heard = new Promise((resolve) => client.on("echo-back", resolve));
  client.emit("echo-back", 2);
  assert.equal(await within("the event", heard), 2);
  await within("drain()", client.drain());
  await within("disconnect()", client.disconnect());
  await within("connect()", client.connect(server.url, options));
  assert.equal(await within("the next answer", client.call("echo", 3)), 3);
}

test("a client connects over polling if the runtime has no AbortController", async (t) => {
  const { AbortController: original } = globalThis;
  globalThis.AbortController = throws("AbortController");
  t.after(() => (globalThis.AbortController = original));
  const client = newClient(t);
  await within("connect()", client.connect(server.url, { transports: "polling" }));
  assert.equal(await within("the answer", client.call("echo", 1)), 1);
});

describe("a client works again after a function of the runtime has thrown for a while", () => {
  for (const name of ["setTimeout", "clearTimeout", "queueMicrotask"]) {
    test(name, async (t) => {
      reportedErrors(t);
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
      // Without polling, whose idle connections would use the functions that the next of these tests replaces.
      await works(client, { transports: "websocket" });
    });
  }
});

describe("a user-supplied WebSocket", () => {
  const hostile = (name, descriptor) => class extends NodeWebSocket {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener?.("open", () => Object.defineProperty(this, name, { configurable: true, ...descriptor }));
    }
  };
  const CLASSES = {
    "may throw from bufferedAmount": hostile("bufferedAmount", { get: throws("bufferedAmount") }),
    "may throw from readyState": hostile("readyState", { get: throws("readyState") }),
    "may throw from close()": hostile("close", { value: throws("close") }),
    "may throw when its handler is removed": hostile("onmessage", { set: throws("onmessage") }),
  };
  for (const [name, WebSocket] of Object.entries(CLASSES)) {
    test(name, async (t) => {
      reportedErrors(t);
      const client = await connected(t, { WebSocket, requestTimeout: 1_000 });
      assert.equal(await within("the answer", client.call("echo", 1)), 1);
      await within("disconnect()", client.disconnect());
      await within("connect()", client.connect(server.url, { transports: "polling" }));
      assert.equal(await within("the next answer", client.call("echo", 2)), 2);
    });
  }
});

describe("a user-supplied WebSocket that throws", () => {
  class Blocked {
    constructor() {
      throw new Error("blocked by policy");
    }
  }

  test("from its constructor during an upgrade leaves the client on polling", async (t) => {
    const client = newClient(t, { ...IMPATIENT, WebSocket: Blocked });
    await client.connect(server.url);
    assert.equal(await within("the answer", client.call("echo", 1)), 1);
    assert.equal(client.transport(), "polling");
    await within("disconnect()", client.disconnect());
  });

  test("from its constructor fails connect() with the same message", async (t) => {
    const client = newClient(t, { ...IMPATIENT, WebSocket: Blocked });
    const expected = { code: "UNREACHABLE", message: /blocked by policy/ };
    await assert.rejects(within("the rejection", client.connect(server.url, { transports: "websocket" })), expected);
  });

  test("from send() ends the connection: every call is settled, and the client reconnects", async (t) => {
    class Picky extends NodeWebSocket {
      send(data) {
        if (String(data).includes("poison")) throw new Error("no such frame");
        super.send(data);
      }
    }
    const client = await connected(t, { ...IMPATIENT, WebSocket: Picky });
    const disconnect = heard(client, "disconnect");
    const again = heard(client, "connect");
    const calls = ["before", "poison", "after"].map((value) => client.call("echo", value));
    const results = await within("the results of the calls", Promise.allSettled(calls));
    assert.deepEqual([results[1].status, results[1].reason.code], ["rejected", "DISCONNECTED"]);
    const [reason, { error }] = await disconnect;
    assert.equal(reason, "transport error");
    assert.match(error.message, /no such frame/);
    await again;
    assert.equal(await client.call("echo", "again"), "again");
  });
});

test("a user-supplied WebSocket that accepts no handlers fails connect()", async (t) => {
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

test("a user-supplied WebSocket may answer during send()", async (t) => {
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

describe("a user-supplied WebSocket may deliver a Uint8Array", () => {
  class Odd extends Uint8Array {
    get length() {
      throw new Error("length");
    }
  }
  const MESSAGES = {
    "whose `length` throws": (bytes) => new Odd(bytes.buffer),
    "that is a Buffer": (bytes) => Buffer.from(bytes),
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

test("a user-supplied fetch that rejects with an odd value, or resolves to no response, fails connect()", async (t) => {
  for (const fetch of [async () => Promise.reject(THROWN["a message that cannot be read"]), async () => undefined]) {
    const client = newClient(t, { fetch });
    await assert.rejects(client.connect(server.url, { transports: "polling" }), { name: "ConnectionError", code: "UNREACHABLE" });
    assert.equal(client.state, "disconnected");
  }
});

describe("a parser ends the connection with a parse error, and the client reconnects, if its decoder throws", () => {
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

test("`json` that throws an odd value makes emit() throw", async (t) => {
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

test("`json` may return frozen arrays", async (t) => {
  const client = newClient(t, { json: { stringify: JSON.stringify, parse: (text) => Object.freeze(JSON.parse(text)) } });
  await client.connect(server.url, { transports: "websocket" });
  const back = heard(client, "*");
  client.emit("echo-back", 1);
  assert.deepEqual(await back, ["echo-back", 1]);
  assert.equal(await client.call("echo", "alive"), "alive");
});

test("JSON with NaN is read, also beside long strings full of escapes and open quotes", async (t) => {
  const long = "\\\"".repeat(3_000_000);
  for (const [text, expected] of [
    [`42["news",NaN,"${long}"]`, [null, '"'.repeat(3_000_000)]],
    [`42["news",-Infinity,"a NaN in a string"]`, [null, "a NaN in a string"]],
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

test("a signal-like object whose methods throw does not stop the client", async (t) => {
  reportedErrors(t);
  const client = await connected(t);
  for (const method of ["addEventListener", "removeEventListener"]) {
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {}, [method]: throws(method) };
    const isRefused = method === "addEventListener";
    const answer = client.with({ signal }).call("echo", 1);
    await (isRefused ? assert.rejects(answer, { message: method }) : answer);
    const late = client.timeout(20).with({ signal }).call("never");
    await assert.rejects(late, isRefused ? { message: method } : { code: "CALL_TIMEOUT" });
  }
  await works(client);
});

test("a logger may emit events and throw", async (t) => {
  const reported = reportedErrors(t);
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
  logger.info = () => {}; // so that the end of the test logs nothing
});

test("if reportError throws, the error is an uncaught exception", async (t) => {
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

describe("a user-supplied function that never settles", () => {
  const never = () => new Promise(() => {});
  const ways = {
    url: (client) => client.connect(never),
    headers: (client) => client.connect(server.url, { headers: never }),
    auth: (client) => client.connect(server.url, { auth: never }),
  };
  for (const [name, connect] of Object.entries(ways)) {
    test(`[PREPARATION_TIMEOUT] fails the attempt if it is ${name}`, async (t) => {
      const client = newClient(t, { ...IMPATIENT, requestTimeout: 60 });
      const expected = { name: "ConnectionError", code: "PREPARATION_TIMEOUT", fault: "network", milliseconds: 60 };
      await assert.rejects(within("the rejection", connect(client)), expected);
      await client.connect(server.url);
      assert.equal(await client.call("echo", 1), 1);
    });
  }

  test("fails one namespace alone if it is the auth of that namespace", async (t) => {
    const client = await connected(t, { ...IMPATIENT, requestTimeout: 200 });
    const joining = client.connectNamespace("/chat", { auth: never });
    await assert.rejects(within("the rejection", joining), { code: "PREPARATION_TIMEOUT" });
    assert.equal(await client.call("echo", 1), 1);
  });
});
