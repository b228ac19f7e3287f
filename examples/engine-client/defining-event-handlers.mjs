// Seed 003: Defining Event Handlers
// node engine-client/defining-event-handlers.mjs http://localhost:5000
import { EngineClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const eio = new EngineClient();

eio.on("connect", function on_connect() {
  console.log("I'm connected!");
});

// Handlers may be async functions.
eio.on("message", async function on_message(data) {
  await eio.sleep(); // some work
  console.log("I received a message!", data);
  await eio.disconnect();
});

eio.on("disconnect", function on_disconnect(reason) {
  console.log("I'm disconnected! reason:", reason);
});

await eio.connect(url);
await eio.wait();

// All reasons of a disconnection, one after the other.
eio.on("message", () => {});
eio.on("disconnect", function on_disconnect(reason) {
  if (reason === eio.reason.CLIENT_DISCONNECT) {
    console.log("client disconnection");
  } else if (reason === eio.reason.SERVER_DISCONNECT) {
    console.log("the server kicked me out");
  } else {
    console.log(`disconnect reason: ${reason}`);
  }
});

await eio.connect(url);
await eio.disconnect();

await eio.connect(url);
eio.send("close"); // the server does as it is asked
await eio.wait();

await eio.connect(url);
await eio.disconnect({ reason: "tired of it" });
