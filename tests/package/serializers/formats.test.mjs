// The formats without a server: against Python's own readers and writers, with random values; and messages of hostile servers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { describe as described, randomNumbers, startPython } from "../../support/formats.mjs";
import { folder } from "../../support/installed.mjs";
import { within } from "../../support/until.mjs";

const NAMES = ["msgpack", "cbor", "pickle"];
const VALUES = 300;

const installed = createRequire(join(folder, "commonjs.cjs"));
const parsers = Object.fromEntries(NAMES.map((name) => [name, installed(`socketio-wasm/serializers/${name}`)]));
const python = startPython({ after });

const event = (value) => ({ type: 2, nsp: "/", data: ["e", value] });

/** Returns the bytes that an encoder writes for a packet. */
const written = (name, packet) => {
  const frames = new parsers[name].Encoder().encode(packet);
  assert.equal(frames.length, 1);
  assert.equal(Object.getPrototypeOf(frames[0]), Uint8Array.prototype);
  return frames[0];
};

function readPacket(name, bytes) {
  const decoder = new parsers[name].Decoder();
  const packets = [];
  decoder.on("decoded", (packet) => packets.push(packet));
  decoder.add(bytes);
  assert.equal(packets.length, 1);
  return packets[0];
}

const hex = (text) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const toHex = (bytes) => Buffer.from(bytes).toString("hex");

/** Functions that return the bytes of an event whose only argument has the given bytes. */
const inEvent = {
  msgpack: (value) => Buffer.concat([hex("83 a4 74797065 02 a4 64617461 92 a1 65"), value, hex("a3 6e7370 a1 2f")]),
  cbor: (value) => Buffer.concat([hex("a3 64 74797065 02 64 64617461 82 61 65"), value, hex("63 6e7370 61 2f")]),
  pickle: (value) =>
    Buffer.concat([hex("80 04 7d 28 8c04 74797065 4b 02 8c04 64617461 5d 28 8c01 65"), value, hex("65 8c03 6e7370 8c01 2f 75 2e")]),
};

const argumentOf = (name, bytes) => readPacket(name, inEvent[name](bytes)).data[1];

// Returns a random value of those that JavaScript can send.
function randomValue(random, name, depth = 4) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const size = () => pick(random() < 0.95 ? [0, 1, 2, 3, 15, 16, 17, 31, 32] : [255, 256, 300]);
  const bits = name === "msgpack" ? 63 : 3_000;
  const simple = [
    () => pick([null, true, false]),
    () => pick([0, 1, -1, 23, 24, -24, -25, 127, 128, -128, -129, 255, 256, 65_535, 65_536, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1]),
    () => pick([0.5, -1.5, 1e300, 5e-324, Infinity, -Infinity, NaN, 2 ** 53, -(2 ** 60), random()]),
    () => pick([1n, -1n]) * (1n << BigInt(Math.floor(random() * bits))) + pick([-1n, 0n]),
    () => Array.from({ length: size() }, () => pick([..."ab\0\x7fé\u07ff\u0800世\ufeff\uffff👋\u{10ffff}"])).join(""),
    () => Uint8Array.from({ length: size() }, () => random() * 256),
  ];
  const compound = [
    () => Array.from({ length: pick([0, 1, 2, 3, 17]) }, () => randomValue(random, name, depth - 1)),
    () => Object.fromEntries(Array.from({ length: pick([0, 1, 2, 3, 17]) }, () => [simple[4](), randomValue(random, name, depth - 1)])),
  ];
  return pick(depth === 0 ? simple : [...simple, ...compound, ...compound])();
}

for (const name of NAMES) {
  describe(name, () => {
    test(`Python reads ${VALUES} random values that it writes`, async () => {
      const random = randomNumbers(1);
      for (let count = 0; count < VALUES; count++) {
        const packet = { type: 3, nsp: "/chat", data: [randomValue(random, name)], id: count };
        const { value } = await python({ read: name, bytes: toHex(written(name, packet)) });
        assert.deepEqual(value, described(packet));
      }
    });

    test(`it reads ${VALUES} random values that Python writes, in every variant of the format`, async () => {
      for (const { value, bytes } of await python({ write: name, count: VALUES, seed: 2 })) {
        for (const [variant, digits] of Object.entries(bytes)) {
          // A pickle has the number of its protocol before the value, and an opcode behind it.
          const complete = hex(digits);
          const inner = name === "pickle" ? complete.subarray(2, -1) : complete;
          const bytesOfPacket = name === "pickle" ? inPickle(complete[1], inner) : inEvent[name](inner);
          assert.deepEqual(described(readPacket(name, bytesOfPacket).data[1]), value, variant);
        }
      }
    });

    test("it leaves out absent keys of a packet, so that Python gets None, and npm's server no payload", async () => {
      const packet = { type: 0, nsp: "/chat", data: undefined, id: undefined };
      assert.deepEqual((await python({ read: name, bytes: toHex(written(name, packet)) })).value, described({ type: 0, nsp: "/chat" }));
      assert.deepEqual(readPacket(name, written(name, packet)), { type: 0, nsp: "/chat" });
    });

    test("[H2] it reads a DISCONNECT whose data is null, as Python writes it", () => {
      const packet = readPacket(name, written(name, { type: 1, nsp: "/", data: null, id: null }));
      assert.deepEqual(packet, { type: 1, nsp: "/" });
    });

    test("it refuses a message that is truncated anywhere, or followed by more", () => {
      const bytes = written(name, event({ a: [1.5, "text", new Uint8Array(3), 2 ** 40] }));
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(() => readPacket(name, bytes.subarray(0, length)), Error, `${length} bytes`);
      }
      assert.throws(() => readPacket(name, Uint8Array.of(...bytes, 0)));
    });

    test("it returns a packet or throws if any byte is changed", () => {
      const bytes = written(name, event({ list: [1, "two", null, new Uint8Array(2)], n: -70_000, more: { f: 0.5, t: true } }));
      for (let at = 0; at < bytes.length; at++) {
        for (let value = 0; value < 256; value++) {
          const changed = bytes.slice();
          changed[at] = value;
          try {
            readPacket(name, changed);
          } catch (error) {
            assert.ok(error instanceof Error && error.code !== "ERR_ASSERTION", error);
          }
        }
      }
    });

    test("it refuses values that are not packets", () => {
      const wrong = [null, 1, "text", [], {}, { type: 2 }, { type: "2", nsp: "/" }, { type: 5, nsp: "/" }, { type: -1, nsp: "/" }, { type: 1.5, nsp: "/" }];
      const packets = [{ type: 2, nsp: "/" }, { type: 2, nsp: "/", data: [] }, { type: 2, nsp: "/", data: [null] }, { type: 2, nsp: "/", data: {} }];
      const acks = [{ type: 3, nsp: "/", data: [] }, { type: 3, nsp: "/", data: 1, id: 1 }, { type: 3, nsp: "/", data: [], id: "1" }, { type: 3, nsp: "/", data: [], id: -1 }];
      const write = writer(name);
      for (const value of [...wrong, ...packets, ...acks]) assert.throws(() => readPacket(name, write(value)), TypeError, JSON.stringify(value));
      assert.throws(() => readPacket(name, "text"), /a string came/);
    });

    test("it accepts an ArrayBuffer, a Buffer and a part of a buffer, and returns Uint8Arrays", () => {
      const bytes = written(name, event(new Uint8Array([1, 2, 3])));
      const padded = Buffer.concat([Buffer.from("pad"), bytes, Buffer.from("pad")]);
      const chunks = [bytes, bytes.slice().buffer, Buffer.from(bytes), padded.subarray(3, -3), new DataView(bytes.slice().buffer)];
      for (const chunk of chunks) assert.deepEqual(readPacket(name, chunk).data[1], new Uint8Array([1, 2, 3]));
    });

    test("it refuses to write values that are nested too deeply or circular, with different errors", () => {
      let deep = [];
      for (let level = 0; level < 2_000; level++) deep = [deep];
      const circle = {};
      circle.self = circle;
      assert.throws(() => written(name, event(deep)), /nested too deeply: more than 1000 levels/);
      for (const value of [circle, { toJSON: () => circle }]) assert.throws(() => written(name, event(value)), /nested in a circle/);
      let shared = [];
      for (let level = 0; level < 2_000; level++) shared = [shared, shared];
      assert.throws(() => written(name, event(shared)), /nested too deeply/);
      const endless = { toJSON: () => ({ again: { ...endless } }) };
      assert.throws(() => written(name, event(endless)), /nested too deeply/);
    });

    test("it does not change the values that it writes", () => {
      const value = Object.freeze({ list: Object.freeze([1, Object.freeze({ a: undefined })]), bytes: new Uint8Array(2) });
      written(name, Object.freeze(event(value)));
      assert.deepEqual(value, { list: [1, { a: undefined }], bytes: new Uint8Array(2) });
    });
  });
}

/** Returns the pickle of an event, in any protocol, around the opcodes of a value, without the value's marks and memo. */
function inPickle(protocol, opcodes) {
  const text = (letters) => Buffer.concat([hex("58"), Uint8Array.of(letters.length, 0, 0, 0), Buffer.from(letters)]);
  const head = [Uint8Array.of(0x80, protocol), hex("7d 28"), text("type"), hex("4b 02"), text("data"), hex("5d 28"), text("e")];
  return Buffer.concat([...head, opcodes, hex("65"), text("nsp"), text("/"), hex("75 2e")]);
}

/** Returns a function that writes any plain value in a format: it takes the argument's bytes out of an event. */
function writer(name) {
  const around = written(name, event(null));
  const one = 1; // the number of bytes of null in each format
  const at = around.findIndex((_, index) => toHex(inEvent[name](around.subarray(index, index + one))) === toHex(around));
  return (value) => {
    const bytes = written(name, event(value));
    const inner = bytes.subarray(at, bytes.length - (around.length - at - one));
    return name === "pickle" ? Buffer.concat([hex("80 04"), inner, hex("2e")]) : inner;
  };
}

const pickled = (opcodes) => argumentOf("pickle", typeof opcodes === "string" ? hex(opcodes) : opcodes);
const ascii = (text) => toHex(Buffer.from(text));
const repeated = (count, ...bytes) => Buffer.alloc(count * bytes.length, Uint8Array.from(bytes));

describe("msgpack", () => {
  test("[H2] a packet is written as python-socketio and npm's parser write it, with the keys in this order", () => {
    const bytes = written("msgpack", { id: 7, nsp: "/chat", data: ["a", 1], type: 2 });
    assert.equal(toHex(bytes), toHex(hex("84 a4 74797065 02 a4 64617461 92 a1 61 01 a3 6e7370 a5 2f63686174 a2 6964 07")));
  });

  // The bytes of a value, and the value.
  const READ = {
    "the npm parser's undefined": ["d4 00 00", undefined],
    "the npm parser's Date": ["d7 00 00000000 000003e8", new Date(1000)],
    "the npm parser's Uint8Arrays that are not Buffers": [
      "93 c7 01 00 07 c7 08 00 0102030405060708 c8 0003 00 010203",
      [Uint8Array.of(7), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(1, 2, 3)],
    ],
    "a timestamp of 32 bits": ["d6 ff 00000001", new Date(1000)],
    "a timestamp of 64 bits": ["d7 ff 77359400 00000001", new Date(1500)],
    "a timestamp of 96 bits": ["c7 0c ff 1dcd6500 ffffffff ffffffff", new Date(-500)],
    "an unknown extension": ["c7 03 2a 010203", { type: 42, data: new Uint8Array([1, 2, 3]) }],
    "keys that are not strings": ["85 01 a1 61 c0 a1 62 c3 a1 63 c4 01 64 a1 64 92 01 02 a1 65", { 1: "a", null: "b", true: "c", d: "d", "1,2": "e" }],
    "a number of 32 bits": ["ca 3fc00000", 1.5],
    "a small number in 64 bits": ["cf 00000000 00000005", 5],
    "half a surrogate pair": ["a3 eda080", "\ud800"],
  };
  for (const [name, [bytes, value]] of Object.entries(READ)) {
    test(`reads ${name}`, () => assert.deepEqual(argumentOf("msgpack", hex(bytes)), value));
  }

  test("integers beyond 64 bits are refused", () => {
    for (const value of [2n ** 64n, -(2n ** 63n) - 1n]) assert.throws(() => written("msgpack", event(value)), RangeError);
  });

  test("a length beyond the message takes no memory", () => {
    const before = process.memoryUsage().heapUsed;
    assert.throws(() => argumentOf("msgpack", repeated(100_000, 0xdd, 0x01, 0xff, 0xff, 0xff)), /longer than the message/);
    assert.throws(() => argumentOf("msgpack", repeated(1_000, 0xdf, 0, 0, 0xff, 0xff)), /longer than the message/);
    assert.ok(process.memoryUsage().heapUsed - before < 50_000_000);
  });

  test("a key that converts to __proto__ sets no prototype", () => {
    const name = `a9 ${ascii("__proto__")}`;
    for (const key of [name, `91 ${name}`, `c4 09 ${ascii("__proto__")}`]) {
      const value = argumentOf("msgpack", hex(`81 ${key} 81 a1 61 01`));
      assert.deepEqual([Object.keys(value), value.a, Object.getPrototypeOf(value)], [["__proto__"], undefined, Object.prototype]);
    }
  });

  test("a message that is nested too deeply is refused", () => {
    assert.throws(() => argumentOf("msgpack", Buffer.concat([repeated(100_000, 0x91), hex("c0")])), /nested too deeply/);
  });
});

describe("cbor", () => {
  test("[H3] a packet is written with the keys in this order", () => {
    const bytes = written("cbor", { id: 7, nsp: "/chat", data: ["a", 1], type: 2 });
    assert.equal(toHex(bytes), toHex(hex("a4 64 74797065 02 64 64617461 82 61 61 01 63 6e7370 65 2f63686174 62 6964 07")));
  });

  const READ = {
    "a date as a string": ["c0 74 323032362d31312d32315431323a30303a30305a", new Date("2026-11-21T12:00:00Z")],
    "a date as a number": ["c1 fb 3ff8000000000000", new Date(1500)],
    "a list and a map of unknown length": ["9f 01 bf 61 61 02 ff ff", [1, { a: 2 }]],
    "an unknown tag, as its value": ["d9 0102 82 01 02", [1, 2]],
    "a large integer": ["c2 49 010000000000000000", 2n ** 64n],
    "a large negative integer": ["c3 49 010000000000000000", -(2n ** 64n) - 1n],
    "keys that are not strings": ["a5 01 61 61 f6 61 62 f5 61 63 41 64 61 64 82 01 02 61 65", { 1: "a", null: "b", true: "c", d: "d", "1,2": "e" }],
    "undefined": ["f7", undefined],
    "a number of 16 bits": ["f9 3e00", 1.5],
    "half a surrogate pair, replaced": ["63 eda080", "\ufffd\ufffd\ufffd"],
  };
  for (const [name, [bytes, value]] of Object.entries(READ)) {
    test(`reads ${name}`, () => assert.deepEqual(argumentOf("cbor", hex(bytes)), value));
  }

  test("references to other values are refused", () => {
    for (const tag of ["d819 00", "d81d 00"]) assert.throws(() => argumentOf("cbor", hex(tag)), /references/);
  });

  test("a length beyond the message, and deep nesting, are refused", () => {
    assert.throws(() => argumentOf("cbor", repeated(100_000, 0x9a, 0xff, 0xff, 0xff, 0xff)));
    assert.throws(() => argumentOf("cbor", Buffer.concat([repeated(100_000, 0x81), hex("f6")])), /nested too deeply/);
    assert.throws(() => argumentOf("cbor", hex("82 01 ff")), /shorter than its length/);
    assert.throws(() => argumentOf("cbor", hex("a1 01 ff")), /key without its value/);
  });
});

describe("pickle", () => {
  // The opcodes, and the name in the error.
  const REFUSED = {
    "a class as a line": [`63 ${ascii("datetime\ndate\n")}`, "the name datetime.date"],
    "a function as a line": [`63 ${ascii("os\nsystem\n")} 58 02000000 6c73 85 52`, "the name os.system"],
    "a class from the stack": [`8c 08 ${ascii("datetime")} 8c 04 ${ascii("date")} 93`, "the name datetime.date"],
    "a builtin function": [`63 ${ascii("builtins\neval\n")}`, "the name builtins.eval"],
    "a name of every object": [`63 ${ascii("builtins\n__proto__\n")}`, "the name builtins.__proto__"],
    "an allowed name among the data": [`63 ${ascii("_codecs\nencode\n")}`, "the name _codecs.encode"],
    "an allowed name in a list": [`5d 28 63 ${ascii("builtins\nbytes\n")} 65`, "the name builtins.bytes"],
    "an allowed name in the memo": [`63 ${ascii("builtins\nset\n")} 71 00 30 68 00`, "the name builtins.set"],
    "another encoding": [`63 ${ascii("_codecs\nencode\n")} 58 01000000 61 58 05000000 ${ascii("rot13")} 86 52`, "a call of _codecs.encode"],
    "a call of a value that is not a function": ["4b 01 29 52", "REDUCE"],
    "BUILD": ["7d 7d 62", "BUILD"],
    "INST": [`28 69 ${ascii("os\nsystem\n")}`, "INST"],
    "OBJ": ["28 4b 01 6f", "OBJ"],
    "NEWOBJ": ["4b 01 29 81", "NEWOBJ"],
    "NEWOBJ_EX": ["4b 01 29 7d 92", "NEWOBJ_EX"],
    "EXT1": ["82 01", "EXT1"],
    "PERSID": [`50 ${ascii("x\n")}`, "PERSID"],
    "BINPERSID": ["4b 01 51", "BINPERSID"],
    "NEXT_BUFFER": ["97", "NEXT_BUFFER"],
    "an opcode of protocol 0": [`49 ${ascii("1\n")}`, "the opcode 0x49"],
  };
  for (const [name, [opcodes, what]] of Object.entries(REFUSED)) {
    test(`[H4] refuses ${name}`, () => {
      assert.throws(() => pickled(opcodes), { name: "TypeError", message: `a pickle with ${what} is refused: only plain data is read` });
    });
  }

  test("[H4] a name in a pickle is never looked up or called", () => {
    globalThis.named = () => assert.fail("called");
    assert.throws(() => pickled(`63 ${ascii("globalThis\nnamed\n")} 29 52`), /the name globalThis\.named is refused/);
    delete globalThis.named;
  });

  test("the protocols 0, 1 and 6, and messages that are not pickles, are refused", () => {
    for (const start of ["80 00", "80 01", "80 06", "4e", ""]) assert.throws(() => readPacket("pickle", hex(`${start} 4e 2e`)), RangeError);
  });

  test("an integer of 128 bits may be a key", () => {
    assert.deepEqual(pickled(`7d 8a 11 ${"ff".repeat(16)} 00 4e 73`), { [String(2n ** 128n - 1n)]: null });
  });

  test("deep nesting is refused, also if it is hidden in references", () => {
    const nested = (levels) => Buffer.concat([hex("4e"), repeated(levels, 0x85)]);
    assert.equal(pickled(nested(900)).length, 1);
    assert.throws(() => pickled(nested(1_100)), /nested too deeply/);
    const hidden = Buffer.concat([nested(600), hex("71 00"), repeated(600, 0x85), hex("68 00 86")]);
    assert.throws(() => pickled(hidden), /nested too deeply/);
    const first = Buffer.concat([nested(600), hex("71 00 68 00"), repeated(600, 0x85), hex("86")]);
    assert.throws(() => pickled(first), /nested too deeply/);
  });

  test("a list that contains itself is read", () => {
    const list = pickled("5d 94 68 00 61");
    assert.equal(list[0], list);
    const [first, second] = pickled("5d 94 8c 01 61 94 61 68 00 86");
    assert.equal(first, second);
  });

  test("strings of Python 2 are read", () => {
    assert.deepEqual(pickled(`28 55 02 ${ascii("ab")} 54 03000000 ${ascii("cde")} 74`), ["ab", "cde"]);
  });

  test("opcodes with missing or wrong operands are refused", () => {
    const wrong = ["30 30 30 30", "74 74", "61", "4e 4e 61", "4e 4e 4e 73", "4e 28 4b 01 75", "5d 28 4b 01 4b 02 75", "68 63", "6a ffffffff", "7d 5d 4e 73", "65", "31 31 31"];
    for (const opcodes of wrong) assert.throws(() => pickled(opcodes), Error, opcodes);
  });

  test("lengths beyond the message take no memory", () => {
    const wrong = ["8d ffffffffffffffff", "8e ffffffffffffff7f", "96 0000000000010000", "58 ffffffff", "42 ffffffff", "8b ffffffff", "43 ff"];
    for (const opcodes of wrong) assert.throws(() => pickled(opcodes), RangeError, opcodes);
  });

  test("a short pickle cannot cause much work, since references are not copied", () => {
    const long = Buffer.concat([hex("58 40420f00"), Buffer.alloc(1_000_000, "a"), hex("71 00 30")]); // a string of a million characters
    const latin1 = hex(`63 ${ascii("_codecs\nencode\n")} 68 00 58 06000000 ${ascii("latin1")} 86 52`);
    const start = performance.now();
    assert.throws(() => pickled(Buffer.concat([long, hex("5d 28"), ...Array(1_000).fill(latin1), hex("65")])), /bytes that are none/);
    // A list that has the same list twice at each level, so that it contains 2 to the 60th values.
    const doubled = Buffer.concat([hex("5d"), ...Array.from({ length: 60 }, () => hex("32 86"))]);
    assert.equal(pickled(doubled).length, 2);
    // The same tuple as a key many times.
    assert.throws(() => pickled(Buffer.concat([doubled, hex("71 00 30 7d 28"), repeated(10_000, 0x68, 0, 0x4e), hex("75")])), /key that is no text/);
    assert.throws(() => pickled(Buffer.concat([hex("8b ff ff 00 00"), Buffer.alloc(0xffff, 1)])), /too many digits/);
    // The same long integer as a key many times: its decimal string takes time.
    const integer = Buffer.concat([hex("8b fa 06 00 00"), Buffer.alloc(1_786, 1), hex("71 00 30")]);
    assert.throws(() => pickled(Buffer.concat([integer, hex("7d 28"), repeated(300_000, 0x68, 0, 0x4e), hex("75")])), /more than 128 bits/);
    assert.throws(() => pickled(Buffer.concat([hex("4e"), repeated(1_000_000, 0x85)])), /nested too deeply/);
    assert.ok(performance.now() - start < 10_000, "it took more than 10 s instead of some milliseconds");
  });
});

describe("in the package", () => {
  const dist = (name) => join(folder, "node_modules/socketio-wasm/dist", name);

  test("the browser's file contains only the names of the serializers", () => {
    const source = readFileSync(dist("browser.js"), "utf8");
    for (const name of NAMES) {
      assert.equal(source.split(`import("./serializers/${name}.js")`).length, 2);
      // A string of each minified file, which the browser's file would have if the serializer were bundled.
      const own = { msgpack: "Too deep objects in depth", cbor: "references to other values", pickle: "only plain data is read" }[name];
      assert.ok(readFileSync(dist(`serializers/${name}.js`), "utf8").includes(own));
      assert.ok(!source.includes(own));
      assert.ok(!readFileSync(dist("node.cjs"), "utf8").includes(own));
    }
    assert.doesNotMatch(source, /^import\b|\bimport["{]/m); // nothing is imported statically
  });

  test("a bundler puts them into files of their own", async () => {
    const { build } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("esbuild");
    const program = { contents: 'import { Client } from "socketio-wasm"; new Client({ serializer: "cbor" });', resolveDir: folder };
    const options = { bundle: true, splitting: true, format: "esm", platform: "browser", write: false, outdir: "out", logLevel: "silent" };
    const { outputFiles } = await build({ stdin: program, ...options });
    const [first, ...others] = outputFiles.map(({ path, text }) => ({ name: basename(path), text }));
    assert.equal(first.name, "stdin.js");
    for (const name of NAMES) assert.ok(others.some((chunk) => chunk.name.startsWith(name)), name);
    assert.doesNotMatch(first.text, /only plain data is read/);
  });

  for (const name of NAMES) {
    test(`${name} is one file, for import and for require, without eval`, async () => {
      const source = readFileSync(dist(`serializers/${name}.js`), "utf8");
      assert.doesNotMatch(source, /new Function|\beval\(|\bimport\b|\brequire\(/);
      const imported = await import(pathToFileURL(dist(`serializers/${name}.js`)).href);
      assert.deepEqual(Object.keys(imported), ["Decoder", "Encoder"]);
      assert.deepEqual(Object.keys(parsers[name]).sort(), ["Decoder", "Encoder"]);
      const [frame] = new imported.Encoder().encode(event(1));
      assert.deepEqual(readPacket(name, frame), event(1));
    });
  }
});

describe("npm's socket.io and socket.io-client work with the parser", () => {
  const { Server } = createRequire(import.meta.url)("socket.io");
  const { io } = createRequire(import.meta.url)("socket.io-client");

  for (const name of NAMES) {
    test(name, async (t) => {
      const http = createServer();
      const server = new Server(http, { parser: parsers[name] });
      server.of("/chat").use((socket, next) => next(socket.handshake.auth.token ? undefined : new Error("no token")));
      server.of("/chat").on("connection", (socket) => {
        socket.on("echo", (...args) => args.pop()(...args));
        socket.on("end", () => socket.disconnect());
      });
      http.listen(0, "127.0.0.1");
      await once(http, "listening");
      const client = io(`http://127.0.0.1:${http.address().port}/chat`, { parser: parsers[name], autoConnect: false, reconnection: false });
      t.after(() => {
        client.disconnect();
        server.close();
      });
      const heard = (event) => within(event, new Promise((resolve) => client.once(event, resolve)));
      client.connect();
      assert.equal((await heard("connect_error")).message, "no token");
      client.auth = { token: 1 };
      client.connect();
      await heard("connect");
      const echoed = within("the answer", client.emitWithAck("echo", { a: [1, null, Buffer.from("ab")] }));
      assert.deepEqual(await echoed, { a: [1, null, new Uint8Array([97, 98])] });
      const ended = heard("disconnect");
      client.emit("end");
      assert.equal(await ended, "io server disconnect");
    });
  }
});
