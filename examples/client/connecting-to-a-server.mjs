// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Connecting to a Server
// node client/connecting-to-a-server.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

await sio.connect(url);
console.log("my sid is", sio.sid); // the id of Socket.IO; in Python's Client, `sid` is the id of Engine.IO, here `engineSid`
console.log("my transport is", sio.transport());
await sio.disconnect();
