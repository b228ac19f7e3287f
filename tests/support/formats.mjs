// Python's readers and writers of the serializers' formats, in a process of their own: see formats.py.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { within } from "./until.mjs";

/** Starts Python and returns a function that sends it a request; the process ends with the tests. */
export function startPython(t) {
  if (!process.env.PYTHON) throw new Error("PYTHON is not set: run `source scripts/env.sh` first (after scripts/setup.sh)");
  const python = spawn(process.env.PYTHON, [fileURLToPath(new URL("formats.py", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => python.stdin.end());
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  return async (request) => {
    python.stdin.write(`${JSON.stringify(request)}\n`);
    return JSON.parse((await within("python's answer", lines.next())).value);
  };
}

const hexOf = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

/** Returns a string as its UTF-16 units in hex, high byte first. */
const utf16 = (text) => Buffer.from(text, "utf16le").swap16().toString("hex");

/** Describes a value with its types in Python. */
export function describe(value) {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return { int: String(value) };
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return { float: Number.isNaN(value) ? "nan" : bytes.toString("hex") };
  }
  if (typeof value === "string") return { text: utf16(value) };
  if (value instanceof Uint8Array) return { bytes: hexOf(value) };
  if (Array.isArray(value)) return value.map(describe);
  const entries = Object.entries(value).map(([key, item]) => [utf16(key), describe(item)]);
  return { dict: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Returns a function that returns random numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
