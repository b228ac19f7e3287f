// Seed 000, "Using the Simple Client": Debugging and Troubleshooting
// node simple-client/debugging-and-troubleshooting.mjs http://localhost:5000
import { SimpleClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

// The seed shows a Client here; a SimpleClient takes the same options. The lines go to the console.
const sio = new SimpleClient({ logger: true, engineLogger: true });
await sio.connect(url);
await sio.disconnect();
