// Which handler an event belongs to: every combination of handlers, for ordinary and for reserved events, as python-socketio
// finds it. The server is a real one.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { within } from "../../support/until.mjs";

// What is sent back by the server, and what happens to the connection.
const ORDINARY = "echo-back";
const RESERVED = ["connect", "connect_error", "disconnect", "disconnectFinal"];
const EVENTS = [ORDINARY, ...RESERVED];

// One namespace to talk on, and one that is refused.
const NAMESPACES = ["/chat", "/refuse"];

// The kinds of handlers, in the order of the columns below: functions first, then classes.
const KINDS = ["ns/event", "ns/*", "ns/other event", "*/event", "*/*", "class for ns", "class for ns without the method", "class for *"];

// Handlers that are there (1), not there (0), or do not matter (-) | who gets an ordinary event | who gets a reserved one
const TABLE = `
  1---- --- | ns/event     | ns/event
  01--- --- | ns/*         | by the classes
  001-- --- | by the classes | by the classes
  0001- --- | */event      | */event
  00001 --- | */*          | by the classes
  00000 --- | by the classes | by the classes
`;
const CLASSES = `
  1-- | class for ns
  01- | nobody
  001 | class for *
  000 | nobody
`;

const rows = (table) => table.trim().split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
const fits = (pattern, bits) => [...pattern.replace(" ", "")].every((wanted, at) => wanted === "-" || wanted === bits[at]);

function winner(bits, reserved) {
  const [row, ...others] = rows(TABLE).filter(([pattern]) => fits(pattern, bits));
  const [byClasses, ...otherClasses] = rows(CLASSES).filter(([pattern]) => fits(pattern, bits.slice(5)));
  assert.ok(row && byClasses && others.length + otherClasses.length === 0, `the tables have no row, or several, for ${bits}`);
  const who = row[reserved ? 2 : 1];
  return who === "by the classes" ? byClasses[1] : who;
}

// What a handler is given before the event's own arguments.
const prefix = (who, event, namespace) =>
  ({ "ns/*": [event], "*/event": [namespace], "*/*": [event, namespace], "class for *": [namespace] })[who] ?? [];

/** Puts the handlers there; each call is noted. */
function register(client, bits, calls) {
  const note = (who) => (...args) => void calls.push([who, ...args.map((arg) => (arg instanceof Error ? arg.code : arg))]);
  const methods = (who) => Object.fromEntries(EVENTS.map((event) => [`on_${event}`, note(who)]));
  const instance = (namespace, own) => Object.assign(new (class extends api.ClientNamespace {})(namespace), own);
  const put = {
    "ns/event": (namespace) => EVENTS.forEach((event) => client.on(event, note("ns/event"), { namespace })),
    "ns/*": (namespace) => client.on("*", note("ns/*"), { namespace }),
    "ns/other event": (namespace) => client.on("other", note("ns/other event"), { namespace }),
    "*/event": () => EVENTS.forEach((event) => client.on(event, note("*/event"), { namespace: "*" })),
    "*/*": () => client.on("*", note("*/*"), { namespace: "*" }),
    "class for ns": (namespace) => client.registerNamespace(instance(namespace, methods("class for ns"))),
    "class for ns without the method": (namespace) => client.registerNamespace(instance(namespace, { on_other: note("another method") })),
    "class for *": () => client.registerNamespace(instance("*", methods("class for *"))),
  };
  KINDS.forEach((kind, at) => bits[at] === "1" && NAMESPACES.forEach(put[kind]));
}

/** What shall be called in the conversation below, in order. */
function expected(bits) {
  const happens = [
    ["connect", "/chat"],
    ["connect_error", "/refuse", { message: "no entry" }, "REFUSED"],
    [ORDINARY, "/chat", 1, "two"],
    ["disconnect", "/chat", "client disconnect", { cause: "client disconnect" }],
    ["disconnectFinal", "/chat"],
  ];
  return happens.flatMap(([event, namespace, ...args]) => {
    const who = winner(bits, RESERVED.includes(event));
    return who === "nobody" ? [] : [[who, ...prefix(who, event, namespace), ...args]];
  });
}

// Of the classes for the namespace there is one at most.
const combinations = Array.from({ length: 2 ** KINDS.length }, (_, number) => number.toString(2).padStart(KINDS.length, "0")).filter(
  (bits) => !(bits[5] === "1" && bits[6] === "1"),
);

describe("[E3, E4, D2] dispatch", { concurrency: 16 }, () => {
  let server;
  before(async () => {
    server = await startServer({ after: () => {} }, "npm");
  });
  after(() => server.kill());

  for (const bits of combinations) {
    const present = KINDS.filter((_, at) => bits[at] === "1");
    test(present.join(", ") || "no handler at all", async (t) => {
      const client = newClient(t);
      const calls = [];
      register(client, bits, calls);
      await client.connect(server.url, { namespaces: "/chat", transports: "websocket" });
      await assert.rejects(client.connectNamespace("/refuse"), { code: "REFUSED" });
      const chat = client.of("/chat");
      chat.emit(ORDINARY, 1, "two");
      await within("an answer behind the event", chat.call("echo"));
      await client.disconnect();
      assert.deepEqual(calls, expected(bits));
    });
  }
});
