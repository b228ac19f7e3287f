// C4: what `logger` and `engineLogger` are told, and where it goes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { heard, until } from "../../support/until.mjs";

let server;
before(async () => {
  server = await startServer({ after: () => {} }, "npm");
});
after(() => server.kill());

/** A logger that keeps its lines as [level, words, value]. */
function keeping() {
  const lines = [];
  const at = (level) => (...line) => lines.push([level, ...line]);
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** What standard error is given while the test runs. */
function standardError(t) {
  const said = [];
  t.mock.method(process.stderr, "write", (text) => said.push(text));
  return said;
}

const BYTES = new Uint8Array([1, 2, 3]);

// Connects, asks one thing with binary data and hears another, and disconnects.
async function talk(t, options) {
  const client = newClient(t, { ...IMPATIENT, ...options });
  await client.connect(server.url, { transports: "websocket" });
  await client.call("echo", BYTES);
  const back = heard(client, "echo-back");
  client.emit("echo-back", 1);
  await back;
  await client.disconnect();
  return client;
}

test("[C4] logger: what happens to the connection, what is emitted and what is received", async (t) => {
  const logger = keeping();
  await talk(t, { logger });
  assert.deepEqual(logger.lines, [
    ["info", "socketio-wasm: connected", "/"],
    ["info", "socketio-wasm: emitting", ["/", "echo"]],
    ["info", "socketio-wasm: emitting", ["/", "echo-back"]],
    ["info", "socketio-wasm: received", ["/", "echo-back"]],
    ["info", "socketio-wasm: disconnected", "/"],
    ["info", "socketio-wasm: ended"],
  ]);
});

test("logger: what goes wrong is a warning, with its error", async (t) => {
  const logger = keeping();
  const client = newClient(t, { ...IMPATIENT, logger });
  await assert.rejects(client.connect(server.url, { namespaces: "/refuse" }));
  await assert.rejects(client.connect(server.url, { path: "elsewhere" }));
  const warnings = logger.lines.filter(([level]) => level === "warn");
  assert.deepEqual(warnings[0], ["warn", "socketio-wasm: refused", "/refuse"]);
  assert.deepEqual([warnings[1][1], warnings[1][2].code], ["socketio-wasm: attempt failed", "HTTP_STATUS"]);
});

test("[C4] engineLogger: every frame, a binary as the bytes that it is", async (t) => {
  const logger = keeping();
  await talk(t, { engineLogger: logger });
  assert.ok(logger.lines.every(([level, words]) => level === "debug" && words.startsWith("socketio-wasm engine: ")));
  const binaries = logger.lines.filter(([, , value]) => ArrayBuffer.isView(value));
  assert.deepEqual(binaries.map(([, words, value]) => [words, [...value]]), [
    ["socketio-wasm engine: sent", [1, 2, 3]],
    ["socketio-wasm engine: received", [1, 2, 3]],
  ]);
});

test("[G10] the logger of an EngineClient has what happens, and every frame", async (t) => {
  const http = await startServer(t, "engine");
  const logger = keeping();
  const client = new api.EngineClient({ logger });
  const back = new Promise((resolve) => client.on("message", (data) => data === "hello" && resolve(data)));
  await client.connect(http.url, { transports: "websocket" });
  client.send("hello");
  assert.equal(await back, "hello");
  await client.disconnect();
  const words = logger.lines.map(([, words]) => words);
  assert.ok(words.includes("socketio-wasm engine: sent") && words.includes("socketio-wasm engine: received"), words.join());
});

describe("where it goes", () => {
  test("[C4, P10] true: to standard error in Node, a binary as its size", async (t) => {
    const said = standardError(t);
    await talk(t, { logger: true, engineLogger: true });
    assert.ok(said.includes("socketio-wasm: connected /\n"), said.join(""));
    assert.ok(said.some((line) => line.endsWith("<binary, 3 bytes>\n")), said.join(""));
    assert.doesNotMatch(said.join(""), /Uint8Array|Buffer/);
  });

  test("[C4, D11] false, and by default: nowhere", async (t) => {
    const said = standardError(t);
    await talk(t, { logger: false, engineLogger: false });
    await talk(t, {});
    assert.deepEqual(said, []);
  });

  test("[P10] an object that has some of the methods: the others' lines are dropped", async (t) => {
    const lines = [];
    await talk(t, { logger: { warn: (...line) => lines.push(line) }, engineLogger: {} });
    assert.deepEqual(lines, []);
  });
});

test("[K3, P4, UNSUPPORTED_OPTION] in a browser, that headers go with polling alone is a warning; over a websocket alone they are refused", async (t) => {
  const { Client } = await import(pathToFileURL(join(folder, "node_modules/socketio-wasm/dist/browser.js")).href);
  const logger = keeping();
  const client = new Client({ logger });
  t.after(() => client.disconnect());
  await client.connect(server.url, { transports: "polling", headers: { "x-mine": "1" } });
  const warnings = logger.lines.filter(([level]) => level === "warn");
  assert.deepEqual(warnings, [["warn", "socketio-wasm: headers go on polling requests alone: a websocket cannot carry them here"]]);
  await until("the end", () => client.disconnect().then(() => true));
  const refused = { name: "UnsupportedOptionError", code: "UNSUPPORTED_OPTION", option: "headers", platform: "worker" };
  await assert.rejects(client.connect(server.url, { transports: "websocket", headers: { "x-mine": "1" } }), refused);
});
