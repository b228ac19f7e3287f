// Writes plain values as a pickle of protocol 4, the default of Python 3.8 to 3.13. Python reads it since 3.4.
import * as op from "./pickle-opcodes.js";
import { bytesOfInteger } from "./plain.js";

const PROTOCOL = 4;
const SHORT = 32;
const utf8 = new TextEncoder();

export class PickleWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  /**
   * @param {unknown} value as `toPlain` makes it
   * @returns {Uint8Array}
   */
  write(value) {
    this.#byte(op.PROTO);
    this.#byte(PROTOCOL);
    this.#value(value);
    this.#byte(op.STOP);
    return this.#bytes.slice(0, this.#size);
  }

  #value(value) {
    if (value === null) this.#byte(op.NONE);
    else if (typeof value === "boolean") this.#byte(value ? op.NEWTRUE : op.NEWFALSE);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#integer(value);
    else if (typeof value === "string") this.#text(value);
    else if (value instanceof Uint8Array) this.#sized(value, op.SHORT_BINBYTES, op.BINBYTES);
    else if (Array.isArray(value)) this.#list(value);
    else this.#dictionary(value);
  }

  #list(values) {
    this.#byte(op.EMPTY_LIST);
    this.#byte(op.MARK);
    for (const value of values) this.#value(value);
    this.#byte(op.APPENDS);
  }

  #dictionary(object) {
    this.#byte(op.EMPTY_DICT);
    this.#byte(op.MARK);
    for (const key of Object.keys(object)) {
      this.#text(key);
      this.#value(object[key]);
    }
    this.#byte(op.SETITEMS);
  }

  #text(text) {
    if (!this.#shortAscii(text)) this.#sized(encoded(text), op.SHORT_BINUNICODE, op.BINUNICODE);
  }

  /** Writes a short ASCII string, such as most keys, in less time than an encoder needs to start. Returns false for any other string. */
  #shortAscii(text) {
    const { length } = text;
    if (length > SHORT) return false;
    const start = this.#take(2 + length);
    this.#bytes[start] = op.SHORT_BINUNICODE;
    this.#bytes[start + 1] = length;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) {
        this.#size = start;
        return false;
      }
      this.#bytes[start + 2 + at] = unit;
    }
    return true;
  }

  #number(number) {
    if (!Number.isSafeInteger(number)) {
      this.#byte(op.BINFLOAT);
      const at = this.#take(8);
      this.#view.setFloat64(at, number);
    } else if (number >= 0 && number <= 0xff) {
      this.#byte(op.BININT1);
      this.#byte(number);
    } else if (number >= -0x8000_0000 && number <= 0x7fff_ffff) {
      this.#byte(op.BININT);
      const at = this.#take(4);
      this.#view.setInt32(at, number, true);
    } else {
      this.#integer(BigInt(number));
    }
  }

  /** Writes an integer in two's complement, the lowest byte first, with enough bytes for the sign bit. */
  #integer(integer) {
    const magnitude = integer < 0n ? -1n - integer : integer;
    const bytes = bytesOfInteger(magnitude).reverse();
    const signed = bytes[bytes.length - 1] < 0x80 ? bytes : Uint8Array.of(...bytes, 0);
    this.#sized(integer < 0n ? signed.map((byte) => ~byte) : signed, op.LONG1, op.LONG4);
  }

  /** Writes bytes after their length, which takes one byte, or four. */
  #sized(bytes, short, long) {
    if (bytes.length <= 0xff) {
      this.#byte(short);
      this.#byte(bytes.length);
    } else {
      this.#byte(long);
      const at = this.#take(4);
      this.#view.setUint32(at, bytes.length, true);
    }
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #byte(value) {
    const at = this.#take(1);
    this.#bytes[at] = value;
  }

  /** Makes room for the next `count` bytes, and returns their position. The buffer may be a new one, so read it only after this. */
  #take(count) {
    const at = this.#size;
    this.#size += count;
    if (this.#size > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#size);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** Writes UTF-8, also of half surrogate pairs, as Python writes them into pickles. */
function encoded(text) {
  const bytes = utf8.encode(text);
  if (!/\p{Surrogate}/u.test(text)) return bytes;
  // The encoder wrote half pairs as the replacement character, which takes three bytes as well. Counting the bytes of the others finds them.
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    if (code >= 0xd800 && code < 0xe000) bytes.set([0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)], at);
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
