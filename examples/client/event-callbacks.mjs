// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Event Callbacks
// node client/event-callbacks.mjs http://localhost:5000
import { Client, tuple } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// In the seed, the handler receives a `sid`, too. Only a server's handlers do; a client's never do.
sio.event(function my_event(data) {
  console.log("handling", data);
  return tuple("OK", 123); // an array would be one value
});

// This server emits the values of the acknowledgement.
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
