// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Debugging and Troubleshooting
// node client/debugging-and-troubleshooting.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

// To the console.
const sio = new Client({ logger: true, engineLogger: true });
await sio.connect(url);
await sio.disconnect();

// To an object of your own, with any of the methods debug, info, warn and error.
const lines = [];
const logger = { info: (...line) => lines.push(line) };
const other = new Client({ logger });
await other.connect(url);
await other.disconnect();
console.log("kept", lines);
