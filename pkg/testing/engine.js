// An Engine.IO server: its connections, and the two ways in, a `fetch` and a WebSocket class.
import { Connection } from "./connection.js";
import { attempt } from "./waits.js";
import { websocketClass } from "./websocket.js";
import { fromBase64, networkError, refusal, requestOf, responseOf } from "./wire.js";

const resolved = Promise.resolve();

/** The connections of a server. */
export class Engine {
  connections = new Map();
  WebSocket = websocketClass(this);
  isOffline = false;
  /** The time before each step of the server (milliseconds). */
  delay = 0;
  #steps = []; // that are not done
  #count = 0;

  /**
   * @param {{ path: string, transports: string[], pingInterval: number, pingTimeout: number, maxPayload: number }} options
   * @param {(connection: Connection) => void} onconnection is called with each new connection
   */
  constructor(options, onconnection) {
    this.options = options;
    this.onconnection = onconnection;
  }

  /** Takes a step of the server at the end of this tick, or after the delay; never before an earlier step. */
  later(run) {
    const { setTimeout } = globalThis;
    const step = { run, wait: this.delay, setTimeout, isDue: false };
    // The test has replaced the timers since those steps: theirs may never run.
    for (const other of this.#steps) other.isDue ||= other.setTimeout !== setTimeout;
    this.#steps.push(step);
    const due = () => {
      // An earlier step that waits no longer than this one is due, too, even if its timer was removed.
      for (const earlier of this.#steps.slice(0, this.#steps.indexOf(step) + 1)) earlier.isDue ||= earlier.wait <= step.wait;
      while (this.#steps[0]?.isDue) attempt(this.#steps.shift().run);
    };
    if (step.wait > 0) setTimeout(due, step.wait);
    else resolved.then(due);
  }

  /** Makes a connection. */
  open(request) {
    const connection = new Connection(this, `engine-${++this.#count}`, request);
    this.connections.set(connection.id, connection);
    this.onconnection(connection);
    return connection;
  }

  /** Returns the answer to a request that is refused. */
  refusalOf({ path, query, transport }) {
    if (path !== this.options.path) return responseOf(404, "Not Found");
    if (!this.options.transports.includes(transport)) return refusal(0);
    if (query.sid !== undefined && !this.connections.has(query.sid)) return refusal(1);
    return query.EIO === "4" ? undefined : refusal(5);
  }

  /** The `fetch` of clients: as the global one, for the requests that a client makes. */
  fetch = (address, { method = "GET", headers, body, signal } = /** @type {any} */ ({})) =>
    new Promise((resolve, reject) => {
      const request = requestOf(address, headers);
      const connection = this.connections.get(request.query.sid);
      const answer = (response) => (response ? resolve(response) : reject(networkError()));
      const abort = () => {
        reject(signal.reason);
        connection?.abandon(answer);
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort);
      if (connection?.isFrozen) return undefined; // nothing arrives
      return resolved.then(() => signal?.aborted || this.#handle(request, method, body, answer));
    });

  #handle(request, method, body, answer) {
    const later = (response) => this.later(() => answer(response));
    if (this.isOffline) return answer(undefined);
    const refused = this.refusalOf(request);
    if (refused) return later(refused);
    const connection = this.connections.get(request.query.sid);
    if (method === "GET") return connection ? connection.poll(answer) : later(responseOf(200, this.open(request).handshake));
    if (!connection) return later(refusal(2));
    // The client has its answer, also if a packet leads to an error.
    for (const packet of String(body).split("\x1e")) attempt(() => connection.receive(packet[0] === "b" ? fromBase64(packet.slice(1)) : packet));
    return later(responseOf(200, "ok"));
  }
}
