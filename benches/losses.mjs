// Counts how much of the sent data arrives, with this client and with socket.io-client: the same servers and five situations in one
// run. `make compare` runs it after a build and prints a table for the README.
import { createRequire } from "node:module";
import { Client } from "../pkg/dist/node.mjs";
import { TestServer } from "../tests/support/server.mjs";

// socket.io-client is installed beside the tests' servers.
const require = createRequire(new URL("../tests/package.json", import.meta.url));
const { io } = require("socket.io-client");
const versions = [require("../pkg/package.json"), require("socket.io-client/package.json")].map(({ name, version }) => `${name} ${version}`);

/** The clients behind one interface: connected to `url` as `id` over one transport. */
const CLIENTS = {
  "socketio-wasm": async (url, transport, id) => {
    const client = new Client();
    await client.connect(url, { transports: transport, auth: { id } });
    return {
      emit: (...args) => client.emit(...args),
      call: (...args) => client.timeout(5_000).call(...args),
      on: (event, handler) => client.on(event, handler),
      close: () => client.disconnect(),
    };
  },
  "socket.io-client": async (url, transport, id) => {
    const socket = io(url, { transports: [transport], auth: { id }, forceNew: true });
    await new Promise((resolve) => socket.once("connect", resolve));
    return {
      emit: (...args) => socket.emit(...args),
      call: (...args) => socket.timeout(5_000).emitWithAck(...args),
      on: (event, handler) => socket.on(event, handler),
      close: async () => socket.disconnect(),
    };
  },
};

let last = 0;

/** Returns the number of values that the server has counted for `id`, once it no longer grows. */
async function counted(url, id) {
  const observer = await CLIENTS["socketio-wasm"](url, "websocket", "observer");
  let before = -1;
  let values = [];
  while (values.length !== before) {
    before = values.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    values = await observer.call("counted", id);
  }
  await observer.close();
  return values.length;
}

const emitThenDisconnect = (transport) => async (open, url) => {
  const id = `client ${++last}`;
  const client = await open(url, transport, id);
  for (let number = 0; number < 5; number++) client.emit("count", number);
  await client.close();
  return `${await counted(url, id)} of 5`;
};

const burst = async (open, url) => {
  const client = await open(url, "polling", `client ${++last}`);
  const calls = Array.from({ length: 60 }, (_, number) => client.call("echo", number));
  const answered = (await Promise.allSettled(calls)).filter(({ status }) => status === "fulfilled").length;
  await client.close();
  return `${answered} of 60`;
};

const twoLargeOnes = async (open, url) => {
  const id = `client ${++last}`;
  const client = await open(url, "polling", id);
  for (let number = 0; number < 2; number++) client.emit("count", new Uint8Array(375_500));
  const arrived = await counted(url, id);
  await client.close();
  return `${arrived} of 2`;
};

const manyAttachments = async (open, url) => {
  const client = await open(url, "websocket", `client ${++last}`);
  let received = 0;
  let lost = 0;
  client.on("binary", ({ list }) => (received = list.length));
  client.on("disconnect", () => lost++);
  const twelve = Array.from({ length: 12 }, () => new Uint8Array(1));
  await client.call("binary", twelve).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 500));
  await client.close();
  return lost > 0 && received === 0 ? "connection lost" : `${received} of 12`;
};

const SITUATIONS = [
  ["5 events, then `disconnect()`, websocket, npm server", "npm", emitThenDisconnect("websocket")],
  ["5 events, then `disconnect()`, polling, npm server", "npm", emitThenDisconnect("polling")],
  ["60 calls in one tick, polling, python-socketio", "python", burst],
  ["2 events of 375,500 bytes in one tick, polling, npm server", "npm", twoLargeOnes],
  ["an event with 12 binary attachments from the npm server", "npm", manyAttachments],
];

console.log(`${versions.join(", ")}, Node ${process.version}\n`);
console.log(`| what arrives of | ${Object.keys(CLIENTS).join(" | ")} |\n|---|---|---|`);
for (const [name, kind, situation] of SITUATIONS) {
  const row = [];
  for (const open of Object.values(CLIENTS)) {
    const server = new TestServer(kind, { port: 0 });
    await server.start();
    try {
      row.push(await situation(open, server.url));
    } finally {
      await server.kill();
    }
  }
  console.log(`| ${name} | ${row.join(" | ")} |`);
}
process.exit(); // socket.io-client keeps reconnecting after its connection was lost
