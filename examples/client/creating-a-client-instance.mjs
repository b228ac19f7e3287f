// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Creating a Client Instance
// node client/creating-a-client-instance.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

const sio = new Client(); // replaces both classes of Python: there is no blocking client here
console.log("connected:", sio.connected);

await sio.connect(url);
console.log("connected:", sio.connected);
await sio.disconnect();
