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

/**
 * @typedef {object} Party
 * @property {(url: string, transports?: string[], prepare?: (client: object) => void) => Promise<object>} open a connected client;
 *   `prepare` gives it handlers before
 * @property {(client: object, event: string, argument?: unknown) => Promise<unknown>} call
 * @property {(client: object, event: string, answer: (argument: unknown) => unknown) => void} answer acknowledges what answer() returns
 * @property {(client: object) => number} pending what the client has not handed to its transport yet
 * @property {(client: object) => Promise<void> | void} close
 */

/** What is imported by each party, for the row that measures just that. */
export const ENTRIES = {
  ours: new URL("../../pkg/dist/node.mjs", import.meta.url).href,
  peer: entryOf("socket.io-client"),
  floor: new URL("../../pkg/node_modules/ws/wrapper.mjs", import.meta.url).href,
};

async function ours({ WebSocket }) {
  const { Client } = await import(ENTRIES.ours);
  return {
    async open(url, transports, prepare = () => {}) {
      const client = new Client({ reconnection: false, ...(WebSocket && { WebSocket }) });
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

async function peer({ WebSocket }) {
  if (WebSocket) globalThis.WebSocket = WebSocket; // which its transport for browsers takes when it is loaded
  const { io } = await import(ENTRIES.peer);
  const browsers = WebSocket && (await import(entryOf("engine.io-client"))).WebSocket;
  return {
    open(url, transports, prepare = () => {}) {
      const given = browsers ? [browsers] : transports;
      const socket = io(url, { ...(given && { transports: given }), forceNew: true, reconnection: false });
      prepare(socket);
      return new Promise((resolve, reject) => {
        socket.on("connect", () => resolve(socket));
        socket.on("connect_error", reject);
      });
    },
    call: (socket, event, argument) => (argument === undefined ? socket.emitWithAck(event) : socket.emitWithAck(event, argument)),
    answer: (socket, event, answer) => socket.on(event, (argument, acknowledge) => acknowledge(answer(argument))),
    pending: (socket) => socket.io.engine.writeBuffer.length,
    close(socket) {
      const { engine } = socket.io;
      const closed = engine.readyState === "closed" ? undefined : new Promise((resolve) => engine.once("close", resolve));
      socket.disconnect();
      return closed;
    },
  };
}

async function floor({ WebSocket }) {
  const { BarePolling, BareWs } = await import("./bare-node.mjs");
  const { BareWebSocket } = await import("./bare.mjs");
  const create = (transport) => (WebSocket ? new BareWebSocket() : transport === "polling" ? new BarePolling() : new BareWs());
  return {
    async open(url, [transport] = ["polling"], prepare = () => {}) {
      const client = create(transport);
      prepare(client);
      await client.open(url, WebSocket);
      return client;
    },
    call: (client, event, argument) => client.call(event, argument),
    answer: (client, event, answer) => client.on(event, answer),
    pending: () => 0,
    close: (client) => client.close(),
  };
}

/**
 * How to load each party, with a WebSocket class of one's own or without; the order is that of the turns.
 * @type {Record<string, (options: { WebSocket?: Function }) => Promise<Party>>}
 */
export const PARTIES = { ours, peer, floor };
