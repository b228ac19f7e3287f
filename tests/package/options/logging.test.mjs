// The options `logger` and `engineLogger`: their lines, and where these go.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until } from "../../support/until.mjs";

const server = sharedServer("npm");

/** Returns a logger that collects its lines as [level, line, value]. */
function collecting() {
  const lines = [];
  const at = (level) => (...line) => lines.push([level, ...line]);
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Collects the output to standard error while the test runs. */
function standardError(t) {
  const said = [];
  t.mock.method(process.stderr, "write", (text) => said.push(text));
  return said;
}

const BYTES = new Uint8Array([1, 2, 3]);

// Connects, makes a call with binary data, receives an event, and disconnects.
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

test("[C4] logger has a line for each change of the connection, and for each event that is emitted or received", async (t) => {
  const logger = collecting();
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

test("logger has a warning with the error for each failure", async (t) => {
  const logger = collecting();
  const client = newClient(t, { ...IMPATIENT, logger });
  await assert.rejects(client.connect(server.url, { namespaces: "/refuse" }));
  await assert.rejects(client.connect(server.url, { path: "elsewhere" }));
  const warnings = logger.lines.filter(([level]) => level === "warn");
  assert.deepEqual(warnings[0], ["warn", "socketio-wasm: refused", "/refuse"]);
  assert.deepEqual([warnings[1][1], warnings[1][2].code], ["socketio-wasm: attempt failed", "HTTP_STATUS"]);
});

test("[C4] engineLogger has a line for every frame, with the bytes of a binary one", async (t) => {
  const logger = collecting();
  await talk(t, { engineLogger: logger });
  assert.ok(logger.lines.every(([level, line]) => level === "debug" && line.startsWith("socketio-wasm engine: ")));
  const binaries = logger.lines.filter(([, , value]) => ArrayBuffer.isView(value));
  assert.deepEqual(binaries.map(([, line, value]) => [line, [...value]]), [
    ["socketio-wasm engine: sent", [1, 2, 3]],
    ["socketio-wasm engine: received", [1, 2, 3]],
  ]);
});

test("[G10] the logger of an EngineClient has a line for every frame, too", async (t) => {
  const http = await startServer(t, "engine");
  const logger = collecting();
  const client = new api.EngineClient({ logger });
  const back = new Promise((resolve) => client.on("message", (data) => data === "hello" && resolve(data)));
  await client.connect(http.url, { transports: "websocket" });
  client.send("hello");
  assert.equal(await back, "hello");
  await client.disconnect();
  const lines = logger.lines.map(([, line]) => line);
  assert.ok(lines.includes("socketio-wasm engine: sent") && lines.includes("socketio-wasm engine: received"), lines.join());
});

describe("the lines go", () => {
  test("[C4, P10] to standard error in Node if the option is true, with the size of binary data", async (t) => {
    const said = standardError(t);
    await talk(t, { logger: true, engineLogger: true });
    assert.ok(said.includes("socketio-wasm: connected /\n"), said.join(""));
    assert.ok(said.some((line) => line.endsWith("<binary, 3 bytes>\n")), said.join(""));
    assert.doesNotMatch(said.join(""), /Uint8Array|Buffer/);
  });

  test("[C4, D11] nowhere if the option is false, and by default", async (t) => {
    const said = standardError(t);
    await talk(t, { logger: false, engineLogger: false });
    await talk(t, {});
    assert.deepEqual(said, []);
  });

  test("[P10] to the methods that an object has, and are dropped for the others", async (t) => {
    const lines = [];
    await talk(t, { logger: { warn: (...line) => lines.push(line) }, engineLogger: {} });
    assert.deepEqual(lines, []);
  });
});

test("[K3, P4, UNSUPPORTED_OPTION] in a browser, headers cause a warning, since they go with polling alone; with a websocket alone they are refused", async (t) => {
  const { Client } = await import(pathToFileURL(join(folder, "node_modules/socketio-wasm/dist/browser.js")).href);
  const logger = collecting();
  const client = new Client({ logger });
  t.after(() => client.disconnect());
  await client.connect(server.url, { transports: "polling", headers: { "x-mine": "1" } });
  const warnings = logger.lines.filter(([level]) => level === "warn");
  assert.deepEqual(warnings, [["warn", "socketio-wasm: headers go on polling requests alone: a websocket cannot carry them here"]]);
  await until("the end", () => client.disconnect().then(() => true));
  const refused = { name: "UnsupportedOptionError", code: "UNSUPPORTED_OPTION", option: "headers", platform: "worker" };
  await assert.rejects(client.connect(server.url, { transports: "websocket", headers: { "x-mine": "1" } }), refused);
});
