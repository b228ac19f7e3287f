// Advice for an option that a function does not have: it belongs to another function, or has another name here, or is needless. The
// names are those of this client, of npm socket.io-client, and of python-socketio (also in camelCase).
import { AUTO_JSON, CLIENT_OPTIONS, CONNECT_OPTIONS, ENGINE_CONNECT_OPTIONS, NODE_OPTIONS, SESSION_OPTIONS, SIMPLE_CONNECT_OPTIONS } from "./option-table.js";

/**
 * The function that received options: the constructor of a class, or its connect().
 * @typedef {{ type: "Client" | "SimpleClient" | "EngineClient", method: "constructor" | "connect" }} Place
 */

const ofConstructor = [...Object.keys(CLIENT_OPTIONS), ...NODE_OPTIONS];

/** @type {Record<Place["type"], Record<Place["method"], string[]>>} */
const OPTIONS = {
  Client: { constructor: ofConstructor, connect: Object.keys(CONNECT_OPTIONS) },
  SimpleClient: { constructor: ofConstructor, connect: Object.keys(SIMPLE_CONNECT_OPTIONS) },
  EngineClient: {
    constructor: [...ofConstructor.filter((name) => !SESSION_OPTIONS.includes(name)), ...Object.keys(AUTO_JSON)],
    connect: Object.keys(ENGINE_CONNECT_OPTIONS),
  },
};

// This client's counterparts, as they are written among the options.
const OTHER_NAMES = {
  autoUnref: "unref",
  ca: "tls: { ca }",
  cert: "tls: { cert }",
  checkServerIdentity: "agent: new https.Agent({ checkServerIdentity })",
  ciphers: "agent: new https.Agent({ ciphers })",
  engineLogger: "logger", // an EngineClient's
  engineioLogger: "engineLogger",
  engineioPath: "path",
  extraHeaders: "headers",
  family: "agent: new https.Agent({ family })",
  key: "tls: { key }",
  localAddress: "agent: new https.Agent({ localAddress })",
  maxPayload: "websocketOptions: { maxPayload }",
  namespace: "namespaces",
  namespaces: "namespace",
  nsp: "namespaces",
  origin: "headers: { Origin }",
  parser: "serializer",
  passphrase: "tls: { passphrase }",
  pfx: "tls: { pfx }",
  protocolVersion: "websocketOptions: { protocolVersion }",
  protocols: "websocketOptions: { protocols }",
  reconnect: "reconnection",
  rejectUnauthorized: "tls: { rejectUnauthorized }",
  rememberUpgrade: 'transports: ["websocket", "polling"]',
  socketioPath: "path",
  sslVerify: "tls: { rejectUnauthorized }",
  transport: "transports",
  upgrade: 'transports: ["polling"]',
  websocketExtraOptions: "websocketOptions",
  withCredentials: 'credentials: "include"',
};

const OWN_CONNECTION = "leave it out: each client has a connection of its own, which its namespaces share";
const IN_URL = "it is a part of the URL: `client.connect(url)`";

// Options without a counterpart among the options.
const ADVICE = {
  ackTimeout: "use `client.timeout(milliseconds)`",
  addTrailingSlash: "leave it out: the path always ends with a slash",
  autoConnect: "leave it out: a client connects when connect() is called, and only then",
  callback: "use a function as the last argument",
  closeOnBeforeunload: "leave it out, or call disconnect() in a listener of `beforeunload`",
  forceBase64: "leave it out: a websocket carries bytes, and polling carries base64",
  forceNew: OWN_CONNECTION,
  host: IN_URL,
  hostname: IN_URL,
  httpSession: "use `tls`, `proxy`, `agent`, `cookieJar` or `fetch` of the constructor",
  multiplex: OWN_CONNECTION,
  port: IN_URL,
  query: "it is the query of the URL: `client.connect(\"https://example.com?room=1\")`",
  retries: "leave it out: an event is sent once. A call() without an answer rejects, and may be repeated",
  secure: IN_URL,
  timeout: "use `waitTimeout` in connect(), or `requestTimeout` of the constructor",
  transportImplementations: "use `transports` in connect(), or `fetch` and `WebSocket` of the constructor",
  transportOptions: "use `headers` in connect(), or `websocketOptions` of the constructor",
  tryAllTransports: "leave it out: each attempt tries the `transports` in their order",
  uri: IN_URL,
  url: IN_URL,
  useNativeTimers: "leave it out: the timers are those that the platform has when they are set",
};

// Settings of single calls.
const ELSEWHERE = { buffer: "client.with({ buffer })", volatile: "client.volatile", flush: "client.disconnect({ flush })" };

const plain = (name) => name.replaceAll("_", "").toLowerCase();

/**
 * Returns advice for an unknown option, as the end of a message; undefined if there is none.
 * @param {string} option
 * @param {string[]} known the options there are
 * @param {Place} [place] of these options; none for a group of options, and for those of a single call
 */
export function adviceFor(option, known, place) {
  const same = (name) => plain(name) === plain(option);
  const valueIn = (table) => table[Object.keys(table).find(same) ?? ""];
  const own = known.find(same);
  if (own) return `use \`${own}\``;
  const other = valueIn(OTHER_NAMES);
  const name = other?.match(/^\w+/)[0];
  if (known.includes(name)) return `use \`${other}\``;
  const type = place?.type ?? "Client";
  for (const [method, names] of Object.entries(OPTIONS[type])) {
    const there = names.find(same);
    if (there) return `it is an option of ${calls(type, method, there)}`;
  }
  for (const [method, names] of Object.entries(OPTIONS[type])) {
    if (names.includes(name)) return `use \`${name}\` of ${calls(type, method, other)}`;
  }
  const advice = valueIn(ADVICE);
  if (advice) return advice;
  const elsewhere = valueIn(ELSEWHERE);
  if (elsewhere) return `use \`${elsewhere}\``;
  if (Object.values(OPTIONS.Client).flat().some(same)) return `a Client has it, and ${type === "EngineClient" ? "an" : "a"} ${type} does not`;
  return undefined;
}

/** Returns the name of a function, and how it is called with an option. */
const calls = (type, method, option) =>
  method === "connect" ? `connect(): \`client.connect(url, { ${option} })\`` : `the constructor: \`new ${type}({ ${option} })\``;

/**
 * Returns what is wrong with options that are no object, as the end of a message.
 * @param {unknown} value in place of the options
 * @param {Place} [place]
 */
export function adviceForOptions(value, place) {
  if (place?.method === "constructor" && (typeof value === "string" || value instanceof URL)) {
    return `the URL belongs to connect(): \`const client = new ${place.type}()\`, then \`await client.connect(url)\``;
  }
  const example = { constructor: "requestTimeout: 5000", connect: "auth: { token }" }[place?.method ?? ""] ?? 'namespace: "/chat"';
  return `the last argument must be an object, such as { ${example} }`;
}
