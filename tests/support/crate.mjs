// The sources of the crate, read as text: what its users can name.
import { readFileSync, readdirSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url);

function read(folder) {
  const paths = readdirSync(new URL(folder, ROOT), { recursive: true }).filter((path) => path.endsWith(".rs"));
  return paths.map((path) => readFileSync(new URL(`${folder}/${path}`, ROOT), "utf8"));
}

/** The client for Rust. A macro has the methods that both builders share; they stand here as methods of each. */
export const client = read("src/client").map(withoutMacro).join("\n");

/** The client, and the machines, from which it exports some types. */
export const crate = [client, ...read("src/engine"), ...read("src/socket")].join("\n");

/** The tests of the client. */
export const tests = read("tests/wasm").join("\n");

/** Returns true if a type or a trait of this name is public. */
export function isPublic(type) {
  return new RegExp(`^pub (struct|enum|trait) ${type}\\b`, "m").test(crate);
}

function withoutMacro(source) {
  if (!source.includes("$builder")) return source;
  const methods = source.replaceAll(/^ {8}/gm, "");
  return ["ClientBuilder", "EngineClientBuilder"].map((builder) => methods.replaceAll("$builder", builder)).join("\n");
}
