#!/usr/bin/env node
// npx socketio-wasm URL: built into dist/cli.mjs.
import { main } from "./main.mjs";

const exit = await main(process.argv.slice(2));
// What was written has to be out before the process ends; what is read from standard input must not keep it.
const written = (stream) => new Promise((resolve) => stream.write("", resolve));
await Promise.all([written(process.stdout), written(process.stderr)]);
process.exit(exit);
