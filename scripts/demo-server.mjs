// The server of the demo: an ordinary Socket.IO server (npm socket.io), which also serves the chat page.
//
//   node scripts/demo-server.mjs          PORT=3000, HOST=127.0.0.1, CHAT_LOG=<file>: set in the environment to change them
//                                         PAGE=<folder>: another page in place of www/
//
// The protocol:
//   /               hello(text) → hello(text) back;  add(a, b) is answered a + b;  binary({ name, bytes }) → the same, reversed;
//                   the server tells which rooms there are: rooms([{ name, people }])
//   /rooms/<name>   auth { name }: who comes in
//                   message({ id, name, text }) is answered { message } once it is written down, or { refused: why };
//                                 the others in the room get message(message)
//                   history({ after } or { before } or {}) is answered { log, last, messages }
//                   rename(name); the server tells who is there: people([name])

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { contentSecurityPolicy, serveFiles } from "./demo-files.mjs";
import { MessageLog } from "./demo-log.mjs";

// Only the demo and the tests need socket.io, which is installed with the tests.
const { Server } = createRequire(new URL("../tests/package.json", import.meta.url))("socket.io");

const WWW = fileURLToPath(new URL("../www", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../pkg/dist", import.meta.url));

const ROOM = /^\/rooms\/([\p{L}\p{M}\p{N}-]{1,40})$/u;
const PAGE_OF_HISTORY = 100; // messages in one answer
const MAX_TEXT = 4000;
const MAX_NAME = 40;
const MAX_ID = 64;

/**
 * Starts the server; resolved when it listens, rejected with an error whose message says what to do when it cannot.
 * `port` 0 takes a free one. `log` is the file of the messages; without it, a file in a
 * temporary folder that goes when the server is closed. `page` is the folder of the page.
 */
export async function startDemoServer({ port = 3000, host = "127.0.0.1", log, page = WWW } = {}) {
  const temporary = log === undefined ? mkdtempSync(join(tmpdir(), "socketio-wasm-chat-")) : undefined;
  const messages = new MessageLog(log ?? join(temporary, "messages.jsonl"));
  const http = createServer(
    serveFiles(
      { "/": page, "/socketio-wasm/": PACKAGE },
      {
        "content-security-policy": contentSecurityPolicy(join(page, "index.html")),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
      },
    ),
  );
  const io = new Server(http, { serveClient: false, cleanupEmptyChildNamespaces: true });
  serveLobby(io, serveRooms(io, messages));

  const close = async () => {
    await io.close(); // ends the connections, and the HTTP server with them
    messages.close();
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    await listen(http, port, host);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://${nameOf(host)}:${http.address().port}`, log: messages.path, close };
}

// Serves the default namespace: the Node demo client uses it, and pages receive the list of rooms from it.
function serveLobby(io, rooms) {
  io.on("connection", (socket) => {
    socket.emit("rooms", rooms());
    socket.on("hello", (text) => socket.emit("hello", `Hello from the server! You said: ${text}`));
    socket.on("add", (a, b, answer) => answer?.(a + b));
    socket.on("binary", (data) => {
      if (Buffer.isBuffer(data?.bytes)) socket.emit("binary", { name: data.name, bytes: Buffer.from(data.bytes).reverse() });
    });
  });
}

// Serves the rooms of the chat, each a namespace that exists while a person is in it. Returns a function that lists them.
function serveRooms(io, log) {
  const here = new Map(); // room → Set of sockets
  const list = () => {
    const names = new Set([...log.rooms(), ...here.keys()]);
    return [...names].sort().map((name) => ({ name, people: here.get(name)?.size ?? 0 }));
  };
  const rooms = io.of(ROOM);

  rooms.use((socket, next) => {
    socket.data.room = ROOM.exec(socket.nsp.name)[1];
    socket.data.name = textOf(socket.handshake.auth.name, MAX_NAME);
    next(socket.data.name === undefined ? new Error("A name is needed to come in.") : undefined);
  });

  rooms.on("connection", (socket) => {
    const { room } = socket.data;
    const sockets = here.get(room) ?? new Set();
    const tellPeople = () => socket.nsp.emit("people", [...sockets].map((one) => one.data.name).sort());
    const tellRooms = () => io.emit("rooms", list());

    here.set(room, sockets.add(socket));
    tellPeople();
    tellRooms();

    socket.on("disconnect", () => {
      sockets.delete(socket);
      if (sockets.size === 0) here.delete(room);
      tellPeople();
      tellRooms();
    });

    socket.on("rename", (name) => {
      socket.data.name = textOf(name, MAX_NAME) ?? socket.data.name;
      tellPeople();
    });

    socket.on("message", (data, answer) => {
      const message = {
        id: textOf(data?.id, MAX_ID),
        name: textOf(data?.name, MAX_NAME),
        text: textOf(data?.text, MAX_TEXT),
      };
      const wrong = Object.keys(message).find((key) => message[key] === undefined);
      if (wrong)
        return answer?.({ refused: `The ${wrong} of a message must be a string that is neither empty nor too long.` });

      let written;
      try {
        written = log.append(room, message);
      } catch (error) {
        console.error(`A message could not be written down: ${error.message}`);
        return; // no answer: the page stores the message and sends it again
      }
      if (written.isNew) {
        socket.broadcast.emit("message", written.message);
        if (written.message.seq === 1) tellRooms();
      }
      answer?.({ message: written.message }); // also to a message that is sent twice: its first answer was lost
    });

    socket.on("history", (range, answer) => {
      const last = log.last(room);
      const { after, before } = range ?? {};
      const messages = isNumber(after)
        ? log.after(room, after, PAGE_OF_HISTORY)
        : log.before(room, isNumber(before) ? before : last + 1, PAGE_OF_HISTORY);
      answer?.({ log: log.id, last, messages });
    });
  });

  return list;
}

// Returns a string without surrounding white space; undefined if it is no string, empty or too long.
function textOf(value, max) {
  const text = typeof value === "string" ? value.trim() : "";
  return text !== "" && text.length <= max ? text : undefined;
}

function isNumber(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

// Returns the address by which a browser on this machine reaches the server.
function nameOf(host) {
  if (["127.0.0.1", "0.0.0.0", "::1", "::"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function listen(http, port, host) {
  return new Promise((resolve, reject) => {
    http.once("error", (error) => {
      const next = port < 65535 ? port + 1 : port - 1;
      const why = {
        EADDRINUSE: `port ${port} is in use; choose another with PORT=${next} make demo`,
        EACCES: `port ${port} may not be used by this user; choose another with PORT=3001 make demo`,
        EADDRNOTAVAIL: `HOST=${host} is not an address of this machine`,
      }[error.code];
      reject(why ? new Error(why) : error);
    });
    http.listen(port, host, resolve);
  });
}

/** Returns the settings of the environment as options of `startDemoServer`. */
export function settings(environment) {
  const { PORT: port = "3000", HOST: host, CHAT_LOG: log, PAGE: page } = environment;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
    throw new Error(`PORT must be a number from 0 to 65535, not "${port}"`);
  return { port: Number(port), host: host || undefined, log: log || undefined, page: page || undefined };
}

/** Runs `stop` once when Ctrl-C or a service manager asks the process to end, and then ends it with 0. */
export function stopOnSignal(stop) {
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, async () => {
      if (stopping) return; // make passes Ctrl-C on, although the process has received it from the terminal
      stopping = true;
      await stop();
      process.exit(0);
    });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const server = await startDemoServer(settings(process.env));
    stopOnSignal(() => server.close());
    console.log(`The chat is at ${server.url} (messages in ${server.log})`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
