#!/usr/bin/env node
// npx socketio-wasm URL: built into dist/cli.mjs.
import { main } from "./main.mjs";

// A pending read of standard input must not keep the process alive.
process.exit(await main(process.argv.slice(2)));
