// The platform that the core uses: functions of the runtime or of the user, errors with messages, and loggers.
import { answerWithBlobs } from "./blobs.js";
import { toError } from "./to-error.js";
import { kindOf, withoutSecrets } from "./redact.js";
import { Trace } from "./trace.js";

/** The platform of one client. The core calls these methods, see `src/host/platform.rs` and `runtime.js`. */
export class Platform {
  #base;
  #runtime;
  #settings;
  #WebSocket;
  #log;

  /** The error that a transport threw. The host sets it, so that it does not go through the machines. */
  thrown;

  /** Is called for each frame; undefined without a reader. */
  trace;

  /** Is called with frames that contain auth, which the trace must hide; undefined without a trace. */
  hide;

  /**
   * @param {import("./internal.d.ts").Runtime} base the runtime's own: name, fetch, WebSocket, websocketHeaders, setTimeout, clearTimeout; and forClient(),
   *   where what depends on the client's options stands in their place: openSocket in that of WebSocket
   * @param {{ logger?: unknown, engineLogger?: unknown } | undefined} options the client's, of which the loggers are used
   * @param {any} settings the same, checked and with their defaults: of these `fetch`, `WebSocket`, `json` and others
   */
  constructor(base, options, settings) {
    this.#base = base;
    this.#runtime = base.forClient?.(settings) ?? base;
    this.#settings = settings;
    this.#WebSocket = settings.WebSocket ?? this.#runtime.WebSocket;
    this.#log = sink(options?.logger, base.console);
    const engineLog = sink(options?.engineLogger, base.console);
    if (engineLog) {
      const trace = new Trace((what, value) => write(engineLog, "debug", `socketio-wasm engine: ${what}`, value), settings.autoJson === undefined);
      this.trace = (what, value) => trace.log(what, value);
      this.hide = (frames, nsp) => trace.hide(frames, nsp);
    }
  }

  get name() {
    return this.#base.name;
  }

  get websocketHeaders() {
    return this.#base.websocketHeaders;
  }

  get JSON() {
    return this.#settings.json ?? globalThis.JSON;
  }

  /** Returns true if the platform drops headers of this name; a user-supplied fetch may send any. */
  keepsHeader(name) {
    return !this.#settings.fetch && this.#base.keepsHeader?.(name);
  }

  serializer(name) {
    return this.#base.serializer(name);
  }

  /** Before each attempt to connect. */
  prepare(endpoints) {
    return this.#runtime.prepare?.(endpoints);
  }

  /** Is called with each client that begins to connect. */
  began(client) {
    this.#runtime.began?.(client);
  }

  /** Returns the promise, and keeps the process alive for it if the runtime must. */
  busy(promise) {
    return this.#runtime.busy?.(promise) ?? promise;
  }

  fetch(url, init) {
    const address = init.method === "GET" ? this.#stamped(url) : url;
    const { fetch } = this.#settings;
    return fetch ? fetch(address, init) : this.#runtime.fetch(address, init);
  }

  /** A websocket for a URL and the headers of the connection; those of the user's `websocketOptions` come first. */
  openSocket(url, headers) {
    const address = this.#stamped(url);
    const WebSocket = this.#WebSocket;
    const { protocols = [], headers: own, ...rest } = this.#settings.websocketOptions ?? {};
    const list = [protocols].flat();
    if (!this.websocketHeaders) return list.length > 0 ? new WebSocket(address, list) : new WebSocket(address);
    const options = { ...rest, headers: { ...headers, ...own } };
    try {
      return WebSocket ? new WebSocket(address, list, options) : this.#runtime.openSocket(address, list, options);
    } catch (error) {
      // Its message may contain the value of an option that is unknown here.
      throw withoutSecrets(error, Object.values(rest).filter((value) => typeof value === "string" && value !== ""));
    }
  }

  setTimeout(callback, milliseconds) {
    return this.#runtime.setTimeout(callback, milliseconds);
  }

  clearTimeout(handle) {
    this.#runtime.clearTimeout(handle);
  }

  error(code, a, b, c) {
    return toError(code, a, b, code === "UNREACHABLE" ? this.thrown : c);
  }

  /** Returns the delay that the user's function gives for an attempt, or false for no attempt; an error if it fails or gives anything else. */
  reconnectionDelay(attempt, error) {
    try {
      const delay = this.#settings.delayOf(attempt, error);
      if (delay === false || (Number.isFinite(delay) && delay >= 0)) return delay;
      // An async function: its failure is this one.
      if (typeof delay?.then === "function") delay.then(undefined, () => {});
      throw new TypeError(`it returned ${kindOf(delay)}, and not a number of milliseconds, 0 or more, or false`);
    } catch (cause) {
      return toError("INVALID_DELAY", cause);
    }
  }

  report(error) {
    report(error);
  }

  /** Writes an error of the client that had no `error` handler to the logger and to the console. */
  unheard(error) {
    const console = this.#base.console ?? globalThis.console;
    if (this.#log) write(this.#log, "error", "socketio-wasm: error", error);
    if (this.#log !== console) write(console, "error", "socketio-wasm:", error);
  }

  blobsRead(values) {
    return answerWithBlobs(values, this.#settings.maxDepth);
  }

  log(level, what, value) {
    if (this.#log) write(this.#log, level, `socketio-wasm: ${what}`, value);
  }

  #stamped(url) {
    const { timestampRequests, timestampParam } = this.#settings;
    return timestampRequests ? withStamp(url, timestampParam) : url;
  }
}

let lastStamp = 0;

// Makes each URL unique, so that nothing between here and the server answers from a cache.
function withStamp(url, name) {
  lastStamp = Math.max(lastStamp + 1, Date.now());
  return `${url}&${name}=${lastStamp.toString(36)}`;
}

const writing = new WeakSet();

function write(logger, level, words, value) {
  // A logger that uses its client does not receive the lines that this causes.
  if (writing.has(logger)) return;
  writing.add(logger);
  try {
    if (value === undefined) logger[level]?.(words);
    else logger[level]?.(words, isConsole(logger) ? printable(value) : value);
  } catch (error) {
    report(error); // an exception would end the core's work
  } finally {
    writing.delete(logger);
  }
}

// A console would print every byte as a number; a user-supplied logger gets the bytes.
const printable = (value) => (ArrayBuffer.isView(value) ? `<binary, ${value.byteLength} bytes>` : value);

// One that prints tables, too: the global one, and those that are made of a stream.
const isConsole = (logger) => typeof logger.table === "function";

// That of the runtime, which a test's fake timers do not replace.
const microtask = globalThis.queueMicrotask;

const sink = (logger, console) => (logger === true ? console : logger || undefined);

// An error that nobody caught: handed to the runtime as its own event handlers' errors are.
function report(error) {
  try {
    if (typeof globalThis.reportError === "function") return globalThis.reportError(error);
  } catch {
    // It may be user-supplied: the error must not be lost.
  }
  microtask(() => {
    throw error;
  });
}
