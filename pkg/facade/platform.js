// What the core is given to work with: the runtime's parts, those that the user replaced, errors in words, and loggers.
import { toError } from "./messages.js";

/**
 * The platform of one client.
 * @param {object} base the runtime's own: name, fetch, WebSocket, websocketHeaders, setTimeout, clearTimeout
 * @param {object} [options] the client's, of which the functions `fetch` and `WebSocket`, and the loggers, are used
 */
export function platformFor(base, options) {
  const own = (name) => (typeof options?.[name] === "function" ? options[name] : base[name]);
  const socketLog = sink(options?.logger);
  const engineLog = sink(options?.engineLogger);
  return {
    ...base,
    fetch: own("fetch"),
    WebSocket: own("WebSocket"),
    JSON,
    error: toError,
    report,
    log: (level, what, value) => write(socketLog, level, `socketio-wasm: ${what}`, value),
    // Left out where nobody reads it: it is called for each frame.
    trace: engineLog && ((what, value) => write(engineLog, "debug", `socketio-wasm engine: ${what}`, value)),
  };
}

function write(logger, level, words, value) {
  try {
    if (value === undefined) logger?.[level]?.(words);
    else logger?.[level]?.(words, value);
  } catch (error) {
    report(error); // thrown on, it would end what the core was about to do
  }
}

const sink = (logger) => (logger === true ? console : logger || undefined);

// An error that nobody caught: handed to the runtime as its own event handlers' errors are.
function report(error) {
  if (typeof globalThis.reportError === "function") return globalThis.reportError(error);
  queueMicrotask(() => {
    throw error;
  });
}
