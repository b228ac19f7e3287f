// Parsers of the user's, in the shape of npm's; serializers that are fetched when they are used; and a JSON for each client.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const require = createRequire(import.meta.url);
const socketIoRequire = createRequire(import.meta.resolve("socket.io"));
const msgpackParser = require("socket.io-msgpack-parser");
const defaultParser = socketIoRequire("socket.io-parser");

/** Servers by what they write; each runs as long as the tests. */
const servers = {};
before(async () => {
  for (const [name, kind, serializer] of [["msgpack", "npm", "msgpack"], ["json", "npm"], ["python", "python"], ["pythonMsgpack", "python", "msgpack"]]) {
    servers[name] = await startServer({ after: () => {} }, kind, { serializer });
  }
});
after(() => Promise.all(Object.values(servers).map((server) => server.kill())));

const client = (t, options) => newClient(t, { ...IMPATIENT, ...options });

async function connected(t, server, options, connect) {
  const made = client(t, options);
  await made.connect(server.url, connect);
  return made;
}

describe("a parser that is given as an object", () => {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`[C5, H5] npm's socket.io-msgpack-parser, over ${name}`, async (t) => {
      const made = await connected(t, servers.msgpack, { serializer: msgpackParser }, { transports, namespaces: ["/", "/chat"] });
      made.on("question", (x, bytes) => [x + 1, bytes.length]);
      const answered = heard(made, "answered");
      made.emit("ask", 1, Buffer.from("abc")); // in Node, this parser takes nothing else for binary data
      assert.deepEqual(await answered, [[2, 3]]);
      assert.deepEqual(await made.of("/chat").call("echo", "a", { list: [Buffer.from([1, 2])] }), ["a", { list: [Buffer.from([1, 2])] }]);
      const again = heard(made, "connect");
      made.emit("close-engine");
      await again;
      assert.equal(await made.call("echo", 1), 1);
    });

    test(`npm's socket.io-parser, which writes texts and attachments, over ${name}`, async (t) => {
      const made = await connected(t, servers.json, { serializer: defaultParser }, { transports });
      const value = { a: [Uint8Array.of(1), "b", { c: Uint8Array.of(2, 3) }] };
      assert.deepEqual(await made.call("echo", value, "é"), [{ a: [Buffer.from([1]), "b", { c: Buffer.from([2, 3]) }] }, "é"]);
      assert.equal(await made.call("echo", "without"), "without");
      assert.deepEqual(value, { a: [Uint8Array.of(1), "b", { c: Uint8Array.of(2, 3) }] });
    });
  }

  test("its packets stay as they are, and may be frozen", async (t) => {
    const kept = [];
    class Decoder extends msgpackParser.Decoder {
      emit(event, packet) {
        kept.push(Object.freeze({ ...packet, data: Array.isArray(packet?.data) ? Object.freeze([...packet.data]) : packet?.data }));
        return super.emit(event, kept.at(-1));
      }
    }
    const made = await connected(t, servers.msgpack, { serializer: { ...msgpackParser, Decoder } });
    for (const event of ["echo-back", "*"]) {
      const came = new Promise((resolve) => made.on(event, (...args) => resolve(args)));
      made.emit("echo-back", 1);
      assert.deepEqual(await within("the event", came), event === "*" ? ["echo-back", 1] : [1]);
      made.off(event);
    }
    assert.deepEqual(kept.filter(({ type }) => type === 2).map(({ data }) => data), [["echo-back", 1], ["echo-back", 1]]);
  });

  test("is there at once: a connection begins in the call of connect()", async (t) => {
    const made = client(t, { serializer: msgpackParser });
    const connecting = made.connect(servers.msgpack.url);
    assert.equal(made.state, "connecting");
    const answer = made.call("echo", "kept");
    await connecting;
    assert.equal(await answer, "kept");
  });

  test("[H5] what a parser's classes are given: packets without absent keys, Buffers in Node, a new Decoder for each connection", async (t) => {
    const [packets, chunks, life] = [[], [], []];
    class Encoder extends msgpackParser.Encoder {
      encode(packet) {
        packets.push({ ...packet });
        return super.encode(packet);
      }
    }
    class Decoder extends msgpackParser.Decoder {
      constructor() {
        super();
        life.push("made");
      }
      add(chunk) {
        chunks.push(chunk);
        return super.add(chunk);
      }
      destroy() {
        life.push("destroyed");
      }
    }
    const made = await connected(t, servers.msgpack, { serializer: { Encoder, Decoder } });
    await made.call("echo", 1);
    assert.deepEqual(packets.filter(({ type }) => type !== 1), [{ type: 0, nsp: "/" }, { type: 2, nsp: "/", data: ["echo", 1], id: packets.at(-1).id }]);
    assert.ok(chunks.every((chunk) => Buffer.isBuffer(chunk)));
    life.length = 0;
    const again = heard(made, "connect");
    made.emit("close-engine");
    await again;
    assert.deepEqual(life, ["destroyed", "made"]);
  });
});

describe("a parser of the wrong shape", () => {
  class Encoder {
    encode() {
      return ["x"];
    }
  }
  class Decoder {
    on() {}
    add() {}
  }
  const wrong = {
    "another name": ["morse", /a string of 5 characters is not "default", "msgpack", "cbor", "pickle" or a parser/],
    "null": [null, /null is not "default"/],
    "a class": [Encoder, /is not "default"/],
    "no Decoder": [{ Encoder }, /is not "default"/],
    "instances": [{ Encoder: new Encoder(), Decoder: new Decoder() }, /is not "default"/],
    "an Encoder that does not encode": [{ Encoder: class {}, Decoder }, /its Encoder has no method encode\(\)/],
    "a Decoder that does not listen": [{ Encoder, Decoder: class { add() {} } }, /its Decoder has no method on\(\)/],
    "a Decoder that takes nothing": [{ Encoder, Decoder: class { on() {} } }, /its Decoder has no method add\(\)/],
    "functions that are no classes": [{ Encoder: () => {}, Decoder }, /`new Encoder\(\)` throws: .*not a constructor/],
    "a class that throws": [{ Encoder, Decoder: class { constructor() { throw new Error("not today"); } } }, /`new Decoder\(\)` throws: not today/],
  };
  for (const [name, [serializer, message]] of Object.entries(wrong)) {
    test(name, () => {
      assert.throws(() => new api.Client({ serializer }), { name: "InvalidArgumentError", code: "INVALID_OPTION", option: "serializer", message });
    });
  }
});

describe("a parser that fails", () => {
  /** npm's parser, but for what is said. */
  const parserWith = ({ encode, add }) => ({
    Encoder: class extends msgpackParser.Encoder {
      encode(packet) {
        return encode?.(packet) ?? super.encode(packet);
      }
    },
    Decoder: class extends msgpackParser.Decoder {
      add(chunk) {
        return add ? add(this, chunk, (same) => super.add(same)) : super.add(chunk);
      }
    },
  });

  test("while it writes an event: UNSERIALIZABLE, and the connection goes on", async (t) => {
    const cause = new Error("I would rather not");
    const refuse = () => {
      throw cause;
    };
    const made = await connected(t, servers.msgpack, { serializer: parserWith({ encode: ({ data }) => (data?.[1] === "no" ? refuse() : undefined) }) });
    const expected = { name: "InvalidArgumentError", code: "UNSERIALIZABLE", cause, message: /I would rather not/ };
    assert.throws(() => made.emit("echo", "no"), expected);
    await assert.rejects(made.call("echo", "no"), expected);
    assert.equal(await made.call("echo", "yes"), "yes");
  });

  for (const [name, returned] of Object.entries({ "no array": new Uint8Array(1), "an empty array": [], "a number": [1], "null": [null] })) {
    test(`while it writes, by returning ${name}: UNSERIALIZABLE`, async (t) => {
      const made = await connected(t, servers.msgpack, { serializer: parserWith({ encode: ({ data }) => (data?.[1] === "no" ? returned : undefined) }) });
      await assert.rejects(made.call("echo", "no"), { code: "UNSERIALIZABLE", message: /encode\(\) must return/ });
      assert.equal(await made.call("echo", "yes"), "yes");
    });
  }

  test("while it writes the request for a namespace: connect() rejects with UNSERIALIZABLE", async (t) => {
    const made = client(t, { serializer: "msgpack", reconnection: false });
    await assert.rejects(made.connect(servers.msgpack.url, { auth: { big: 2n ** 70n } }), { code: "UNSERIALIZABLE", message: /beyond 64 bits/ });
  });

  test("while it writes an answer: reported, and the connection goes on", async (t) => {
    const made = await connected(t, servers.msgpack, { serializer: "msgpack" });
    const reported = [];
    made.on("error", (error) => reported.push(error));
    made.on("question", () => 2n ** 70n);
    made.emit("ask", 1);
    await until("the report", () => reported.length > 0);
    assert.equal(reported[0].code, "UNSERIALIZABLE");
    assert.equal(await made.call("echo", 1), 1);
  });

  test("while it reads: PARSE_ERROR with what it threw, and the connection is made again", async (t) => {
    const cause = new Error("what is this");
    let broken = false;
    const add = (decoder, chunk, read) => {
      if (broken) {
        broken = false;
        throw cause;
      }
      return read(chunk);
    };
    const made = await connected(t, servers.msgpack, { serializer: parserWith({ add }) });
    const [disconnect, again] = [heard(made, "disconnect"), heard(made, "connect")];
    broken = true;
    await assert.rejects(made.call("echo", 1), { code: "DISCONNECTED" });
    const [reason, { error }] = await disconnect;
    assert.equal(reason, "transport error");
    assert.deepEqual([error.code, error.fault, error.cause, error.name], ["PARSE_ERROR", "peer", cause, "ConnectionError"]);
    assert.match(error.message, /what is this/);
    await again;
    assert.equal(await made.call("echo", 2), 2);
  });

  test("while it reads the first packet: connect() rejects", async (t) => {
    const add = () => {
      throw "a text";
    };
    const made = client(t, { serializer: parserWith({ add }), reconnection: false });
    await assert.rejects(made.connect(servers.msgpack.url), { code: "PARSE_ERROR", message: /a text/ });
  });

  for (const [name, packet] of Object.entries({ "nothing": undefined, "no type": { nsp: "/" }, "type 7": { type: 7, nsp: "/" }, "no namespace": { type: 2, data: ["a"] }, "a wrong id": { type: 3, nsp: "/", data: [], id: -1 }, "an event that is no list": { type: 2, nsp: "/", data: {} }, "an event of the client's own": { type: 2, nsp: "/", data: ["disconnect", "x"] } })) {
    test(`while it reads, by a packet with ${name}: PARSE_ERROR`, async (t) => {
      let broken = false;
      const add = (decoder, chunk, read) => (broken ? decoder.emit("decoded", packet) : read(chunk));
      const made = await connected(t, servers.msgpack, { serializer: parserWith({ add }), reconnection: false });
      const disconnect = heard(made, "disconnect");
      broken = true;
      made.emit("echo-back", 1);
      assert.equal((await disconnect)[1].error.code, "PARSE_ERROR");
    });
  }

  test("in another server's format, it is a parse error and no crash", async (t) => {
    for (const serializer of ["msgpack", "cbor", "pickle"]) {
      const made = client(t, { serializer, reconnection: false });
      await assert.rejects(made.connect(servers.json.url, { waitTimeout: 500 }), { name: "ConnectionError" });
      const other = client(t, { reconnection: false });
      await assert.rejects(other.connect(servers.msgpack.url, { waitTimeout: 500 }), { name: "ConnectionError" });
    }
  });

  test("several packets of one frame are delivered in order; one that comes later, with the next frame", async (t) => {
    const event = (...data) => ({ type: 2, nsp: "/", data });
    let mode;
    let late;
    const add = (decoder, chunk, read) => {
      if (mode === "several") for (const index of [1, 2, 3]) decoder.emit("decoded", event("news", index));
      if (mode === "late") {
        late = () => decoder.emit("decoded", event("news", "late"));
        mode = undefined;
        return;
      }
      mode = undefined;
      read(chunk);
    };
    const made = await connected(t, servers.msgpack, { serializer: parserWith({ add }) });
    const news = [];
    made.on("news", (value) => news.push(value));
    mode = "several";
    assert.equal(await made.call("echo", 1), 1);
    assert.deepEqual(news, [1, 2, 3]);
    mode = "late";
    const lost = made.call("echo", 2); // its answer is what this decoder swallows
    lost.catch(() => {});
    await until("the frame", () => late);
    late();
    assert.equal(await made.call("echo", 3), 3);
    assert.deepEqual(news, [1, 2, 3, "late"]);
  });

  test("that uses its client while it writes and reads finds it as it is", async (t) => {
    const seen = [];
    let made;
    const look = () => made && seen.push(made.connected, made.state, made.sid, made.bufferedAmount);
    const encode = ({ data }) => {
      look();
      if (data?.[1] === "first") made.emit("echo-back", "within");
    };
    const add = (decoder, chunk, read) => {
      look();
      return read(chunk);
    };
    made = await connected(t, servers.msgpack, { serializer: parserWith({ encode, add }) });
    const within = heard(made, "echo-back");
    assert.equal(await made.call("echo", "first"), "first");
    assert.deepEqual(await within, ["within"]);
    assert.equal(await made.call("echo", { toJSON: () => made.connected }), true);
    assert.ok(seen.includes("connected"));
  });

  test("that disconnects its client while it reads", async (t) => {
    let stop = false;
    let made;
    const add = (decoder, chunk, read) => {
      if (stop) made.disconnect();
      return read(chunk);
    };
    made = await connected(t, servers.msgpack, { serializer: parserWith({ add }) });
    stop = true;
    await assert.rejects(made.call("echo", 1), { code: "DISCONNECTED", reason: "client disconnect" });
    await within("the end", made.wait());
    stop = false;
    await made.connect(servers.msgpack.url);
    assert.equal(await made.call("echo", 2), 2);
  });
});

describe("by name, Node", () => {
  test("what is larger than the server takes is refused before it is sent", async (t) => {
    const small = await startServer(t, "npm", { serializer: "msgpack", maxHttpBufferSize: 1000 });
    for (const transports of ["polling", "websocket"]) {
      const made = await connected(t, small, { serializer: "msgpack" }, { transports });
      await assert.rejects(made.call("echo", new Uint8Array(1001)), { name: "PayloadTooLargeError", limit: 1000 });
      assert.equal((await made.call("echo", new Uint8Array(500))).length, 500);
    }
  });

  test("has it at once: a connection begins in the call of connect()", async (t) => {
    const made = client(t, { serializer: "msgpack" });
    const connecting = made.connect(servers.msgpack.url);
    assert.equal(made.state, "connecting");
    const answer = made.call("echo", "kept");
    await connecting;
    assert.equal(await answer, "kept");
  });

  test("what is kept while the connection is away is what was emitted", async (t) => {
    const made = await connected(t, servers.msgpack, { serializer: "msgpack" });
    const away = heard(made, "disconnect");
    made.emit("close-engine");
    await away;
    const value = { list: [1] };
    const answer = made.call("echo", value);
    value.list.push(2);
    assert.throws(() => made.emit("echo", 2n ** 70n), { code: "UNSERIALIZABLE" });
    assert.deepEqual(await answer, { list: [1] });
  });
});

describe("by name, a browser's file", () => {
  // In Node, which has what a worker has but for a WebSocket, and from a folder of its own for what is to be missing there.
  let at;
  let load;
  before(async () => {
    at = mkdtempSync(join(tmpdir(), "socketio-wasm-browser-"));
    writeFileSync(join(at, "package.json"), '{"type":"module"}');
    cpSync(join(folder, "node_modules/socketio-wasm/dist/browser.js"), join(at, "browser.js"));
    mkdirSync(join(at, "serializers"));
    ({ Client: load } = await import(pathToFileURL(join(at, "browser.js")).href));
  });
  after(() => rmSync(at, { recursive: true }));

  const browserClient = (t, options) => {
    const made = new load({ ...IMPATIENT, ...options });
    t.after(() => within("the client's disconnection", made.disconnect()));
    return made;
  };

  test("[SERIALIZER_UNAVAILABLE] fetches it where it is used: connect() waits for it, and says if it does not come; the next one tries again", async (t) => {
    const made = browserClient(t, { serializer: "msgpack" });
    const connecting = made.connect(servers.msgpack.url, { transports: "polling" });
    assert.equal(made.state, "connecting");
    assert.throws(() => made.emit("echo", 1), { code: "NOT_CONNECTED" });
    await assert.rejects(made.connect(servers.msgpack.url), { code: "ALREADY_CONNECTED" });
    const { name, code, fault, serializer, cause, message } = await connecting.catch((error) => error);
    assert.deepEqual([name, code, fault, serializer], ["ConnectionError", "SERIALIZER_UNAVAILABLE", "network", "msgpack"]);
    assert.ok(cause instanceof Error);
    assert.match(message, /The file of the serializer "msgpack" could not be loaded/);
    assert.equal(made.state, "disconnected");

    cpSync(join(folder, "node_modules/socketio-wasm/dist/serializers/msgpack.js"), join(at, "serializers/msgpack.js"));
    await made.connect(servers.msgpack.url, { transports: "polling" });
    assert.deepEqual(await made.call("echo", new Uint8Array([1, 2])), new Uint8Array([1, 2]));
    await made.disconnect();
    const again = made.connect(servers.msgpack.url, { transports: "polling" });
    const kept = made.call("echo", "kept"); // it is there now
    await again;
    assert.equal(await kept, "kept");
  });

  test("a file that never comes: the wait ends by requestTimeout, by a signal and by disconnect()", async (t) => {
    writeFileSync(join(at, "serializers/cbor.js"), "await new Promise(() => setInterval(() => {}, 1000).unref());\n");
    const made = browserClient(t, { serializer: "cbor", requestTimeout: 50 });
    await assert.rejects(made.connect("http://127.0.0.1:9"), { code: "SERIALIZER_UNAVAILABLE", message: /no answer within 50 ms \(`requestTimeout`\)/ });
    const patient = browserClient(t, { serializer: "cbor", requestTimeout: 0 });
    const controller = new AbortController();
    const aborted = assert.rejects(patient.connect("http://127.0.0.1:9", { signal: controller.signal }), { message: "enough" });
    controller.abort(new Error("enough"));
    await aborted;
    const ended = assert.rejects(patient.connect("http://127.0.0.1:9"), { code: "DISCONNECTED", reason: "client disconnect" });
    await patient.disconnect();
    await ended;
    assert.equal(patient.state, "disconnected");
  });

  test("disconnect() and a signal end it at any moment, also when the file has just come", async (t) => {
    for (let turns = 0; turns < 30; turns++) {
      const made = browserClient(t, { serializer: "msgpack" }); // fetched by now: it comes within some turns
      const controller = new AbortController();
      const ended = assert.rejects(made.connect(servers.msgpack.url, { transports: "polling", signal: controller.signal }));
      for (let turn = 0; turn < turns; turn++) await undefined;
      if (turns % 2) controller.abort();
      else await made.disconnect();
      await ended;
      assert.equal(made.state, "disconnected");
    }
  });

  test("a parser that is given as an object has no such gap, and is given ArrayBuffers", async (t) => {
    const { Encoder, Decoder } = await import(pathToFileURL(join(folder, "node_modules/socketio-wasm/dist/serializers/msgpack.js")).href);
    const chunks = [];
    class Watching extends Decoder {
      add(chunk) {
        chunks.push(chunk);
        super.add(chunk);
      }
    }
    const made = browserClient(t, { serializer: { Encoder, Decoder: Watching } });
    const connecting = made.connect(servers.msgpack.url, { transports: "polling" });
    const kept = made.call("echo", "kept");
    await connecting;
    assert.equal(await kept, "kept");
    assert.ok(chunks.length > 0 && chunks.every((chunk) => chunk instanceof ArrayBuffer));
  });
});

describe("json", () => {
  const tagged = {
    // The key's own value, since JSON.stringify has called a Date's toJSON before it asks.
    stringify: (value) =>
      JSON.stringify(value, function (key, given) {
        if (this[key] instanceof Date) return { $date: this[key].getTime() };
        return typeof given === "bigint" ? { $bigint: String(given) } : given;
      }),
    parse: (text) =>
      JSON.parse(text, (key, given) => {
        if (given?.$date !== undefined) return new Date(given.$date);
        return given?.$bigint === undefined ? given : BigInt(given.$bigint);
      }),
  };

  for (const server of ["json", "python"]) {
    test(`writes and reads all payloads, with a server of ${server === "json" ? "npm" : server}`, async (t) => {
      const made = client(t, { json: tagged });
      const welcome = heard(made.of("/auth"), "welcome");
      await made.connect(servers[server].url, { namespaces: ["/", "/auth"], auth: { token: "secret", since: new Date(5), n: 1n } });
      assert.deepEqual(await welcome, [{ token: "secret", since: new Date(5), n: 1n }]);
      const value = { big: 2n ** 80n, when: new Date(1000), text: "é" };
      assert.deepEqual(await made.call("echo", value), value);
      made.on("question", (arg) => [arg, 7n]);
      const answered = heard(made, "answered");
      made.emit("ask", value);
      assert.deepEqual(await answered, [[value, 7n]]);
      const withBinary = { ...value, bytes: new Uint8Array([1, 2]), deep: [{ n: 3n, when: new Date(7), more: new Uint8Array(1) }] };
      assert.deepEqual(await made.call("echo", withBinary), withBinary);
      assert.equal(typeof withBinary.big, "bigint");
    });
  }

  test("[C6] is a client's own: another has the global one", async (t) => {
    await connected(t, servers.json, { json: tagged });
    const other = await connected(t, servers.json, {});
    assert.throws(() => other.emit("echo", 1n), { code: "UNSERIALIZABLE" });
    assert.equal(await other.call("echo", new Date(0)), "1970-01-01T00:00:00.000Z");
  });

  test("one that throws while it writes is UNSERIALIZABLE, while it reads a parse error", async (t) => {
    let broken = false;
    const json = {
      stringify: (value) => JSON.stringify(value),
      parse: (text) => {
        if (broken) throw new Error("no");
        return JSON.parse(text);
      },
    };
    const made = await connected(t, servers.json, { json });
    assert.throws(() => made.emit("echo", 1n), { code: "UNSERIALIZABLE" });
    const disconnect = heard(made, "disconnect");
    broken = true;
    made.emit("echo-back", 1);
    assert.equal((await disconnect)[1].error.code, "PARSE_ERROR");
    broken = false;
    await until("the connection", () => made.connected);
  });

  test("one that writes no text is UNSERIALIZABLE, for what is emitted, answered and for auth", async (t) => {
    let written;
    const json = { stringify: (value) => (written ? written() : JSON.stringify(value)), parse: JSON.parse };
    const made = await connected(t, servers.json, { json });
    for (const value of [undefined, null, 7, {}, Object("text"), new Uint8Array(1), Promise.resolve("text")]) {
      written = () => value;
      const expected = { code: "UNSERIALIZABLE", message: /`json\.stringify` must return a text/ };
      assert.throws(() => made.emit("echo", 1), expected);
      assert.throws(() => made.emit("echo", new Uint8Array(1)), expected);
      await assert.rejects(client(t, { json, reconnection: false }).connect(servers.json.url, { auth: {} }), expected);
      written = undefined;
      assert.equal(await made.call("echo", 1), 1);
    }
  });

  test("of the wrong shape, or with another serializer, it is refused", () => {
    for (const json of [null, {}, { parse() {} }, { stringify() {} }, "JSON", true]) {
      assert.throws(() => new api.Client({ json }), { code: "INVALID_OPTION", option: "json", message: /functions stringify and parse/ });
    }
    assert.throws(() => new api.Client({ json: JSON, serializer: "msgpack" }), { code: "INVALID_OPTION", option: "json", message: /writes no JSON/ });
    new api.Client({ json: JSON, serializer: "default" });
  });
});

describe("what Python's JSON has and JavaScript's has not", () => {
  const EVALUATED = {
    "[float('nan'), float('inf'), -float('inf'), 'NaN', 'Infinity']": [null, null, null, "NaN", "Infinity"],
    "{'NaN': float('nan'), 'x': [float('inf')], '\"': 'a\\\\\"NaN'}": { NaN: null, x: [null], '"': 'a\\"NaN' },
    "['\\ud800', 'a\\udfffb', {'\\ud83d': '\\ude00'}]": ["\ud800", "a\udfffb", { "\ud83d": "\ude00" }],
    "[2**53 + 1, -2**63, 10**99]": [2 ** 53, -(2 ** 63), 1e99],
    "[b'ab', float('nan')]": [Uint8Array.of(97, 98), null],
  };
  for (const [expression, expected] of Object.entries(EVALUATED)) {
    test(`[H6] ${expression}, and the connection lives on`, async (t) => {
      const made = await connected(t, servers.python, {});
      made.on("disconnect", () => assert.fail("the connection broke"));
      assert.deepEqual(await made.call("evaluate", expression), expected);
      assert.equal(await made.call("echo", 1), 1);
      made.off("disconnect");
    });
  }

  test("[H6] half a surrogate pair goes both ways", async (t) => {
    const made = await connected(t, servers.python, {});
    assert.deepEqual(await made.call("echo", "\ud800", { "\udc00": 1 }), ["\ud800", { "\udc00": 1 }]);
  });
});
