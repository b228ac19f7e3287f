// Seed 000, "Using the Event-Driven Client": TLS/SSL Support, first part: the certificate is verified
// node client/tls-support.mjs https://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "https://localhost:5000";
const sio = new Client();

try {
  await sio.connect(url);
  console.log("connected by TLS:", sio.connected);
} catch (error) {
  console.log(error.message);
}
await sio.disconnect();
