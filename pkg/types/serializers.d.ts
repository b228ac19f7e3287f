// The formats of packets: those that have a name, and user-supplied parsers.

/**
 * The format of packets. The server must use the same.
 * - "default": JSON, with binary attachments in frames of their own.
 * - "msgpack": MessagePack, as python-socketio's `serializer="msgpack"` and npm's `socket.io-msgpack-parser`.
 * - "cbor": CBOR, for a python-socketio server with a `Packet` class that uses cbor2.
 * - "pickle": Python's pickle, for one that uses that. Plain data only: a packet that names a class or a function is refused with
 *   a parse error, and so is an integer of more than 128 bits as a key. Reads the protocols 2 to 5, writes 4. The server that
 *   unpickles must trust its clients: pickle is not safe there.
 *
 * In all formats a value arrives as JSON would represent it (`toJSON()` is called, a Date becomes a string), except that binary data,
 * NaN, the infinities and BigInts are preserved (MessagePack: up to 64 bits; it has no half surrogate pairs, which become
 * the character U+FFFD). Received values: integers that a number cannot represent exactly are BigInts, binary data is a Uint8Array,
 * tuples and sets are arrays, the keys of dictionaries are strings, and timestamps of MessagePack and CBOR are Dates.
 *
 * Each is a file of its own, so an unused one costs nothing. Node loads it at once. In browsers and workers it is
 * fetched: `connect()` waits for it, and rejects with the code SERIALIZER_UNAVAILABLE if it does not come; until then,
 * `emit` throws as before any `connect()`. A parser that is given as an object has no such gap. A
 * service worker needs one, because it may fetch no code:
 * @example
 * import * as msgpack from "socketio-wasm/serializers/msgpack";
 * const client = new Client({ serializer: msgpack });
 */
export type SerializerName = "default" | "msgpack" | "cbor" | "pickle";

/** A packet, as a parser reads and writes it. */
export interface ParserPacket {
  /** 0 CONNECT, 1 DISCONNECT, 2 EVENT, 3 ACK, 4 CONNECT_ERROR; a parser that takes binary data apart may read 5 for 2 and 6 for 3. */
  type: number;
  /** The namespace, such as "/". */
  nsp: string;
  /** An event's name and arguments, an acknowledgement's values, the `auth` of a CONNECT. Omitted if there is none. */
  data?: unknown;
  /** The number of an event that is to be acknowledged, or of the acknowledgement. Omitted if there is none. */
  id?: number;
}

/** Encodes packets. */
export interface ParserEncoder {
  /**
   * Returns the frames of a packet, in order: strings and binary data of any kind. An error of this method is the `cause` of the
   * UNSERIALIZABLE that `emit` throws. The packet's `data` holds the values as they were emitted: do not change them. The parser decides
   * which values are binary data (npm's `socket.io-msgpack-parser` in Node: Buffers alone).
   */
  encode(packet: ParserPacket): (string | ArrayBuffer | ArrayBufferView)[];
}

/** Decodes packets; there is a new one for each connection. */
export interface ParserDecoder {
  /**
   * Takes a received frame: a string, or a Buffer in Node and an ArrayBuffer elsewhere. An error of this method ends the connection with
   * the code PARSE_ERROR; then the client reconnects.
   */
  add(frame: unknown): void;
  /**
   * Listens for packets, which take one or more frames each; a frame may also complete several. A packet that the decoder reports after
   * `add` has returned is delivered with the next frame.
   */
  on(event: "decoded", listener: (packet: ParserPacket) => void): unknown;
  /** Is called when the connection has ended. */
  destroy?(): void;
}

/**
 * A parser, in the shape of npm's `socket.io-msgpack-parser`, and the one that `parser` of npm's socket.io takes. The Buffers and
 * ArrayBuffers in the data that it decodes reach handlers as Uint8Arrays.
 */
export interface Parser {
  /** The class that encodes; one object for each client. */
  Encoder: new () => ParserEncoder;
  /** The class that decodes; one object for each connection. */
  Decoder: new () => ParserDecoder;
}

/** Functions that write and read JSON; the global JSON is one. */
export interface JsonLike {
  /** Returns the JSON of a value: an array in which placeholders replace binary data, or the value of `auth`. */
  stringify(value: unknown): string;
  /** Returns the value of a JSON string; throws if it is not JSON. A string with NaN or Infinity is given once more, with null in their place. */
  parse(text: string): unknown;
}
