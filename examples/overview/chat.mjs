// Seed 004, "Getting Started": Examples. Both are servers; this is a client of them, which they leave to the reader.
// node overview/chat.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// A client for the first server, in its namespace /chat.
const chat = sio.of("/chat");
chat.on("connect", () => {
  console.log("connect", chat.namespace);
  chat.emit("chat message", "hello");
});
chat.on("reply", async () => {
  console.log("reply");
  await sio.disconnect();
});
chat.on("disconnect", () => console.log("disconnect", chat.namespace));

await sio.connect(url);
await sio.wait();

// A client for the second server.
await sio.connect(url, { namespaces: "/" });
sio.emit("my message", { foo: "bar" });
await sio.disconnect(); // emitted events arrive before the end
console.log("done");
