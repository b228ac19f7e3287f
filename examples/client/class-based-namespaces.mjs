// Seeds 000, "Using the Event-Driven Client", and 002, "The Socket.IO Client": Class-Based Namespaces
// node client/class-based-namespaces.mjs http://localhost:5000
import { Client, ClientNamespace } from "socketio-wasm";

const url = process.argv[2] ?? "http://localhost:5000";
const sio = new Client();

class MyCustomNamespace extends ClientNamespace {
  on_connect() {
    console.log("connected to", this.namespace);
  }

  on_disconnect(reason) {
    console.log("disconnected from", this.namespace, "reason:", reason);
  }

  async on_my_event(data) {
    this.emit("my_response", data); // to this namespace
  }

  on_thanks(data) {
    console.log("the server has got", data);
    this.disconnect();
  }

  on_my_message(data) {
    console.log("not reached: the function below comes first", data);
  }
}

sio.registerNamespace(new MyCustomNamespace("/chat"));

// A handler that `on` sets has priority over the class's method.
sio.on("my_message", (data) => console.log("my_message, by the function:", data), { namespace: "/chat" });

await sio.connect(url);
await sio.wait();

// A class for all namespaces without one. The seed registers the class above, but these methods receive the namespace first.
class AnyNamespace extends ClientNamespace {
  on_my_event(namespace, data) {
    this.of(namespace).emit("my_response", data);
  }

  on_thanks(namespace, data) {
    console.log("the server has got", data, "in", namespace);
    this.disconnect();
  }
}

sio.registerNamespace(new AnyNamespace("*"));

await sio.connect(url, { namespaces: "/test" });
await sio.wait();
