// Checks of the options that the facade reads itself; the core checks its own.
import { toError } from "./messages.js";

const KINDS = {
  signal: [(value) => typeof value?.addEventListener === "function" && typeof value.aborted === "boolean", "an AbortSignal"],
  timeout: [(value) => typeof value === "number" && value >= 0, "a number of milliseconds >= 0"],
  buffer: [(value) => typeof value === "boolean", "true or false"],
  volatile: [(value) => typeof value === "boolean", "true or false"],
  namespace: [(value) => typeof value === "string", 'a string that begins with "/"'],
  auth: [() => true],
};

/**
 * Returns the options as they are, or throws an InvalidArgumentError that names the one that is unknown or wrong.
 * @template {object} Options
 * @param {Options} options `undefined` stands for a value that was left out
 * @param {string[]} known the names that may be in it, each a key of KINDS
 * @returns {Options}
 */
export function checked(options, known) {
  if (typeof options !== "object" || options === null) throw toError("INVALID_OPTION", "options", options, "an object");
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) throw toError("INVALID_OPTION", name, value, "a known option");
    const [valid, expected] = KINDS[name];
    if (value !== undefined && !valid(value)) throw toError("INVALID_OPTION", name, value, expected);
  }
  return options;
}
