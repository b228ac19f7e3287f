// Options that are undefined count as not given, one by one and all at once.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CALL_OPTIONS, CLIENT_OPTIONS, CONNECT_OPTIONS, ENGINE_CONNECT_OPTIONS, LIMITS, WEBSOCKET_OPTIONS, AUTO_JSON } from "../../../pkg/facade/option-table.js";
import { clientSettings, connectRequest, engineSettings } from "../../../pkg/facade/settings.js";
import { platform as browser } from "../../../pkg/platform/browser.js";
import { options as nodeOptions } from "../../../pkg/platform/node/options.js";
import { newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { within } from "../../support/until.mjs";

const server = sharedServer("npm");
const node = { name: "node", websocketHeaders: true, options: nodeOptions };

// All properties, also those of the prototype, which has the defaults.
const flat = (settings) => {
  const all = {};
  for (const name in settings) all[name] = typeof settings[name] === "function" ? "a function" : settings[name];
  return all;
};

const without = (table) => Object.fromEntries(Object.keys(table).map((name) => [name, undefined]));
const serializer = { written: (value) => value };
const request = (options) => connectRequest("http://localhost", options, { ...node, log() {} }, [], serializer);

// By name: a function that makes settings of options, the table of these, and the group that they belong to, if any.
const SETTINGS = {
  "Client in Node": [(options) => clientSettings(options, node), { ...CLIENT_OPTIONS, ...nodeOptions }],
  "Client in a browser": [(options) => clientSettings(options, browser), { ...CLIENT_OPTIONS, ...nodeOptions }],
  EngineClient: [(options) => engineSettings(options, node), { ...CLIENT_OPTIONS, ...nodeOptions, ...AUTO_JSON }],
  connect: [request, CONNECT_OPTIONS],
  limits: [(limits) => clientSettings({ limits }, node), LIMITS, "limits"],
};

for (const [name, [settingsOf, table, group]] of Object.entries(SETTINGS)) {
  describe(`undefined leaves the settings of ${name} as they are:`, () => {
    for (const option of Object.keys(table)) {
      test(option, () => {
        const expected = { ...flat(settingsOf({})), ...(group && { [group]: { [option]: undefined } }) };
        assert.deepEqual(flat(settingsOf({ [option]: undefined })), expected);
      });
    }
  });
}

describe("a client whose options are all undefined talks to a server:", () => {
  const OPTIONS = without({ ...CLIENT_OPTIONS, ...nodeOptions });
  // Groups whose options are undefined in turn.
  const GROUPS = {
    limits: without(LIMITS),
    websocketOptions: without(WEBSOCKET_OPTIONS),
    tls: without({ ca: 1, cert: 1, key: 1, pfx: 1, passphrase: 1, rejectUnauthorized: 1 }),
  };

  for (const [title, options] of Object.entries({ "of the client": OPTIONS, ...Object.fromEntries(Object.entries(GROUPS).map(([name, group]) => [`of ${name}`, { [name]: group }])) })) {
    test(`those ${title}`, async (t) => {
      const client = newClient(t, options);
      await client.connect(server.url, without(CONNECT_OPTIONS));
      assert.equal(await within("the answer", client.call("echo", 1)), 1);
    });
  }

  test("those of its methods", async (t) => {
    const client = newClient(t);
    await client.connect(server.url, { namespaces: ["/"] });
    const view = client.with(without({ timeout: 1, signal: 1, buffer: 1, volatile: 1, namespace: 1 }));
    assert.deepEqual([view.namespace, await within("the answer", view.call("echo", 1))], ["/", 1]);
    const received = [];
    client.on("echo-back", (value) => received.push(["on", value]), without({ namespace: 1, once: 1, signal: 1 }));
    client.once("echo-back", (value) => received.push(["once", value]), without({ namespace: 1, signal: 1 }));
    client.onAny((event, value) => received.push([event, value]), without({ namespace: 1, signal: 1 }));
    const events = client.events("echo-back", without({ limit: 1, signal: 1 }));
    client.emit("echo-back", 1).emit("echo-back", 2);
    assert.equal(await within("the answer", client.call("echo", 3)), 3);
    assert.deepEqual(received, [["echo-back", 1], ["on", 1], ["once", 1], ["echo-back", 2], ["on", 2]]); // prettier-ignore
    assert.deepEqual([(await events.next()).value, (await events.next()).value], [[1], [2]]);
    assert.equal(client.off("echo-back", undefined, { namespace: undefined }), true);
    await client.connectNamespace("/chat", { auth: undefined, signal: undefined });
    await client.sleep(0, { signal: undefined });
    await client.drain({ signal: undefined });
    const ended = client.wait({ signal: undefined });
    assert.deepEqual(await client.disconnect({ flush: undefined }), { unsent: 0 });
    await within("the end", ended);
  });

  test("those of a SimpleClient", async (t) => {
    const simple = new api.SimpleClient(OPTIONS);
    t.after(() => simple.disconnect());
    await simple.connect(server.url, without({ ...CONNECT_OPTIONS, namespace: 1 }));
    const limited = simple.with({ timeout: undefined, signal: undefined });
    assert.equal(await within("the answer", limited.call("echo", 1)), 1);
    await simple.emit("echo-back", 2);
    assert.deepEqual(await within("the event", simple.receive({ timeout: undefined, signal: undefined })), ["echo-back", 2]);
  });

  test("those of an EngineClient", async (t) => {
    const client = new api.EngineClient(without({ ...CLIENT_OPTIONS, ...nodeOptions, ...AUTO_JSON }));
    t.after(() => client.disconnect());
    await client.connect(server.url, { ...without(ENGINE_CONNECT_OPTIONS), path: "/socket.io" });
    assert.equal(client.connected, true);
    await client.disconnect({ abort: undefined, reason: undefined });
  });
});

test("the table of single calls has no option that this file omits", () => {
  assert.deepEqual(Object.keys(CALL_OPTIONS).sort(), ["auth", "buffer", "flush", "limit", "namespace", "once", "signal", "timeout", "volatile"]);
});
