// CBOR (RFC 8949), with the same map for a packet as msgpack: the format of a python-socketio server whose packets use cbor2.
// The library cborg reads and writes tokens strictly, is well maintained, and compiles no code from strings.
import { Token, Tokenizer, Type, encode } from "cborg";
import { parserOf } from "./packets.js";
import { MAX_DEPTH, bytesOfInteger, integerOf, isMarked, keyOf, narrow, set, tooDeep, utf8 } from "./plain.js";

const BREAK = Symbol("the end of a list or map of unknown length");

// Tags with a meaning here. For any other tag, such as those of sets and fractions, only the value is read.
const TAGS = {
  0: (text) => new Date(text),
  1: (seconds) => new Date(Number(seconds) * 1000),
  2: (bytes) => narrow(integerOf(bytes)),
  3: (bytes) => narrow(-1n - integerOf(bytes)),
  25: refuseReference,
  29: refuseReference,
};

function refuseReference() {
  throw new TypeError("references to other values (tags 25 and 29) are not read");
}

function read(bytes) {
  const tokens = new Tokenizer(bytes, { allowIndefinite: true, allowUndefined: true, allowBigInt: true });
  const value = valueFrom(tokens, bytes, MAX_DEPTH);
  if (value === BREAK || !tokens.done()) throw new TypeError("more than one value");
  return value;
}

/** Reads the next value. It is built here, because the library makes no objects with keys other than strings. */
function valueFrom(tokens, bytes, depth) {
  if (tokens.done()) throw new RangeError("the message ends within a value");
  if (depth === 0) throw tooDeep();
  const { type, value, encodedLength } = tokens.next();
  const next = () => valueFrom(tokens, bytes, depth - 1);
  switch (type) {
    case Type.string:
      return textOf(bytes, tokens.pos() - encodedLength, tokens.pos(), value);
    case Type.bytes:
      // The library returns the same object for all empty byte strings.
      return value.length === 0 ? new Uint8Array() : value;
    case Type.array:
      return list(value, next);
    case Type.map:
      return dictionary(value, next);
    case Type.tag: {
      const content = next();
      if (content === BREAK) throw new TypeError("a tag without its value");
      return Object.hasOwn(TAGS, value) ? TAGS[value](content) : content;
    }
    case Type.break:
      return BREAK;
    default:
      return value;
  }
}

function list(length, next) {
  const items = [];
  for (let count = 0; count < length; count++) {
    const item = next();
    if (ends(item, length)) break;
    items.push(item);
  }
  return items;
}

function dictionary(length, next) {
  const object = {};
  for (let count = 0; count < length; count++) {
    const key = next();
    if (ends(key, length)) break;
    const value = next();
    if (value === BREAK) throw new TypeError("a key without its value");
    set(object, keyOf(key), value);
  }
  return object;
}

function ends(value, length) {
  if (value === BREAK && length !== Infinity) throw new RangeError("a list or a map that is shorter than its length");
  return value === BREAK;
}

/** Returns the string that the library has read from `start` up to `end`. */
function textOf(bytes, start, end, text) {
  const argument = bytes[start] & 0x1f; // the length, or the number of bytes of the length that follows
  const at = start + (argument < 24 ? 1 : 1 + 2 ** (argument - 24));
  return end - at > 2 && isMarked(bytes, at) ? utf8.decode(bytes.subarray(at, end)) : text;
}

const options = {
  mapSorter: undefined, // keys stay in their order
  typeEncoders: {
    // Null if the library can write the value itself. It cannot write integers beyond 64 bits.
    bigint(integer) {
      const negative = integer < 0n;
      const size = negative ? -1n - integer : integer;
      return size < 2n ** 64n ? null : [new Token(Type.tag, negative ? 3 : 2), new Token(Type.bytes, bytesOfInteger(size))];
    },
  },
};

export const { Encoder, Decoder } = parserOf((value) => encode(value, options), read);
