// Writes src/tables.rs: what the Rust client shares with the facade of the npm package, from the tables in pkg/facade/.
//   node scripts/tables.mjs           writes the file
//   node scripts/tables.mjs --check   fails if the file is not what this script would write (`make lint`)
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as boundary from "../pkg/facade/boundary.js";
import { ERRORS, FAULTS, URL_FAULTS } from "../pkg/facade/error-table.js";
import { GROUPS, UNEMITTABLE_EVENTS } from "../pkg/facade/names.js";
import { CALL_TIMEOUT_MS, CLIENT_OPTIONS, CONNECT_OPTIONS, ENGINE_CONNECT_OPTIONS, LIMITS, SIMPLE_WAIT_TIMEOUT_MS } from "../pkg/facade/option-table.js";

const FILE = fileURLToPath(new URL("../src/tables.rs", import.meta.url));

// The errors of the Rust client that say the same as those of the npm package. The others have facts of their own, see client/error.rs.
const SHARED = [
  "INVALID_URL",
  "INVALID_NAMESPACE",
  "ALREADY_CONNECTED",
  "NOT_CONNECTED",
  "CONNECTING",
  "DISCONNECTED",
  "BUFFER_FULL",
  "EVENTS_MISSED",
  "NOT_SENT",
  "POSSIBLY_LOST",
  "BAD_NAMESPACE",
  "RECEIVE_TIMEOUT",
  "EMIT_TIMEOUT",
  "CALL_TIMEOUT",
  "CONNECT_TIMEOUT",
  "REFUSED",
  "UNREACHABLE",
  "HTTP_STATUS",
  "UNSUPPORTED_VERSION",
  "ORIGIN_REFUSED",
  "SESSION_UNKNOWN",
  "NOT_SOCKETIO",
  "REQUEST_TIMEOUT",
  "PREPARATION_TIMEOUT",
  "SOCKET_CLOSED",
  "EMPTY_POLLS",
  "OFFLINE",
  "SERVER_CLOSED",
  "PING_TIMEOUT",
  "PARSE_ERROR",
  "PAYLOAD_TOO_LARGE",
];

// The fields that Rust's messages need, with their types there.
const TYPES = {
  milliseconds: "u128",
  limit: "usize",
  size: "usize",
  events: "usize",
  status: "u16",
  closeCode: "u16",
  polls: "u32",
  namespaces: "&'a [String]",
  words: "Option<&'a str>",
  why: "&'a str",
};

// The names in the crate of options whose name is not the same in snake case.
const RENAMED = { namespaces: "namespace()", protocol: "revision()" };

// No Rust client has a proxy of its own.
const LEFT_OUT = { HTTP_STATUS: ["407"] };

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const pascal = (code) => code.toLowerCase().replace(/(^|_)(\w)/g, (_, __, letter) => letter.toUpperCase());
const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "_");
const text = (value) => JSON.stringify(value);

/** A message as the crate writes it: options in snake case, and a small letter at the beginning. */
function inRust(message) {
  const named = message
    .replace(/`(\w+)`/g, (_, option) => `\`${RENAMED[option] ?? `${snake(option)}()`}\``)
    .replace(/\b[a-z]+[A-Z]\w*(?=\(\))/g, snake);
  return named.replace(/^[A-Z](?=[a-z]|\b )/, (letter) => letter.toLowerCase());
}

/** The arguments of `write!` for a message. */
function written(message, fields) {
  const values = [];
  const format = inRust(message).replace(/\{(:?)(\w+)\}/g, (_, quoted, field) => {
    if (!fields.includes(field)) throw new Error(`${message}: there is no field ${field}`);
    const name = snake(field);
    if (quoted) values.push(`Quoted(${name}${TYPES[field]?.startsWith("Option") ? ".unwrap_or_default()" : ""})`);
    else if (field === "namespaces") values.push(`Listed(${name})`);
    else if (field === "event") return `{${name}:?}`;
    else return `{${name}}`;
    return "{}";
  });
  return [text(format), ...values].join(", ");
}

const fieldsOf = (message) => {
  const all = typeof message === "string" ? [message] : [...Object.values(message.of), message.else];
  const used = all.flatMap((one) => [...one.matchAll(/\{:?(\w+)\}/g)].map(([, field]) => field));
  return [...new Set([...(message.by ? [message.by] : []), ...used])];
};

const ROWS = Object.assign({}, ...Object.values(ERRORS));

const rows = SHARED.map((code) => {
  const [fault, , message] = ROWS[code];
  return { code, fault, message, fields: fieldsOf(message), variant: pascal(code) };
});

const pattern = ({ variant, fields }, used = fields) => {
  if (fields.length === 0) return `Self::${variant}`;
  const rest = used.length < fields.length ? [".."] : [];
  return `Self::${variant} { ${[...used.map(snake), ...rest].join(", ")} }`;
};

function displayArm({ code, message, ...row }) {
  if (typeof message === "string") return `${pattern({ ...row })} => write!(f, ${written(message, row.fields)}),`;
  const literal = { status: String, events: String, reason: text, words: () => "None" }[message.by];
  const cases = Object.entries(message.of).filter(([value]) => !LEFT_OUT[code]?.includes(value));
  const arms = cases.map(([value, one]) => `${literal(value)} => write!(f, ${written(one, row.fields)}),`);
  return `${pattern(row)} => match *${snake(message.by)} { ${arms.join(" ")} _ => write!(f, ${written(message.else, row.fields)}), },`;
}

function faultArm(row) {
  if (row.fault !== "by reason") return `${row.fields.length ? `Self::${row.variant} { .. }` : `Self::${row.variant}`} => Fault::${pascal(row.fault)},`;
  const arms = Object.entries(FAULTS).map(([reason, fault]) => [fault, `${text(reason)} => Fault::${pascal(fault)},`]);
  // The last one covers what is not a reason.
  const [last] = arms.pop();
  return `${pattern(row)} => match *reason { ${arms.map(([, arm]) => arm).join(" ")} _ => Fault::${pascal(last)}, },`;
}

const variants = rows.map(({ variant, fields }) => {
  const typed = fields.map((field) => `${snake(field)}: ${TYPES[field] ?? "&'a str"}`);
  return fields.length === 0 ? `${variant},` : `${variant} { ${typed.join(", ")} },`;
});

const constants = (values, type) => Object.entries(values).map(([name, value]) => `pub(crate) const ${name}: ${type} = ${value};`).join("\n");

// Name, type and value of each default.
const DEFAULTS = [
  ["reconnection", "bool", CLIENT_OPTIONS.reconnection],
  ["reconnectionAttempts", "u32", CLIENT_OPTIONS.reconnectionAttempts],
  ["reconnectionDelayMs", "u64", CLIENT_OPTIONS.reconnectionDelay],
  ["reconnectionDelayMaxMs", "u64", CLIENT_OPTIONS.reconnectionDelayMax],
  ["randomizationFactor", "f64", CLIENT_OPTIONS.randomizationFactor],
  ["requestTimeoutMs", "u64", CLIENT_OPTIONS.requestTimeout],
  ["highWaterMark", "usize", CLIENT_OPTIONS.highWaterMark],
  ["networkEvents", "bool", CLIENT_OPTIONS.networkEvents],
  ["credentials", "&str", CLIENT_OPTIONS.credentials],
  ["maxAttachments", "u32", LIMITS.maxAttachments],
  ["maxIdDigits", "u32", LIMITS.maxIdDigits],
  ["maxPacketSize", "usize", LIMITS.maxPacketSize],
  ["maxDepth", "u32", LIMITS.maxDepth],
  ["path", "&str", CONNECT_OPTIONS.path],
  ["enginePath", "&str", ENGINE_CONNECT_OPTIONS.path],
  ["waitTimeoutMs", "u64", CONNECT_OPTIONS.waitTimeout],
  ["simpleWaitTimeoutMs", "u64", [, , SIMPLE_WAIT_TIMEOUT_MS]],
  ["callTimeoutMs", "u64", [, , CALL_TIMEOUT_MS]],
];

const literal = (value) => (typeof value === "string" ? text(value) : number(value));
const defaults = DEFAULTS.map(([name, type, [, , value]]) => `pub(crate) const ${snake(name).toUpperCase()}: ${type} = ${literal(value)};`);

const source = `//! The values that the crate shares with the facade of the npm package. Written by scripts/tables.mjs from the tables in pkg/facade/: change those.

/// Default values of options.
pub(crate) mod defaults {
${defaults.join("\n")}
}

/// Events that cannot be emitted: the protocol, or the servers' own API, reserves their names.
pub(crate) const UNEMITTABLE_EVENTS: [&str; ${UNEMITTABLE_EVENTS.length}] = [${UNEMITTABLE_EVENTS.map(text).join(", ")}];

/// The groups of listeners that concern no single event, by namespace.
pub(crate) mod groups {
#![allow(dead_code, reason = "ENDED is for JavaScript alone")]

${constants(Object.fromEntries(Object.entries(GROUPS).map(([name, group]) => [name, text(group)])), "&str")}
}

/// The numbers by which the facade calls the core.
#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(crate) mod boundary {
#![allow(dead_code, reason = "the core covers some of them by a wildcard")]

${constants(boundary, "u8")}
}

/// The codes of errors, for which the facade has the messages.
#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(crate) mod codes {
#![allow(dead_code, reason = "the facade makes some of these errors itself")]

${constants(Object.fromEntries(Object.keys(ROWS).map((code) => [code, text(code)])), "&str")}
}

/// The faults that a URL can have.
pub(crate) mod url_faults {
${Object.entries(URL_FAULTS).map(([name, fault]) => `pub(crate) const ${name.toUpperCase()}: &str = ${text(inRust(fault))};`).join("\n")}
}

/// The faults and messages of the errors that both languages have.
pub(crate) mod errors {
use crate::client::Fault;
use core::fmt::{self, Display, Formatter};

/// An error of the table, with the fields that its message needs.
pub(crate) enum SharedError<'a> {
${variants.join("\n")}
}

impl SharedError<'_> {
/// Says whose doing it is.
pub(crate) fn fault(&self) -> Fault {
match self {
${rows.map(faultArm).join("\n")}
}
}
}

impl Display for SharedError<'_> {
fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
match self {
${rows.map(displayArm).join("\n")}
}
}
}

/// Names in a row.
struct Listed<'a>(&'a [String]);

impl Display for Listed<'_> {
fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
f.write_str(&self.0.join(", "))
}
}

/// The number of characters of a peer's own message that are shown: it may be a whole page.
const SHOWN_CHARACTERS: usize = 200;

/// A colon and the beginning of a peer's own message; nothing if there is none.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
match self.0.char_indices().nth(SHOWN_CHARACTERS) {
_ if self.0.is_empty() => Ok(()),
Some((end, _)) => write!(f, ": {}…", self.0.get(..end).unwrap_or_default()),
None => write!(f, ": {}", self.0),
}
}
}
}
`;

const config = fileURLToPath(new URL("../rustfmt.toml", import.meta.url));
const formatted = execFileSync("rustfmt", ["--edition", "2024", "--config-path", config, "--emit", "stdout"], { input: source, encoding: "utf8" });

if (!process.argv.includes("--check")) writeFileSync(FILE, formatted);
else if (readFileSync(FILE, "utf8") !== formatted) {
  console.error("tables: src/tables.rs is not up to date with pkg/facade/: run node scripts/tables.mjs");
  process.exitCode = 1;
}
