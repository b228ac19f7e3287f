// The option `json`, which gives a client its own functions for JSON; and JSON of Python that JavaScript cannot represent.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until } from "../../support/until.mjs";

const jsonServer = sharedServer("npm");
const pythonServer = sharedServer("python");

const client = (t, options) => newClient(t, { ...IMPATIENT, ...options });

async function connected(t, server, options, connect) {
  const made = client(t, options);
  await made.connect(server.url, connect);
  return made;
}

describe("`json`", () => {
  const tagged = {
    // Reads the property itself, since JSON.stringify has already called toJSON of a Date.
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

  for (const [kind, server] of Object.entries({ npm: jsonServer, python: pythonServer })) {
    test(`writes and reads all payloads, with a server of ${kind}`, async (t) => {
      const made = client(t, { json: tagged });
      const welcome = heard(made.of("/auth"), "welcome");
      await made.connect(server.url, { namespaces: ["/", "/auth"], auth: { token: "secret", since: new Date(5), n: 1n } });
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

  test("[C6] applies to one client: another uses the global JSON", async (t) => {
    await connected(t, jsonServer, { json: tagged });
    const other = await connected(t, jsonServer, {});
    assert.throws(() => other.emit("echo", 1n), { code: "UNSERIALIZABLE" });
    assert.equal(await other.call("echo", new Date(0)), "1970-01-01T00:00:00.000Z");
  });

  test("is UNSERIALIZABLE if it throws while it writes, and a parse error if it throws while it reads", async (t) => {
    let broken = false;
    const json = {
      stringify: (value) => JSON.stringify(value),
      parse: (text) => {
        if (broken) throw new Error("no");
        return JSON.parse(text);
      },
    };
    const made = await connected(t, jsonServer, { json });
    assert.throws(() => made.emit("echo", 1n), { code: "UNSERIALIZABLE" });
    const disconnect = heard(made, "disconnect");
    broken = true;
    made.emit("echo-back", 1);
    assert.equal((await disconnect)[1].error.code, "PARSE_ERROR");
    broken = false;
    await until("the connection", () => made.connected);
  });

  test("is UNSERIALIZABLE if it does not return a string, for events, answers and auth", async (t) => {
    let written;
    const json = { stringify: (value) => (written ? written() : JSON.stringify(value)), parse: JSON.parse };
    const made = await connected(t, jsonServer, { json });
    for (const value of [undefined, null, 7, {}, Object("string"), new Uint8Array(1), Promise.resolve("string")]) {
      written = () => value;
      const expected = { code: "UNSERIALIZABLE", message: /`json\.stringify` must return a string/ };
      assert.throws(() => made.emit("echo", 1), expected);
      assert.throws(() => made.emit("echo", new Uint8Array(1)), expected);
      await assert.rejects(client(t, { json, reconnection: false }).connect(jsonServer.url, { auth: {} }), expected);
      written = undefined;
      assert.equal(await made.call("echo", 1), 1);
    }
  });

  test("is refused without both functions, or with another serializer", () => {
    for (const json of [null, {}, { parse() {} }, { stringify() {} }, "JSON", true]) {
      assert.throws(() => new api.Client({ json }), { code: "INVALID_OPTION", option: "json", message: /functions stringify and parse/ });
    }
    assert.throws(() => new api.Client({ json: JSON, serializer: "msgpack" }), { code: "INVALID_OPTION", option: "json", message: /writes no JSON/ });
    new api.Client({ json: JSON, serializer: "default" });
  });
});

describe("JSON of Python that JavaScript cannot represent", () => {
  const EVALUATED = {
    "[float('nan'), float('inf'), -float('inf'), 'NaN', 'Infinity']": [null, null, null, "NaN", "Infinity"],
    "{'NaN': float('nan'), 'x': [float('inf')], '\"': 'a\\\\\"NaN'}": { NaN: null, x: [null], '"': 'a\\"NaN' },
    "['\\ud800', 'a\\udfffb', {'\\ud83d': '\\ude00'}]": ["\ud800", "a\udfffb", { "\ud83d": "\ude00" }],
    "[2**53 + 1, -2**63, 10**99]": [2 ** 53, -(2 ** 63), 1e99],
    "[b'ab', float('nan')]": [Uint8Array.of(97, 98), null],
  };
  for (const [expression, expected] of Object.entries(EVALUATED)) {
    test(`[H6] ${expression} is read, and the connection goes on`, async (t) => {
      const made = await connected(t, pythonServer, {});
      made.on("disconnect", () => assert.fail("the connection broke"));
      assert.deepEqual(await made.call("evaluate", expression), expected);
      assert.equal(await made.call("echo", 1), 1);
      made.off("disconnect");
    });
  }

  test("[H6] half a surrogate pair arrives in both directions", async (t) => {
    const made = await connected(t, pythonServer, {});
    assert.deepEqual(await made.call("echo", "\ud800", { "\udc00": 1 }), ["\ud800", { "\udc00": 1 }]);
  });
});
