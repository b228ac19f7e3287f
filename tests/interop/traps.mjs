// What the tests of the traps have in common: servers, and clients whose wire is listened to.
import { after, before, test } from "node:test";
import { IMPATIENT, UNHURRIED, newClient as newClientOf } from "../support/clients.mjs";
import { TestServer } from "../support/server.mjs";
import { listenIn } from "../support/wire.mjs";

export const newClient = (t, options) => newClientOf(t, { ...IMPATIENT, ...options });

/** python-socketio under uvicorn, as long as a file's tests run: for all traps that no option sets. */
export function serverOfFile() {
  const server = new TestServer("python", { port: 0 });
  before(() => server.start());
  after(() => server.kill());
  return server;
}

/** The same test over polling and over websocket. */
export function overEach(name, run) {
  for (const transport of ["polling", "websocket"]) test(`${name} (${transport})`, (t) => run(t, transport));
}

/**
 * A client, connected to a server, with its `wire` and, as they come, the arguments of each `disconnect`.
 * @param {import("node:test").TestContext} t
 * @param {TestServer} to
 * @param {string | string[]} transports
 * @param {object} [options] of connect(), and those of the client as `client`
 */
export async function connected(t, to, transports, { client: options, ...connect } = {}) {
  const wire = listenIn();
  const client = newClient(t, { engineLogger: wire, ...options });
  const losses = [];
  client.on("disconnect", (...why) => losses.push(why));
  await client.connect(to.url, { ...UNHURRIED, transports, ...connect });
  return { client, wire, losses };
}

/** Index of the first packet that begins so. */
export const place = (packets, beginning) => packets.findIndex((packet) => String(packet).startsWith(beginning));

/** How many PONGs were sent. */
export const heartbeats = (wire) => wire.sent.filter((packet) => packet === "3").length;
