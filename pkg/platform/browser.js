// Browsers and workers: the standard globals. One replaced after the import (by a test, a service) counts: fetch and timers are
// looked up at each use, the WebSocket when a client is made.
import { NODE_OPTIONS } from "../facade/option-table.js";

const isPage = typeof globalThis.document === "object";

// Files of their own, fetched when a client uses them; bundlers split them off.
const SERIALIZERS = {
  msgpack: () => import("../serializers/msgpack.js"),
  cbor: () => import("../serializers/cbor.js"),
  pickle: () => import("../serializers/pickle.js"),
};

// Each browser has one message for all failures of a request. It says nothing of the reason.
function wordless(error) {
  throw error?.name === "TypeError" ? new TypeError("", { cause: error }) : error;
}

/** The platform of pages and workers; see types/ for what `fetch` and `WebSocket` of the options may be. */
export const platform = {
  console,
  name: isPage ? "browser" : "worker",
  fetch: (url, init) => globalThis.fetch(url, init).catch(wordless),
  get WebSocket() {
    return globalThis.WebSocket;
  },
  // The standard constructor takes an address and protocols, no headers.
  websocketHeaders: false,
  // Browsers keep some headers to themselves (Cookie, Origin, Host …), and drop a page's without a word; other runtimes do not.
  keepsHeader: (name) => !new Request("http://any.example", { headers: { [name]: "x" } }).headers.has(name),
  // Options of Node's connections alone.
  unsupported: NODE_OPTIONS,
  serializer: (name) => SERIALIZERS[name](),
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => globalThis.clearTimeout(handle),
};
