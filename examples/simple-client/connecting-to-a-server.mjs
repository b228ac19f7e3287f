// Seed 000, "Using the Simple Client": Connecting to a Server
// node simple-client/connecting-to-a-server.mjs http://localhost:5000
import { SimpleClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new SimpleClient();

await sio.connect(url); // first by polling, then by websocket
console.log("my sid is", sio.sid);
console.log("my transport is", sio.transport);
await sio.disconnect();

await sio.connect(url, { transports: ["websocket"] });
console.log("my sid is", sio.sid);
console.log("my transport is", sio.transport);
await sio.disconnect();
