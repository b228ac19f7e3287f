// The same for Node, as one CommonJS file as in node.js; the module may lie on the disk.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { slimOf } from "../facade/slim.js";
import { platform } from "../platform/node/index.js";
import { Core, initSync as instantiate } from "../wasm/slim/socketio_wasm.js";

export * from "../facade/index.js";

const beside = () => pathToFileURL(join(__dirname, "slim.wasm"));

const read = (address) => (String(address).startsWith("file:") ? readFile(new URL(address)) : fetch(address));

export const { init, initSync, Client } = slimOf({ Core, instantiate }, platform, read, beside);
