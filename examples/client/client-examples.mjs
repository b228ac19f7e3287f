// Seed 002, "Getting Started": Client Examples. The one for asyncio is the same here: all handlers may be async functions.
// node client/client-examples.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

sio.event(function connect() {
  console.log("connection established");
});

sio.event(async function my_message(data) {
  console.log("message received with", data);
  sio.emit("my response", { response: "my response" });
});

sio.event(function disconnect() {
  console.log("disconnected from server"); // the server disconnects when it has the response
});

await sio.connect(url);
await sio.wait();
