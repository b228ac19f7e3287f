// How packets are written: the formats that are known by name, and parsers of one's own.

/**
 * How packets are written; the server must use the same.
 * - "default": JSON, with binary attachments in frames of their own.
 * - "msgpack": MessagePack, as python-socketio's `serializer="msgpack"` and npm's `socket.io-msgpack-parser`.
 * - "cbor": CBOR, for a python-socketio server with a `Packet` class that uses cbor2.
 * - "pickle": Python's pickle, for one that uses that. Plain data only: a packet that names a class or a function is refused with
 *   a parse error, as is an integer of more than 128 bits as a key. Reads the protocols 2 to 5, writes 4. The server that
 *   unpickles must trust its clients: pickle is not safe there.
 *
 * With all of them arrives what JSON would make of a value (`toJSON()` is asked, a Date becomes its text), except that binary data,
 * NaN, the infinities and BigInts stay what they are (MessagePack: up to 64 bits; and it has no half surrogate pairs, which become
 * the character U+FFFD). What comes: integers that a number cannot hold exactly are BigInts, binary data is a Uint8Array,
 * tuples and sets are arrays, the keys of dictionaries are texts, and timestamps of MessagePack and CBOR are Dates.
 *
 * Each is a file of its own, so that nobody pays for what is not used. Node loads it at once. In browsers and workers it is
 * fetched: `connect()` waits for it, and rejects with the code SERIALIZER_UNAVAILABLE if it does not come; until then,
 * `emit` throws as before any `connect()`. A parser that is given as an object has no such gap, and is what a
 * service worker needs, which may fetch no code:
 * @example
 * import * as msgpack from "socketio-wasm/serializers/msgpack";
 * const client = new Client({ serializer: msgpack });
 */
export type SerializerName = "default" | "msgpack" | "cbor" | "pickle";

/** A packet as parsers have it. */
export interface ParserPacket {
  /** 0 CONNECT, 1 DISCONNECT, 2 EVENT, 3 ACK, 4 CONNECT_ERROR; a parser that takes binary data apart may read 5 for 2 and 6 for 3. */
  type: number;
  /** The namespace, such as "/". */
  nsp: string;
  /** An event's name and arguments, an acknowledgement's values, the `auth` of a CONNECT. Left out where there is none. */
  data?: unknown;
  /** The number of an event that is to be acknowledged, or of the acknowledgement. Left out where there is none. */
  id?: number;
}

/** Writes packets. */
export interface ParserEncoder {
  /**
   * The frames of a packet, in order. Binary data of any kind is a frame, too. What this throws, `emit` throws with the code
   * UNSERIALIZABLE. The packet's `data` holds the values as they were emitted: they are not to be changed, and what is binary
   * data is the parser's affair (npm's `socket.io-msgpack-parser` in Node: Buffers alone).
   */
  encode(packet: ParserPacket): (string | ArrayBuffer | ArrayBufferView)[];
}

/** Reads packets; there is a new one for each connection. */
export interface ParserDecoder {
  /**
   * Takes a frame that came: a text, or a Buffer in Node and an ArrayBuffer elsewhere. What this throws ends the connection with
   * the code PARSE_ERROR, and it is made again.
   */
  add(frame: unknown): void;
  /**
   * Listens for packets, which take one or more frames each; a frame may also complete several. A packet that is told when `add`
   * has returned already is delivered with the next frame.
   */
  on(event: "decoded", listener: (packet: ParserPacket) => void): unknown;
  /** The connection is gone. */
  destroy?(): void;
}

/** A parser, in the shape of npm's `socket.io-msgpack-parser`, and the one that `parser` of npm's socket.io takes. */
export interface Parser {
  /** What writes; one object for each client. */
  Encoder: new () => ParserEncoder;
  /** What reads; one object for each connection. */
  Decoder: new () => ParserDecoder;
}

/** How JSON is written and read; the global JSON is one. */
export interface JsonLike {
  /** The text of a value: an array in which binary data is replaced by placeholders, or the value of `auth`. */
  stringify(value: unknown): string;
  /** The value of a text; throws where it is none. A text with NaN or Infinity is given once more, with null in their place. */
  parse(text: string): unknown;
}
