// Help with debugging: stacks that name the program's line, options of other libraries, and the printed form of a client.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { inspect } from "node:util";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { heard } from "../../support/until.mjs";

const { Client, EngineClient, SimpleClient } = api;
const NOBODY = "http://127.0.0.1:9";

test("the stack of a rejection names the line that awaited it", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  const simple = new SimpleClient();
  t.after(() => simple.disconnect());
  await simple.connect(server.url);
  await client.connect(server.url);
  const waits = {
    "connect()": () => new Client().connect(NOBODY),
    "connect() of an EngineClient": () => new EngineClient().connect(NOBODY),
    "connectNamespace()": () => client.connectNamespace("/refuse"),
    "call()": () => client.timeout(1).call("never"),
    "receive()": () => simple.receive({ timeout: 1 }),
  };
  for (const [name, wait] of Object.entries(waits)) {
    const theAwaitingLine = async () => await wait();
    const error = await theAwaitingLine().catch((error) => error);
    assert.match(error.stack, /at async theAwaitingLine .*diagnostics\.test\.mjs/, name);
  }
});

test("the reason of a signal keeps its own stack", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  await client.connect(server.url);
  const reason = new Error("mine");
  const { stack } = reason;
  const controller = new AbortController();
  const call = client.with({ signal: controller.signal }).call("never");
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason && error.stack === stack);
});

test("the error of an unknown option names the option with that meaning", async () => {
  const messageOf = (options) => {
    try {
      new Client(options);
    } catch (error) {
      return error.message;
    }
  };
  assert.match(messageOf({ reconnection_delay: 1 }), /Unknown option `reconnection_delay`; use `reconnectionDelay`/);
  assert.match(messageOf({ ssl_verify: false }), /use `tls: \{ rejectUnauthorized \}`/);
  assert.match(messageOf({ something: 1 }), /see the options in the documentation/);
  await assert.rejects(new Client().connect(NOBODY, { socketioPath: "x" }), /use `path`$/);
  assert.throws(() => new Client().on("x", () => {}, "/chat"), { code: "INVALID_OPTION", message: /Invalid options \(a string of 5 characters\): .*\{ namespace: "\/chat" \}/ });
});

test("event() accepts a function with a name, also on a namespace", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  assert.throws(() => client.event(() => {}), { code: "NAMELESS_HANDLER" });
  const chat = client.of("/chat");
  const asked = new Promise((resolve) => chat.event(function question(text) { resolve(text); }));
  await client.connect(server.url);
  chat.emit("ask", "why");
  assert.equal(await asked, "why");
});

test("once() adds a listener that is called once, behind those before it", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t, IMPATIENT);
  const heardBy = [];
  client.on("echo-back", () => heardBy.push("on"));
  client.once("echo-back", () => heardBy.push("once"));
  await client.connect(server.url);
  client.emit("echo-back");
  client.emit("echo-back");
  await client.call("echo");
  assert.deepEqual(heardBy, ["on", "once", "on"]);
  // The function that once() returned removes no other listener.
  const off = client.once("echo-back", () => {});
  const last = heard(client, "echo-back");
  off();
  client.emit("echo-back", "last");
  assert.deepEqual(await last, ["last"]);
});

test("inspect() of a client shows its state", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  await client.connect(server.url, { transports: "websocket" });
  assert.match(inspect(client), /^Client \{\s+state: 'connected',\s+transport: 'websocket',\s+sid: '[^']+',\s+namespaces: \[ '\/' \]\s+\}$/);
  assert.match(inspect(new EngineClient()), /^EngineClient \{ state: 'disconnected'/);
  assert.match(inspect(new SimpleClient()), /^SimpleClient \{ connected: false/);
});

test("logger: true writes to standard error in Node, and nothing to standard output", async (t) => {
  const server = await startServer(t, "npm");
  const source = `
    import { Client } from "socketio-wasm";
    const client = new Client({ logger: true, engineLogger: true });
    await client.connect(${JSON.stringify(server.url)});
    await client.disconnect();
    console.log("done");`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", source], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  assert.equal(output, "done\n");
});
