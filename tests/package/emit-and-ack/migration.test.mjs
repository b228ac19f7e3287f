// One ordinary program runs with socket.io-client and with this client. Both transcripts are equal, except for the steps in DIFFERENCES:
// each names the row of "From socket.io-client" in pkg/README.md that announces the difference.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { io } from "socket.io-client";
import { chat } from "../../support/chat-program.mjs";
import { IMPATIENT, TRANSPORTS } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";

/** The changes that the tables ask for, and nothing else. */
const LIBRARIES = {
  "socket.io-client": {
    open: (url, transports) => io(url, { ...IMPATIENT, transports, forceNew: true }),
    manager: (socket) => socket.io,
    id: (socket) => socket.id,
    connect: (socket) => socket.connect(),
    join: (socket, namespace) => socket.io.socket(namespace),
    leave: (room) => room.disconnect(),
    answer: (listener) => async (...args) => args.pop()(await listener(...args)),
    reason: (reason) => reason,
    refusal: ({ message, data }) => [message, data],
    transport: (socket) => socket.io.engine.transport.name,
  },
  "socketio-wasm": {
    open(url, transports) {
      const client = new api.Client(IMPATIENT);
      client.connect(url, { transports });
      return client;
    },
    connect: (client, url, transports) => client.connect(url, { transports }),
    manager: (client) => client,
    id: (client) => client.sid,
    join(client, namespace) {
      client.connectNamespace(namespace).catch(() => {}); // the program listens to connect_error
      return client.of(namespace);
    },
    leave: (room, client) => client.disconnectNamespace(room.namespace),
    answer: (listener) => listener,
    reason: (reason, { cause }) => ({ "server disconnect": "io server disconnect", "client disconnect": "io client disconnect" })[cause] ?? cause,
    refusal: ({ data }) => [data.message, data.data],
    transport: (client) => client.transport(),
  },
};

/** The steps whose transcripts differ: the row of the tables, and what each library does. */
const DIFFERENCES = {
  "adds a function twice": {
    row: "| the same function twice is called twice | **it counts once**",
    "socket.io-client": [["same", "once or twice"], ["same", "once or twice"]], // prettier-ignore
    "socketio-wasm": [["same", "once or twice"]],
  },
  "asks for two values": {
    row: "| `emitWithAck` resolves to the first value of several | **resolves to an array of all**",
    "socket.io-client": [["the answer", 1]],
    "socketio-wasm": [["the answer", [1, 2]]],
  },
  "watches a question that nobody handles": {
    row: "| `onAny` | the same, **without the server's callback** behind the arguments",
    "socket.io-client": [["any", "nobody", "listens", "a function"], ["the server got", "operation has timed out"]], // prettier-ignore
    "socketio-wasm": [["any", "nobody", "listens"], ["the server got", "operation has timed out"]], // prettier-ignore
  },
  "does not answer": {
    row: "| a listener that does not call its callback gives no answer | **a listener that returns nothing gives an empty answer**",
    "socket.io-client": [["asked", "to be ignored"], ["the server got", "no answer"]], // prettier-ignore
    "socketio-wasm": [["asked", "to be ignored"], ["the server got", []]], // prettier-ignore
  },
  "looks at the class of bytes": {
    row: "| binary data is a `Buffer` in Node, an `ArrayBuffer` in browsers | **a `Uint8Array` everywhere**",
    "socket.io-client": [["Buffer"]],
    "socketio-wasm": [["Uint8Array"]],
  },
  "orders connect and reconnect": {
    row: '| `socket.io.on("reconnect_attempt", f)`, `"reconnect"`, `"reconnect_failed"` | `client.on("reconnect_attempt", (n, delay) => …)`, '
      + '`"reconnect"`, `"reconnect_failed"`: on the client itself. **`reconnect` follows `connect`**',
    "socket.io-client": [["reconnect", "connect"]],
    "socketio-wasm": [["connect", "reconnect"]],
  },
  "watches what it emits while it is away": {
    row: "| `onAnyOutgoing` | **is called when the event is emitted**, and not when it leaves the buffer",
    "socket.io-client": [["emitted"], ["outgoing", "say", "while away"]], // prettier-ignore
    "socketio-wasm": [["outgoing", "say", "while away"], ["emitted"]], // prettier-ignore
  },
  "emits after its end": {
    row: "| `socket.emit()` before the connection, or after `disconnect()`, is buffered | before `connect()` and after `disconnect()` it throws `NOT_CONNECTED`",
    "socket.io-client": [["buffered"]],
    "socketio-wasm": [["NOT_CONNECTED"]],
  },
};

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  test(`${name}: a program of socket.io-client does the same with this client, except what the tables announce`, async (t) => {
    const [theirs, ours] = await Promise.all(Object.values(LIBRARIES).map((library) => chat(t, library, transports)));
    const steps = Object.keys(theirs);
    assert.deepEqual(Object.keys(DIFFERENCES).filter((step) => !steps.includes(step)), []); // prettier-ignore
    for (const step of steps) {
      const { row, ...expected } = DIFFERENCES[step] ?? { "socket.io-client": theirs[step], "socketio-wasm": theirs[step] };
      assert.deepEqual({ "socket.io-client": theirs[step], "socketio-wasm": ours[step] }, expected, `it ${step}`);
    }
  });
}

test("each difference is in the tables", () => {
  const readme = readFileSync(new URL("../../../pkg/README.md", import.meta.url), "utf8");
  const tables = readme.slice(readme.indexOf("## From socket.io-client"), readme.indexOf("### Options of socket.io-client"));
  for (const [step, { row }] of Object.entries(DIFFERENCES)) assert.ok(tables.includes(`\n${row}`), step);
});
