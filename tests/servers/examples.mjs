// The server that the clients in examples/ talk to (npm socket.io): node tests/servers/examples.mjs ['{"port":5000}']
//
// Prints {"port":N} on standard output when it listens on 127.0.0.1. Ends when standard input closes, or on SIGTERM.
// python/examples.py does the same with python-socketio.
//
// In the namespaces /, /chat and /test, each client that connects gets message("hello") and then, with { foo: "bar" } as argument,
// "my message", my_message, my_event and my_custom_event. The server emits the client's answer to my_event as acknowledged(...answer).
//
// | event from the client  | what the server does                                              |
// |------------------------|-------------------------------------------------------------------|
// | my message(...args)    | acknowledges with "OK" and the number of arguments                |
// | message(data)          | emits thanks(data)                                                |
// | my_response(data)      | emits thanks(data)                                                |
// | chat message(data)     | emits reply()                                                     |
// | my response(data)      | disconnects the client                                            |
// | goodbye()              | disconnects the client                                            |
// | crash()                | closes the whole connection                                       |
// | never()                | nothing: it never acknowledges                                    |
//
// The namespace /private refuses with "authentication failed".
import { createServer } from "node:http";
import { Server } from "socket.io";
import { run } from "./run.mjs";

const { port = 0 } = JSON.parse(process.argv[2] ?? "{}");

const http = createServer((request, response) => response.writeHead(404).end("nothing here"));
const io = new Server(http, { cors: { origin: true } });

function serve(socket) {
  const handlers = {
    "my message": (...args) => {
      const answer = args.at(-1);
      if (typeof answer === "function") answer("OK", args.length - 1);
    },
    message: (data) => socket.emit("thanks", data),
    my_response: (data) => socket.emit("thanks", data),
    "chat message": () => socket.emit("reply"),
    "my response": () => socket.disconnect(),
    goodbye: () => socket.disconnect(),
    crash: () => socket.conn.close(),
    never: () => {},
  };
  for (const [event, handler] of Object.entries(handlers)) socket.on(event, handler);

  const data = { foo: "bar" };
  socket.emit("message", "hello");
  socket.emit("my message", data);
  socket.emit("my_message", data);
  socket.emit("my_event", data, (...answer) => socket.emit("acknowledged", ...answer));
  socket.emit("my_custom_event", data);
}

for (const namespace of ["/", "/chat", "/test"]) io.of(namespace).on("connection", serve);
io.of("/private").use((socket, next) => next(new Error("authentication failed")));

run(http, port);
