// A real Socket.IO server (npm socket.io) for all test suites: node tests/servers/npm.mjs ['{"port":0}']
//
// Prints {"port":N} on standard output when it listens on 127.0.0.1. Ends when standard input closes, or on SIGTERM.
// Options (JSON, as first argument or in SERVER_OPTIONS; python/serve.py takes the same; times in milliseconds):
//   port (0: any), pingInterval, pingTimeout, maxHttpBufferSize, transports, allowUpgrades,
//   serializer: "msgpack" (npm's socket.io-msgpack-parser); python also has "cbor", "pickle", and "pickle-2" to "pickle-5" by protocol
//   cors: the accepted origins, default any; a request from another origin is refused, also outside of browsers
//   tls: the files { cert, key, ca } of a server with TLS; with ca, clients must have a certificate that it signed
//   library (only here): the npm package, default "socket.io"; "socket.io-1" to "socket.io-3" are older versions
// Before Socket.IO 3 there is no auth: the query of the URL takes its place below.
//
// GET /hello answers "hello", from any origin.
//
// | namespace      | behaviour                                                                                             |
// |----------------|-------------------------------------------------------------------------------------------------------|
// | /, /chat       | the events below; / refuses with "not you" if auth.refuse is set                                      |
// | /early         | emits early(0), early(1), early(2) in its connect handler; otherwise as /chat                         |
// | /auth          | refuses with "wrong token" unless auth.token is "secret"; emits welcome(auth) in its connect handler  |
// | /refuse        | refuses with the message "no entry"                                                                   |
// | /slow          | accepts a client after 1.5 s (python only)                                                            |
// | /refuse-data   | refuses with the message "nope" and the data { code: 7 }                                              |
//
// | event from the client | what the server does                                                                           |
// |-----------------------|------------------------------------------------------------------------------------------------|
// | echo(...args)         | acknowledges with the same arguments                                                           |
// | echo-back(...args)    | emits echo-back(...args)                                                                       |
// | ask(...args)          | emits question(...args), to be acknowledged; then answered(...what the client acknowledged)    |
// | later(ms, value)      | acknowledges with the value after that time                                                    |
// | auth()                | acknowledges with the auth that the namespace's connect handler got                            |
// | burst(n)              | emits tick(0) … tick(n - 1) at once                                                            |
// | count(value)          | stores the value for the client's auth.id, across its connections                              |
// | counted(id)           | acknowledges with the list of the values stored for that id                                    |
// | left(sid)             | acknowledges with the reason for which that client was disconnected; "" if it is connected     |
// | connections(id, of)   | acknowledges with the number of connections that the namespace `of` had from that id           |
// | binary(list)          | acknowledges with the sizes in bytes of a list of binaries, then emits                         |
// |                       | binary({ list: the same reversed, nested: [{ first: the first }] })                            |
// | evaluate(expression)  | python only: acknowledges with the value of a python expression                                |
// | kick()                | disconnects this client from the namespace                                                     |
// | close-engine()        | closes the whole connection                                                                    |
// | never()               | nothing: it never acknowledges                                                                 |
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createRequire } from "node:module";
import { run } from "./run.mjs";

const { port = 0, cors, serializer, tls, library = "socket.io", ...options } = JSON.parse(process.argv[2] ?? process.env.SERVER_OPTIONS ?? "{}");

const require = createRequire(import.meta.url);
const socketIo = require(library);
const Server = socketIo.Server ?? socketIo; // the latter in 1 and 2

// The parser of the server itself, with a higher limit: its default is 10 attachments.
const parser = createRequire(import.meta.resolve(library))("socket.io-parser");
class Decoder extends parser.Decoder {
  constructor() {
    super({ maxAttachments: 1000 });
  }
}

const answer = (request, response) => {
  response.setHeader("access-control-allow-origin", "*");
  response.statusCode = request.url === "/hello" ? 200 : 404;
  response.end(request.url === "/hello" ? "hello" : "nothing here");
};
const files = Object.entries(tls ?? {}).map(([name, file]) => [name, readFileSync(file)]);
const http = tls ? createSecureServer({ ...Object.fromEntries(files), requestCert: Boolean(tls.ca) }, answer) : createServer(answer);

const io = new Server(http, {
  cors: { origin: cors ?? true, credentials: true },
  allowRequest: ({ headers: { origin } }, answer) =>
    cors && origin && !cors.includes(origin) ? answer(`${origin} is not an accepted origin.`, false) : answer(null, true),
  parser: serializer === "msgpack" ? require("socket.io-msgpack-parser") : { ...parser, Decoder },
  ...options,
});

const counted = new Map(); // auth.id: values
const reasons = new Map(); // sid: the reason of its end
const connections = new Map(); // auth.id and namespace: the number of connections

const authOf = ({ handshake }) => handshake.auth ?? handshake.query; // the latter in 1 and 2

function serve(socket) {
  const { id } = authOf(socket);
  const connection = `${id} ${socket.nsp.name}`;
  connections.set(connection, (connections.get(connection) ?? 0) + 1);
  const handlers = {
    echo: (...args) => args.pop()(...args),
    "echo-back": (...args) => socket.emit("echo-back", ...args),
    ask: (...args) => socket.emit("question", ...args, (...answer) => socket.emit("answered", ...answer)),
    later: (ms, value, answer) => setTimeout(answer, ms, value),
    auth: (answer) => answer(socket.handshake.auth),
    burst: (n) => Array.from({ length: n }, (_, index) => socket.emit("tick", index)),
    count: (value) => counted.set(id, [...(counted.get(id) ?? []), value]),
    counted: (of, answer) => answer(counted.get(of) ?? []),
    left: (sid, answer) => answer(reasons.get(sid) ?? ""),
    connections: (of, namespace, answer) => answer(connections.get(`${of} ${namespace}`) ?? 0),
    binary: (list, answer) => {
      answer(list.map((bytes) => (Buffer.isBuffer(bytes) ? bytes.length : -1)));
      socket.emit("binary", { list: list.toReversed(), nested: [{ first: list[0] }] });
    },
    kick: () => socket.disconnect(),
    "close-engine": () => socket.conn.close(),
    never: () => {},
  };
  for (const [event, handler] of Object.entries(handlers)) socket.on(event, handler);
  socket.on("disconnect", (reason) => reasons.set(socket.id, reason));
}

io.use((socket, next) => next(authOf(socket).refuse ? new Error("not you") : undefined));
io.on("connection", serve);
io.of("/chat").on("connection", serve);
io.of("/early").on("connection", (socket) => {
  serve(socket);
  for (const index of [0, 1, 2]) socket.emit("early", index);
});
io.of("/auth")
  .use((socket, next) => next(authOf(socket).token === "secret" ? undefined : new Error("wrong token")))
  .on("connection", (socket) => {
    serve(socket);
    socket.emit("welcome", authOf(socket));
  });
io.of("/refuse").use((socket, next) => next(new Error("no entry")));
io.of("/refuse-data").use((socket, next) => next(Object.assign(new Error("nope"), { data: { code: 7 } })));

run(http, port);
