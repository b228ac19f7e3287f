#!/usr/bin/env node
// npx socketio-wasm URL: built into dist/cli.mjs.
import { main } from "./main.mjs";

// What is read from standard input must not keep the process.
process.exit(await main(process.argv.slice(2)));
