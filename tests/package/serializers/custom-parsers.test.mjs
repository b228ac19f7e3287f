// User-supplied parsers in the shape of npm's parsers: an object with the classes Encoder and Decoder.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const msgpackParser = createRequire(import.meta.url)("socket.io-msgpack-parser");
const defaultParser = createRequire(import.meta.resolve("socket.io"))("socket.io-parser");

const msgpackServer = sharedServer("npm", { serializer: "msgpack" });
const jsonServer = sharedServer("npm");

const client = (t, options) => newClient(t, { ...IMPATIENT, ...options });

async function connected(t, server, options, connect) {
  const made = client(t, options);
  await made.connect(server.url, connect);
  return made;
}

describe("a parser", () => {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`[C5, H5] may be npm's socket.io-msgpack-parser, over ${name}`, async (t) => {
      const made = await connected(t, msgpackServer, { serializer: msgpackParser }, { transports, namespaces: ["/", "/chat"] });
      made.on("question", (x, bytes) => [x + 1, bytes.length]);
      const answered = heard(made, "answered");
      made.emit("ask", 1, Buffer.from("abc")); // in Node, this parser accepts only Buffers as binary data
      assert.deepEqual(await answered, [[2, 3]]);
      assert.deepEqual(await made.of("/chat").call("echo", "a", { list: [Buffer.from([1, 2])] }), ["a", { list: [Uint8Array.of(1, 2)] }]);
      const again = heard(made, "connect");
      made.emit("close-engine");
      await again;
      assert.equal(await made.call("echo", 1), 1);
    });

    test(`may be npm's socket.io-parser, which writes strings and attachments, over ${name}`, async (t) => {
      const made = await connected(t, jsonServer, { serializer: defaultParser }, { transports });
      const value = { a: [Uint8Array.of(1), "b", { c: Uint8Array.of(2, 3) }] };
      assert.deepEqual(await made.call("echo", value, "é"), [value, "é"]);
      assert.equal(await made.call("echo", "without"), "without");
      assert.deepEqual(value, { a: [Uint8Array.of(1), "b", { c: Uint8Array.of(2, 3) }] });
    });
  }

  test("may give Buffers and ArrayBuffers anywhere in its data, also twice: handlers receive Uint8Arrays, and the parser's objects stay as they are", async (t) => {
    const shared = Object.freeze({ bytes: Buffer.from([1]), not: "bytes", ...JSON.parse('{"__proto__":{"a":1}}') });
    const circle = { date: new Date(0), view: new DataView(new ArrayBuffer(1)) };
    circle.self = circle;
    const data = Object.freeze(["given", [shared, shared], Object.assign(Object.create(null), { buffer: Uint8Array.of(2).buffer }), circle]);
    class Decoder extends msgpackParser.Decoder {
      emit(event, packet) {
        return super.emit(event, packet?.data?.[0] === "echo-back" ? { ...packet, data } : packet);
      }
    }
    const made = await connected(t, msgpackServer, { serializer: { ...msgpackParser, Decoder } });
    const given = heard(made, "given");
    made.emit("echo-back");
    const [twice, { buffer }, itself] = await given;
    const expected = { ...shared, bytes: Uint8Array.of(1) };
    assert.deepEqual([twice, buffer], [[expected, expected], Uint8Array.of(2)]);
    assert.equal(Object.getPrototypeOf(twice[0]), Object.prototype);
    assert.equal(itself, circle);
    assert.ok(Buffer.isBuffer(shared.bytes));
  });

  test("may return frozen packets, which are not changed", async (t) => {
    const packets = [];
    class Decoder extends msgpackParser.Decoder {
      emit(event, packet) {
        packets.push(Object.freeze({ ...packet, data: Array.isArray(packet?.data) ? Object.freeze([...packet.data]) : packet?.data }));
        return super.emit(event, packets.at(-1));
      }
    }
    const made = await connected(t, msgpackServer, { serializer: { ...msgpackParser, Decoder } });
    for (const event of ["echo-back", "*"]) {
      const came = new Promise((resolve) => made.on(event, (...args) => resolve(args)));
      made.emit("echo-back", 1);
      assert.deepEqual(await within("the event", came), event === "*" ? ["echo-back", 1] : [1]);
      made.off(event);
    }
    assert.deepEqual(packets.filter(({ type }) => type === 2).map(({ data }) => data), [["echo-back", 1], ["echo-back", 1]]);
  });

  test("needs no loading: the connection begins during the call of connect()", async (t) => {
    const made = client(t, { serializer: msgpackParser });
    const connecting = made.connect(msgpackServer.url);
    assert.equal(made.state, "connecting");
    const answer = made.call("echo", "buffered");
    await connecting;
    assert.equal(await answer, "buffered");
  });

  test("[H5] gets packets without absent keys, Buffers in Node, and a new Decoder for each connection", async (t) => {
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
    const made = await connected(t, msgpackServer, { serializer: { Encoder, Decoder } });
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

describe("a parser is refused if it is", () => {
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
    "an object without a Decoder": [{ Encoder }, /is not "default"/],
    "instances": [{ Encoder: new Encoder(), Decoder: new Decoder() }, /is not "default"/],
    "an Encoder that does not encode": [{ Encoder: class {}, Decoder }, /its Encoder has no method encode\(\)/],
    "a Decoder that does not listen": [{ Encoder, Decoder: class { add() {} } }, /its Decoder has no method on\(\)/],
    "a Decoder that does not read": [{ Encoder, Decoder: class { on() {} } }, /its Decoder has no method add\(\)/],
    "functions that are not classes": [{ Encoder: () => {}, Decoder }, /`new Encoder\(\)` throws: .*not a constructor/],
    "a class whose constructor throws": [{ Encoder, Decoder: class { constructor() { throw new Error("not today"); } } }, /`new Decoder\(\)` throws: not today/],
  };
  for (const [name, [serializer, message]] of Object.entries(wrong)) {
    test(name, () => {
      assert.throws(() => new api.Client({ serializer }), { name: "InvalidArgumentError", code: "INVALID_OPTION", option: "serializer", message });
    });
  }
});

describe("a parser that fails", () => {
  /** Returns npm's parser with other methods. */
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

  test("with an event makes emit() throw UNSERIALIZABLE, and the connection goes on", async (t) => {
    const cause = new Error("I would rather not");
    const refuse = () => {
      throw cause;
    };
    const made = await connected(t, msgpackServer, { serializer: parserWith({ encode: ({ data }) => (data?.[1] === "no" ? refuse() : undefined) }) });
    const expected = { name: "InvalidArgumentError", code: "UNSERIALIZABLE", cause, message: /I would rather not/ };
    assert.throws(() => made.emit("echo", "no"), expected);
    await assert.rejects(made.call("echo", "no"), expected);
    assert.equal(await made.call("echo", "yes"), "yes");
  });

  for (const [name, returned] of Object.entries({ "a value that is not an array": new Uint8Array(1), "an empty array": [], "a number": [1], "null": [null] })) {
    test(`by returning ${name} from encode() is UNSERIALIZABLE`, async (t) => {
      const made = await connected(t, msgpackServer, { serializer: parserWith({ encode: ({ data }) => (data?.[1] === "no" ? returned : undefined) }) });
      await assert.rejects(made.call("echo", "no"), { code: "UNSERIALIZABLE", message: /encode\(\) must return/ });
      assert.equal(await made.call("echo", "yes"), "yes");
    });
  }

  test("with the CONNECT of a namespace makes connect() reject with UNSERIALIZABLE", async (t) => {
    const made = client(t, { serializer: "msgpack", reconnection: false });
    await assert.rejects(made.connect(msgpackServer.url, { auth: { big: 2n ** 70n } }), { code: "UNSERIALIZABLE", message: /beyond 64 bits/ });
  });

  test("with an answer is reported, and the connection goes on", async (t) => {
    const made = await connected(t, msgpackServer, { serializer: "msgpack" });
    const reported = [];
    made.on("error", (error) => reported.push(error));
    made.on("question", () => 2n ** 70n);
    made.emit("ask", 1);
    await until("the report", () => reported.length > 0);
    assert.equal(reported[0].code, "UNSERIALIZABLE");
    assert.equal(await made.call("echo", 1), 1);
  });

  test("while it reads is a PARSE_ERROR with the thrown error as its cause, and the client reconnects", async (t) => {
    const cause = new Error("what is this");
    let broken = false;
    const add = (decoder, chunk, read) => {
      if (broken) {
        broken = false;
        throw cause;
      }
      return read(chunk);
    };
    const made = await connected(t, msgpackServer, { serializer: parserWith({ add }) });
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

  test("with the first packet that it reads makes connect() reject", async (t) => {
    const add = () => {
      throw "a string";
    };
    const made = client(t, { serializer: parserWith({ add }), reconnection: false });
    await assert.rejects(made.connect(msgpackServer.url), { code: "PARSE_ERROR", message: /a string/ });
  });

  for (const [name, packet] of Object.entries({ "nothing": undefined, "no type": { nsp: "/" }, "type 7": { type: 7, nsp: "/" }, "no namespace": { type: 2, data: ["a"] }, "a wrong id": { type: 3, nsp: "/", data: [], id: -1 }, "an event that is not a list": { type: 2, nsp: "/", data: {} }, "an event of the client's own": { type: 2, nsp: "/", data: ["disconnect", "x"] } })) {
    test(`by emitting ${name} is a PARSE_ERROR`, async (t) => {
      let broken = false;
      const add = (decoder, chunk, read) => (broken ? decoder.emit("decoded", packet) : read(chunk));
      const made = await connected(t, msgpackServer, { serializer: parserWith({ add }), reconnection: false });
      const disconnect = heard(made, "disconnect");
      broken = true;
      made.emit("echo-back", 1);
      assert.equal((await disconnect)[1].error.code, "PARSE_ERROR");
    });
  }

  test("because the server uses another format is a ConnectionError", async (t) => {
    for (const serializer of ["msgpack", "cbor", "pickle"]) {
      const made = client(t, { serializer, reconnection: false });
      await assert.rejects(made.connect(jsonServer.url, { waitTimeout: 500 }), { name: "ConnectionError" });
      const other = client(t, { reconnection: false });
      await assert.rejects(other.connect(msgpackServer.url, { waitTimeout: 500 }), { name: "ConnectionError" });
    }
  });

  test("several packets that a parser emits for one frame are delivered in order; a late one is delivered with the next frame", async (t) => {
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
    const made = await connected(t, msgpackServer, { serializer: parserWith({ add }) });
    const news = [];
    made.on("news", (value) => news.push(value));
    mode = "several";
    assert.equal(await made.call("echo", 1), 1);
    assert.deepEqual(news, [1, 2, 3]);
    mode = "late";
    const lost = made.call("echo", 2); // this decoder drops the answer
    lost.catch(() => {});
    await until("the frame", () => late);
    late();
    assert.equal(await made.call("echo", 3), 3);
    assert.deepEqual(news, [1, 2, 3, "late"]);
  });

  test("a parser may use its client while it writes and reads", async (t) => {
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
    made = await connected(t, msgpackServer, { serializer: parserWith({ encode, add }) });
    const within = heard(made, "echo-back");
    assert.equal(await made.call("echo", "first"), "first");
    assert.deepEqual(await within, ["within"]);
    assert.equal(await made.call("echo", { toJSON: () => made.connected }), true);
    assert.ok(seen.includes("connected"));
  });

  test("a parser may disconnect its client while it reads", async (t) => {
    let stop = false;
    let made;
    const add = (decoder, chunk, read) => {
      if (stop) made.disconnect();
      return read(chunk);
    };
    made = await connected(t, msgpackServer, { serializer: parserWith({ add }) });
    stop = true;
    await assert.rejects(made.call("echo", 1), { code: "DISCONNECTED", reason: "client disconnect" });
    await within("the end", made.wait());
    stop = false;
    await made.connect(msgpackServer.url);
    assert.equal(await made.call("echo", 2), 2);
  });
});
