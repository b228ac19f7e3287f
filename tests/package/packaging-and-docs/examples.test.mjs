// The files of examples/: each runs in Node as a program with the package installed, against real servers, prints the expected lines,
// and ends.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ca, client, server as own } from "../../support/certificates.mjs";
import { folder } from "../../support/installed.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { LIMIT_MS } from "../../support/until.mjs";

const EXAMPLES = fileURLToPath(new URL("../../../examples", import.meta.url));

const copy = mkdtempSync(join(folder, "examples-")); // below the installed package, so that imports find it
cpSync(EXAMPLES, copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
after(() => rmSync(copy, { recursive: true }));

// The servers of an example: [kind, options] by name.
const TALKING = { npm: ["examples", {}], python: ["python", { hosting: "uvicorn-examples" }] };
const ENGINE = { npm: ["engine", {}], python: ["python", { hosting: "uvicorn-engine" }] };
const SECURE = { npm: ["npm", { tls: own }], python: ["python", { tls: own }] };
const STRICT = { npm: ["npm", { tls: { ...own, ca } }], python: ["python", { tls: { ...own, ca } }] }; // requires a certificate of the client

const SID = /^my sid is [\w-]{10,}$/;
const TRANSPORT = /^my transport is (polling|websocket)$/;
const trusting = { NODE_EXTRA_CA_CERTS: ca }; // makes Node trust the authority

// The servers, and for each file its lines, all of them in order. Or an object with `lines`, or `some` of its lines; `args` behind the
// URL; `environment`; `as` for the title of the test.
const TABLE = [
  [TALKING, {
    "simple-client/creating-a-client-instance.mjs": ["inside, connected: true", "outside, connected: false", "by hand, connected: true"],
    "simple-client/connecting-to-a-server.mjs": [SID, TRANSPORT, SID, "my transport is websocket"],
    "simple-client/emitting-events.mjs": ["a list: [ 'OK', 1 ]", "a tuple: [ 'OK', 2 ]"],
    "simple-client/receiving-events.mjs": [
      `received event: "message" with arguments [ 'hello' ]`,
      `received event: "my message" with arguments [ { foo: 'bar' } ]`,
      "received event: [ 'my_message', { foo: 'bar' } ]",
      "received event: [ 'my_event', { foo: 'bar' } ]",
      "received event: [ 'my_custom_event', { foo: 'bar' } ]",
      "received event: [ 'acknowledged' ]",
      "timed out waiting for event",
    ],
    "simple-client/disconnecting-from-the-server.mjs": ["connected: false", 'true disconnect() was called: call connect() for a new connection (event "my message")'],
    "simple-client/debugging-and-troubleshooting.mjs": {
      some: [/^socketio-wasm engine: GET http/, /^socketio-wasm engine: .*40\{"sid":/, "socketio-wasm: connected /", "socketio-wasm: disconnected /"],
    },

    "client/client-examples.mjs": ["connection established", "message received with { foo: 'bar' }", "disconnected from server"],
    "client/creating-a-client-instance.mjs": ["connected: false", "connected: true"],
    "client/defining-event-handlers.mjs": [
      "I received a message! hello",
      "I received a message! { foo: 'bar' }",
      "I received a message! { foo: 'bar' }",
    ],
    "client/catch-all-handlers.mjs": [
      "any event in /: message hello",
      "any event in /: my message { foo: 'bar' }",
      "any event in /: my_message { foo: 'bar' }",
      "any event in /: my_event { foo: 'bar' }",
      "any event in /: my_custom_event { foo: 'bar' }",
      "any event in /: acknowledged undefined",
      "any event in any namespace: message /chat hello",
      "any event in any namespace: my message /chat { foo: 'bar' }",
      "any event in any namespace: my_message /chat { foo: 'bar' }",
      "my_event in /chat { foo: 'bar' }",
      "any event in any namespace: my_custom_event /chat { foo: 'bar' }",
      "any event in any namespace: acknowledged /chat undefined",
    ],
    "client/connect-and-disconnect-handlers.mjs": [
      "I'm connected!",
      "I'm disconnected! reason: client disconnect",
      /^The connection failed! Cannot reach the server over polling: .*ECONNREFUSED/,
      "true UNREACHABLE",
      "The connection failed! { message: 'authentication failed' }",
      "true REFUSED",
      "I'm connected!",
      "the client disconnected",
      "I'm connected! for the first time",
      "disconnect reason: transport error",
      "I'm connected! again",
      "the server disconnected the client",
    ],
    "client/connecting-to-a-server.mjs": [SID, TRANSPORT],
    "client/emitting-events.mjs": [
      "the server has got { foo: 'bar' }",
      "the server has got text",
      "the server has got Uint8Array(3) [ 1, 2, 3 ]",
      "the server has got [ 'a', 'list' ]",
      "the server has got two arguments: [ 'OK', 2 ]",
    ],
    "client/event-callbacks.mjs": ["handling { foo: 'bar' }", "the server's callback got [ 'OK', 123 ]", "my callback got [ 'OK', 1 ]"],
    "client/namespaces.mjs": [
      "connected: [ '/chat' ]",
      "connected: [ '/', '/chat' ]",
      "I'm connected to the /chat namespace!",
      "my_custom_event in /chat: { foo: 'bar' }",
      "answered in /chat: [ 'OK', 1 ]",
      "connected: [ '/chat' ]",
    ],
    "client/class-based-namespaces.mjs": [
      "connected to /chat",
      "my_message, by the function: { foo: 'bar' }",
      "the server has got { foo: 'bar' }",
      "disconnected from /chat reason: client disconnect",
      "the server has got { foo: 'bar' } in /test",
    ],
    "client/disconnecting-from-the-server.mjs": ["connected: true", "connected: false"],
    "client/managing-background-tasks.mjs": [
      "the task has been started",
      "background work with 123",
      "slept for two seconds",
      "the connection has ended; the task came to: done",
    ],
    "client/debugging-and-troubleshooting.mjs": {
      some: [/^socketio-wasm engine: GET http/, "socketio-wasm: connected /", "kept [", "  [ 'socketio-wasm: connected', '/' ],"],
    },

    "api-reference/client-connect.mjs": ["connected: true"],
    "api-reference/client-event.mjs": ["Received data: { foo: 'bar' }", "Received data in /test: { foo: 'bar' }"],
    "api-reference/client-on.mjs": ["Connected!", "Received message: hello", "the server has got response", "Disconnected: server disconnect"],
    "api-reference/client-members.mjs": [
      "connected, namespaces, transport(): true 2 true",
      "get_sid(): true true",
      "call(): [ 'OK', 2 ]",
      'call(), too late: true No answer to "never" within 200 ms',
      "emit(): [ 'OK', 1 ]",
      "send(): hello",
      "shutdown(): false",
    ],

    "overview/chat.mjs": ["connect /chat", "reply", "disconnect /chat", "done"],
  }],

  [ENGINE, {
    "engine-client/creating-a-client-instance.mjs": ["state: disconnected", "state: connected"],
    "engine-client/defining-event-handlers.mjs": [
      "I'm connected!",
      "I received a message! welcome",
      "I'm disconnected! reason: client disconnect",
      "I'm connected!",
      "client disconnection",
      "I'm connected!",
      "the server kicked me out",
      "I'm connected!",
      "disconnect reason: tired of it",
    ],
    "engine-client/connecting-to-a-server.mjs": [SID],
    "engine-client/sending-messages.mjs": [
      "the server says welcome",
      "the server says { foo: 'bar' }",
      "the server says text",
      "the server says Uint8Array(3) [ 1, 2, 3 ]",
      "the server says [ 'a', 'list' ]",
    ],
    "engine-client/disconnecting-from-the-server.mjs": ["state: disconnected"],
    "engine-client/managing-background-tasks.mjs": [
      "the task has been started",
      "background work with 123",
      "slept for two seconds",
      "the connection has ended",
    ],
    "engine-client/debugging-and-troubleshooting.mjs": {
      some: [/^socketio-wasm engine: GET http/, "socketio-wasm: connected", "socketio-wasm: disconnected client disconnect"],
    },
  }],

  [SECURE, {
    "simple-client/tls-support.mjs": { lines: ["connected by TLS: true"], environment: trusting },
    "client/tls-support.mjs": { lines: ["connected by TLS: true"], environment: trusting },
    "client/tls-verification-off.mjs": ["connected by TLS, unverified: true"],
    "client/tls-own-authority.mjs": { lines: ["connected by TLS, verified by my authority: true"], args: [ca] },
  }],
  [SECURE, {
    "client/tls-support.mjs": { lines: [/the server's certificate is not trusted/], as: "refuses an unknown authority" },
  }],
  [STRICT, {
    "client/tls-client-certificate.mjs": {
      lines: ["connected by TLS, with my certificate: true"],
      args: [client.cert, client.key],
      environment: trusting,
    },
  }],
];

/** Resolves to the lines of an example, also those of standard error if it `logs`. Rejects after an error or other output to standard error. */
function run(file, args, environment, logs) {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...environment }, timeout: LIMIT_MS };
    execFile(process.execPath, [join(copy, file), ...args], options, (error, stdout, stderr) => {
      if (error || (stderr && !logs)) reject(new Error(`${file} ended with status ${error?.code ?? error?.signal ?? 0}\n${stdout}\n${stderr}`));
      else resolve((logs ? stderr + stdout : stdout).trimEnd().split("\n"));
    });
  });
}

const fits = (line, expected) => (expected instanceof RegExp ? expected.test(line) : line === expected);

for (const [servers, files] of TABLE) {
  for (const [name, [kind, options]] of Object.entries(servers)) {
    const secure = options.tls ? `, TLS${options.tls.ca ? ", requires a certificate" : ""}` : "";
    describe(`${name} server${secure}`, { concurrency: 2 }, () => {
      const server = sharedServer(kind, options);

      for (const [file, expected] of Object.entries(files)) {
        const { lines, some, args = [], environment = {}, as } = Array.isArray(expected) ? { lines: expected } : expected;
        test(as ? `${file} ${as}` : file, async () => {
          const printed = await run(file, [options.tls ? server.url.replace("http:", "https:") : server.url, ...args], environment, some !== undefined);
          for (const wanted of some ?? []) assert.ok(printed.some((line) => fits(line, wanted)), `${wanted} is not in\n${printed.join("\n")}`);
          if (!lines) return;
          // A line that matches is replaced by itself, so that the difference shows the others.
          assert.deepEqual(printed, lines.map((line, at) => (fits(printed[at] ?? "", line) ? printed[at] : line)));
        });
      }
    });
  }
}

test("the table here, the files, and the table in the README have the same examples", () => {
  const files = readdirSync(copy, { recursive: true }).filter((name) => name.endsWith(".mjs")).sort();
  const inTable = new Set(TABLE.flatMap(([, examples]) => Object.keys(examples)));
  assert.deepEqual([...inTable].sort(), files);
  const readme = readFileSync(join(EXAMPLES, "README.md"), "utf8");
  const links = new Set([...readme.matchAll(/\]\((\S+\.mjs)\)/g)].map(([, path]) => path).filter((path) => !path.startsWith("..")));
  assert.deepEqual([...links].sort(), files);
});
