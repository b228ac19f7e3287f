// Seed 003: Connecting to a Server
// node engine-client/connecting-to-a-server.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const eio = new EngineClient();

await eio.connect(url);
console.log("my sid is", eio.sid);
await eio.disconnect();
