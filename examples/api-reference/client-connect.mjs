// Seed 001, "Clients": connect()
// node api-reference/client-connect.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

const sio = new Client();
await sio.connect(url);
console.log("connected:", sio.connected);
await sio.disconnect();
