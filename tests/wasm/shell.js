// Functions for shell.rs and js_values.rs: a platform made of globals, promises around the core's functions, values for the tests.

/** A platform that collects its reports in `reports`; its errors have the code and the values. */
export function makePlatform() {
  const reports = [];
  return {
    name: "test",
    fetch: (url, init) => globalThis.fetch(url, init),
    openSocket: (url) => new globalThis.WebSocket(url),
    JSON,
    setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
    clearTimeout: (handle) => globalThis.clearTimeout(handle),
    error: (code, ...values) => Object.assign(new Error(code), { code, values }),
    report: (error) => reports.push(error),
    unheard: (error) => reports.push(error),
    blobsRead: () => undefined,
    log: () => {},
    reports,
  };
}

/** The settings of a core, with `changes`. */
export function makeSettings(changes) {
  return {
    reconnection: true,
    reconnectionAttempts: 0,
    reconnectionDelay: 50,
    asksDelay: false,
    reconnectionDelayMax: 500,
    randomizationFactor: 0.5,
    requestTimeout: 10_000,
    maxPacketsPerPost: 0,
    maxBuffer: Infinity,
    maxAttachments: 1_000,
    maxIdDigits: 15,
    maxPacketSize: 100_000_000,
    maxDepth: 200,
    credentials: "same-origin",
    networkEvents: true,
    highWaterMark: 1_048_576,
    logger: false,
    ...changes,
  };
}

/** Connects `core` to `namespaces`; `transports` is a number of the core's enum. */
export function connect(core, url, transports, namespaces, auth) {
  const endpoint = (scheme, name) => `${url.replace(/^http/, scheme)}/socket.io/?transport=${name}&EIO=`;
  const request = {
    namespaces,
    transports,
    version: 0,
    wait: true,
    waitTimeout: 20_000,
    retry: false,
    retryRefused: false,
    prepare: async () => ({ polling: endpoint("http", "polling"), websocket: endpoint("ws", "websocket") }),
    authenticate: async () => auth && JSON.stringify(auth),
  };
  return new Promise((resolve, reject) => core.connect(request, resolve, reject));
}

export const disconnect = (core) => new Promise((resolve) => core.disconnect(-1, resolve));

/** Emits an event. Resolves with the values of the acknowledgement. */
export function call(core, namespace, values, timeout) {
  return new Promise((resolve, reject) => {
    core.emit(namespace, values, 0, { event: values[0], namespace, awaited: true, resolve, reject }, timeout);
  });
}

/** Resolves with the arguments of the next event of this name. The event is acknowledged with `answer(...args)`. */
export function next(core, namespace, event, answer) {
  return new Promise((resolve) => {
    const listener = (...args) => {
      resolve(args);
      return answer?.(...args);
    };
    core.on(namespace, event, listener, true);
  });
}

/** Values of shapes that clients have got wrong. */
export function samples() {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  return [
    ["text", "with \u{1F600} and \u00e9", "", "\u2028"],
    [1, -1.5, true, null, { a: [1, { b: "c" }] }],
    [{ nested: [{ bytes }, bytes.subarray(10, 20)] }, bytes.buffer, new Uint8Array(0)],
    Array.from({ length: 12 }, (_, size) => new Uint8Array(size)),
  ];
}

/** Compares two values as JSON, with binary data as lists of bytes. */
export function same(one, other) {
  const plain = (_key, value) => {
    const view = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    return ArrayBuffer.isView(view) ? { bytes: Array.from(view) } : view;
  };
  return JSON.stringify(one, plain) === JSON.stringify(other, plain);
}

export const randomText = () => Array.from({ length: 8 }, () => Math.random().toString(36).slice(2)).join("-");

/** True if a string is anywhere in wasm's memory, as UTF-8 or as UTF-16. */
export function memoryHolds(memory, text) {
  const utf8 = new TextEncoder().encode(text);
  const utf16 = Uint8Array.from([...text].flatMap((character) => [character.charCodeAt(0), 0]));
  const bytes = new Uint8Array(memory.buffer);
  const isThere = (wanted) => {
    for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
      if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
    }
    return false;
  };
  return isThere(utf8) || isThere(utf16);
}

/** Records the reserved events of a namespace. */
export function watch(core, namespace) {
  const seen = [];
  for (const event of ["connect", "connect_error", "disconnect", "disconnectFinal"]) {
    core.on(namespace, event, (...args) => void seen.push([event, ...args]), false);
  }
  return seen;
}

export const utf8Length = (text) => new TextEncoder().encode(text).length;

/** A parser of the default format for packets without binary data. It queries its client while it works. */
export function makeParser(core) {
  return {
    encode(type, nsp, data, id) {
      core.namespaces();
      return [`${type}${nsp === "/" ? "" : `${nsp},`}${id ?? ""}${data === undefined ? "" : JSON.stringify(data)}`];
    },
    add(frame) {
      core.namespaces();
      const [, type, nsp = "/", id, json] = /^(\d)(?:(\/[^,]*),)?(\d+)?(.*)$/.exec(frame);
      const packet = { type: Number(type), nsp, data: json === "" ? undefined : JSON.parse(json), id: id && Number(id) };
      return [packet];
    },
    reset() {},
  };
}

/** A listener of an EngineCore that records its calls. */
export function makeListener() {
  const recorded = [];
  return {
    recorded,
    opened: () => recorded.push("opened"),
    message: (data) => recorded.push(data),
    closed: (reason) => recorded.push(reason),
  };
}

/** A request to connect an EngineCore. */
export function engineRequest(url, transports) {
  const endpoint = (scheme, name) => `${url.replace(/^http/, scheme)}/socket.io/?transport=${name}&EIO=`;
  return { polling: endpoint("http", "polling"), websocket: endpoint("ws", "websocket"), transports, version: 0 };
}
