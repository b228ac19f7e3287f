// Seed 000, "Using the Simple Client": Receiving Events
// node simple-client/receiving-events.mjs http://localhost:5000
import { SimpleClient, TimeoutError } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new SimpleClient();
await sio.connect(url);

const event = await sio.receive();
console.log(`received event: "${event[0]}" with arguments`, event.slice(1));

// The same as an async iteration.
const [name, ...args] = await sio.receive();
console.log(`received event: "${name}" with arguments`, args);

// With a limit, in milliseconds; the server emits some more events, and then none.
let timeout = 5000;
for (;;) {
  try {
    const event = await sio.receive({ timeout });
    console.log("received event:", event);
    if (event[0] === "acknowledged") timeout = 200; // the last event: so the limit need not pass
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    console.log("timed out waiting for event");
    break;
  }
}

await sio.disconnect();
