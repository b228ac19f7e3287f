// Browsers and workers: the standard globals, looked up at each use, so that one replaced later (a test's, a service's) counts.

const isPage = typeof globalThis.document === "object";

/** The platform of pages and workers; see index.d.ts for what `fetch` and `WebSocket` of the options may be. */
export const platform = {
  name: isPage ? "browser" : "worker",
  fetch: (url, init) => globalThis.fetch(url, init),
  get WebSocket() {
    return globalThis.WebSocket;
  },
  // The standard constructor takes an address and protocols, no headers.
  websocketHeaders: false,
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => globalThis.clearTimeout(handle),
};
