// Packets written in a binary format, one frame each, as a map with the keys that python-socketio and socket.io-msgpack-parser
// use: type, data, nsp, id. The classes have the interface of socket.io-msgpack-parser, so socket.io and socket.io-client accept them as `parser`.
import { bytesOf, toPlain } from "./plain.js";

const CONNECT = 0;
const EVENT = 2;
const ACK = 3;
const CONNECT_ERROR = 4;

/**
 * Returns the two classes of a parser.
 * @param {(value: any) => Uint8Array} write writes plain values
 * @param {(bytes: Uint8Array) => unknown} read throws if the bytes are malformed
 * @param {(value: number | bigint | string) => unknown} [scalar] see `toPlain`
 */
export function parserOf(write, read, scalar) {
  class Encoder {
    encode({ type, data, nsp, id }) {
      // A key without a value is left out: the npm parser writes `undefined` as an extension, which Python reads as a value.
      return [bytesOf(write(toPlain({ type, data, nsp, id }, scalar)))]; // a view: in Node, a library may give a Buffer
    }
  }

  class Decoder {
    #listeners = [];

    add(chunk) {
      const bytes = bytesOf(chunk);
      if (!bytes) throw new TypeError("a string came, but the serializer writes binary data only");
      const packet = checked(read(bytes));
      for (const listener of [...this.#listeners]) listener.call(this, packet);
    }

    on(event, listener) {
      if (event === "decoded") this.#listeners.push(listener);
      return this;
    }

    off(event, listener) {
      if (event === "decoded") this.#listeners = this.#listeners.filter((other) => listener !== undefined && other !== listener);
      return this;
    }

    // socket.io's server calls it by this name.
    removeListener(event, listener) {
      return this.off(event, listener);
    }

    // Does nothing: a parser would drop the first half of a packet here, and this one holds none.
    destroy() {}
  }

  return { Encoder, Decoder };
}

/** Returns the packet, if it is one. Python writes absent data as None, which JavaScript's servers would take for a payload. */
function checked(packet) {
  const { type, data, nsp, id } = Object(packet);
  if (!Number.isInteger(type) || type < CONNECT || type > CONNECT_ERROR) throw new TypeError("a packet of an unknown type");
  if (typeof nsp !== "string") throw new TypeError("a packet without its namespace");
  const known = { type, nsp };
  if (data !== undefined && data !== null) known.data = data;
  if (id !== undefined && id !== null) known.id = id;
  if ("id" in known && !(Number.isSafeInteger(id) && id >= 0)) throw new TypeError("a packet with a wrong id");
  if (type === EVENT && !(Array.isArray(data) && ["string", "number"].includes(typeof data[0]))) throw new TypeError("an event without its name");
  if (type === ACK && !(Array.isArray(data) && "id" in known)) throw new TypeError("an acknowledgement of nothing");
  return known;
}
