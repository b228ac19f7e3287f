// Seed 000, "Using the Simple Client": Creating a Client Instance
// node simple-client/creating-a-client-instance.mjs http://localhost:5000
import { SimpleClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

// The context manager. From Node 24 on it can also be `await using sio = new SimpleClient();` at the top of a block.
const left = await SimpleClient.use(async (sio) => {
  await sio.connect(url);
  console.log("inside, connected:", sio.connected);
  return sio;
});
console.log("outside, connected:", left.connected);

// By hand.
const sio = new SimpleClient();
await sio.connect(url);
console.log("by hand, connected:", sio.connected);
await sio.disconnect();
