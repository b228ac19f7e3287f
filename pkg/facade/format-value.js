// Formats names and errors for messages.
import { kindOf, redacted } from "./redact.js";

/**
 * Cuts a string to a length, and marks where it was cut.
 * @param {string} text
 * @param {number} length in UTF-16 code units
 */
export function shorten(text, length) {
  if (text.length <= length) return text;
  // Half of a surrogate pair is no character.
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Returns the name of an event, in quotes; a description of a value that cannot be such a name. */
export function showName(name) {
  if (typeof name === "string") return shorten(JSON.stringify(name), 100);
  return typeof name === "number" ? String(name) : kindOf(name);
}

/**
 * Returns the part of a wrong namespace that may be shown: a query may contain a token, and a string that does not begin with "/" may be
 * anything.
 * @param {unknown} namespace
 */
export function showNamespace(namespace) {
  if (typeof namespace !== "string" || !namespace.startsWith("/")) return kindOf(namespace);
  const [valid = ""] = /^\/[^,?\s\p{Cc}]*/u.exec(namespace) ?? [];
  return shorten(JSON.stringify(valid.length < namespace.length ? `${valid}…` : valid), 100);
}

/** Returns the message of a thrown value, without secrets; a description of the value if it has none. Never throws. */
export function messageOf(thrown) {
  try {
    if (typeof thrown?.message === "string") return redacted(thrown.message);
  } catch {
    // The message cannot be read.
  }
  return typeof thrown === "string" ? redacted(thrown) : kindOf(thrown);
}

/** The name of the method that Node's `console.log` calls to show an object. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");
