// What the core is given to work with: the runtime's parts, those that the user replaced, errors in words, and loggers.
import { toError } from "./messages.js";

/**
 * The platform of one client.
 * @param {object} base the runtime's own: name, fetch, WebSocket, websocketHeaders, setTimeout, clearTimeout
 * @param {object} [options] the client's, of which the functions `fetch` and `WebSocket`, and the loggers, are used
 */
export function platformFor(base, options) {
  const own = (name) => (typeof options?.[name] === "function" ? options[name] : base[name]);
  const sinks = { socket: sink(options?.logger), engine: sink(options?.engineLogger) };
  return {
    ...base,
    fetch: own("fetch"),
    WebSocket: own("WebSocket"),
    error: toError,
    report,
    log: (target, level, what, value) => sinks[target]?.[level]?.(`socketio-wasm ${target}: ${what}`, ...(value === undefined ? [] : [value])),
  };
}

const sink = (logger) => (logger === true ? console : logger || undefined);

// An error that nobody caught: handed to the runtime as its own event handlers' errors are.
function report(error) {
  if (typeof globalThis.reportError === "function") return globalThis.reportError(error);
  queueMicrotask(() => {
    throw error;
  });
}
