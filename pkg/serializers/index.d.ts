// The types of socketio-wasm/serializers/msgpack, cbor and pickle: each a parser for `serializer`, socket.io and socket.io-client.
import type { ParserDecoder, ParserEncoder, ParserPacket } from "../index.js";

/** Writes packets, one binary frame each. */
export class Encoder implements ParserEncoder {
  /** @throws what a value throws that the format cannot hold */
  encode(packet: ParserPacket): Uint8Array[];
}

/** Reads packets. */
export class Decoder implements ParserDecoder {
  /**
   * Takes a frame, and calls the listeners of "decoded" with its packet before it returns.
   * @throws where it is malformed, or a text
   */
  add(frame: string | ArrayBuffer | ArrayBufferView): void;
  /** Calls a function with each packet. */
  on(event: "decoded", listener: (packet: ParserPacket) => void): this;
  /** Calls it no more; without a function, none of them. */
  off(event: "decoded", listener?: (packet: ParserPacket) => void): this;
  /** Another name of `off`. */
  removeListener(event: "decoded", listener?: (packet: ParserPacket) => void): this;
  /** Forgets the functions. */
  destroy(): void;
}
