// The conversation that tests/interop holds with every server, held in other formats than JSON; and the values that only these formats have.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { converse } from "../../interop/conversation.mjs";
import { heard } from "../../support/until.mjs";

const LONG = "x".repeat(300); // longer than the strings that a library reads character by character

/** Values that come back unchanged, unlike with JSON. */
const UNCHANGED = {
  "NaN and the infinities": { args: [NaN, Infinity, -Infinity] },
  "integers of all sizes": { args: [0, -1, 255, 256, 65_535, 65_536, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 1, 2 ** 53 - 1, -(2 ** 53) + 1] },
  "a byte order mark in a string": { args: ["\ufeffshort", `\ufeff${LONG}`, "\ufeff"] },
  "a property called __proto__": { needs: "__proto__", args: [JSON.parse('{"__proto__":{"a":1},"b":2}')] },
  "binary data beside other values": { args: [{ list: [new Uint8Array([1, 2]), "a", { deep: new Uint8Array(300) }], none: null }] },
  "a string of 100,000 characters": { args: ["é👋".repeat(33_334)] },
};

/** Values that arrive as another one, as with JSON. */
const CONVERTED = {
  "a Date into its ISO string": [new Date(0), "1970-01-01T00:00:00.000Z"],
  "undefined, which is left out": [{ a: undefined, b: [undefined, () => {}], c: Symbol("c") }, { b: [null, null] }],
  "an object with toJSON into the result of toJSON": [{ a: { toJSON: () => ({ b: new Uint8Array(2) }) } }, { a: { b: new Uint8Array(2) } }],
  "an ArrayBuffer, and a part of one, into Uint8Arrays": [[new ArrayBuffer(2), new Uint16Array([1, 2, 3]).subarray(1)], [new Uint8Array(2), Uint8Array.of(2, 0, 3, 0)]],
  "a Blob into its bytes": [{ blob: new Blob(["ab"]) }, { blob: Uint8Array.of(97, 98) }],
  "boxed values into primitive ones": [[Object(1), Object("a"), Object(true)], [1, "a", true]],
};

const ofEach = (table, check) => Object.fromEntries(Object.entries(table).map(([name, row]) => [name, check(row)]));

const CHECKS = {
  ...ofEach(UNCHANGED, ({ needs, args }) => ({
    needs,
    run: async ({ connect }) => {
      const client = await connect();
      assert.deepEqual(await client.call("echo", args), args);
      const event = heard(client, "echo-back");
      client.emit("echo-back", ...args);
      assert.deepEqual(await event, args);
    },
  })),
  ...ofEach(CONVERTED, ([value, expected]) => async ({ connect }) => {
    const client = await connect();
    assert.deepEqual(await client.call("echo", value), expected);
  }),
  "a namespace refuses a client without auth, and accepts it with auth later": {
    needs: "auth",
    run: async ({ connect, newClient }) => {
      const client = newClient();
      await connect({}, client);
      await assert.rejects(client.connectNamespace("/auth"), { code: "REFUSED", message: /wrong token/ });
      await client.connectNamespace("/auth", { auth: { token: "secret" } });
      assert.equal(await client.of("/auth").call("echo", 1), 1);
    },
  },
  "the data of a refusal": async ({ connect, newClient }) => {
    const client = newClient();
    await connect({}, client);
    const { data } = await client.connectNamespace("/refuse-data").catch((error) => error);
    assert.deepEqual([data.message, data.data], ["nope", { code: 7 }]);
  },
  "an event that cannot be serialized is refused, and the connection goes on": async ({ connect }) => {
    const client = await connect();
    const cycle = {};
    cycle.self = cycle;
    assert.throws(() => client.emit("echo", cycle), { name: "InvalidArgumentError", code: "UNSERIALIZABLE", message: /in a circle/ });
    const cause = new Error("not me");
    const toJSON = () => {
      throw cause;
    };
    await assert.rejects(client.call("echo", { toJSON }), { code: "UNSERIALIZABLE", cause });
    assert.equal(await client.call("echo", 1), 1);
  },
  "changes of an argument after emit() are not sent": async ({ connect }) => {
    const client = await connect();
    const [list, bytes] = [[1, { a: 2 }], new Uint8Array([1, 2])];
    const answer = client.call("echo", list, bytes);
    list[1].a = 3;
    list.push(4);
    bytes.fill(9);
    assert.deepEqual(await answer, [[1, { a: 2 }], new Uint8Array([1, 2])]);
  },
};

/** Values that only python's servers send, by their expression in Python. */
const PYTHON = {
  "(1, (2, 3), [4])": [1, [2, 3], [4]],
  "[2**53 - 1, 2**53, -2**53 - 1, 2**63 - 1, -2**63, 2**64 - 1]": [2 ** 53 - 1, 2n ** 53n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n],
  "{'a': {1: 'one', True: 'one, too', -7: None, 'b': b'bytes'}}": { a: { 1: "one, too", "-7": null, b: Uint8Array.from(Buffer.from("bytes")) } },
  "[bytearray(b'abc'), b'', bytes(range(256)) * 2]": [Uint8Array.of(97, 98, 99), new Uint8Array(), Uint8Array.from({ length: 512 }, (_, index) => index)],
  "[float('nan'), float('inf'), -0.5]": [NaN, Infinity, -0.5],
};

const BIG = { "[2**64, -10**40]": [2n ** 64n, -(10n ** 40n)] };
const SETS = { "[{1}, frozenset([2]), set()]": [[1], [2], []] };
const KEYS = { "{None: 1, 1.5: 2}": { null: 1, 1.5: 2 } };
const SURROGATES = { "['\\ud83d', 'a\\udc00' * 100, {'\\ud800': '\\ufffd\\ud800'}]": ["\ud83d", "a\udc00".repeat(100), { "\ud800": "\ufffd\ud800" }] };
const TIMES = {
  "[datetime.datetime(2026, 11, 21, 12, 0, 0, 500000, tzinfo=datetime.timezone.utc)]": [new Date("2026-11-21T12:00:00.500Z")],
};

/** Returns a check for each expression. */
function fromPython(...tables) {
  const all = Object.assign({}, PYTHON, ...tables);
  return Object.fromEntries(
    Object.entries(all).map(([expression, expected]) => [
      `python's ${expression}`,
      async ({ connect }) => {
        const client = await connect();
        assert.deepEqual(await client.call("evaluate", expression), expected);
      },
    ]),
  );
}

/** Returns a check that the values come back unchanged. */
const echoes = (what, ...values) => ({
  [what]: async ({ connect }) => {
    const client = await connect();
    assert.deepEqual(await client.call("echo", values), values);
  },
});

const replaced = {
  "half a surrogate pair is replaced, and the connection goes on": async ({ connect }) => {
    const client = await connect();
    assert.deepEqual(await client.call("echo", "a\ud83d", { "\udc00": `${LONG}\ud83d` }), ["a\ufffd", { "\ufffd": `${LONG}\ufffd` }]);
  },
};

const bigInts64 = echoes("BigInts of 64 bits", 2n ** 53n, 2n ** 64n - 1n, -(2n ** 63n));
const bigInts = echoes("BigInts of any size", 2n ** 53n, -(2n ** 53n), 2n ** 64n, -(2n ** 64n), 10n ** 100n, -(10n ** 100n), 255n ** 255n);
const refused = {
  "a pickle that names a class is refused, and the client reconnects": async ({ connect }) => {
    const client = await connect();
    const disconnect = heard(client, "disconnect");
    const again = heard(client, "connect");
    client.call("evaluate", "datetime.date(2026, 11, 21)").catch(() => {});
    const [, { error }] = await disconnect;
    assert.equal(error.code, "PARSE_ERROR");
    assert.match(error.message, /the name datetime\.date is refused: only plain data is read/);
    await again;
    assert.equal(await client.call("echo", 1), 1);
  },
};

// The kind of server, its serializer, the client's serializer, checks in addition to the common ones, and common checks that are skipped.
const ROWS = {
  "npm 4.8 with socket.io-msgpack-parser": ["npm", "msgpack", "msgpack", replaced, ["__proto__"]], // its parser sets it as the prototype
  "python's msgpack": ["python", "msgpack", "msgpack", { ...fromPython(), ...bigInts64, ...replaced }],
  "python's cbor": ["python", "cbor", "cbor", { ...fromPython(BIG, SETS, KEYS, TIMES), ...bigInts, ...replaced }],
};
for (const protocol of [2, 4]) {
  const exact = echoes("half surrogate pairs", "\ud83d", "a\udc00b\ud800", { "\ud800": `\ufffd${LONG}\ud800é👋\udfff` });
  const checks = { ...fromPython(BIG, SETS, KEYS, SURROGATES), ...bigInts, ...exact, ...refused };
  ROWS[`python's pickle, protocol ${protocol}`] = ["python", `pickle-${protocol}`, "pickle", checks];
}

describe("[C5, H2, H3, H4, D4] the conversation with", { concurrency: 2 }, () => {
  for (const [name, [kind, onServer, serializer, checks, without]] of Object.entries(ROWS)) {
    converse(name, { kind, options: { serializer: onServer }, client: { serializer }, without }, { ...CHECKS, ...checks });
  }
});
