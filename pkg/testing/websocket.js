// The WebSocket class of clients: the standard's interface, and the server behind it.
import { bytesOf, requestOf } from "./wire.js";

const resolved = Promise.resolve();

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;
/** The code of a websocket that was lost, and not closed. */
const LOST = 1006;

/** Returns a class of websockets that reach a server, see engine.js. */
export function websocketClass(engine) {
  return class InMemoryWebSocket {
    static CONNECTING = CONNECTING;
    static OPEN = OPEN;
    static CLOSING = CLOSING;
    static CLOSED = CLOSED;

    binaryType = "blob";
    bufferedAmount = 0;
    readyState = CONNECTING;
    /** @type {any} */ onopen = null;
    /** @type {any} */ onmessage = null;
    /** @type {any} */ onerror = null;
    /** @type {any} */ onclose = null;

    /** Is called with the packets of the client. @type {any} */
    onpacket;
    /** Is called when the client has closed the websocket. @type {any} */
    onend;

    /**
     * @param {string | URL} address
     * @param {string | string[]} [protocols]
     * @param {{ headers?: Record<string, string> }} [options] a browser's class takes none
     */
    constructor(address, protocols = [], { headers } = {}) {
      this.url = String(address);
      this.protocol = [protocols].flat()[0] ?? "";
      resolved.then(() => this.#open(requestOf(address, headers)));
    }

    #open(request) {
      if (engine.isOffline) return this.end(LOST);
      if (engine.refusalOf(request)) return engine.later(() => this.end(LOST));
      const connection = engine.connections.get(request.query.sid);
      if (connection?.isFrozen) return undefined;
      return engine.later(() => {
        if (this.readyState !== CONNECTING) return;
        this.readyState = OPEN;
        this.onopen?.({ type: "open" });
        if (connection) connection.probe(this);
        else engine.open(request).use(this);
      });
    }

    send(data) {
      if (this.readyState === CONNECTING) throw new Error("the websocket is not open yet");
      if (this.readyState !== OPEN) return;
      const packet = typeof data === "string" ? data : bytesOf(data);
      resolved.then(() => this.onpacket?.(packet));
    }

    close(code = 1005) {
      if (this.readyState >= CLOSING) return;
      this.readyState = CLOSING;
      resolved.then(() => {
        this.end(code);
        this.onend?.();
      });
    }

    /** Hands a packet of the server to the client. */
    deliver(packet) {
      if (this.readyState === OPEN) this.onmessage?.({ type: "message", data: typeof packet === "string" ? packet : packet.slice().buffer });
    }

    /** Ends the websocket, as the server or the network does. */
    end(code = LOST) {
      if (this.readyState === CLOSED) return;
      this.readyState = CLOSED;
      if (code === LOST) this.onerror?.({ type: "error", message: "the in-memory server cannot be reached" });
      this.onclose?.({ type: "close", code, reason: "", wasClean: code !== LOST });
    }
  };
}
