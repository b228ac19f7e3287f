// MessagePack, as python-socketio's serializer "msgpack" and the npm package socket.io-msgpack-parser write it.
// @msgpack/msgpack: the format, complete and kept up by its own community; makes no code from text, and is half as large as msgpackr.
import { Decoder as LibraryReader, Encoder as LibraryWriter, ExtensionCodec } from "@msgpack/msgpack";
import { parserOf } from "./packets.js";
import { MAX_DEPTH, isMarked, keyOf, narrow, set, tooDeep, utf8 } from "./plain.js";

const PROTO = Symbol("the key __proto__, which the library refuses");

class Extensions extends ExtensionCodec {
  decode(data, type) {
    if (type === -1) return super.decode(data, type); // a timestamp: a Date
    // What notepack writes in extensions of a fixed size, the library behind socket.io-msgpack-parser: undefined, and Dates.
    if (type === 0 && data.length === 1) return undefined;
    if (type === 0 && data.length === 8) return new Date(Number(new DataView(data.buffer, data.byteOffset).getBigInt64(0)));
    return { type, data };
  }
}

// The library's steps are methods; these are replaced where a hostile or a strange message would do harm. Its version is fixed in
// package.json, since they are not part of its documented interface: tests/package/serializers/formats.test.mjs tries each.
class Reader extends LibraryReader {
  /** How many more values the message can hold, each of which takes a byte at least. */
  #room;

  constructor() {
    super({ useBigInt64: true, extensionCodec });
    this.mapKeyConverter = (key) => {
      // A list or bytes may come to that name as well.
      const name = key === PROTO ? "__proto__" : keyOf(key);
      // Once it is a property of the object's own, it is set like any other.
      if (name === "__proto__") set(this.stack.top().map, name, undefined);
      return name;
    };
  }

  decode(bytes) {
    this.#room = bytes.length;
    return super.decode(bytes);
  }

  pushArrayState(size) {
    this.#hold(size);
    super.pushArrayState(size);
  }

  pushMapState(size) {
    this.#hold(2 * size);
    super.pushMapState(size);
  }

  // Memory is taken for the length that a list says it has, before a single value of it was read.
  #hold(count) {
    this.#room -= count;
    if (this.#room < 0) throw new RangeError("a list or a map that is longer than the message");
    if (this.stack.length >= MAX_DEPTH) throw tooDeep();
  }

  decodeString(size, header) {
    const at = this.pos + header;
    const text = super.decodeString(size, header);
    if (text === "__proto__" && this.stateIsMapKey()) return PROTO;
    return size > 2 && isMarked(this.bytes, at) ? utf8.decode(this.bytes.subarray(at, at + size)) : text;
  }

  decodeExtension(size, header) {
    // And in those of any size: binary data, where in Node it is no Buffer.
    const isBinary = header > 0 && this.view.getInt8(this.pos + header) === 0;
    return isBinary ? this.decodeBinary(size, header + 1) : super.decodeExtension(size, header);
  }

  readU64AsBigInt() {
    return narrow(super.readU64AsBigInt());
  }

  readI64AsBigInt() {
    return narrow(super.readI64AsBigInt());
  }
}

const extensionCodec = new Extensions();

/** What the library makes the right bytes of: bigints of the integers beyond 32 bits, which would else be floats. */
function scalar(value) {
  if (typeof value === "string") return wellFormed(value);
  const number = typeof value === "bigint" ? narrow(value) : value;
  if (typeof number === "bigint") {
    if (number >= 2n ** 64n || number < -(2n ** 63n)) throw new RangeError("MessagePack has no integers beyond 64 bits");
    return number;
  }
  return Number.isSafeInteger(number) && (number > 0xffff_ffff || number < -0x8000_0000) ? BigInt(number) : number;
}

/** The text with a replacement for half surrogate pairs: not being UTF-8, they would end the connection in a Python server. */
const wellFormed = (text) => (text.isWellFormed?.() ? text : text.replace(/\p{Surrogate}/gu, "\ufffd"));

// A new one for each packet: they keep their buffers, which may once have been large.
export const { Encoder, Decoder } = parserOf(
  (value) => new LibraryWriter({ useBigInt64: true, maxDepth: MAX_DEPTH + 2 }).encode(value),
  (bytes) => new Reader().decode(bytes),
  scalar,
);
