// The three clients that are compared, in one shape. What `open` gives is the client's own object, so that a row calls `emit` and
// `on` as a user would; what differs by name is a function here.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../tests/package.json", import.meta.url));

/** The file that `import ... from` an installed package gives Node. */
function entryOf(name) {
  const manifest = require.resolve(`${name}/package.json`);
  return pathToFileURL(join(dirname(manifest), require(manifest).exports["."].import.node)).href;
}

/** What is imported by each party, for the row that measures just that. */
export const ENTRIES = {
  ours: new URL("../../pkg/dist/node.mjs", import.meta.url).href,
  peer: entryOf("socket.io-client"),
  floor: new URL("../../pkg/node_modules/ws/wrapper.mjs", import.meta.url).href,
};

async function ours() {
  const { Client } = await import(ENTRIES.ours);
  return {
    create: (options) => new Client(options),
    async open(url, transports, prepare = () => {}, options = {}) {
      const client = new Client({ reconnection: false, ...options });
      prepare(client);
      await client.connect(url, { transports });
      return client;
    },
    call: (client, event, argument) => (argument === undefined ? client.call(event) : client.call(event, argument)),
    answer: (client, event, answer) => client.on(event, answer),
    pending: (client) => client.bufferedAmount,
    close: (client) => client.disconnect(),
  };
}

async function peer() {
  const { io } = await import(ENTRIES.peer);
  return {
    create: (options) => io("http://127.0.0.1", { autoConnect: false, forceNew: true, ...options }),
    open(url, transports, prepare = () => {}, options = {}) {
      const socket = io(url, { transports, forceNew: true, reconnection: false, ...options });
      prepare(socket);
      return new Promise((resolve, reject) => {
        socket.on("connect", () => resolve(socket));
        socket.on("connect_error", reject);
      });
    },
    call: (socket, event, argument) => (argument === undefined ? socket.emitWithAck(event) : socket.emitWithAck(event, argument)),
    answer: (socket, event, answer) => socket.on(event, (argument, acknowledge) => acknowledge(answer(argument))),
    pending: (socket) => socket.io.engine.writeBuffer.length,
    close: (socket) => void socket.disconnect(),
  };
}

async function floor() {
  const { BarePolling, BareWebSocket } = await import("./bare.mjs");
  return {
    create: () => {},
    async open(url, [transport], prepare = () => {}) {
      const client = transport === "polling" ? new BarePolling() : new BareWebSocket();
      prepare(client);
      await client.open(url);
      return client;
    },
    call: (client, event, argument) => client.call(event, argument),
    answer: (client, event, answer) => client.on(event, answer),
    pending: () => 0,
    close: (client) => client.close(),
  };
}

/** How to load each party; the order is that of the turns. */
export const PARTIES = { ours, peer, floor };
