// Seed 001, "Clients": the members that it describes without an example
// node api-reference/client-members.mjs http://localhost:5000
import { Client, TimeoutError } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";

const sio = new Client({
  reconnection: true,
  reconnectionAttempts: 0,
  reconnectionDelay: 1000, // all times are milliseconds
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
  logger: false,
  serializer: "default",
  json: JSON, // of this client alone; in Python, of all clients of the process
  handleSigint: true, // false unless asked for
  requestTimeout: 5000,
  websocketOptions: {}, // websocket_extra_options
  engineLogger: false,
});

await sio.connect(() => url, {
  headers: () => ({ "X-Example": "members" }),
  auth: async () => ({ token: "fresh" }),
  transports: ["polling", "websocket"],
  namespaces: ["/", "/chat"],
  path: "socket.io",
  wait: true,
  waitTimeout: 1000,
  retry: false,
});
console.log("connected, namespaces, transport():", sio.connected, sio.namespaces.size, sio.transport() !== "");
console.log("get_sid():", sio.getSid() === sio.sid, sio.getSid("/chat") === sio.namespaces.get("/chat"));

console.log("call():", await sio.with({ namespace: "/chat", timeout: 60_000 }).call("my message", "one", "two"));
try {
  await sio.timeout(200).call("never");
} catch (error) {
  console.log("call(), too late:", error instanceof TimeoutError, error.message);
}

// emit() with a callback, and send(), which emits the event "message".
sio.emit("my message", { foo: "bar" }, async (...answer) => {
  console.log("emit():", answer);
  sio.send("hello");
});
sio.on("thanks", async (data) => {
  console.log("send():", data);
  await sio.shutdown();
});
await sio.wait();
console.log("shutdown():", sio.connected);
