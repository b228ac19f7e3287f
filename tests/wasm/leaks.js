// Counts what the runtime has given to a client and not yet got back: timers, requests, websockets, listeners.

const { clearTimeout, fetch, setTimeout, WebSocket } = globalThis;

const timers = new Set();
const requests = new Set();
const sockets = new Set();
const listeners = new Set();
const callbacks = new Set(); // of timers, held weakly

/** Counts from now on, for as long as the program runs. */
export function watch() {
  if (globalThis.setTimeout !== setTimeout) return;
  globalThis.setTimeout = (callback, milliseconds, ...values) => {
    // Node's own fetch has timers, which live as long as its connections.
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
    const over = () => requests.delete(request);
    request.then(over, over);
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

/** Websockets that are not closed. */
export function countSockets() {
  for (const socket of sockets) if (socket.readyState === 3) sockets.delete(socket);
  return sockets.size;
}

/** Functions that timers were set for, and that can still be called by somebody. */
export function countCallbacks() {
  for (const callback of callbacks) if (callback.deref() === undefined) callbacks.delete(callback);
  return callbacks.size;
}

/** A class of websockets of which only so many tell what happens to them: the others have no `onopen`, or no `onmessage`. */
export function deafWebSocket(kind, heard) {
  let made = 0;
  return class extends globalThis.WebSocket {
    constructor(...parameters) {
      super(...parameters);
      made += 1;
      if (made > heard) Object.defineProperty(this, kind, { set() {} });
    }
  };
}

/** Has the runtime look for what nobody holds; says whether it can be asked to. Firefox cannot: it looks when it likes. */
export async function collect() {
  if (!globalThis.gc) return false;
  await new Promise((resolve) => setTimeout(resolve)); // what this turn has looked at is held until its end
  globalThis.gc();
  return true;
}
