// Values arrive unchanged in both directions, over each transport to each real server.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { collect, everyWay, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { tuple } = api;

const bytes = (size, first = 0) => Uint8Array.from({ length: size }, (_, index) => first + index);
const many = (count) => Array.from({ length: count }, (_, index) => bytes(index % 7, index));

// Arguments that come back unchanged, by name.
const ECHOED = {
  "no argument": [],
  "a string": ["Grüße, 世界 👋 \u2028\n\"quoted\" \\ \u0000"],
  "an empty string": [""],
  "half of a surrogate pair": ["\ud83d"],
  "a separator of polling packets": ["\x1e"],
  "several arguments": [1, "two", null, true, -1.5e300],
  "an array as one argument": [[1, 2, 3]],
  "nested JSON": [{ list: [{ deep: { deeper: ["x", 0, false, null] } }], empty: {}, "": [] }],
  "an object that looks like a placeholder": [{ _placeholder: true, num: 0 }],
  "a binary": [bytes(256)],
  "an empty binary": [new Uint8Array()],
  "binaries among other arguments": ["a", bytes(3), { b: [bytes(2, 9), "c"] }, null],
  "11 attachments": [{ list: many(11) }],
  "30 attachments, nested": [{ a: many(10), b: { c: many(19) } }, bytes(1)],
  "a string of 200,000 characters": ["é".repeat(200_000)],
  "a binary of 500,000 bytes": [bytes(500_000)],
};

// Arguments that arrive as another value, and that value.
const CONVERTED = {
  "undefined into null": [[undefined], null],
  "an ArrayBuffer into a Uint8Array": [[bytes(3).buffer], bytes(3)],
  "a Buffer into a Uint8Array": [[Buffer.from("abc")], bytes(3, 97)],
  "a part of a buffer into that part alone": [[bytes(10).subarray(2, 4)], bytes(2, 2)],
  "a DataView into a Uint8Array": [[new DataView(bytes(10).buffer, 2, 3)], bytes(3, 2)],
  "a Date into its ISO string": [[new Date(0)], "1970-01-01T00:00:00.000Z"],
  "an object with toJSON into the result of toJSON": [[{ toJSON: () => ({ b: bytes(2) }) }], { b: bytes(2) }],
};

// The handler, and the arguments that the server gets as its acknowledgement.
const ANSWERS = {
  "a value": [() => 7, [7]],
  "null": [() => null, [null]],
  "nothing": [() => {}, []],
  "a promise": [async () => "later", ["later"]],
  "an array, as one argument": [() => [1, 2], [[1, 2]]],
  "a tuple, as several arguments": [() => tuple(1, "two", [3]), [1, "two", [3]]],
  "an empty tuple": [() => tuple(), []],
  "a promise of a tuple": [async () => tuple(1, 2), [1, 2]],
  "binaries": [() => ({ list: many(11) }), [{ list: many(11) }]],
};

everyWay(({ transports, url, connect }) => {
  for (const [name, args] of Object.entries(ECHOED)) {
    test(`[M1, M5] a call sends and receives ${name}`, async (t) => {
      const client = await connect(t);
      const expected = args.length > 1 ? args : args[0];
      assert.deepEqual(await client.call("echo", ...args), expected);
    });
  }

  for (const [name, [args, expected]] of Object.entries(CONVERTED)) {
    test(`[M1] a call converts ${name}`, async (t) => {
      const client = await connect(t);
      assert.deepEqual(await client.call("echo", ...args), expected);
    });
  }

  test("an event arrives with its arguments", async (t) => {
    const client = await connect(t);
    const event = heard(client, "echo-back");
    client.emit("echo-back", "a", { b: bytes(2) }, [null]);
    assert.deepEqual(await event, ["a", { b: bytes(2) }, [null]]);
  });

  test("[M4] the callback of emit() gets the arguments of the acknowledgement", async (t) => {
    const client = await connect(t);
    const answer = within("the callback", new Promise((resolve) => client.emit("echo", 1, [2], (...args) => resolve(args))));
    assert.deepEqual(await answer, [1, [2]]);
  });

  test("[M3, D7] send() emits the event `message`; an event without a handler goes to the handler of "*"", async (t) => {
    const client = await connect(t);
    const event = heard(client, "*");
    client.send("unheard").emit("echo-back", 1, 2);
    assert.deepEqual(await event, ["echo-back", 1, 2]);
  });

  for (const [name, [handler, expected]] of Object.entries(ANSWERS)) {
    test(`[E10] a handler answers the server with ${name}`, async (t) => {
      const client = await connect(t);
      const answered = heard(client, "answered");
      const question = within("the question", new Promise((resolve) => client.on("question", (...args) => (resolve(args), handler()))));
      client.emit("ask", "why", 1);
      assert.deepEqual(await question, ["why", 1]);
      assert.deepEqual(await answered, expected);
    });
  }

  test("[E10] an event that nobody handles is not acknowledged", async (t) => {
    const client = await connect(t);
    const answered = client.events("answered");
    client.onAny(() => "no answer");
    client.emit("ask", "anyone?");
    await client.call("echo", "the event has come");
    client.on("question", (text) => text);
    client.emit("ask", "someone?");
    assert.deepEqual((await answered.next()).value, ["someone?"]);
  });

  test("[M2] a list of binaries arrives in both directions", async (t) => {
    const client = await connect(t);
    const event = heard(client, "binary");
    const list = many(20);
    assert.deepEqual(await client.call("binary", list), list.map((item) => item.length));
    assert.deepEqual(await event, [{ list: list.toReversed(), nested: [{ first: list[0] }] }]);
  });

  test("[M8] 60 calls of one turn are all acknowledged", async (t) => {
    const client = await connect(t);
    const calls = Array.from({ length: 60 }, (_, index) => client.call("echo", index));
    const answers = await within("60 acknowledgements", Promise.all(calls));
    assert.deepEqual(answers, Array.from({ length: 60 }, (_, index) => index));
  });

  test("20 events that the server emits in one turn arrive in order", async (t) => {
    const client = await connect(t);
    const ticks = collect(client, "tick", 20);
    client.emit("burst", 20);
    assert.deepEqual((await ticks).flat(), Array.from({ length: 20 }, (_, index) => index));
  });

  test("strings and binaries that are emitted in one turn arrive in order", async (t) => {
    const id = randomUUID();
    const client = await connect(t, { auth: { id } });
    const values = Array.from({ length: 40 }, (_, index) => (index % 2 ? `text ${index}` : bytes(2, index)));
    for (const value of values) client.emit("count", value);
    assert.deepEqual(await client.call("counted", id), values);
  });

  test("[M7] events that were emitted before disconnect() are delivered", async (t) => {
    const id = randomUUID();
    const client = await connect(t, { auth: { id } });
    for (const value of [1, 2, 3, 4, 5]) client.emit("count", value);
    await within("disconnect()", client.disconnect());
    const observer = await connect(t);
    let counted;
    await until("five values", async () => (counted = await observer.call("counted", id)).length >= 5);
    assert.deepEqual(counted, [1, 2, 3, 4, 5]);
  });

  test("[M1] a call that was made while connecting is delivered", async (t) => {
    const client = newClient(t);
    const connecting = client.connect(url(), { transports });
    const answer = client.call("echo", "early");
    assert.equal(client.bufferedAmount, 1);
    await connecting;
    assert.equal(await answer, "early");
  });

  test("drain() resolves when no event is buffered", async (t) => {
    const client = await connect(t);
    for (let index = 0; index < 50; index += 1) client.emit("count", index);
    await within("drain()", client.drain());
    assert.equal(client.bufferedAmount, 0);
  });
});
