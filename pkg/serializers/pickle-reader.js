// Reads pickles of the protocols 2 to 5 that are plain data. Nothing is ever called. A pickle that names a class or a function is
// refused, except for the few names that Python needs to write bytes and sets in the lower protocols.
//
// The cost of a hostile pickle is bounded by its length: a value that the pickle refers to again and again is neither copied nor
// traversed twice.
import * as op from "./pickle-opcodes.js";
import { MAX_DEPTH, integerOf, narrow, set, tooDeep, utf8 } from "./plain.js";

// The most bytes of an integer: as many digits as Python itself reads from a string.
const MAX_INTEGER_BYTES = 1_786;

// An integer that is a key becomes a string each time that a pickle refers to it, which is slow for long ones. UUIDs have 128 bits.
const MAX_KEY = 2n ** 128n;

const SHORT = 32;

/** The meaning of a name in a pickle, until it receives its arguments. */
class Maker {
  constructor(name, make) {
    this.name = name;
    this.make = make;
  }
}

const MAKERS = {
  "_codecs encode": ([text, encoding], latin1) => (encoding === "latin1" ? latin1(text) : undefined),
  "builtins bytes": (args) => (args.length === 0 ? new Uint8Array() : undefined),
  "builtins bytearray": ([from, encoding], latin1) => {
    if (from === undefined) return new Uint8Array();
    if (typeof from === "string") return encoding === "latin-1" ? latin1(from) : undefined;
    return from instanceof Uint8Array ? from : undefined;
  },
  "builtins set": ([list]) => (Array.isArray(list) ? list : undefined),
  "builtins frozenset": ([list]) => (Array.isArray(list) ? list : undefined),
};

function refuse(what) {
  throw new TypeError(`a pickle with ${what} is refused: only plain data is read`);
}

export class PickleReader {
  #bytes;
  #view;
  #at = 0;
  #stack = [];
  #marks = [];
  #memo = new Map();
  /** Number of characters that may still become bytes: at most the length of the pickle. */
  #convertible;
  /** True if a name was read, which must not remain among the data. */
  #named = false;

  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#convertible = bytes.length;
  }

  /** Returns the value. Throws if the bytes are no pickle, or more than plain data. */
  read() {
    const protocol = this.#byte() === op.PROTO ? this.#byte() : 0;
    if (protocol < 2 || protocol > 5) throw new RangeError("no pickle of the protocols 2 to 5");
    for (let opcode = this.#byte(); opcode !== op.STOP; opcode = this.#byte()) this.#step(opcode);
    const value = this.#pop();
    if (this.#stack.length > 0 || this.#at < this.#bytes.length) throw new RangeError("a pickle of more than one value");
    heightOf(value, new Map(), MAX_DEPTH + 2); // the packet and its list are around the values
    return value;
  }

  #step(opcode) {
    switch (opcode) {
      case op.FRAME:
        return this.#length8(); // all bytes are here already, so the borders of frames are of no use
      case op.NONE:
        return this.#push(null);
      case op.NEWTRUE:
        return this.#push(true);
      case op.NEWFALSE:
        return this.#push(false);
      case op.BININT:
        return this.#push(this.#view.getInt32(this.#take(4), true));
      case op.BININT1:
        return this.#push(this.#byte());
      case op.BININT2:
        return this.#push(this.#view.getUint16(this.#take(2), true));
      case op.LONG1:
        return this.#push(this.#integer(this.#byte()));
      case op.LONG4:
        return this.#push(this.#integer(this.#length4()));
      case op.BINFLOAT:
        return this.#push(this.#view.getFloat64(this.#take(8)));

      case op.SHORT_BINUNICODE:
      case op.SHORT_BINSTRING:
        return this.#push(this.#text(this.#byte()));
      case op.BINUNICODE:
      case op.BINSTRING:
        return this.#push(this.#text(this.#length4()));
      case op.BINUNICODE8:
        return this.#push(this.#text(this.#length8()));
      case op.SHORT_BINBYTES:
        return this.#push(this.#slice(this.#byte()));
      case op.BINBYTES:
        return this.#push(this.#slice(this.#length4()));
      case op.BINBYTES8:
      case op.BYTEARRAY8:
        return this.#push(this.#slice(this.#length8()));

      case op.EMPTY_LIST:
      case op.EMPTY_TUPLE:
      case op.EMPTY_SET:
        return this.#push([]);
      case op.EMPTY_DICT:
        return this.#push({});
      case op.TUPLE:
      case op.FROZENSET:
        return this.#push(this.#popMarked());
      case op.TUPLE1:
        return this.#push(this.#popSome(1));
      case op.TUPLE2:
        return this.#push(this.#popSome(2));
      case op.TUPLE3:
        return this.#push(this.#popSome(3));
      case op.APPEND:
        return this.#append(this.#popSome(1));
      case op.APPENDS:
      case op.ADDITEMS:
        return this.#append(this.#popMarked());
      case op.SETITEM:
        return this.#setItems(this.#popSome(2));
      case op.SETITEMS:
        return this.#setItems(this.#popMarked());

      case op.MARK:
        return this.#marks.push(this.#stack.length);
      case op.POP:
        return this.#stack.length === this.#marks.at(-1) ? this.#marks.pop() : this.#popAny();
      case op.POP_MARK:
        return this.#popMarked();
      case op.DUP:
        return this.#push(this.#top());
      case op.BINPUT:
        return this.#memo.set(this.#byte(), this.#top());
      case op.LONG_BINPUT:
        return this.#memo.set(this.#length4(), this.#top());
      case op.MEMOIZE:
        return this.#memo.set(this.#memo.size, this.#top());
      case op.BINGET:
        return this.#recall(this.#byte());
      case op.LONG_BINGET:
        return this.#recall(this.#length4());

      case op.GLOBAL:
        return this.#name(this.#line(), this.#line());
      case op.STACK_GLOBAL:
        return this.#name(...this.#popSome(2));
      case op.REDUCE:
        return this.#reduce();
      default:
        refuse(op.REFUSED[opcode] ?? `the opcode 0x${opcode.toString(16)}`);
    }
  }

  // The bytes

  #take(count) {
    const at = this.#at;
    if (count > this.#bytes.length - at) throw new RangeError("a pickle that ends within a value");
    this.#at += count;
    return at;
  }

  #byte() {
    return this.#bytes[this.#take(1)];
  }

  #length4() {
    return this.#view.getUint32(this.#take(4), true);
  }

  #length8() {
    return Number(this.#view.getBigUint64(this.#take(8), true)); // a length that is not exact is longer than any message
  }

  #slice(count) {
    const at = this.#take(count);
    return this.#bytes.slice(at, at + count);
  }

  #text(count) {
    const at = this.#take(count);
    const short = count <= SHORT ? this.#ascii(at, count) : undefined;
    if (short !== undefined) return short;
    const bytes = this.#bytes.subarray(at, at + count);
    const text = utf8.decode(bytes);
    return text.includes("\ufffd") ? decodeSurrogates(bytes) : text;
  }

  /** Reads a short string, such as most keys, in less time than a decoder needs to start. Returns undefined if it is not ASCII. */
  #ascii(start, count) {
    let text = "";
    for (let at = start; at < start + count; at++) {
      const byte = this.#bytes[at];
      if (byte > 0x7f) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #line() {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new RangeError("a pickle that ends within a name");
    const text = this.#text(end - this.#at);
    this.#take(1);
    return text;
  }

  /** From two's complement, the lowest byte first. */
  #integer(count) {
    if (count > MAX_INTEGER_BYTES) throw new RangeError("an integer of too many digits");
    const bytes = this.#slice(count).reverse();
    const negative = bytes[0] >= 0x80;
    return narrow(integerOf(bytes) - (negative ? 1n << BigInt(8 * count) : 0n));
  }

  // The stack

  #push(value) {
    this.#stack.push(value);
  }

  #popAny() {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw new RangeError("a pickle that takes what it did not give");
    return this.#stack.pop();
  }

  #pop() {
    return this.#popSome(1)[0];
  }

  #top() {
    const value = this.#popAny();
    this.#push(value);
    return value;
  }

  #popSome(count) {
    const values = Array.from({ length: count }, () => this.#popAny()).reverse();
    return this.#asData(values);
  }

  #popMarked() {
    if (this.#marks.length === 0) throw new RangeError("a pickle that takes what it did not give");
    return this.#asData(this.#stack.splice(this.#marks.pop()));
  }

  #asData(values) {
    const maker = this.#named && values.find((value) => value instanceof Maker);
    if (maker) refuse(`the name ${maker.name}`);
    return values;
  }

  #recall(index) {
    if (!this.#memo.has(index)) throw new RangeError("a pickle that remembers what it did not give");
    this.#push(this.#memo.get(index));
  }

  // Lists, dictionaries and names

  #append(values) {
    const list = this.#top();
    if (!Array.isArray(list)) throw new TypeError("a pickle that appends to what is no list");
    for (const value of values) list.push(value);
  }

  #setItems(values) {
    const object = this.#top();
    if (Object.prototype.toString.call(object) !== "[object Object]" || object instanceof Maker || values.length % 2 === 1) {
      throw new TypeError("a pickle that sets items of what is no dictionary");
    }
    for (let at = 0; at < values.length; at += 2) {
      const key = values[at];
      // Its string could take any time to make: a short pickle can refer to the same tuple again and again.
      if (typeof key === "object" && key !== null) throw new TypeError("a dictionary with a key that is no text and no number");
      if (typeof key === "bigint" && (key >= MAX_KEY || key <= -MAX_KEY)) throw new RangeError("a dictionary with a key of more than 128 bits");
      set(object, String(key), values[at + 1]);
    }
  }

  #name(module, name) {
    const known = `${module === "__builtin__" ? "builtins" : module} ${name}`; // its name in Python 2
    if (!Object.hasOwn(MAKERS, known)) refuse(`the name ${module}.${name}`);
    this.#named = true;
    this.#push(new Maker(`${module}.${name}`, MAKERS[known]));
  }

  #reduce() {
    const [args] = this.#popSome(1);
    const maker = this.#popAny();
    const value = maker instanceof Maker && Array.isArray(args) ? maker.make(args, (text) => this.#latin1(text)) : undefined;
    if (value === undefined) refuse(maker instanceof Maker ? `a call of ${maker.name}` : "REDUCE");
    this.#push(value);
  }

  #latin1(text) {
    if (typeof text !== "string") return undefined;
    this.#convertible -= text.length;
    if (this.#convertible < 0 || /[^\0-\xff]/.test(text)) throw new RangeError("bytes that are none");
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }
}

/**
 * Returns the depth of a value, and traverses each list and each dictionary in it once.
 * @param {unknown} value
 * @param {Map<object, number>} known the traversed ones, with their depth
 * @param {number} most
 * @throws {RangeError} if it is more than `most`
 */
function heightOf(value, known, most) {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return 0;
  let height = known.get(value);
  if (height === undefined) {
    if (most === 0) throw tooDeep();
    known.set(value, 0); // a value that refers to itself is not traversed again
    height = 1;
    for (const inner of Array.isArray(value) ? value : Object.values(value)) height = Math.max(height, 1 + heightOf(inner, known, most - 1));
    known.set(value, height);
  }
  if (height > most) throw tooDeep();
  return height;
}

/** Reads UTF-8 with half surrogate pairs, as Python writes them into pickles. Other bytes become the replacement character. */
function decodeSurrogates(bytes) {
  let text = "";
  let start = 0;
  const upTo = (end) => (text += utf8.decode(bytes.subarray(start, end)));
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [second, third] = bytes.subarray(at + 1, at + 3);
    if (second >= 0xa0 && second < 0xc0 && third >= 0x80 && third < 0xc0) {
      upTo(at);
      text += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
      start = at + 3;
    }
  }
  upTo(bytes.length);
  return text;
}
