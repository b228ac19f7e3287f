// Misuse: each wrong argument is a typed error that names the argument and says what to do.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { newClient } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { sharedServer } from "../../support/shared-server.mjs";

const { Client } = api;
const cycle = {};
cycle.self = cycle;

// Returns a short form of a value for a title.
const named = (value) => {
  if (typeof value === "function") return "function";
  return (typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value))).slice(0, 100);
};

// Returns the description of a value in an error, which does not show the value.
const described = (value) => {
  const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
  if (typeof value === "string") return value === "" ? "an empty string" : `a string of ${counted(value.length, "character")}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${counted(value.length, "item")}`;
  if (value instanceof Map) return "an object (Map)";
  if (typeof value === "object" && value !== null) return "an object";
  return ["function", "symbol"].includes(typeof value) ? `a ${typeof value}` : String(value);
};

// Returns a check for an error with this code, these fields, and a message that contains each field.
const misuse = (code, fields) => (error) => {
  assert.ok(error instanceof api.SocketIOError, `${error} is not a SocketIOError`);
  assert.deepEqual([error.code, error.fault], [code, "misuse"]);
  for (const [name, value] of Object.entries(fields)) {
    assert.deepEqual(error[name], value);
    assert.ok(error.message.includes(value), `"${error.message}" does not contain ${value}`);
  }
  return true;
};

// The same for an option. The message does not describe the value of an unknown option.
const wrongOption = (option, value) => (error) => {
  const isKnown = !/^Unknown option/.test(error.message);
  assert.equal(error.received, described(value));
  return misuse("INVALID_OPTION", { option, ...(isKnown && { received: described(value) }) })(error);
};

const CLIENT_OPTIONS = [
  ["reconnection", "yes"],
  ["reconnectionAttempts", -1],
  ["reconnectionAttempts", 1.5],
  ["reconnectionDelay", "1s"],
  ["reconnectionDelay", NaN],
  ["reconnectionDelayMax", -5],
  ["randomizationFactor", 2],
  ["requestTimeout", -1],
  ["serializer", "morse"],
  ["logger", "loud"],
  ["engineLogger", 1],
  ["maxBuffer", -1],
  ["maxBuffer", 0],
  ["highWaterMark", -1],
  ["networkEvents", "off"],
  ["limits", 7],
  ["maxPacketsPerPost", 0],
  ["fetch", "curl"],
  ["WebSocket", {}],
  ["credentials", "always"],
  ["nonsense", 1],
  ["reconnectDelay", 1000],
];

const CONNECT_OPTIONS = [
  ["transports", ["carrier pigeon"]],
  ["transports", []],
  ["transports", 7],
  ["path", 7],
  ["headers", "x: y"],
  ["wait", "yes"],
  ["waitTimeout", -1],
  ["retry", 1],
  ["retryRefused", 1],
  ["namespaces", 7],
  ["signal", "stop"],
  ["nonsense", 1],
];

// Headers, the option that the error names, and its description of the value.
const HEADERS = [
  [{ x: "a\nb" }, "headers.x", "a string of 3 characters"],
  [{ fine: "yes", x: "a\u0000" }, "headers.x", "a string of 2 characters"],
  [{ x: "→" }, "headers.x", "a string of 1 character"],
  [{ x: 7 }, "headers.x", "a number"],
  [{ "x: y": "z" }, "headers", "a string of 4 characters"],
  [{ "": "z" }, "headers", "an empty string"],
  [new Map([["x", "y"]]), "headers", "an object (Map)"],
  [["x"], "headers", "an array of 1 item"],
];

const URLS = ["", "localhost:3000", "localhost", "ftp://localhost", "//localhost", "http://", 7, null, undefined];
const shownUrl = (url) => (/^http:..\w/.test(url) ? url.replace(/(?<=:\d+)\/(?=$|\?)/, "").replace(/=[^&]*/g, "=…") : typeof url === "number" ? "a number" : described(url));
const URLS_WITH_PATH = ["http://localhost:3000/chat", "http://localhost:3000/socket.io/"];
const RESERVED_QUERIES = ["?sid=1", "/?EIO=3", "?room=1&transport=polling"];
const NAMESPACES = ["chat", "", "/a,b", "/a?b=1", "/a\u001eb", "/a\nb", "/\ud800", "/a\udc00\ud800b", 7, null];
const shownNamespace = (namespace) => {
  if (typeof namespace === "number") return "a number";
  if (!namespace?.startsWith("/")) return described(namespace);
  return JSON.stringify(namespace.replace(/[,?\n\u001e].*/s, "…"));
};
const EVENTS = [undefined, null, {}, [], true, NaN, Infinity, Symbol.iterator];
const LONE_SURROGATES = ["\ud800", "a\udfff", "\udc00\ud800"];
const RESERVED = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

describe("misuse without a connection", () => {
  for (const [option, value] of CLIENT_OPTIONS) {
    test(`[C3, INVALID_OPTION] new Client({ ${option}: ${named(value)} }) throws`, () => {
      assert.throws(() => new Client({ [option]: value }), wrongOption(option, value));
    });
  }

  for (const options of [null, "fast", 7]) {
    test(`new Client(${named(options)}) throws`, () => {
      assert.throws(() => new Client(options), (error) => error instanceof api.InvalidArgumentError);
    });
  }

  for (const [option, value] of CONNECT_OPTIONS) {
    test(`[K1, INVALID_OPTION] connect(url, { ${option}: ${named(value)} }) rejects`, async (t) => {
      const client = newClient(t);
      await assert.rejects(client.connect("http://127.0.0.1:1", { [option]: value }), wrongOption(option, value));
      assert.equal(client.state, "disconnected");
    });
  }

  for (const url of URLS) {
    test(`[INVALID_URL] connect(${named(url)}) rejects`, async (t) => {
      await assert.rejects(newClient(t).connect(url), misuse("INVALID_URL", { url: shownUrl(url) }));
    });
  }

  for (const url of URLS_WITH_PATH) {
    test(`[K2, INVALID_URL] connect(${named(url)}) rejects with an error that says what to use for a path`, async (t) => {
      await assert.rejects(newClient(t).connect(url), (error) => {
        assert.match(error.message, /`namespaces`.*`path`/);
        return misuse("INVALID_URL", { url: shownUrl(url) })(error);
      });
    });
  }

  for (const query of RESERVED_QUERIES) {
    test(`[INVALID_URL] connect() rejects a query with parameters of the protocol: ${query}`, async (t) => {
      const url = `http://localhost:3000${query}`;
      await assert.rejects(newClient(t).connect(url), (error) => /sid, EIO or transport/.test(error.message) && misuse("INVALID_URL", { url: shownUrl(url) })(error));
    });
  }

  for (const url of ["http://me:secret@127.0.0.1:1", "http://:secret@127.0.0.1:1"]) {
    test(`[P6] a browser refuses ${url}, and Node sends its user`, async (t) => {
      const browser = await import(pathToFileURL(join(folder, "node_modules/socketio-wasm/dist/browser.js")));
      const expected = { name: "InvalidArgumentError", code: "INVALID_URL", url: "http://127.0.0.1:1", why: "user", message: /`auth`.*Authorization/ };
      for (const source of [url, () => url]) await assert.rejects(new browser.Client().connect(source), expected);
      await assert.rejects(newClient(t).connect(url), { code: "UNREACHABLE" }); // Node sent the request
    });
  }

  for (const [headers, option, value] of HEADERS) {
    test(`connect() rejects the headers ${inspect(headers)}, given or from a function`, async (t) => {
      const client = newClient(t);
      for (const source of [headers, async () => headers]) {
        await assert.rejects(client.connect("http://127.0.0.1:1", { headers: source }), misuse("INVALID_OPTION", { option, received: value }));
      }
    });
  }

  test("connect() rejects the result of a url function that is not a URL", async (t) => {
    await assert.rejects(newClient(t).connect(async () => "nowhere"), misuse("INVALID_URL", { url: "a string of 7 characters" }));
  });

  test("connect() rejects with the error of a url function that throws", async (t) => {
    const error = new Error("no address today");
    const url = () => {
      throw error;
    };
    await assert.rejects(newClient(t).connect(url), (given) => given === error || given.cause === error);
  });

  for (const namespace of NAMESPACES) {
    test(`[INVALID_NAMESPACE] the namespace ${named(namespace)} is refused`, async (t) => {
      const client = newClient(t);
      await assert.rejects(client.connect("http://127.0.0.1:1", { namespaces: [namespace] }), misuse("INVALID_NAMESPACE", { received: shownNamespace(namespace) }));
      await assert.rejects(client.connectNamespace(namespace), misuse("INVALID_NAMESPACE", { received: shownNamespace(namespace) }));
      if (typeof namespace === "string") {
        assert.throws(() => client.of(namespace), misuse("INVALID_NAMESPACE", { received: shownNamespace(namespace) }));
        assert.throws(() => client.on("x", () => {}, { namespace }), misuse("INVALID_NAMESPACE", { received: shownNamespace(namespace) }));
      }
    });
  }

  for (const handler of [undefined, null, "x", {}]) {
    test(`[INVALID_HANDLER] the handler ${named(handler)} is refused`, (t) => {
      const client = newClient(t);
      assert.throws(() => client.on("x", handler), misuse("INVALID_HANDLER", { received: described(handler) }));
      assert.throws(() => client.once("x", handler), misuse("INVALID_HANDLER", { received: described(handler) }));
    });
  }

  for (const event of EVENTS) {
    test(`[INVALID_EVENT] the event ${String(event)} is refused`, async (t) => {
      const client = newClient(t);
      const expected = misuse("INVALID_EVENT", { received: typeof event === "boolean" ? "a boolean" : described(event) });
      assert.throws(() => client.on(event, () => {}), expected);
      assert.throws(() => client.emit(event), expected);
      await assert.rejects(client.call(event), expected);
    });
  }

  for (const event of RESERVED) {
    test(`[D7, INVALID_EVENT] emit() refuses the reserved event ${event}`, (t) => {
      assert.throws(() => newClient(t).emit(event), misuse("INVALID_EVENT", { received: JSON.stringify(event) }));
    });
  }

  for (const event of LONE_SURROGATES) {
    test(`the event ${JSON.stringify(event)} with half of a surrogate pair is refused`, async (t) => {
      const client = newClient(t);
      const simple = new api.SimpleClient();
      const chat = client.registerNamespace(new api.ClientNamespace("/chat"));
      const expected = misuse("INVALID_EVENT", { received: JSON.stringify(event) });
      const ways = [() => client.on(event, () => {}), () => client.once(event, () => {}), () => client.off(event), () => client.emit(event)];
      for (const way of [...ways, () => client.volatile.emit(event), () => chat.emit(event)]) assert.throws(way, expected);
      for (const way of [() => client.call(event), () => client.emitWithAck(event), () => chat.call(event), () => simple.emit(event), () => simple.call(event)]) {
        await assert.rejects(way(), expected);
      }
      client.on("\ud83d\ude00", () => {}); // a complete pair
    });
  }

  test("a namespace with half of a surrogate pair is refused by each method", async (t) => {
    const client = newClient(t);
    const bad = "/chat\ud83d";
    const expected = misuse("INVALID_NAMESPACE", { received: JSON.stringify(bad) });
    for (const way of [() => client.of(bad), () => client.with({ namespace: bad }), () => client.off("x", undefined, { namespace: bad }), () => new api.ClientNamespace(bad)]) {
      assert.throws(way, expected);
    }
    for (const way of [() => client.disconnectNamespace(bad), () => new api.SimpleClient().connect("http://127.0.0.1:1", { namespace: bad })]) {
      await assert.rejects(way(), expected);
    }
    client.of("/\ud83d\ude00");
  });

  test("a runtime without String.prototype.isWellFormed finds half of a surrogate pair, too", (t) => {
    const { isWellFormed } = String.prototype;
    delete String.prototype.isWellFormed;
    t.after(() => Object.defineProperty(String.prototype, "isWellFormed", { value: isWellFormed, configurable: true, writable: true }));
    const client = newClient(t);
    for (const event of LONE_SURROGATES) assert.throws(() => client.emit(event), { code: "INVALID_EVENT" });
    assert.throws(() => client.emit("\ud83d\ude00"), { code: "NOT_CONNECTED" });
  });

  const WITH = [["timeout", -1], ["timeout", "1s"], ["signal", {}], ["buffer", 1], ["volatile", "yes"], ["namespace", 7], ["nonsense", 1]];
  for (const [option, value] of WITH) {
    test(`with({ ${option}: ${named(value)} }) throws`, (t) => {
      assert.throws(() => newClient(t).with({ [option]: value }), wrongOption(option, value));
    });
  }

  for (const event of ["connect", "connect_error", "disconnect", "disconnectFinal", "__disconnect_final", "*"]) {
    test(`events(${named(event)}) throws: the server sends no such event, and the iterator would wait for ever`, (t) => {
      assert.throws(() => newClient(t).events(event), misuse("INVALID_EVENT", { received: JSON.stringify(event) }));
    });
  }

  test("on() refuses an unknown option", (t) => {
    assert.throws(() => newClient(t).on("x", () => {}, { namespce: "/" }), misuse("INVALID_OPTION", { option: "namespce" }));
  });

  test("emit() and call() are refused before connect()", async (t) => {
    const client = newClient(t);
    assert.throws(() => client.emit("x"), { name: "DisconnectedError", code: "NOT_CONNECTED", message: /connect\(\)/ });
    await assert.rejects(client.call("x"), { name: "DisconnectedError", code: "NOT_CONNECTED" });
  });

  test("options that are undefined count as left out", async (t) => {
    newClient(t, { reconnectionDelay: undefined, logger: undefined });
    newClient(t, undefined).with({ timeout: undefined, signal: undefined });
  });
});

describe("misuse with a connection", () => {
  const server = sharedServer("npm");

  const connected = async (t) => {
    const client = newClient(t);
    await client.connect(server.url);
    return client;
  };

  for (const [what, value, message] of [["a BigInt", 1n, /BigInt/], ["a cycle", cycle, /nested in a circle/]]) {
    test(`[UNSERIALIZABLE] ${what} among the arguments is refused, and the connection goes on`, async (t) => {
      const client = await connected(t);
      const expected = { name: "InvalidArgumentError", code: "UNSERIALIZABLE", message };
      assert.throws(() => client.emit("echo", value), expected);
      await assert.rejects(client.call("echo", { value }), expected);
      assert.equal(await client.call("echo", 1), 1);
    });
  }

  test("an error thrown by toJSON reaches the caller", async (t) => {
    const client = await connected(t);
    const cause = new Error("not me");
    const toJSON = () => {
      throw cause;
    };
    assert.throws(() => client.emit("echo", { toJSON }), (error) => error === cause || error.cause === cause);
  });

  test("a second connect() is refused", async (t) => {
    const client = await connected(t);
    await assert.rejects(client.connect(server.url), { name: "ConnectionError", code: "ALREADY_CONNECTED", message: /disconnect\(\)/ });
    assert.equal(await client.call("echo", 1), 1);
  });

  test("a connect() during another one is refused", async (t) => {
    const client = newClient(t);
    const first = client.connect(server.url);
    await assert.rejects(client.connect(server.url), { code: "ALREADY_CONNECTED" });
    await first;
  });

  test("emit() to a namespace that was not connected is refused", async (t) => {
    const client = await connected(t);
    assert.throws(() => client.of("/chat").emit("x"), misuse("BAD_NAMESPACE", { namespace: "/chat" }));
    assert.throws(() => client.of("/chat").emit("x"), { name: "BadNamespaceError", message: /connectNamespace\(\)/ });
  });

  for (const [option, connect] of [
    ["requestTimeout", (t, none) => newClient(t, { requestTimeout: none }).connect(server.url)],
    ["waitTimeout", (t, none) => newClient(t).connect(server.url, { waitTimeout: none })],
  ]) {
    for (const none of [0, Infinity]) test(`${option}: ${none} is accepted, and sets no limit`, (t) => connect(t, none));
  }

  test("disconnect() rejects a pending connect() with an error that names disconnect(), and no fault", async (t) => {
    const silent = await listen(t, () => {});
    const client = newClient(t);
    const expected = { name: "DisconnectedError", code: "DISCONNECTED", fault: "none", message: /^disconnect\(\)/ };
    const rejected = assert.rejects(client.connect(silent.url), expected);
    await client.disconnect();
    await rejected;
  });

  test("emit() is refused after disconnect()", async (t) => {
    const client = await connected(t);
    await client.disconnect();
    assert.throws(() => client.emit("x"), { code: "NOT_CONNECTED" });
  });
});
