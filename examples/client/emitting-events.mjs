// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Emitting Events
// node client/emitting-events.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// Inside a handler, as a response.
sio.on("my_event", (data) => {
  sio.emit("my_response", data);
});
sio.on("thanks", (data) => {
  console.log("the server has got", data);
});

await sio.connect(url);

sio.emit("my message", { foo: "bar" });
await sio.call("my message"); // answered after everything that the server emits by itself

// A str, bytes, dict or list in Python; and a tuple: several arguments.
sio.emit("message", "text");
sio.emit("message", new Uint8Array([1, 2, 3]));
sio.emit("message", ["a", "list"]);
sio.emit("my message", "two", "arguments", (...answer) => {
  console.log("the server has got two arguments:", answer);
});

await sio.call("my message"); // answered after all of the above
await sio.disconnect();
