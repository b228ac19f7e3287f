// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Namespaces
// node client/namespaces.mjs http://localhost:5000
import { Client } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

// The seed says that this connects "/", too. It does not, in Python either: only listed namespaces are connected.
await sio.connect(url, { namespaces: ["/chat"] });
console.log("connected:", [...sio.namespaces.keys()]);
await sio.disconnect();

await sio.connect(url, { namespaces: ["/", "/chat"] });
console.log("connected:", [...sio.namespaces.keys()].sort());
await sio.disconnect();

sio.event(
  // In the seed, the handler receives a `sid`, too. Only a server's handlers do; a client's never do.
  function my_custom_event(data) {
    console.log("my_custom_event in /chat:", data);
  },
  { namespace: "/chat" },
);

sio.on(
  "connect",
  function on_connect() {
    console.log("I'm connected to the /chat namespace!");
  },
  { namespace: "/chat" },
);

// Without a list, the namespaces that have handlers are connected.
await sio.connect(url);

sio.of("/chat").emit("my message", { foo: "bar" });
console.log("answered in /chat:", await sio.with({ namespace: "/chat" }).call("my message", { foo: "bar" }));
console.log("connected:", [...sio.namespaces.keys()]);
await sio.disconnect();
