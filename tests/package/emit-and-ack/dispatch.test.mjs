// The handler that gets an event: every combination of handlers, for ordinary and for reserved events, as in python-socketio. The
// server is a real one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { within } from "../../support/until.mjs";

// An event that the server sends back, and the events of the connection.
const ORDINARY = "echo-back";
const RESERVED = ["connect", "connect_error", "disconnect", "disconnectFinal"];
const EVENTS = [ORDINARY, ...RESERVED];

// One namespace to talk on, and one that is refused.
const NAMESPACES = ["/chat", "/refuse"];

// The kinds of handlers, in the order of the columns below: functions first, then classes.
const KINDS = ["ns/event", "ns/*", "ns/other event", "*/event", "*/*", "class for ns", "class for ns without the method", "class for *"];

// Handlers that are set (1), not set (0), or do not matter (-) | the handler of an ordinary event | the handler of a reserved one
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
  const handler = row[reserved ? 2 : 1];
  return handler === "by the classes" ? byClasses[1] : handler;
}

// The arguments of a handler before the event's own.
const prefix = (handler, event, namespace) =>
({ "ns/*": [event], "*/event": [namespace], "*/*": [event, namespace], "class for *": [namespace] })[handler] ?? [];

/** Sets the handlers, which record each call. */
function register(client, bits, calls) {
  const note = (handler) => (...args) => void calls.push([handler, ...args.map((arg) => (arg instanceof Error ? arg.code : arg))]);
  const methods = (handler) => Object.fromEntries(EVENTS.map((event) => [`on_${event}`, note(handler)]));
  const instance = (namespace, own) => Object.assign(new (class extends api.ClientNamespace {})(namespace), own);
  const set = {
    "ns/event": (namespace) => EVENTS.forEach((event) => client.on(event, note("ns/event"), { namespace })),
    "ns/*": (namespace) => client.on("*", note("ns/*"), { namespace }),
    "ns/other event": (namespace) => client.on("other", note("ns/other event"), { namespace }),
    "*/event": () => EVENTS.forEach((event) => client.on(event, note("*/event"), { namespace: "*" })),
    "*/*": () => client.on("*", note("*/*"), { namespace: "*" }),
    "class for ns": (namespace) => client.registerNamespace(instance(namespace, methods("class for ns"))),
    "class for ns without the method": (namespace) => client.registerNamespace(instance(namespace, { on_other: note("another method") })),
    "class for *": () => client.registerNamespace(instance("*", methods("class for *"))),
  };
  KINDS.forEach((kind, at) => bits[at] === "1" && (set[kind].length === 0 ? set[kind]() : NAMESPACES.forEach(set[kind])));
}

/** Returns the calls that are expected in the conversation below, in order. */
function expected(bits) {
  const happens = [
    ["connect", "/chat"],
    ["connect_error", "/refuse", "REFUSED"],
    [ORDINARY, "/chat", 1, "two"],
    ["disconnect", "/chat", "client disconnect", { cause: "client disconnect" }],
    ["disconnectFinal", "/chat", "client disconnect"],
  ];
  return happens.flatMap(([event, namespace, ...args]) => {
    const handler = winner(bits, RESERVED.includes(event));
    return handler === "nobody" ? [] : [[handler, ...prefix(handler, event, namespace), ...args]];
  });
}

// A namespace has at most one class.
const combinations = Array.from({ length: 2 ** KINDS.length }, (_, number) => number.toString(2).padStart(KINDS.length, "0")).filter(
  (bits) => !(bits[5] === "1" && bits[6] === "1"),
);

describe("[E3, E4, D2] an event finds its handler among", { concurrency: 16 }, () => {
  const server = sharedServer("npm");

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
      await within("an answer after the event", chat.call("echo"));
      await client.disconnect();
      assert.deepEqual(calls, expected(bits));
    });
  }
});
