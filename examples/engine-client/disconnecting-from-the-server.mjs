// Seed 003: Disconnecting from the Server
// node engine-client/disconnecting-from-the-server.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const eio = new EngineClient();
await eio.connect(url);

await eio.disconnect();
console.log("state:", eio.state);
