// The option `tls`, checked and read: what node:tls takes, with the contents of files in place of their paths.
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { toError } from "../../facade/messages.js";
import { flag, withDefaults } from "../../facade/settings.js";

const isMaterial = (value) => typeof value === "string" || value instanceof Uint8Array || value instanceof URL;
const material = [(value) => [value].flat().every(isMaterial), "contents (PEM text or bytes), the path of a file, or an array of these"];

const TLS_OPTIONS = {
  ca: material,
  cert: material,
  key: material,
  pfx: material,
  passphrase: [(value) => typeof value === "string", "a string"],
  rejectUnauthorized: flag,
};

const MATERIALS = ["ca", "cert", "key", "pfx"];

/**
 * The options for node:tls; throws where a file cannot be read, or what it holds cannot be used: known at once, and not as a
 * failed connection.
 * @param {object | undefined} given as types/ has it
 * @returns {object | undefined}
 */
export function tlsOptions(given) {
  if (given === undefined) return undefined;
  const complete = Object.entries(withDefaults(given, TLS_OPTIONS, "tls")).filter(([, value]) => value !== undefined);
  const options = Object.fromEntries(complete.map(([name, value]) => [name, MATERIALS.includes(name) ? contents(name, value) : value]));
  unusable("tls", () => createSecureContext(options));
  return options;
}

const contents = (name, value) => (Array.isArray(value) ? value.map((part) => read(name, part)) : read(name, value));

function read(name, value) {
  const isContents = value instanceof Uint8Array || (typeof value === "string" && value.includes("-----BEGIN"));
  return isContents ? value : unusable(`tls.${name}`, () => readFileSync(value));
}

// The value itself is not shown: it may be a key.
function unusable(option, use) {
  try {
    return use();
  } catch (error) {
    throw toError("UNUSABLE_OPTION", option, error.message);
  }
}
