// No secret is shown: not in an error, its fields and its causes, not in a log, not by the command line. Each misuse and each failure
// has a marker in place of the secret, and the tests search for the marker in all output.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { run, start } from "../../support/command.mjs";
import { api, folder } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until } from "../../support/until.mjs";

const MARK = "s3cr3t";
const NOBODY = "http://127.0.0.1:1";
const SERIALIZERS = ["default", "msgpack", "cbor", "pickle"];
const { WebSocket: Ws } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const server = sharedServer("npm");

/** Resolves to the address of a server that answers everything with the status 401. */
async function refusingServer(t) {
  const refusing = await listen(t, (request, response) => response.writeHead(401).end("go away"));
  refusing.on("upgrade", (request, stream) => stream.end("HTTP/1.1 401 X\r\ncontent-length: 7\r\n\r\ngo away"));
  return refusing.url;
}

// The forms in which the marker may appear: in small letters (as a host), in base64, in hex.
const FORMS = [MARK, Buffer.from(MARK).toString("base64").replace(/=*$/, ""), Buffer.from(MARK).toString("hex")];

function checkText(text, where) {
  for (const form of FORMS) {
    const at = text.toLowerCase().indexOf(form.toLowerCase());
    assert.equal(at, -1, `${where} shows the secret: …${text.slice(Math.max(0, at - 100), at + 50)}`);
  }
}

/** Checks an error: its message, its stack, all of its fields, also hidden ones, and its causes. */
function checkError(error, where = "the error") {
  const seen = new Set();
  const search = (value, path) => {
    if (typeof value === "string") return checkText(value, path);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) return checkText(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1"), path);
    for (const key of Reflect.ownKeys(value)) search(value[key], `${path}.${String(key)}`);
  };
  search(error, where);
  checkText(inspect(error, { depth: 10, showHidden: true }), where);
  checkText(`${error}${error?.message}${error?.stack}${JSON.stringify(error)}`, where);
}

/** Returns a logger that collects its lines, and `check()`, which searches them. */
function checking() {
  const lines = [];
  const at = (level) => (...line) => lines.push([level, ...line]);
  const check = () => lines.forEach((line) => checkError(line, `the log's line ${inspect(line[1])}`));
  return { lines, check, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Makes a client with loggers, calls `act`, which must fail, and checks the error, connect_error and the log. */
async function failing(t, { Class = api.Client, options, act, expected }) {
  const logger = checking();
  const failures = [];
  let error;
  try {
    const client = new Class({ ...(Class === api.Client && { ...IMPATIENT, reconnection: false, engineLogger: logger }), logger, ...options });
    t.after(() => client.disconnect?.().catch(() => {}));
    if (Class === api.Client) client.of("*").on("connect_error", (...args) => failures.push(args));
    await act(client);
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error, "nothing failed");
  if (expected) assert.equal(error.code, expected, inspect(error));
  checkError(error);
  failures.forEach((args) => checkError(args, "connect_error"));
  logger.check();
  return { error, logger };
}

const connecting = (url, options) => (client) => client.connect(typeof url === "string" || typeof url === "function" ? url : String(url), options);
const bad = (value) => ["INVALID_OPTION", value];

// Options of the constructor.
const OPTIONS = {
  "auth, which belongs to connect()": { auth: { token: MARK } },
  "auth, a string": { auth: MARK },
  "token": { token: MARK },
  "key": { key: MARK },
  "password": { password: MARK },
  "extraHeaders": { extraHeaders: { authorization: `Bearer ${MARK}` } },
  "headers, which belong to connect()": { headers: { authorization: `Bearer ${MARK}` } },
  "query": { query: { token: MARK } },
  "tls, a string": { tls: MARK },
  "tls.privateKey": { tls: { privateKey: MARK } },
  "tls.key, in another form than PEM": { tls: { key: MARK } },
  "tls.key, with a zero byte": { tls: { key: `${MARK}\0` } },
  "tls.key, invalid PEM": { tls: { key: `-----BEGIN ${MARK}` } },
  "tls.key, a number": { tls: { key: Number.parseInt("5433", 10) } },
  "tls.key, a URL": { tls: { key: new URL(`http://me:${MARK}@host/`) } },
  "tls.cert, a list": { tls: { cert: [MARK, `x${MARK}`] } },
  "tls.pfx, bytes": { tls: { pfx: Buffer.from(MARK), passphrase: MARK } },
  "tls.passphrase, of a wrong type": { tls: { passphrase: [MARK] } },
  "proxy, not a URL": { proxy: `me:${MARK}@proxy` },
  "proxy, with the secret as its scheme": { proxy: `${MARK}:x@proxy:3128` },
  "proxy, of another kind": { proxy: `socks5://me:${MARK}@127.0.0.1:1080` },
  "proxy, of a wrong type": { proxy: { url: MARK } },
  "websocketOptions, a string": { websocketOptions: MARK },
  "websocketOptions.headers, with a line break": { websocketOptions: { headers: { authorization: `Bearer\n${MARK}` } } },
  "websocketOptions.headers, a string": { websocketOptions: { headers: MARK } },
  "websocketOptions.protocols": { websocketOptions: { protocols: [`${MARK} x`] } },
  "websocketOptions.maxPayload": { websocketOptions: { maxPayload: MARK } },
  "cookieJar": { cookieJar: { cookie: MARK } },
  "agent": { agent: { proxy: MARK } },
  "logger": { logger: MARK },
  "serializer": { serializer: MARK },
  "serializer, a parser that cannot be made": { serializer: { Encoder: MARK, Decoder: MARK } },
  "json": { json: { stringify: MARK } },
  "limits": { limits: { maxDepth: MARK } },
  "limits, an unknown one": { limits: { token: MARK } },
  "requestTimeout": { requestTimeout: MARK },
  "credentials": { credentials: MARK },
  "fetch": { fetch: MARK },
  "timestampParam": { timestampParam: `${MARK}&` },
};

// Options of connect(), for an address without a server.
const CONNECT_OPTIONS = {
  "headers, with a line break": { headers: { authorization: `Bearer\n${MARK}` } },
  "headers, with a letter beyond Latin-1": { headers: { authorization: `Bearer ${MARK}→` } },
  "headers, as a list": { headers: [`authorization: ${MARK}`] },
  "headers, as a Map": { headers: new Map([["authorization", MARK]]) },
  "headers, as a string": { headers: `authorization: ${MARK}` },
  "headers, with the value in the name": { headers: { [`authorization: ${MARK}`]: "" } },
  "headers, with a list as the value": { headers: { authorization: [MARK] } },
  "headers, from a function": { headers: async () => ({ authorization: `Bearer\n${MARK}` }) },
  "headers, from a function that returns a string": { headers: () => MARK },
  "auth, a string": { auth: MARK },
  "auth, a list": { auth: [MARK] },
  "auth, from a function that returns a string": { auth: async () => MARK },
  "auth, from a function that returns a list": { auth: () => [MARK] },
  "auth, that JSON cannot represent": { auth: { token: MARK, big: 1n } },
  "auth, with a circle": { auth: Object.assign({ token: MARK }, { get self() { return this; } }) },
  "token": { token: MARK },
  "key": { key: MARK },
  "query": { query: `token=${MARK}` },
  "extraHeaders": { extraHeaders: { authorization: MARK } },
  "namespaces, with a query": { namespaces: `/chat?token=${MARK}` },
  "namespaces, a URL": { namespaces: `http://me:${MARK}@host/chat` },
  "namespaces, an object": { namespaces: { token: MARK } },
  "path, with a query": { path: `/socket.io?token=${MARK}` },
  "transports": { transports: MARK },
  "protocol": { protocol: MARK },
  "signal": { signal: { token: MARK } },
  "options that are a string": MARK,
};

const URLS = {
  "with a password and a path": [`http://me:${MARK}@127.0.0.1:1/chat`, "INVALID_URL"],
  "with a query and a path": [`http://127.0.0.1:1/chat?token=${MARK}`, "INVALID_URL"],
  "with a query that has parameters of the protocol": [`http://127.0.0.1:1?sid=${MARK}&transport=${MARK}&EIO=${MARK}`, "INVALID_URL"],
  "with a password, of another scheme": [`ftp://me:${MARK}@127.0.0.1:1`, "INVALID_URL"],
  "with a password and no scheme": [`me:${MARK}@127.0.0.1:1`, "INVALID_URL"],
  "with the secret as its scheme": [`${MARK}:x@127.0.0.1:1`, "INVALID_URL"],
  "that cannot be read": [`http://me:${MARK}@ho st`, "INVALID_URL"],
  "an object": [{ href: MARK }, "INVALID_URL"],
  "from a function, with a password and a path": [async () => `http://me:${MARK}@127.0.0.1:1/chat`, "INVALID_URL"],
  "from a function that does not return a URL": [() => MARK, "INVALID_URL"],
  "with a password, and no server": [`http://me:${MARK}@127.0.0.1:1`, "UNREACHABLE"],
  "with a query, and no server": [`http://127.0.0.1:1?token=${MARK}&${MARK}`, "UNREACHABLE"],
  "with a password, of a host that does not exist": [`http://me:${MARK}@nowhere.invalid`, "UNREACHABLE"],
};

describe("no secret is shown of an option of the constructor", () => {
  for (const [what, options] of Object.entries(OPTIONS)) {
    test(what, (t) => failing(t, { options, act: connecting(NOBODY, { transports: "websocket" }) }));
    test(`${what}: of a SimpleClient and an EngineClient`, async (t) => {
      for (const Class of [api.SimpleClient, api.EngineClient]) await failing(t, { Class, options, act: connecting(NOBODY, { transports: "websocket" }) });
    });
  }

  test("websocketOptions that only its class knows", async (t) => {
    for (const WebSocket of [undefined, Ws]) {
      const options = { websocketOptions: { protocolVersion: MARK }, WebSocket };
      await failing(t, { options, act: connecting(NOBODY, { transports: "websocket" }), expected: "UNREACHABLE" });
    }
  });
});

describe("no secret is shown of an option of connect()", () => {
  for (const [what, options] of Object.entries(CONNECT_OPTIONS)) {
    test(what, async (t) => {
      // The client evaluates auth after the handshake.
      const url = what.startsWith("auth") ? server.url : NOBODY;
      const { error } = await failing(t, { act: (client) => client.connect(url, options) });
      assert.equal(error.fault, "misuse", inspect(error));
      await failing(t, { Class: api.SimpleClient, act: (client) => client.connect(url, options) });
      if (!what.startsWith("auth")) await failing(t, { Class: api.EngineClient, act: (client) => client.connect(url, options) });
    });
  }

  test("auth of connectNamespace()", async (t) => {
    for (const auth of [MARK, [MARK], () => MARK, { token: MARK, big: 1n }]) {
      const act = async (client) => {
        await client.connect(server.url);
        await client.connectNamespace("/chat", { auth });
      };
      await failing(t, { act });
    }
    await failing(t, { act: (client) => client.connectNamespace("/chat", { token: MARK }), expected: "INVALID_OPTION" });
  });

  test("headers and tls that a browser cannot send", async (t) => {
    const { Client } = await import(pathToFileURL(join(folder, "node_modules/socketio-wasm/dist/browser.js")).href);
    await failing(t, { Class: Client, act: connecting(NOBODY, { transports: "websocket", headers: { authorization: MARK } }), expected: "UNSUPPORTED_OPTION" });
    await failing(t, { Class: Client, act: connecting(`http://me:${MARK}@127.0.0.1:1`), expected: "INVALID_URL" });
    await failing(t, { Class: Client, options: { tls: { key: MARK } }, act: connecting(NOBODY), expected: "UNSUPPORTED_OPTION" });
  });
});

describe("no secret is shown of an argument of", () => {
  const METHODS = {
    "on() with a handler that is not a function": (client) => client.on("x", MARK),
    "on() with an unknown option": (client) => client.on("x", () => {}, { token: MARK }),
    "with() with an unknown option": (client) => client.with({ token: MARK }),
    "with() with a timeout that is not a number": (client) => client.with({ timeout: MARK }),
    "of() with a query": (client) => client.of(`/chat?token=${MARK}`),
    "of() with a URL": (client) => client.of(`http://me:${MARK}@host/`),
    "emit() without an event": (client) => client.emit({ token: MARK }),
    "emit() with a list as the event": (client) => client.emit([MARK]),
    "registerNamespace() without an instance": (client) => client.registerNamespace({ token: MARK }),
    "event() with a string": (client) => client.event(MARK),
    "sleep()": (client) => client.sleep(MARK),
    "disconnectNamespace()": (client) => client.disconnectNamespace(MARK),
  };
  for (const [what, act] of Object.entries(METHODS)) {
    test(what, (t) => failing(t, { act: async (client) => act(client) }));
  }
});

describe("no secret is shown of a URL", () => {
  for (const [what, [url, code]] of Object.entries(URLS)) {
    for (const transports of ["polling", "websocket"]) {
      test(`${what}, over ${transports}`, async (t) => {
        for (const Class of [api.Client, api.SimpleClient, api.EngineClient]) {
          await failing(t, { Class, act: (client) => client.connect(url, { transports }), expected: code });
        }
      });
    }
  }

  for (const transports of ["polling", "websocket", ["polling", "websocket"]]) {
    test(`with a password and a query, refused with the status 401, over ${transports}`, async (t) => {
      const url = new URL(await refusingServer(t));
      url.password = MARK;
      url.username = "me";
      url.search = `?token=${MARK}`;
      const act = (client) => client.connect(url, { transports, headers: { authorization: `Bearer ${MARK}`, cookie: `id=${MARK}` }, auth: { token: MARK } });
      const { logger } = await failing(t, { act, expected: "HTTP_STATUS" });
      assert.ok(logger.lines.some(([, line]) => line.startsWith("socketio-wasm engine:")), "nothing was traced");
    });
  }

  test("with a password, which a user-supplied fetch or WebSocket has in its error", async (t) => {
    const url = `http://me:${MARK}@127.0.0.1:1?token=${MARK}`;
    // The error of Node's fetch has the complete URL.
    await failing(t, { options: { fetch: globalThis.fetch }, act: connecting(url, { transports: "polling" }), expected: "UNREACHABLE" });
    class WebSocket {
      constructor(address) {
        throw Object.assign(new SyntaxError(`Invalid URL: ${address}`, { cause: new Error(`(${address}).`) }), { input: address });
      }
    }
    const { error } = await failing(t, { options: { WebSocket }, act: connecting(url, { transports: "websocket" }), expected: "UNREACHABLE" });
    assert.match(error.message, /Invalid URL: ws:\/\/127\.0\.0\.1:1\/socket\.io\/\?token=…/);
    const fetch = async (address) => Promise.reject(`no way to ${address}`);
    await failing(t, { options: { fetch }, act: connecting(url, { transports: "polling" }), expected: "UNREACHABLE" });
  });

  test("of a proxy, with a password", async (t) => {
    const nobody = { proxy: `http://me:${MARK}@127.0.0.1:1` };
    for (const transports of ["polling", "websocket"]) {
      await failing(t, { options: nobody, act: connecting("http://127.0.0.1:2", { transports }), expected: "UNREACHABLE" });
      await failing(t, { options: nobody, act: connecting("https://127.0.0.1:2", { transports }), expected: "UNREACHABLE" });
    }
    const proxy = await listen(t, (request, response) => response.writeHead(407).end());
    proxy.on("connect", (request, stream) => stream.end("HTTP/1.1 407 X\r\ncontent-length: 0\r\n\r\n"));
    for (const transports of ["polling", "websocket"]) {
      await failing(t, { options: { proxy: proxy.url.replace("//", `//me:${MARK}@`) }, act: connecting("http://127.0.0.1:2", { transports }) });
    }
  });
});

describe("no secret is logged of a connection that works", () => {
  for (const serializer of SERIALIZERS) {
    for (const transports of ["polling", "websocket", ["polling", "websocket"]]) {
      test(`serializer ${serializer}, over ${transports}: neither auth, headers nor secrets of the URL`, async (t) => {
        const own = serializer === "default" ? server : await startServer(t, serializer === "msgpack" ? "npm" : "python", { serializer });
        const logger = checking();
        const client = newClient(t, { serializer, logger, engineLogger: logger });
        const url = new URL(own.url);
        [url.username, url.password, url.search] = ["me", MARK, `?token=${MARK}`];
        const options = { transports, namespaces: ["/", "/chat"], auth: { token: MARK, list: [MARK] }, headers: { "x-token": MARK } };
        await client.connect(url, options);
        await client.of("/chat").call("echo", "one", new Uint8Array([1]));
        await client.connectNamespace("/early", { auth: { token: MARK } }).catch(() => {});
        await until("the last transport", () => client.transport() === [transports].flat().at(-1));
        const { engineSid } = client;
        await client.disconnect();
        logger.check();
        const urls = logger.lines.flatMap(([, , value]) => (typeof value === "string" && /^(http|ws)/.test(value) ? [value] : []));
        assert.ok(urls.length > 0);
        for (const shown of urls) {
          assert.match(shown, /\/socket\.io\/\?token=…&transport=(polling|websocket)&EIO=4/);
          assert.ok(!shown.includes(engineSid), shown);
        }
        const sent = logger.lines.filter(([, line]) => /(sent|POST)$/.test(line)).map(([, , value]) => value);
        assert.ok(sent.some((value) => typeof value === "string" && value.includes('40"<hidden>"')), inspect(sent));
        assert.ok(sent.some((value) => typeof value === "string" && value.includes('40/chat,"<hidden>"')), inspect(sent));
        if (serializer === "default") assert.ok(sent.some((value) => typeof value === "string" && value.includes('/chat,1["echo","one"')), inspect(sent));
      });
    }
  }

  test("with an EngineClient: its messages are logged, and URLs are redacted", async (t) => {
    const engine = await startServer(t, "engine");
    const logger = checking();
    const client = new api.EngineClient({ logger });
    t.after(() => client.disconnect());
    const url = new URL(engine.url);
    [url.password, url.search] = [MARK, `?token=${MARK}`];
    await client.connect(url, { transports: "websocket", headers: { "x-token": MARK } });
    client.send("0123");
    await client.disconnect();
    logger.check();
    assert.ok(logger.lines.some(([, , value]) => value === "40123"), inspect(logger.lines));
  });
});

describe("the command line shows no secret of", () => {
  let files;
  before(() => {
    files = mkdtempSync(join(tmpdir(), "socketio-wasm-secrets-"));
    writeFileSync(join(files, "wrong.json"), `{"token": ${MARK}`);
    writeFileSync(join(files, "text.json"), JSON.stringify(MARK));
  });
  after(() => rmSync(files, { recursive: true }));

  const COMMANDS = {
    "auth that is not JSON": ["--auth", MARK],
    "auth that is half JSON": ["--auth", `{"token": ${MARK}`],
    "auth that is a string": ["--auth", `"${MARK}"`],
    "auth in a file that is not JSON": ["--auth", "@wrong.json"],
    "auth in a file, a string": ["--auth", "@text.json"],
    "auth in a file that does not exist": ["--auth", `@${MARK}`],
    "a header without a colon": ["--header", `Bearer ${MARK}`],
    "a header with a line break": ["--header", `authorization: Bearer\n${MARK}`],
    "a header without quotes": ["--header", "authorization:", "Bearer", MARK],
    "a header directly behind -H": [`-Hauthorization: ${MARK}`],
    "a header with a letter beyond Latin-1": ["--header", `authorization: Bearer ${MARK}→`],
    "a value that is not JSON": ["--emit", "login", MARK],
    "a transport": ["--transport", MARK],
    "a timeout": ["--timeout", MARK],
    "a namespace with a query": ["--namespace", `/chat?token=${MARK}`],
    "a namespace that is a URL": ["--namespace", `http://me:${MARK}@host/`],
    "a file of authorities": ["--ca", MARK],
    "a path with a query": ["--path", `/socket.io?token=${MARK}`],
  };
  for (const [what, parameters] of Object.entries(COMMANDS)) {
    test(what, async (t) => {
      const { out, err, code } = await run(t, [server.url, ...parameters, "--trace", "--wait", "1"], { cwd: files });
      assert.notEqual(code, 0, `${out}${err}`);
      checkText(out + err, "the output");
    });
  }

  const ADDRESSES = {
    "a URL with a password, and no server": [`http://me:${MARK}@127.0.0.1:1?token=${MARK}`],
    "a URL with a password and a path": [`http://me:${MARK}@127.0.0.1:1/chat`],
    "a URL that cannot be read": [`http://me:${MARK}@ho st`],
    "a URL of another scheme": [`ftp://me:${MARK}@host`],
    "two URLs with passwords": [`http://me:${MARK}@127.0.0.1:1`, `http://me:${MARK}@127.0.0.1:2`],
    "a URL with a password behind an event": ["--emit", "x", `http://me:${MARK}@127.0.0.1:1`],
  };
  for (const [what, parameters] of Object.entries(ADDRESSES)) {
    test(what, async (t) => {
      const { out, err, code } = await run(t, [...parameters, "--trace", "--wait", "1"]);
      assert.notEqual(code, 0, `${out}${err}`);
      checkText(out + err, "the output");
    });
  }

  test("a malformed line of JSON, or a line whose auth is a string", async (t) => {
    const command = start(t, [server.url, "--json"]);
    command.say(`{"connect":"/chat","auth":{"token":${MARK}}}`);
    command.say(`"${MARK}`);
    command.say({ connect: "/chat", auth: MARK });
    command.say({ connect: "/chat", auth: [MARK] });
    command.child.stdin.end();
    await until("the end", () => command.child.exitCode !== null);
    checkText(command.out() + command.err(), "the output");
    assert.equal(command.lines().filter(({ error }) => error).length, 4, command.out());
  });

  for (const transport of ["polling", "websocket", "polling,websocket"]) {
    for (const serializer of SERIALIZERS.slice(0, 2)) {
      test(`a traced connection over ${transport}, serializer ${serializer}`, async (t) => {
        const own = serializer === "default" ? server : await startServer(t, "npm", { serializer });
        const url = new URL(own.url);
        [url.username, url.password, url.search] = ["me", MARK, `?token=${MARK}`];
        const secrets = ["--auth", JSON.stringify({ token: MARK }), "--header", `authorization: Bearer ${MARK}`];
        const parameters = [String(url), "--trace", "--transport", transport, "--serializer", serializer, ...secrets, "-n", "/chat", "--call", "echo", "1"];
        const { out, err, code } = await run(t, parameters);
        assert.deepEqual([out, code], ["1\n", 0], err);
        checkText(err, "the trace");
        assert.match(err, /-> CONNECT to \/chat, with auth: 40\/chat,"<hidden>"\n/);
        assert.doesNotMatch(err, /[?&]sid=[^…]/);
      });
    }
  }
});
