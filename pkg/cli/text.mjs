// Makes strings safe to show: a server may send strings that control the terminal.
import util from "node:util";

// Control characters, including those of terminals; invisible characters, which would make two strings look the same or turn the
// direction of writing; and line separators.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Returns the string with each unsafe character written as \uXXXX, which means the same within JSON. */
export const clean = (text) => text.replace(UNSAFE, (character) => character.split("").map(escaped).join(""));

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

// A name that needs no quotes to be distinguished from the next word.
const SIMPLE = /^[^\s"'{}[\]@,]+$/;

/** Returns the name of an event as it is shown and typed: in quotes if it has spaces or quotes of its own. */
export function quoted(name) {
  const text = String(name); // numbers are names, too
  return SIMPLE.test(text) && clean(text) === text ? text : JSON.stringify(text);
}

/** Returns a function that colours output for a stream, or leaves it unchanged if the stream shows no colours. */
export function painter(stream) {
  const { styleText } = util; // Node 20.12 or later
  const colours = styleText && stream.isTTY && stream.hasColors();
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

/** Returns the address of a server, without the user, the password and the query of its URL. */
export function serverShown(url) {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** Returns the beginning of a string that may be a whole page. */
export const shortened = (text, length = 200) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** Formats milliseconds as seconds. */
export const seconds = (milliseconds) => `${Math.round(milliseconds) / 1000} s`;

/** Formats a number and its noun. */
export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
