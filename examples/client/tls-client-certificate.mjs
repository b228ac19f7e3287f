// Seed 000, "Using the Event-Driven Client": TLS/SSL Support, fourth part: a certificate of the client
// node client/tls-client-certificate.mjs https://localhost:5000 /path/to/client/cert.pem /path/to/client/key.pem
import { Client } from "socketio-wasm";

const [url = "https://localhost:5000", cert = "/path/to/client/cert.pem", key = "/path/to/client/key.pem"] = process.argv.slice(2);

const sio = new Client({ tls: { cert, key } });
await sio.connect(url);
console.log("connected by TLS, with my certificate:", sio.connected);
await sio.disconnect();
