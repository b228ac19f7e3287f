// The server of every row, a process of its own: npm socket.io. Says {"port":N} on standard output; ends when its input closes.
//
// | event              | what the server does                                                                                 |
// |--------------------|------------------------------------------------------------------------------------------------------|
// | (connection)       | emits hello()                                                                                        |
// | m(payload)         | counts it                                                                                            |
// | mark()             | emits marked(how many m came so far)                                                                 |
// | echo(payload)      | acknowledges with the payload                                                                        |
// | reflect(payload)   | emits m(payload)                                                                                     |
// | flood([name, n, by]) | emits m(payload of that name) n times, so many in a tick, then flooded()                             |
// | flood-in-one-piece | the same over websocket, from bytes that were made beforehand: as fast as a client can read          |
// | ask([n, at once])  | asks for n acknowledgements of question(payload of 60 B), so many at once, then emits asked()        |
// | usage()            | acknowledges with the CPU time of this process in microseconds                                       |
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { setImmediate as tick } from "node:timers/promises";
import { PAYLOADS } from "./payloads.mjs";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));
const { Server } = require("socket.io");
const { Sender } = require("ws");

const http = createServer();
const io = new Server(http, { maxHttpBufferSize: 64 * 1024 * 1024, cors: {} });

function remembered(make) {
  const made = new Map();
  return (...key) => {
    const name = key.join();
    if (!made.has(name)) made.set(name, make(...key));
    return made.get(name);
  };
}

io.on("connection", (socket) => {
  let count = 0;
  socket.on("m", () => count++);
  socket.on("mark", () => socket.emit("marked", count));
  socket.on("echo", (payload, acknowledge) => acknowledge(payload));
  socket.on("reflect", (payload) => socket.emit("m", payload));
  socket.on("flood", async ([name, total, byTick]) => {
    const payload = PAYLOADS[name];
    for (let sent = 0; sent < total; sent += byTick) {
      for (let number = 0; number < byTick; number++) socket.emit("m", payload);
      await tick();
    }
    socket.emit("flooded");
  });
  socket.on("flood-in-one-piece", async ([name, total, byTick]) => {
    const tcp = socket.conn.transport.socket._socket;
    for (let sent = 0; sent < total; sent += byTick) tcp.write(framesOf(name, byTick)) || (await once(tcp, "drain"));
    socket.emit("flooded");
  });
  socket.on("ask", async ([total, atOnce]) => {
    let left = total;
    const one = async () => {
      while (left-- > 0) await socket.emitWithAck("question", PAYLOADS["60 B"]);
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    socket.emit("asked");
  });
  socket.on("usage", (acknowledge) => {
    const { user, system } = process.cpuUsage();
    acknowledge(user + system);
  });
  socket.emit("hello");
});

/** Returns the bytes of many events m, as this server would send them over a websocket. */
const framesOf = remembered((name, count) => {
  const text = Buffer.from("42" + JSON.stringify(["m", PAYLOADS[name]]));
  const frame = Sender.frame(text, { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true });
  return Buffer.concat(Array.from({ length: count }, () => frame).flat());
});

http.listen(0, "127.0.0.1", 4096, () => console.log(JSON.stringify({ port: http.address().port })));
process.stdin.on("end", () => process.exit()).resume();
