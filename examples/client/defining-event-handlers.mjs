// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Defining Event Handlers
// node client/defining-event-handlers.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// Named after the function.
sio.event(function message(data) {
  console.log("I received a message!", data);
});

// Under another name.
sio.on("my message", function on_message(data) {
  console.log("I received a message!", data);
});

// Handlers may be async functions.
sio.event(async function my_message(data) {
  await sio.call("my message"); // some work
  console.log("I received a message!", data);
  await sio.disconnect();
});

await sio.connect(url);
await sio.wait();
