// Options that a function does not have: the error says where the option belongs, how it is spelled here, or why it is needless.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLIENT_OPTIONS, CONNECT_OPTIONS, NODE_OPTIONS } from "../../../pkg/facade/option-table.js";
import { options as nodeOptions } from "../../../pkg/platform/node/options.js";
import { api } from "../../support/installed.mjs";

const URL_OF_NOBODY = "http://127.0.0.1:1";
const { Client, SimpleClient, EngineClient } = api;

const constructing = (Class, options) => async () => void new Class(options);
const connecting = (Class, options) => () => new Class().connect(URL_OF_NOBODY, options);

// Asserts that a function refuses an option with this advice.
async function refuses(call, option, advice) {
  await assert.rejects(call, (error) => {
    assert.deepEqual([error.name, error.code, error.fault, error.option], ["InvalidArgumentError", "INVALID_OPTION", "misuse", option]);
    assert.equal(error.message, `Unknown option \`${option}\`; ${advice}`);
    return true;
  });
}

const inConnect = (option) => `it is an option of connect(): \`client.connect(url, { ${option} })\``;
const inConstructor = (option, type = "Client") => `it is an option of the constructor: \`new ${type}({ ${option} })\``;
const asConnect = (name, shown = name) => `use \`${name}\` of connect(): \`client.connect(url, { ${shown} })\``;
const asConstructor = (name, shown = name, type = "Client") => `use \`${name}\` of the constructor: \`new ${type}({ ${shown} })\``;
const tls = (name) => ["tls", `tls: { ${name} }`];
const agent = (name) => ["agent", `agent: new https.Agent({ ${name} })`];
const websocket = (name) => ["websocketOptions", `websocketOptions: { ${name} }`];

const OWN_CONNECTION = "leave it out: each client has a connection of its own, which its namespaces share";
const IN_URL = "it is a part of the URL: `client.connect(url)`";
const AS_TIMEOUT = "use `waitTimeout` in connect(), or `requestTimeout` of the constructor";

// Options of npm socket.io-client and python-socketio that this client has under another name: [name there, own name, as it is written].
const RENAMED_IN_CONSTRUCTOR = [
  ["parser", "serializer", "serializer"],
  ["withCredentials", "credentials", 'credentials: "include"'],
  ["autoUnref", "unref", "unref"],
  ["reconnect", "reconnection", "reconnection"],
  ...["ca", "cert", "key", "pfx", "passphrase", "rejectUnauthorized"].map((name) => [name, ...tls(name)]),
  ...["ciphers", "localAddress", "family", "checkServerIdentity"].map((name) => [name, ...agent(name)]),
  ...["protocols", "maxPayload", "protocolVersion"].map((name) => [name, ...websocket(name)]),
  ["ssl_verify", ...tls("rejectUnauthorized")],
  ["sslVerify", ...tls("rejectUnauthorized")],
  ["websocket_extra_options", "websocketOptions", "websocketOptions"],
  ["engineio_logger", "engineLogger", "engineLogger"],
  ["request_timeout", "requestTimeout", "requestTimeout"],
  ["handle_sigint", "handleSigint", "handleSigint"],
  ["reconnection_delay_max", "reconnectionDelayMax", "reconnectionDelayMax"],
];
const RENAMED_IN_CONNECT = [
  ["extraHeaders", "headers", "headers"],
  ["origin", "headers", "headers: { Origin }"],
  ["upgrade", "transports", 'transports: ["polling"]'],
  ["rememberUpgrade", "transports", 'transports: ["websocket", "polling"]'],
  ["transport", "transports", "transports"],
  ["namespace", "namespaces", "namespaces"],
  ["nsp", "namespaces", "namespaces"],
  ["socketio_path", "path", "path"],
  ["socketioPath", "path", "path"],
  ["engineio_path", "path", "path"],
  ["wait_timeout", "waitTimeout", "waitTimeout"],
];
const WITHOUT_COUNTERPART = {
  forceNew: OWN_CONNECTION,
  multiplex: OWN_CONNECTION,
  autoConnect: "leave it out: a client connects when connect() is called, and only then",
  ackTimeout: "use `client.timeout(milliseconds)`",
  retries: "leave it out: an event is sent once. A call() without an answer rejects, and may be repeated",
  host: IN_URL,
  hostname: IN_URL,
  port: IN_URL,
  secure: IN_URL,
  url: IN_URL,
  query: 'it is the query of the URL: `client.connect("https://example.com?room=1")`',
  transportImplementations: "use `transports` in connect(), or `fetch` and `WebSocket` of the constructor",
  tryAllTransports: "leave it out: each attempt tries the `transports` in their order",
  forceBase64: "leave it out: a websocket carries bytes, and polling carries base64",
  addTrailingSlash: "leave it out: the path always ends with a slash",
  transportOptions: "use `headers` in connect(), or `websocketOptions` of the constructor",
  closeOnBeforeunload: "leave it out, or call disconnect() in a listener of `beforeunload`",
  useNativeTimers: "leave it out: the timers are those that the platform has when they are set",
  http_session: "use `tls`, `proxy`, `agent`, `cookieJar` or `fetch` of the constructor",
  callback: "use a function as the last argument",
};

for (const [name, value] of Object.entries(WITHOUT_COUNTERPART)) {
  test(`new Client({ ${name} }) and connect(url, { ${name} }) are refused with the advice: ${value}`, async () => {
    await refuses(constructing(Client, { [name]: 1 }), name, value);
    await refuses(connecting(Client, { [name]: 1 }), name, value);
  });
}

test("new Client({ timeout }) is refused, and names the two options that limit connecting", () => refuses(constructing(Client, { timeout: 1 }), "timeout", AS_TIMEOUT));

describe("options of the constructor", () => {
  for (const [name, own, shown] of RENAMED_IN_CONSTRUCTOR) {
    test(`new Client({ ${name} }) is refused, and names ${shown}`, () => refuses(constructing(Client, { [name]: 1 }), name, `use \`${shown}\``));

    test(`connect(url, { ${name} }) is refused, and names ${shown} of the constructor`, () => {
      const isSpelling = name.replaceAll("_", "").toLowerCase() === own.toLowerCase();
      return refuses(connecting(Client, { [name]: 1 }), name, isSpelling ? inConstructor(own) : asConstructor(own, shown));
    });
  }

  for (const name of [...Object.keys(CLIENT_OPTIONS), ...NODE_OPTIONS]) {
    test(`connect(url, { ${name} }) is refused, and names the constructor`, async () => {
      await refuses(connecting(Client, { [name]: 1 }), name, inConstructor(name));
      await refuses(connecting(SimpleClient, { [name]: 1 }), name, inConstructor(name, "SimpleClient"));
    });
  }
});

describe("options of connect()", () => {
  for (const [name, own, shown] of RENAMED_IN_CONNECT) {
    test(`connect(url, { ${name} }) is refused, and names ${shown}`, () => refuses(connecting(Client, { [name]: 1 }), name, `use \`${shown}\``));

    test(`new Client({ ${name} }) is refused, and names ${shown} of connect()`, () => {
      const isSpelling = name.replaceAll("_", "").toLowerCase() === own.toLowerCase();
      return refuses(constructing(Client, { [name]: 1 }), name, isSpelling ? inConnect(own) : asConnect(own, shown));
    });
  }

  for (const name of Object.keys(CONNECT_OPTIONS)) {
    test(`new Client({ ${name} }) is refused, and names connect()`, () => refuses(constructing(Client, { [name]: 1 }), name, inConnect(name)));
  }
});

// Calls of the other clients and functions: [title, call, option, advice].
const OTHERS = [
  ["new SimpleClient({ auth })", constructing(SimpleClient, { auth: {} }), "auth", inConnect("auth")],
  ["new SimpleClient({ namespace })", constructing(SimpleClient, { namespace: "/" }), "namespace", inConnect("namespace")],
  ["new SimpleClient({ namespaces })", constructing(SimpleClient, { namespaces: "/" }), "namespaces", asConnect("namespace")],
  ["new SimpleClient({ forceNew })", constructing(SimpleClient, { forceNew: true }), "forceNew", OWN_CONNECTION],
  ["SimpleClient.connect(url, { namespaces })", connecting(SimpleClient, { namespaces: "/" }), "namespaces", "use `namespace`"],
  ["SimpleClient.connect(url, { wait })", connecting(SimpleClient, { wait: true }), "wait", "a Client has it, and a SimpleClient does not"],
  ["SimpleClient.connect(url, { retry })", connecting(SimpleClient, { retry: true }), "retry", "a Client has it, and a SimpleClient does not"],
  ["SimpleClient.connect(url, { socketio_path })", connecting(SimpleClient, { socketio_path: "x" }), "socketio_path", "use `path`"],
  ["new EngineClient({ path })", constructing(EngineClient, { path: "/x" }), "path", inConnect("path")],
  ["new EngineClient({ auth })", constructing(EngineClient, { auth: {} }), "auth", "a Client has it, and an EngineClient does not"],
  ["new EngineClient({ engineLogger })", constructing(EngineClient, { engineLogger: true }), "engineLogger", "use `logger`"],
  ["new EngineClient({ reconnection })", constructing(EngineClient, { reconnection: true }), "reconnection", "a Client has it, and an EngineClient does not"],
  ["EngineClient.connect(url, { namespaces })", connecting(EngineClient, { namespaces: "/" }), "namespaces", "a Client has it, and an EngineClient does not"],
  ["EngineClient.connect(url, { logger })", connecting(EngineClient, { logger: true }), "logger", inConstructor("logger", "EngineClient")],
  ["EngineClient.connect(url, { ssl_verify })", connecting(EngineClient, { ssl_verify: false }), "ssl_verify", asConstructor(...tls("rejectUnauthorized"), "EngineClient")],
  ["EngineClient.connect(url, { engineio_path })", connecting(EngineClient, { engineio_path: "x" }), "engineio_path", "use `path`"],
  ["with({ auth })", async () => new Client().with({ auth: {} }), "auth", inConnect("auth")],
  ["with({ ack_timeout })", async () => new Client().with({ ack_timeout: 1 }), "ack_timeout", "use `client.timeout(milliseconds)`"],
  ["on(event, handler, { namespaces })", async () => new Client().on("x", () => {}, { namespaces: "/" }), "namespaces", "use `namespace`"],
  ["new Client({ buffer })", constructing(Client, { buffer: true }), "buffer", "use `client.with({ buffer })`"],
  ["connect(url, { volatile })", connecting(Client, { volatile: true }), "volatile", "use `client.volatile`"],
  ["new Client({ flush })", constructing(Client, { flush: 1 }), "flush", "use `client.disconnect({ flush })`"],
];

for (const [title, call, option, advice] of OTHERS) test(`${title} is refused with the advice: ${advice}`, () => refuses(call, option, advice));

test("an unknown option that resembles none has no advice", () => refuses(constructing(Client, { nonsense: 1 }), "nonsense", "see the options in the documentation"));

describe("a URL is refused in place of the options, with the function that takes it:", () => {
  for (const [name, Class] of Object.entries({ Client, SimpleClient, EngineClient })) {
    for (const [title, url] of [["a string", "http://localhost:3000"], ["a URL", new URL("http://localhost:3000")]]) {
      test(`new ${name}(${title})`, () => {
        assert.throws(() => new Class(url, {}), (error) => {
          assert.deepEqual([error.code, error.option], ["INVALID_OPTION", "options"]);
          assert.match(error.message, new RegExp(`; the URL belongs to connect\\(\\): \`const client = new ${name}\\(\\)\`, then \`await client\\.connect\\(url\\)\`$|: the URL belongs`));
          return true;
        });
      });
    }
  }
});

describe("another value in place of the options is refused with an example of them:", () => {
  for (const [title, call, example] of [
    ["new Client(7)", constructing(Client, 7), "{ requestTimeout: 5000 }"],
    ['connect(url, "/chat")', connecting(Client, "/chat"), "{ auth: { token } }"],
    ["SimpleClient.connect(url, null)", connecting(SimpleClient, null), "{ auth: { token } }"],
    ["with(null)", async () => new Client().with(null), '{ namespace: "/chat" }'],
  ]) {
    test(title, () => assert.rejects(call, (error) => error.code === "INVALID_OPTION" && error.message.endsWith(`the last argument must be an object, such as ${example}`)));
  }
});

test("the names of Node's options are those of their table", () => assert.deepEqual([...NODE_OPTIONS].sort(), Object.keys(nodeOptions).sort()));
