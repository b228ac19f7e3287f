// Values as they are typed and shown. They are JSON, with binary data as {"$base64":"AQID"} or {"$file":"photo.png"}. The form is the same
// in both directions, so that one command can read the output of another. A whole argument may also be @photo.png.
//
// A server may send an object that looks like this form. It is shown with one more "$", which reading removes again. So
// data of a server never becomes the name of a file that is read.
import { readFileSync } from "node:fs";
import { UsageError } from "./exit.mjs";
import { counted } from "./text.mjs";

const BINARY = /^\$+(?:file|base64)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Returns the value of one argument: JSON, or @ and the path of a file, whose bytes are the value.
 * @throws {UsageError} for any other argument, and for a file that cannot be read
 */
export function valueOf(text) {
  if (text.startsWith("@")) return bytesOfFile(pathIn(text));
  return revived(parsed(text));
}

/** Returns the value of an auth: JSON, or @ and the path of a file with JSON. No error shows a part of it. */
export function jsonOf(text) {
  return parsed(text.startsWith("@") ? bytesOfFile(pathIn(text), "The file").toString("utf8") : text);
}

/** Returns the path of @path or @"a path with spaces". */
const pathIn = (text) => (text.startsWith('@"') ? String(parsed(text.slice(1))) : text.slice(1));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`A string of ${counted(text.length, "character")} is no JSON${placeIn(error)}. ${advice(text)}`);
  }
}

/** Returns the position at which a string is no JSON, if the error of JSON.parse has it. The rest of that message shows a part of the string, which may be a secret. */
export function placeIn({ message }) {
  const [, position] = / at position (\d+)/.exec(message) ?? [];
  return position === undefined ? "" : ` (it is wrong at position ${position})`;
}

const advice = (text) =>
  /^["[{]/.test(text.trim())
    ? "In a shell, put single quotes round the whole value"
    : `A string has double quotes of its own: "hello", in a shell '"hello"'`;

function bytesOfFile(path, called = `The file ${JSON.stringify(path)}`) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${called} cannot be read (${error.code})`);
  }
}

/**
 * Returns a JSON value with the binary data that it refers to.
 * @throws {UsageError} for a string that is not base64, a file that cannot be read, or values that are nested too deeply to be sent
 */
export function revived(value) {
  try {
    return withBinary(value);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError("A value is nested too deeply to be sent");
    throw error;
  }
}

function withBinary(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withBinary);
  const entries = Object.entries(value);
  const [[key, content] = []] = entries;
  if (entries.length !== 1 || !BINARY.test(key)) return Object.fromEntries(entries.map(([name, item]) => [name, withBinary(item)]));
  if (key.startsWith("$$")) return { [key.slice(1)]: withBinary(content) };
  if (typeof content !== "string") throw new UsageError(`{"${key}": …} must have a string: a path, or base64`);
  if (key === "$file") return bytesOfFile(content);
  if (!BASE64.test(content)) throw new UsageError('{"$base64": …} is no base64');
  return Buffer.from(content, "base64");
}

/** Writes binary data in the form that can be read again. */
export const inBase64 = (bytes) => `{"$base64":"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")}"}`;

/** The same for data that is already in a file. */
export const inFile = (path) => JSON.stringify({ $file: path });

/**
 * Returns the JSON of a received value.
 * @param {unknown} value
 * @param {(bytes: Uint8Array) => string} binary the JSON of binary data
 */
export function toJson(value, binary) {
  return written(value, binary, (entries) => (entries.length === 1 && BINARY.test(entries[0][0]) ? "$" : ""));
}

/**
 * The same for people.
 * @param {unknown} value
 * @param {(bytes: Uint8Array) => string} binary the shown form of binary data
 */
export function toWords(value, binary) {
  return written(value, binary, () => "");
}

// Without recursion, because a server may nest its values deeper than the stack.
function written(whole, binary, escape) {
  const texts = [];
  const waiting = [{ value: whole }]; // values, and strings between them, the next one last
  while (waiting.length > 0) {
    const { value, text = scalar(value, binary) } = waiting.pop();
    if (text !== undefined) {
      texts.push(text);
      continue;
    }
    const isArray = Array.isArray(value);
    const entries = isArray ? value.map((item) => ["", item]) : Object.entries(value);
    const mark = isArray ? "" : escape(entries);
    texts.push(isArray ? "[" : "{");
    waiting.push({ text: isArray ? "]" : "}" });
    for (let at = entries.length - 1; at >= 0; at -= 1) {
      const [name, item] = entries[at];
      waiting.push({ value: item }, { text: (at > 0 ? "," : "") + (isArray ? "" : `${JSON.stringify(mark + name)}:`) });
    }
  }
  return texts.join("");
}

/** Returns the JSON of a value that holds no others; undefined for others. */
function scalar(value, binary) {
  if (typeof value === "bigint") return String(value);
  if (ArrayBuffer.isView(value)) return binary(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value) ?? "null";
  return undefined;
}

/**
 * Splits a typed line at spaces, except those in a JSON string, array or object.
 * @example wordsIn('say "hello there" {"a": 1}') // ["say", '"hello there"', '{"a": 1}']
 */
export function wordsIn(line) {
  const words = [];
  let word = "";
  let depth = 0;
  let inText = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (!inText && depth === 0 && /\s/.test(character)) {
      if (word) words.push(word);
      word = "";
      continue;
    }
    word += character;
    if (inText && character === "\\") word += line[(at += 1)] ?? "";
    else if (character === '"') inText = !inText;
    else if (!inText && "[{".includes(character)) depth += 1;
    else if (!inText && "]}".includes(character)) depth -= 1;
  }
  return word ? [...words, word] : words;
}
