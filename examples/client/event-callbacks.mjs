// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Event Callbacks
// node client/event-callbacks.mjs http://localhost:5000
import { Client, tuple } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// In the seed, the handler gets a `sid`, too: that is how servers have it, clients never do.
sio.event(function my_event(data) {
  console.log("handling", data);
  return tuple("OK", 123); // an array would be one value
});

// This server emits what it was acknowledged with.
sio.on("acknowledged", (...answer) => {
  console.log("the server's callback got", answer);
  sio.emit("my message", { foo: "bar" }, callback);
});

// The other way round.
async function callback(...answer) {
  console.log("my callback got", answer);
  await sio.disconnect();
}

await sio.connect(url);
await sio.wait();
