// A real Engine.IO server (npm engine.io), without Socket.IO: node tests/servers/engine.mjs ['{"port":0}']
//
// Prints {"port":N} on standard output when it listens on 127.0.0.1. Ends when standard input closes, or on SIGTERM.
// Options (JSON, as first argument; python/engine.py takes the same; times in milliseconds): port (0: any), pingInterval,
// pingTimeout, maxHttpBufferSize; only here library: the npm package whose engine.io it uses, default "socket.io"; "socket.io-1" and
// "socket.io-2" speak Engine.IO 3. The path is /engine.io/.
//
// | message from the client | what the server does             |
// |-------------------------|----------------------------------|
// | "close"                 | closes the connection            |
// | "pings" (only here)     | sends the number of its pings    |
// | anything else           | sends the same back              |
//
// Each connection gets the message "welcome" first. GET /seen/<sid> answers the reason for which that connection ended, or null.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { run } from "./run.mjs";

const { port = 0, library = "socket.io", ...options } = JSON.parse(process.argv[2] ?? "{}");
const { Server } = createRequire(import.meta.resolve(library))("engine.io");
const seen = new Map(); // sid: the reason of its end
const http = createServer((request, response) => {
  const sid = request.url.match(/^\/seen\/(.*)/)?.[1];
  response.statusCode = sid === undefined ? 404 : 200;
  response.end(sid === undefined ? "nothing here" : JSON.stringify(seen.get(sid) ?? null));
});
const engine = new Server({ cors: { origin: true }, ...options });
engine.attach(http, { path: "/engine.io" });
engine.on("connection", (socket) => {
  socket.send("welcome");
  let pings = 0;
  socket.on("packet", ({ type }) => (pings += type === "ping"));
  socket.on("message", (data) => {
    if (data === "close") socket.close();
    else socket.send(data === "pings" ? String(pings) : data);
  });
  socket.on("close", (reason) => seen.set(socket.id, reason));
});

run(http, port);
