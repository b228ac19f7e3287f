// A real Engine.IO server (npm engine.io), without Socket.IO: node tests/servers/engine.mjs ['{"port":0}']
//
// Says {"port":N} on standard output once it listens on 127.0.0.1; ends when standard input closes, or on SIGTERM.
// Options (JSON, as first argument; python/engine.py takes the same; times in milliseconds): port (0: any), pingInterval,
// pingTimeout, maxHttpBufferSize; and here only library: the npm package whose engine.io it is, default "socket.io"; "socket.io-1" and
// "socket.io-2" are of Engine.IO 3. Served at /engine.io/.
//
// | message from the client | what the server does             |
// |-------------------------|----------------------------------|
// | "close"                 | closes the connection            |
// | "pings" (here only)     | sends how many pings it has got  |
// | anything else           | sends the same back              |
//
// Each connection gets the message "welcome" first; /seen/<sid> answers what became of that connection.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { port = 0, library = "socket.io", ...options } = JSON.parse(process.argv[2] ?? "{}");
const { Server } = createRequire(import.meta.resolve(library))("engine.io");
const seen = new Map(); // sid: why it ended
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

process.stdin.resume().on("end", () => process.exit());
process.on("SIGTERM", () => process.exit());
http.on("error", (error) => {
  console.error(`engine.mjs: cannot listen on port ${port}: ${error.message}`);
  process.exit(1);
});
http.listen(port, "127.0.0.1", () => console.log(JSON.stringify({ port: http.address().port })));
