// How values look in messages for people.

/**
 * A text cut to a length, marked where it was cut.
 * @param {string} text
 * @param {number} length in UTF-16 code units
 */
export function shorten(text, length) {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/**
 * A short text that names any value; never throws, whatever the value's own methods do.
 * @param {unknown} value
 * @example show({ a: 1 }) // '{"a":1}'
 */
export function show(value) {
  try {
    if (typeof value === "function") return `the function ${String(value.name) || "(anonymous)"}`;
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "number") return String(value); // JSON has no NaN
    return shorten(JSON.stringify(value) ?? String(value), 100);
  } catch {
    return typeof value === "object" ? "[an object]" : "[a value]"; // even its tag may throw
  }
}

/** What was thrown, in words: its message, or itself. Never throws. */
export function wordsOf(thrown) {
  try {
    if (typeof thrown?.message === "string") return thrown.message;
  } catch {
    // It has none to be read.
  }
  return show(thrown);
}

/** The name of a method by which Node's `console.log` shows an object. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");
