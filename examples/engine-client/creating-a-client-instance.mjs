// Seed 003: Creating a Client Instance
// node engine-client/creating-a-client-instance.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

const eio = new EngineClient(); // for both of Python's classes: there is no blocking one here
console.log("state:", eio.state);

await eio.connect(url);
console.log("state:", eio.state);
await eio.disconnect();
