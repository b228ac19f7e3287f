// Seed 000, "Using the Simple Client": TLS/SSL Support
// node simple-client/tls-support.mjs https://localhost:5000
import { SimpleClient } from "socketio-wasm";

const url = process.argv[2] ?? "https://localhost:5000";
const sio = new SimpleClient();

await sio.connect(url); // the server's certificate is verified; ../client/tls-*.mjs show how to change that
console.log("connected by TLS:", sio.connected);
await sio.disconnect();
