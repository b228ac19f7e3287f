// Seed 001, "Clients": event()
// node api-reference/client-event.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

sio.event(function my_event(data) {
  console.log("Received data:", data);
});

// Equivalent. Without off(), both handlers would be called.
sio.off("my_event");
sio.on("my_event", function my_event(data) {
  console.log("Received data:", data);
});

await sio.connect(url);
await sio.call("my message"); // answered after everything that the server emits by itself
await sio.disconnect();

// In a namespace.
sio.event(
  function my_event(data) {
    console.log("Received data in /test:", data);
  },
  { namespace: "/test" },
);

await sio.connect(url, { namespaces: "/test" });
await sio.of("/test").call("my message");
await sio.disconnect();
