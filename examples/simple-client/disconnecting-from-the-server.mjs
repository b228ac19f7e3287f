// Seed 000, "Using the Simple Client": Disconnecting from the Server
// node simple-client/disconnecting-from-the-server.mjs http://localhost:5000
import { DisconnectedError, SimpleClient } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new SimpleClient();
await sio.connect(url);

await sio.disconnect();
console.log("connected:", sio.connected);

try {
  await sio.emit("my message", { foo: "bar" });
} catch (error) {
  console.log(error instanceof DisconnectedError, error.message);
}
