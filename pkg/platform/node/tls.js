// The option `tls`, checked and read: what node:tls takes, with the contents of files in place of their paths.
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { toError } from "../../facade/to-error.js";
import { flag } from "../../facade/option-table.js";
import { withDefaults } from "../../facade/settings.js";

const isMaterial = (value) => typeof value === "string" || value instanceof Uint8Array || value instanceof URL;
/** @type {import("../../facade/option-table.js").Option} */
const material = [(value) => [value].flat().every(isMaterial), "contents (PEM text or bytes), the path of a file, or an array of these"];

/** @satisfies {import("../../facade/option-table.js").OptionTable} */
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
  try {
    createSecureContext(options);
  } catch (error) {
    // OpenSSL's message shows no values; those of Node do.
    const why = /^ERR_INVALID_/.test(error.code) ? error.code : error.message;
    throw toError("UNUSABLE_OPTION", "tls", why);
  }
  return options;
}

const contents = (name, value) => (Array.isArray(value) ? value.map((part) => read(name, part)) : read(name, value));

function read(name, value) {
  const isContents = value instanceof Uint8Array || (typeof value === "string" && value.includes("-----BEGIN"));
  if (isContents) return value;
  try {
    return readFileSync(value);
  } catch (error) {
    // Not its message, which shows the path: that may be a key, given in another form than PEM.
    const why = error.code === "ENOENT" ? "no file has this path (ENOENT)" : `the file cannot be read (${error.code})`;
    throw toError("UNUSABLE_OPTION", `tls.${name}`, `it is taken for the path of a file, since it is neither PEM text nor bytes, and ${why}`);
  }
}
