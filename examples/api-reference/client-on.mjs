// Seed 001, "Clients": on()
// node api-reference/client-on.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// A decorator in Python.
sio.on("connect", function connect_handler() {
  console.log("Connected!");
});

// As a method.
function message_handler(msg) {
  console.log("Received message:", msg);
  sio.send("response");
}
sio.on("message", message_handler);

sio.on("thanks", (data) => {
  console.log("the server has got", data);
  sio.emit("goodbye");
});

// The seed says that it takes no arguments. It receives the reason, in Python too.
sio.on("disconnect", (reason) => {
  console.log("Disconnected:", reason);
});

await sio.connect(url);
await sio.wait();
