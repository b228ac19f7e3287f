// Makes the errors: the core, and the facade itself, report a code and its values; error-table.js says what they mean.
import { ERRORS, FAULTS, URL_FAULTS } from "./error-table.js";
import { errors } from "./errors.js";
import { messageOf, shorten, showName, showNamespace } from "./format-value.js";
import { describe, kindOf, redacted, urlShown, withoutSecrets } from "./redact.js";

// The options whose values are secrets, even if they are numbers.
const SECRET = /^(auth|headers|tls|proxy|websocketOptions)\b/;

// By code: the values that may be shown, in the error's fields and in its message. Values of options are never shown.
const SHOWN = {
  INVALID_URL: (url, why) => [urlShown(url) ?? kindOf(url), why],
  INVALID_OPTION: (option, value, expected) => [option, SECRET.test(option) ? kindOf(value) : describe(value), expected],
  INVALID_EVENT: (event) => [showName(event)],
  INVALID_ENGINE_EVENT: (event) => [showName(event)],
  INVALID_NAMESPACE: (namespace) => [showNamespace(namespace)],
  INVALID_NAMESPACE_CLASS: (value) => [kindOf(value)],
  INVALID_HANDLER: (handler) => [kindOf(handler)],
  // An error of a transport may contain the whole URL.
  UNREACHABLE: (transport, words, cause) => [transport, words && shorten(redacted(words), 500), withoutSecrets(cause)],
  SERIALIZER_UNAVAILABLE: (name, cause) => [name, withoutSecrets(cause)],
  MODULE_UNAVAILABLE: (cause) => [withoutSecrets(cause)],
};

// By code: what the message needs beside the fields.
const MESSAGE_ONLY = {
  INVALID_OPTION: (option, value, expected, advice) => ({
    form: expected === "a known option" ? "unknown" : option,
    advice: advice ?? "see the options in the documentation",
  }),
  // Chromium and Safari name the source that a policy lacks, Firefox says "blocked by CSP".
  MODULE_UNAVAILABLE: (cause) => ({
    advice:
      typeof WebAssembly === "undefined" || /unsafe-eval|CSP/.test(cause?.message)
        ? "; use a platform that has WebAssembly, and allow 'wasm-unsafe-eval' in a page's content security policy"
        : "",
  }),
};

// The formats of fields in a message.
const IN_MESSAGES = {
  cause: messageOf,
  event: showName,
  serializer: showName,
  text: showName,
  why: (why) => URL_FAULTS[why] ?? why,
  namespaces: (names) => Array.from(names ?? []).join(", ") || "any namespace",
};

// A peer's own message may be a whole page.
const QUOTED_LENGTH = 200;

function templateFor(message, fields) {
  if (typeof message === "string") return message;
  const value = fields[message.by];
  return Object.hasOwn(message.of, value) ? message.of[value] : message.else;
}

/** Fills the fields into the message of a row. Nothing may throw through the core: a field that cannot be shown gives the code. */
function messageFrom(code, message, fields) {
  const shown = (_, colon, name) => {
    const value = fields[name];
    if (colon && (value === undefined || value === "")) return "";
    const formatted = String(IN_MESSAGES[name]?.(value) ?? value);
    return colon ? `: ${name === "words" ? formatted : shorten(formatted, QUOTED_LENGTH)}` : formatted;
  };
  try {
    return templateFor(message, fields).replace(/\{(:?)(\w+)\}/g, shown);
  } catch {
    return code;
  }
}

function readIfJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// Class and row by code.
const ROWS = new Map(Object.entries(ERRORS).flatMap(([name, rows]) => Object.entries(rows).map(([code, row]) => [code, [errors[name], ...row]])));
const UNKNOWN = [errors.SocketIOError, "misuse", [], "Unexpected error"];

/**
 * Returns the error for a code.
 * @param {string} code one of the table
 * @param {...unknown} values in the order of the code's fields
 * @returns {import("./errors.js").SocketIOError}
 */
export function toError(code, ...values) {
  const [Class, fault, names, message] = ROWS.get(code) ?? UNKNOWN;
  const shown = SHOWN[code]?.(...values) ?? values;
  const fields = {};
  names.forEach((name, at) => shown[at] !== undefined && (fields[name] = shown[at]));
  const text = messageFrom(code, message, { ...fields, ...MESSAGE_ONLY[code]?.(...values) });
  if (fields.status !== undefined && fields.body) fields.data = readIfJson(fields.body);
  return new Class(text, { code, fault: fault === "by reason" ? (fields.cause?.fault ?? FAULTS[fields.reason] ?? "network") : fault, ...fields });
}

/**
 * Names the event in the error of a call, unless the error has it already: in its field `event` and at the end of its message.
 * @template Thrown
 * @param {Thrown} error
 * @param {unknown} event
 * @returns {Thrown} the same error
 */
export function ofEvent(error, event) {
  if (error instanceof errors.SocketIOError && !("event" in error)) {
    error.message += ` (event ${showName(event)})`;
    Object.assign(error, { event });
    // The stack of V8 holds the message.
    Error.captureStackTrace?.(error, ofEvent);
  }
  return error;
}
