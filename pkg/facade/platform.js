// What the core is given to work with: the runtime's parts, those that the user replaced, errors in words, and loggers.
import { answerWithBlobs } from "./blobs.js";
import { toError } from "./messages.js";

/**
 * The platform of one client.
 * @param {object} base the runtime's own: name, fetch, WebSocket, websocketHeaders, setTimeout, clearTimeout; and forClient(),
 *   where the runtime's fetch, WebSocket and timers depend on the client's options
 * @param {object} options the client's, of which the functions `fetch` and `WebSocket`, `json`, and the loggers, are used
 * @param {object} settings the same, checked and with their defaults
 */
export function platformFor(base, options, settings) {
  const socketLog = sink(options?.logger, base.console);
  const engineLog = sink(options?.engineLogger, base.console);
  const runtime = { ...base, ...base.forClient?.(settings) };
  const { fetch = runtime.fetch, WebSocket = runtime.WebSocket, websocketOptions = {} } = settings;
  const stamped = settings.timestampRequests ? (url) => withStamp(url, settings.timestampParam) : (url) => url;
  return {
    // What is awaited keeps a process alive by itself, but where forClient() says otherwise.
    busy: (promise) => promise,
    ...runtime,
    // One of the user's may send what it likes.
    keepsHeader: settings.fetch ? undefined : runtime.keepsHeader,
    JSON: settings.json ?? globalThis.JSON,
    fetch: (url, init) => fetch(init.method === "GET" ? stamped(url) : url, init),
    openSocket: socketOpener(WebSocket, base.websocketHeaders, websocketOptions, stamped),
    // What a transport has thrown, host.js puts at hand: it does not go through the core.
    error(code, a, b, c) {
      return toError(code, a, b, code === "UNREACHABLE" ? this.thrown : c);
    },
    report,
    blobsRead: (values) => answerWithBlobs(values, settings.maxDepth),
    log: socketLog ? (level, what, value) => write(socketLog, level, `socketio-wasm: ${what}`, value) : () => {},
    // Left out where nobody reads it: it is called for each frame.
    trace: engineLog && ((what, value) => write(engineLog, "debug", `socketio-wasm engine: ${what}`, value)),
  };
}

// A websocket for a URL and the headers of the connection; those of the user's websocketOptions come first.
function socketOpener(WebSocket, takesOptions, { protocols = [], headers: own, ...rest }, stamped) {
  const list = [protocols].flat();
  if (!takesOptions) return (url) => (list.length > 0 ? new WebSocket(stamped(url), list) : new WebSocket(stamped(url)));
  return (url, headers) => new WebSocket(stamped(url), list, { ...rest, headers: { ...headers, ...own } });
}

let lastStamp = 0;

// What makes each URL another one, so that nothing between here and the server answers from a cache.
function withStamp(url, name) {
  lastStamp = Math.max(lastStamp + 1, Date.now());
  return `${url}&${name}=${lastStamp.toString(36)}`;
}

const writing = new WeakSet();

function write(logger, level, words, value) {
  // A logger that uses its client is not told what that client does for it.
  if (writing.has(logger)) return;
  writing.add(logger);
  try {
    if (value === undefined) logger[level]?.(words);
    else logger[level]?.(words, isConsole(logger) ? printable(value) : value);
  } catch (error) {
    report(error); // thrown on, it would end what the core was about to do
  } finally {
    writing.delete(logger);
  }
}

// A console would fill itself with numbers; a logger of the user's gets the bytes.
const printable = (value) => (ArrayBuffer.isView(value) ? `<binary, ${value.byteLength} bytes>` : value);

// One that prints tables, too: the global one, and those that are made of a stream.
const isConsole = (logger) => typeof logger.table === "function";

const sink = (logger, console) => (logger === true ? console : logger || undefined);

// An error that nobody caught: handed to the runtime as its own event handlers' errors are.
function report(error) {
  try {
    if (typeof globalThis.reportError === "function") return globalThis.reportError(error);
  } catch {
    // One that somebody has put there: what it is told must not be lost.
  }
  queueMicrotask(() => {
    throw error;
  });
}
