// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client":
// Connect, Connect Error and Disconnect Event Handlers
// node client/connect-and-disconnect-handlers.mjs http://localhost:5000
import { Client, ConnectionError } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client({ reconnectionDelay: 100 }); // milliseconds

sio.event(function connect() {
  console.log("I'm connected!");
});

sio.event(function connect_error(error) {
  console.log("The connection failed!", error.message);
});

sio.event(function disconnect(reason) {
  console.log("I'm disconnected! reason:", reason);
});

await sio.connect(url);
await sio.disconnect();

// A server that does not exist.
try {
  await sio.connect("http://127.0.0.1:1");
} catch (error) {
  console.log(error instanceof ConnectionError, error.code);
}

// A namespace that the server refuses with a reason.
const refused = new Client();
refused.event(
  function connect_error(error) {
    console.log("The connection failed!", error.data);
  },
  { namespace: "/private" },
);
try {
  await refused.connect(url);
} catch (error) {
  console.log(error instanceof ConnectionError, error.code);
}

// All reasons of a disconnection, one after the other. Without off(), the handler above would be called, too.
sio.off("disconnect");
sio.event(function disconnect(reason) {
  if (reason === sio.reason.CLIENT_DISCONNECT) {
    console.log("the client disconnected");
  } else if (reason === sio.reason.SERVER_DISCONNECT) {
    console.log("the server disconnected the client");
  } else {
    console.log("disconnect reason:", reason);
  }
});

await sio.connect(url);
await sio.disconnect();

let connections = 0;
sio.off("connect");
sio.event(function connect() {
  connections += 1;
  console.log("I'm connected!", connections === 1 ? "for the first time" : "again");
  sio.emit(connections === 1 ? "crash" : "goodbye"); // the server does as it is asked
});
await sio.connect(url);
await sio.wait(); // until the connection has ended for good
