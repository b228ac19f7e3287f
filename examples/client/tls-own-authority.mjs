// Seed 000, "Using the Event-Driven Client": TLS/SSL Support, third part: a bundle of authorities of your own
// node client/tls-own-authority.mjs https://localhost:5000 /path/to/ca.pem
import { Client } from "socketio-wasm";

const [url = "https://localhost:5000", ca = "/path/to/ca.pem"] = process.argv.slice(2);

const sio = new Client({ tls: { ca } });
await sio.connect(url);
console.log("connected by TLS, verified by my authority:", sio.connected);
await sio.disconnect();
