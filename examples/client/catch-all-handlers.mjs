// Seed 000, "Using the Event-Driven Client": Catch-All Event and Namespace Handlers
// Seed 002, "The Socket.IO Client": Catch-All Event Handlers
// node client/catch-all-handlers.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// In the seed, these handlers receive a `sid`, too. Only a server's handlers do; a client's never do.
sio.on("*", async function any_event(event, data) {
  console.log("any event in /:", event, data);
  if (event === "acknowledged") await sio.disconnect(); // the last event that the server emits
});

sio.on(
  "my_event",
  function my_event_any_namespace(namespace, data) {
    console.log("my_event in", namespace, data);
  },
  { namespace: "*" },
);

sio.on(
  "*",
  async function any_event_any_namespace(event, namespace, data) {
    console.log("any event in any namespace:", event, namespace, data);
    if (event === "acknowledged") await sio.disconnect();
  },
  { namespace: "*" },
);

// Those of "*" are asked only for namespaces that have no handler at all: not for "/", which has one. Nor are they a reason to
// connect a namespace: that is why they are listed here.
await sio.connect(url, { namespaces: "/" });
await sio.wait();

await sio.connect(url, { namespaces: "/chat" });
await sio.wait();
