// MessagePack, as python-socketio's serializer "msgpack" and the npm package socket.io-msgpack-parser write it.
// The library @msgpack/msgpack implements the whole format, is maintained by its community, compiles no code from strings, and is half as large as msgpackr.
import { Decoder as LibraryReader, Encoder as LibraryWriter, ExtensionCodec } from "@msgpack/msgpack";
import { parserOf } from "./packets.js";
import { MAX_DEPTH, isMarked, keyOf, narrow, set, tooDeep, utf8 } from "./plain.js";

const PROTO = Symbol("the key __proto__, which the library refuses");

class Extensions extends ExtensionCodec {
  decode(data, type) {
    if (type === -1) return super.decode(data, type, undefined); // a timestamp: a Date
    // notepack, the library behind socket.io-msgpack-parser, writes undefined and Dates as extensions of a fixed size.
    if (type === 0 && data.length === 1) return undefined;
    if (type === 0 && data.length === 8) return new Date(Number(new DataView(data.buffer, data.byteOffset).getBigInt64(0)));
    return { type, data };
  }
}

// The library's steps are methods. Some are replaced here, because a hostile or unusual message would do harm. They are not part of the
// documented interface, so package.json pins the version, and tests/package/serializers/formats.test.mjs tests each.
class Reader extends /** @type {any} */ (LibraryReader) {
  /** Upper bound for the further values of the message: each takes at least one byte. */
  #room;

  constructor() {
    super({ useBigInt64: true, extensionCodec });
    this.mapKeyConverter = (key) => {
      // A list or bytes may be converted to that name as well.
      const name = key === PROTO ? "__proto__" : keyOf(key);
      // Once the object has the property itself, it is set like any other.
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

  // The library allocates memory for the stated length of a list before it has read a single value.
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
    // notepack also writes binary data as extensions of any size if it is no Buffer in Node.
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

/** Converts numbers so that the library writes the right bytes: integers beyond 32 bits become bigints, otherwise they would be written as floats. */
function scalar(value) {
  if (typeof value === "string") return wellFormed(value);
  const number = typeof value === "bigint" ? narrow(value) : value;
  if (typeof number === "bigint") {
    if (number >= 2n ** 64n || number < -(2n ** 63n)) throw new RangeError("MessagePack has no integers beyond 64 bits");
    return number;
  }
  return Number.isSafeInteger(number) && (number > 0xffff_ffff || number < -0x8000_0000) ? BigInt(number) : number;
}

/** Replaces half surrogate pairs: they are not UTF-8, and would end the connection in a Python server. */
const wellFormed = (text) => (text.isWellFormed?.() ? text : text.replace(/\p{Surrogate}/gu, "\ufffd"));

// A new encoder for each packet: an encoder keeps its buffer, which may have been large once.
export const { Encoder, Decoder } = parserOf(
  (value) => new LibraryWriter({ useBigInt64: true, maxDepth: MAX_DEPTH + 2 }).encode(value),
  (bytes) => new Reader().decode(bytes),
  scalar,
);
