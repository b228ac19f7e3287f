// Seed 003: Sending Messages
// node engine-client/sending-messages.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const eio = new EngineClient();

// Inside a handler, as a response. The server sends everything back; its first message is "welcome".
let messages = 0;
eio.on("message", (data) => {
  console.log("the server says", data);
  messages += 1;
  if (messages === 5) eio.send("close");
});

await eio.connect(url);

eio.send({ foo: "bar" });

// A str, bytes or list in Python.
eio.send("text");
eio.send(new Uint8Array([1, 2, 3]));
eio.send(["a", "list"]);

await eio.wait();
