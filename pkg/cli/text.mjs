// Texts that are safe to show: what a server sends may be meant for the terminal rather than for who reads it.
import util from "node:util";

// Control characters (those of terminals among them), invisible ones, such as those that turn the direction of writing, without which
// two texts would look the same, and separators of lines.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with each character that could do something written as \uXXXX: within JSON it means the same. */
export const clean = (text) => text.replace(UNSAFE, (character) => character.split("").map(escaped).join(""));

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

// What needs no quotes to be told from what follows it.
const SIMPLE = /^[^\s"'{}[\]@,]+$/;

/** The name of an event as it is shown and typed: in quotes where it has spaces or quotes of its own. */
export function quoted(name) {
  const text = String(name); // numbers are names, too
  return SIMPLE.test(text) && clean(text) === text ? text : JSON.stringify(text);
}

/** A function that colours text for a stream, or leaves it as it is where the stream shows no colours. */
export function painter(stream) {
  const { styleText } = util; // Node 20.12 or later
  const colours = styleText && stream.isTTY && stream.hasColors();
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

/** The address of a server, without the user, the password and the query that its URL may have. */
export function serverShown(url) {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** The beginning of a string that may be a whole page. */
export const shortened = (text, length = 200) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** Milliseconds in seconds, as people read them. */
export const seconds = (milliseconds) => `${Math.round(milliseconds) / 1000} s`;

/** A number and its noun. */
export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
