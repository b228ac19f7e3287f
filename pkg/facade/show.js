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
  if (typeof value === "function") return `the function ${value.name || "(anonymous)"}`;
  if (typeof value === "bigint") return `${value}n`;
  try {
    return shorten(JSON.stringify(value) ?? String(value), 100);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** The name of a method by which Node's `console.log` shows an object. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");
