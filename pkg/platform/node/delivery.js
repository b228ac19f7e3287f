// The progress of a request on its connection: it decides whether a failed request may have reached the server, and may be repeated.

// An idle connection that the server closed fails with one of these when it is used again. "socket hang up" is an ECONNRESET.
const CLOSED_BY_SERVER = new Set(["ECONNRESET", "EPIPE"]);

/** Watches one request. */
export class Delivery {
  #request;
  #socket;
  #receivedBefore; // by earlier requests on the same connection
  #isReady = false; // from then on, bytes of the request may be sent

  /** @param {import("node:http").ClientRequest} request */
  constructor(request) {
    this.#request = request;
    request.once("socket", (socket) => this.#watch(socket));
  }

  #watch(socket) {
    this.#socket = socket;
    this.#receivedBefore = socket.bytesRead;
    if (socket.destroyed) return; // it failed at once, before anything was written
    // Only sockets of node:tls have `secureConnecting`. Nothing is written before the server's certificate is accepted.
    const isTls = socket.secureConnecting !== undefined;
    const isConnecting = isTls ? socket.secureConnecting : socket.connecting;
    if (!isConnecting) this.#isReady = true;
    else socket.once(isTls ? "secureConnect" : "connect", () => (this.#isReady = true));
  }

  /** True while not one byte of the request can have been sent. */
  get isUnsent() {
    return !this.#isReady;
  }

  /**
   * Returns true if the request failed because the server closed the idle connection in the moment of its reuse: the
   * connection was not new, and not one byte of the answer has come.
   * @param {Error & { code?: string }} error
   */
  isStale(error) {
    return this.#request.reusedSocket && CLOSED_BY_SERVER.has(error.code ?? "") && this.#socket?.bytesRead === this.#receivedBefore;
  }
}

/**
 * Calls `makeRequest` so that the request gets a new connection, not another idle one of the agent, which the server may have
 * closed as well. The agent has its idle connections back afterwards.
 * @template Request
 * @param {any} agent of node:http; its types declare `freeSockets` as read-only
 * @param {() => Request} makeRequest
 * @returns {Request}
 */
export function onNewConnection(agent, makeRequest) {
  const idle = agent?.freeSockets;
  if (!idle) return makeRequest();
  // An agent chooses the connection before http.request() returns.
  agent.freeSockets = Object.create(null);
  try {
    return makeRequest();
  } finally {
    agent.freeSockets = idle;
  }
}
