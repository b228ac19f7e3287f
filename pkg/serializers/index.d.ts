// The types of socketio-wasm/serializers/msgpack, cbor and pickle: each a parser for `serializer`, socket.io and socket.io-client.
import type { ParserDecoder, ParserEncoder, ParserPacket } from "../index.js";

/** Writes packets, one binary frame each. */
export class Encoder implements ParserEncoder {
  /** @throws the error of a value that the format cannot hold */
  encode(packet: ParserPacket): Uint8Array[];
}

/** Reads packets. */
export class Decoder implements ParserDecoder {
  /**
   * Takes a frame, and calls the listeners of "decoded" with its packet before it returns.
   * @throws if the frame is malformed, or a string
   */
  add(frame: string | ArrayBuffer | ArrayBufferView): void;
  /** Calls a function with each packet. */
  on(event: "decoded", listener: (packet: ParserPacket) => void): this;
  /** Removes a function; without an argument, all of them. */
  off(event: "decoded", listener?: (packet: ParserPacket) => void): this;
  /** Another name of `off`. */
  removeListener(event: "decoded", listener?: (packet: ParserPacket) => void): this;
  /** Removes all functions. */
  destroy(): void;
}
