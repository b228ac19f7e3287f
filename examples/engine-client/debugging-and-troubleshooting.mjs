// Seed 003: Debugging and Troubleshooting
// node engine-client/debugging-and-troubleshooting.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

const eio = new EngineClient({ logger: true }); // to the console
await eio.connect(url);
await eio.disconnect();
