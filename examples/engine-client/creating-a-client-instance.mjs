// Seed 003: Creating a Client Instance
// node engine-client/creating-a-client-instance.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

const eio = new EngineClient(); // replaces both classes of Python: there is no blocking client here
console.log("state:", eio.state);

await eio.connect(url);
console.log("state:", eio.state);
await eio.disconnect();
