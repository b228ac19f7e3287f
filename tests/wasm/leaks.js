// Counts the timers, requests, websockets and listeners that a client has taken from the runtime and not given back.

const { clearTimeout, fetch, setTimeout, WebSocket } = globalThis;

const timers = new Set();
const requests = new Set();
const sockets = new Set();
const listeners = new Set();
const callbacks = new Set(); // weak references to the callbacks of timers

/** Starts counting, until the program ends. */
export function watch() {
  if (globalThis.setTimeout !== setTimeout) return;
  globalThis.setTimeout = (callback, milliseconds, ...values) => {
    // Timers of Node's own fetch live as long as its connections: they are not counted.
    const [, , caller] = new Error().stack.split("\n");
    if (caller?.includes("node:internal")) return setTimeout(callback, milliseconds, ...values);
    callbacks.add(new WeakRef(callback));
    const handle = setTimeout(() => {
      timers.delete(handle);
      callback();
    }, milliseconds);
    timers.add(handle);
    return handle;
  };
  globalThis.clearTimeout = (handle) => {
    timers.delete(handle);
    clearTimeout(handle);
  };
  globalThis.fetch = (url, init) => {
    const request = fetch(url, init);
    requests.add(request);
    const settled = () => requests.delete(request);
    request.then(settled, settled);
    return request;
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(...parameters) {
      super(...parameters);
      sockets.add(this);
    }
  };
  const { addEventListener, removeEventListener } = globalThis;
  globalThis.addEventListener = (...parameters) => {
    listeners.add(parameters[1]);
    addEventListener?.apply(globalThis, parameters);
  };
  globalThis.removeEventListener = (...parameters) => {
    listeners.delete(parameters[1]);
    removeEventListener?.apply(globalThis, parameters);
  };
}

export const countTimers = () => timers.size;
export const countRequests = () => requests.size;
export const countListeners = () => listeners.size;

/** Number of websockets that are not closed. */
export function countSockets() {
  for (const socket of sockets) if (socket.readyState === 3) sockets.delete(socket);
  return sockets.size;
}

/** Number of callbacks of timers that are not garbage yet. */
export function countCallbacks() {
  for (const callback of callbacks) if (callback.deref() === undefined) callbacks.delete(callback);
  return callbacks.size;
}

/** A class of websockets of which the first `working` ones work. The others never call the handler `kind`: `onopen` or `onmessage`. */
export function deafWebSocket(kind, working) {
  let made = 0;
  return class extends globalThis.WebSocket {
    constructor(...parameters) {
      super(...parameters);
      made += 1;
      if (made > working) Object.defineProperty(this, kind, { set() {} });
    }
  };
}

/** Requests a garbage collection. Returns false if the runtime offers none (Firefox). */
export async function collect() {
  if (!globalThis.gc) return false;
  await new Promise((resolve) => setTimeout(resolve)); // a WeakRef that was read stays alive until the end of the turn
  globalThis.gc();
  return true;
}
