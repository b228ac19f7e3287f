// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Disconnecting from the Server
// node client/disconnecting-from-the-server.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();
await sio.connect(url);
console.log("connected:", sio.connected);

await sio.disconnect();
console.log("connected:", sio.connected);
