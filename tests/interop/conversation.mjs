// The conversation: checks that a client and a server pass together, for every server of the table in servers.mjs.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, UNHURRIED, collect, newClient } from "../support/clients.mjs";
import { TestServer } from "../support/server.mjs";
import { heard, until, within } from "../support/until.mjs";

const TEXT = "Grüße, 世界 👋 \u2028 \"quoted\" \\ \u0000";

/**
 * A check with one server over one way to connect: a function, or `run` with a need that the server may not meet.
 * @typedef {object} Conversation
 * @property {TestServer} server which may be killed and started
 * @property {object} way options of connect(): the transports, and those that the server needs
 * @property {(options?: object) => object} newClient gives a client that is not connected yet
 * @property {(options?: object, client?: object) => Promise<object>} connect gives a client that has reached its transport
 * @typedef {(conversation: Conversation) => Promise<void>} Check
 */

/** @type {Record<string, Check | { needs: string, run: Check }>} */
const CHECKS = {
  "a call is answered": async ({ connect }) => {
    const client = await connect();
    assert.deepEqual(await client.call("echo", 1, "two", [3], { four: null }), [1, "two", [3], { four: null }]);
  },
  "an event comes with its arguments": async ({ connect }) => {
    const client = await connect();
    const event = heard(client, "echo-back");
    client.emit("echo-back", "a", { b: [true, 1.5] });
    assert.deepEqual(await event, ["a", { b: [true, 1.5] }]);
  },
  "strings of all languages arrive": async ({ connect }) => {
    const client = await connect();
    assert.deepEqual(await client.call("echo", TEXT, { "é世👋": TEXT }), [TEXT, { "é世👋": TEXT }]);
  },
  "a key with characters that JSON escapes arrives": {
    needs: "escapes in keys",
    run: async ({ connect }) => {
      const client = await connect();
      assert.deepEqual(await client.call("echo", { [TEXT]: 1 }), { [TEXT]: 1 });
    },
  },
  "the client acknowledges an event of the server": async ({ connect }) => {
    const client = await connect();
    client.on("question", (...args) => ({ answerTo: args }));
    const answered = heard(client, "answered");
    client.emit("ask", "why", TEXT);
    assert.deepEqual(await answered, [{ answerTo: ["why", TEXT] }]);
  },
  "several binaries go both ways": async ({ connect }) => {
    const client = await connect();
    const list = [3, 70_000, 1].map((size) => Uint8Array.from({ length: size }, (_, index) => index));
    const event = heard(client, "binary");
    assert.deepEqual(await client.call("binary", list), [3, 70_000, 1]);
    assert.deepEqual(await event, [{ list: list.toReversed(), nested: [{ first: list[0] }] }]);
    assert.deepEqual(await client.call("echo", { list }), { list });
  },
  "an empty binary goes both ways": {
    needs: "empty binaries",
    run: async ({ connect }) => {
      const client = await connect();
      assert.deepEqual(await client.call("echo", new Uint8Array(0), "b"), [new Uint8Array(0), "b"]);
    },
  },
  "60 calls of one turn are all answered": async ({ connect }) => {
    const client = await connect();
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    assert.deepEqual(await within("60 answers", Promise.all(numbers.map((number) => client.call("echo", number)))), numbers);
  },
  "60 events that the server emits at once arrive in order": async ({ connect }) => {
    const client = await connect();
    const ticks = collect(client, "tick", 60);
    client.emit("burst", 60);
    assert.deepEqual((await ticks).flat(), Array.from({ length: 60 }, (_, index) => index));
  },
  "a second namespace can be left alone": async ({ connect }) => {
    const client = await connect({ namespaces: ["/", "/chat"] });
    const event = heard(client.of("/chat"), "echo-back");
    const chat = client.of("/chat");
    chat.emit("echo-back", 1);
    assert.deepEqual(await event, [1]);
    await client.disconnectNamespace("/chat");
    assert.deepEqual([client.connected, chat.connected, await client.call("echo", 2)], [true, false, 2]);
  },
  "each namespace has an id of its own": {
    needs: "ids of namespaces",
    run: async ({ connect }) => {
      const client = await connect({ namespaces: ["/", "/chat"] });
      assert.notEqual(client.getSid("/chat"), client.getSid("/"));
    },
  },
  "the server's connect handler gets the auth, and its events arrive": {
    needs: "auth",
    run: async ({ connect, newClient }) => {
      const client = newClient();
      const welcome = heard(client.of("/auth"), "welcome");
      await connect({ namespaces: "/auth", auth: { token: "secret", name: TEXT } }, client);
      assert.deepEqual(await welcome, [{ token: "secret", name: TEXT }]);
    },
  },
  "connect() rejects if the server refuses a namespace": {
    needs: "refusals",
    run: async ({ connect }) => {
      await assert.rejects(connect({ namespaces: ["/", "/refuse"] }), { code: "REFUSED", namespaces: ["/refuse"], message: /no entry/ });
    },
  },
  "a client that the server disconnects does not reconnect": async ({ connect }) => {
    const client = await connect();
    const disconnect = heard(client, "disconnect");
    client.emit("kick");
    assert.equal((await disconnect)[0], client.reason.SERVER_DISCONNECT);
    await within("the end", client.wait());
    assert.equal(client.state, "disconnected");
  },
  "the server notices that the client is gone": async ({ connect }) => {
    const [client, observer] = [await connect(), await connect()];
    const { sid } = client;
    assert.equal(await observer.call("left", sid), "");
    await within("disconnect()", client.disconnect());
    assert.ok(await until("the reason", () => observer.call("left", sid)));
  },
  "the server receives the disconnect of the client": {
    needs: "last words",
    run: async ({ connect }) => {
      const [client, observer] = [await connect(), await connect()];
      const { sid } = client;
      await within("disconnect()", client.disconnect());
      assert.match(await until("the reason", () => observer.call("left", sid)), /client/);
    },
  },
  "the client reconnects after a restart of the server": {
    needs: "restarts",
    run: async ({ connect, server }) => {
      const client = await connect();
      const disconnect = heard(client, "disconnect");
      await server.kill();
      assert.equal((await disconnect)[0], client.reason.TRANSPORT_ERROR);
      const call = client.call("echo", "buffered");
      await server.start();
      assert.equal(await within("the answer", call), "buffered");
    },
  },
};

/**
 * Defines the tests of the conversation with one server, over each way to connect.
 * @param {string} name
 * @param {import("./servers.mjs").Row} row
 * @param {Record<string, Check>} [furtherChecks]
 */
export function converse(name, { kind, options = {}, client = {}, connect = {}, reached, unasked = [], without = [] }, furtherChecks = {}) {
  describe(name, { concurrency: 1 }, () => {
    const server = new TestServer(kind, { port: 0, ...options });
    before(() => server.start());
    after(() => server.kill());
    for (const [name, transports] of Object.entries(TRANSPORTS)) {
      const way = { ...UNHURRIED, ...connect, transports };
      const last = reached ? reached[name] : transports.at(-1);
      if (!last) {
        test(`${name} is refused`, async (t) => {
          await assert.rejects(newClient(t, { ...IMPATIENT, ...client }).connect(server.url, way), { name: "ConnectionError" });
        });
        continue;
      }
      describe(name, () => {
        for (const [what, check] of Object.entries({ ...CHECKS, ...furtherChecks })) {
          if (unasked.includes(check.needs)) continue;
          const skip = without.includes(check.needs) && `this server does not support: ${check.needs}`;
          test(what, { skip }, (t) => (check.run ?? check)(conversation(t, server, client, way, last)));
        }
      });
    }
  });
}

function conversation(t, server, clientOptions, way, last) {
  const newOne = (options) => newClient(t, { ...IMPATIENT, ...clientOptions, ...options });
  return {
    server,
    way,
    newClient: newOne,
    async connect(options, client = newOne()) {
      await client.connect(server.url, { ...way, ...options });
      await until(`the transport ${last}`, () => client.transport() === last);
      return client;
    },
  };
}
