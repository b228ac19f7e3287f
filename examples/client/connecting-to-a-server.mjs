// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Connecting to a Server
// node client/connecting-to-a-server.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

await sio.connect(url);
console.log("my sid is", sio.sid); // that of Socket.IO; Python's Client has what is `engineSid` here
console.log("my transport is", sio.transport());
await sio.disconnect();
