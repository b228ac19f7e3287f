// The declarations in pkg/types, read as text: what a user can name.
import { readFileSync, readdirSync } from "node:fs";

const FOLDER = new URL("../../pkg/types/", import.meta.url);

/** The exported classes, interfaces and constants: the name of each, and the lines that declare its members. */
export const DECLARED = readdirSync(FOLDER).flatMap((file) => {
  const source = readFileSync(new URL(file, FOLDER), "utf8");
  return [...source.matchAll(/^export (?:class|interface|const) (\w+)[^]*?\{\n([^]*?)^\}/gm)].map(([, name, body]) => [name, body]);
});

/** The names of the members that such lines declare. */
export function membersOf(body) {
  return [...new Set([...body.matchAll(/^ {2}(?:static |readonly |protected |get )*(\w+)\??[(<:]/gm)].map(([, member]) => member))];
}

const CODES = /^ {2}readonly code:([^;]*);/m;

/** The codes of all errors: those that the classes list, and that of the base class alone. */
export const ERROR_CODES = ["NOT_INITIALIZED", "EVENTS_MISSED", ...DECLARED.flatMap(([, body]) => [...(CODES.exec(body)?.[1] ?? "").matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code))];
