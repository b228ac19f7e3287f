// Removes secrets from values, URLs and errors, because anybody may see an error or a log. The values of options and headers, the user and
// the password of a URL, and the values of its query are secrets, and are never shown.

const SCHEMES = ["http:", "https:", "ws:", "wss:"];

// The protocol's own names in a query, which identify the request and are not secret; a session id is.
const VISIBLE = ["transport", "EIO"];

const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/**
 * Describes a value without showing it. Never throws, whatever the value's own methods do.
 * @param {unknown} value
 * @example kindOf("secret") // "a string of 6 characters"
 */
export function kindOf(value) {
  if (value === undefined || value === null) return String(value);
  try {
    if (typeof value === "string") return value === "" ? "an empty string" : `a string of ${counted(value.length, "character")}`;
    if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${counted(value.length, "item")}`;
    if (typeof value !== "object") return `a ${typeof value}`;
    const [, tag] = /^\[object (\w{1,30})\]$/.exec(Object.prototype.toString.call(value)) ?? [];
    return tag === undefined || tag === "Object" ? "an object" : `an object (${tag})`;
  } catch {
    return "an object"; // such as a revoked Proxy
  }
}

/**
 * The same for a value that is no secret if it is a number or a boolean: it is shown then.
 * @example describe(-1) // "-1"
 */
export function describe(value) {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kindOf(value);
}

/**
 * Returns a URL without its user, its password and the values of its query; undefined if it is no URL of a server.
 * @param {string | URL} url
 * @param {string[]} [visible] the names of the query's values that are shown all the same
 * @example urlShown("http://me:secret@localhost:3000?token=secret") // "http://localhost:3000?token=…"
 */
export function urlShown(url, visible = []) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  if (!SCHEMES.includes(parsed.protocol)) return undefined;
  const path = parsed.pathname === "/" ? "" : parsed.pathname;
  const query = parsed.search.slice(1).split("&").filter(Boolean);
  const shown = query.map((pair) => {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    if (at < 0) return "…"; // it may be a value without a name
    return visible.includes(name) ? pair : `${name}=…`;
  });
  return `${parsed.protocol}//${parsed.host}${path}${shown.length > 0 ? `?${shown.join("&")}` : ""}`;
}

/** The same for the URL of a request, in a trace: which request it is can be seen. */
export const requestShown = (url) => urlShown(url, VISIBLE) ?? kindOf(url);

// The URLs in a message, each with the punctuation behind it.
const URLS = /\b((?:https?|wss?):\/\/[^\s"<>]+?)([)\]}.,;:!?'`]*)(?=[\s"<>]|$)/gi;

/**
 * Returns a message with its URLs shown as by `urlShown`, and without these secrets.
 * @param {string} text
 * @param {string[]} [secrets]
 */
export function redacted(text, secrets = []) {
  const shown = text.replace(URLS, (whole, url, tail) => `${urlShown(url) ?? "…"}${tail}`);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), shown);
}

// Errors may be the cause of each other in a circle.
const MOST_CAUSES = 10;

/**
 * Returns the error that was thrown; if it, or its cause, has a string with a URL or one of these secrets in it, an error in its place
 * that has the message and the code alone.
 * @param {unknown} thrown
 * @param {string[]} [secrets]
 */
export function withoutSecrets(thrown, secrets) {
  const clean = (text) => redacted(text, secrets);
  const isClean = (error, left) => {
    if (!(error instanceof Error) || left === 0) return true;
    // The stack begins with the message; else it has the URLs of scripts.
    const names = Object.getOwnPropertyNames(error).filter((name) => name !== "stack");
    const fields = names.map((name) => error[name]);
    return fields.flat().every((value) => (typeof value === "string" ? clean(value) === value : isClean(value, left - 1)));
  };
  try {
    if (typeof thrown === "string") return clean(thrown);
    if (isClean(thrown, MOST_CAUSES)) return thrown;
    const { message, name, code } = /** @type {any} */ (thrown);
    return Object.assign(new Error(clean(message)), { name, code });
  } catch {
    return new Error("an error that cannot be read");
  }
}
