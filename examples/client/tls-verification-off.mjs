// Seed 000, "Using the Event-Driven Client": TLS/SSL Support, second part: a self-signed certificate
// node client/tls-verification-off.mjs https://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "https://localhost:5000";

const sio = new Client({ tls: { rejectUnauthorized: false } }); // ssl_verify=False, and `verify` of the seed's session
await sio.connect(url);
console.log("connected by TLS, unverified:", sio.connected);
await sio.disconnect();
