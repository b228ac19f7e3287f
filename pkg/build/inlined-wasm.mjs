// Puts a module of wasm into a script as a string of ASCII that compresses almost as well as its bytes. Base64 cuts bytes at six bits,
// which hides from gzip and brotli what repeats: a download becomes a fifth larger. Here the most frequent byte values are one
// character each; every other value is one of a few leading characters and one more.
//
// Either form is a function that makes the bytes: a program that only imports the package makes none, and none stay in memory.
import { readFile } from "node:fs/promises";

// The characters that a string literal takes as they are: printable ASCII but for the quote and the backslash.
const CHARACTERS = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at)).filter((one) => one !== '"' && one !== "\\");

/** Number of characters that a second one follows. Two are enough for the values that have no character of their own. */
const LEADING = 2;
const SINGLE = CHARACTERS.slice(LEADING);

/**
 * Returns the source of a script whose default export returns a Uint8Array of these bytes.
 * @param {Uint8Array} bytes
 */
export function inlinedWasm(bytes) {
  const { frequent, rare } = split(bytes);
  const code = new Map();
  frequent.forEach((value, at) => code.set(value, SINGLE[at]));
  rare.forEach((value, at) => code.set(value, CHARACTERS[Math.floor(at / CHARACTERS.length)] + CHARACTERS[at % CHARACTERS.length]));
  const text = Array.from(bytes, (byte) => code.get(byte)).join("");
  return `export default () => {
const text = ${JSON.stringify(text)};
const characters = ${JSON.stringify(CHARACTERS.join(""))};
const isFrequent = ${JSON.stringify(bits(frequent))};
const frequent = [], rare = [];
for (let value = 0; value < 256; value++) (isFrequent.charCodeAt(value >> 2) >> (value & 3) & 1 ? frequent : rare).push(value);
const places = [];
for (let at = 0; at < characters.length; at++) places[characters.charCodeAt(at)] = at;
const bytes = new Uint8Array(${bytes.length});
for (let from = 0, to = 0; to < bytes.length; to++) {
  const place = places[text.charCodeAt(from++)];
  bytes[to] = place < ${LEADING} ? rare[place * characters.length + places[text.charCodeAt(from++)]] : frequent[place - ${LEADING}];
}
return bytes;
};
`;
}

/** Returns the same script with the bytes in base64: for Node, which does not download it, and for a build without this step. */
export function base64Wasm(bytes, isForBrowsers) {
  const text = JSON.stringify(Buffer.from(bytes).toString("base64"));
  const decoded = isForBrowsers ? `Uint8Array.from(atob(${text}), (character) => character.charCodeAt(0))` : `Buffer.from(${text}, "base64")`;
  return `export default () => ${decoded};\n`;
}

/** Returns the values of bytes in ascending order: the most frequent ones, as many as have a character of their own, and the others. */
function split(bytes) {
  const count = new Uint32Array(256);
  for (const byte of bytes) count[byte]++;
  const values = Array.from({ length: 256 }, (_, value) => value);
  const most = new Set(values.toSorted((one, other) => count[other] - count[one]).slice(0, SINGLE.length));
  return { frequent: values.filter((value) => most.has(value)), rare: values.filter((value) => !most.has(value)) };
}

/** Encodes a set of values: a character for each four values, from "@" on, with a bit for each value. */
function bits(values) {
  const has = new Set(values);
  const four = (from) => [0, 1, 2, 3].reduce((sum, bit) => sum | (Number(has.has(from + bit)) << bit), 0);
  return Array.from({ length: 64 }, (_, at) => String.fromCharCode(0x40 + four(4 * at))).join("");
}

/**
 * A plugin for esbuild: a script that imports a `.wasm` file gets a function that returns its bytes.
 * @param {(bytes: Uint8Array) => string} script
 */
export const wasmInlined = (script) => ({
  name: "wasm-inlined",
  setup: (building) => building.onLoad({ filter: /\.wasm$/ }, async ({ path }) => ({ contents: script(await readFile(path)), loader: "js" })),
});
