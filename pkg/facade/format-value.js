// How names and messages look in messages for people.
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

/** The name of an event, in quotes; what cannot be such a name is described, and not shown. */
export function showName(name) {
  if (typeof name === "string") return shorten(JSON.stringify(name), 100);
  return typeof name === "number" ? String(name) : kindOf(name);
}

/**
 * What may be shown of a wrong namespace: a query may hold a token, and what does not begin with "/" may be anything.
 * @param {unknown} namespace
 */
export function showNamespace(namespace) {
  if (typeof namespace !== "string" || !namespace.startsWith("/")) return kindOf(namespace);
  const [valid = ""] = /^\/[^,?\s\p{Cc}]*/u.exec(namespace) ?? [];
  return shorten(JSON.stringify(valid.length < namespace.length ? `${valid}…` : valid), 100);
}

/** The message of what was thrown, without secrets; its kind if it has none. Never throws. */
export function messageOf(thrown) {
  try {
    if (typeof thrown?.message === "string") return redacted(thrown.message);
  } catch {
    // It has none to be read.
  }
  return typeof thrown === "string" ? redacted(thrown) : kindOf(thrown);
}

/** The name of a method by which Node's `console.log` shows an object. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");
