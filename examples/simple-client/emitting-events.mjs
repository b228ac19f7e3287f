// Seed 000, "Using the Simple Client": Emitting Events
// node simple-client/emitting-events.mjs http://localhost:5000
import { SimpleClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new SimpleClient();
await sio.connect(url);

await sio.emit("my message", { foo: "bar" });

// A str, bytes, dict or list in Python; and a tuple: several arguments.
await sio.emit("my message", "text");
await sio.emit("my message", new Uint8Array([1, 2, 3]));
await sio.emit("my message", ["one", "argument"]);
await sio.emit("my message", "two", "arguments");

// The server answers with the number of arguments that it received.
console.log("a list:", await sio.call("my message", ["one", "argument"]));
console.log("a tuple:", await sio.call("my message", "two", "arguments"));

await sio.disconnect();
