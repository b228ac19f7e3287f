// The same for Node, as one CommonJS file as in node.js; the module may lie on the disk.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { slimOf } from "../facade/slim.js";
import { platform } from "../platform/node/index.js";
import { BUILD, Core, initSync as initGlue } from "../wasm/slim/socketio_wasm.js";

export * from "../facade/index.js";

const beside = () => pathToFileURL(join(__dirname, "slim.wasm"));

/** Reads an address. A string without a scheme is a path; one letter is not a scheme, but a drive of Windows. */
function read(address) {
  const [scheme] = /^[a-z][a-z\d+.-]+:/i.exec(address) ?? [];
  if (scheme === undefined) return readFile(address);
  return scheme.toLowerCase() === "file:" ? readFile(new URL(address)) : fetch(address);
}

// The glue takes a module of its own realm only. A copy of a module belongs to the realm that makes the copy.
const instantiate = (module) => initGlue({ module: module instanceof WebAssembly.Module ? module : structuredClone(module) });

export const { init, initSync, Client } = slimOf({ BUILD, Core, instantiate }, platform, read, beside);
