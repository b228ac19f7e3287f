// Checks of the options of single calls.
import { toError } from "./messages.js";
import { withDefaults } from "./settings.js";

const flag = [(value) => typeof value === "boolean", "true or false"];

const KINDS = {
  signal: [(value) => typeof value?.addEventListener === "function" && typeof value.aborted === "boolean", "an AbortSignal"],
  timeout: [(value) => typeof value === "number" && value >= 0, "a number of milliseconds, 0 or more"],
  buffer: flag,
  volatile: flag,
  namespace: [(value) => typeof value === "string", 'a string that begins with "/"'],
  auth: [() => true],
};

/**
 * Returns the options, or throws an InvalidArgumentError that names the one that is unknown or wrong.
 * @param {object} options `undefined` stands for a value that was left out
 * @param {string[]} known the names that may be in it, each a key of KINDS
 */
export function checked(options, known) {
  if (options === undefined) throw toError("INVALID_OPTION", "options", options, "an object");
  return withDefaults(options, Object.fromEntries(known.map((name) => [name, KINDS[name]])));
}
