// Shared by the tests of server quirks: clients whose packets are recorded, and questions about the packets.
import { test } from "node:test";
import { IMPATIENT, UNHURRIED, newClient as newClientOf } from "../support/clients.mjs";
import { listenIn } from "../support/wire.mjs";

export const newClient = (t, options) => newClientOf(t, { ...IMPATIENT, ...options });

/** Defines the same test over polling and over websocket. */
export function overEach(name, run) {
  for (const transport of ["polling", "websocket"]) test(`${name} (${transport})`, (t) => run(t, transport));
}

/**
 * Connects a client to a server. `wire` records its packets, and `losses` the arguments of each `disconnect`.
 * @param {import("node:test").TestContext} t
 * @param {{ url: string }} to
 * @param {string | string[]} transports
 * @param {object} [options] of connect(), with the options of the client as `client`
 */
export async function connected(t, to, transports, { client: options, ...connect } = {}) {
  const wire = listenIn();
  const client = newClient(t, { engineLogger: wire, ...options });
  const losses = [];
  client.on("disconnect", (...args) => losses.push(args));
  await client.connect(to.url, { ...UNHURRIED, transports, ...connect });
  return { client, wire, losses };
}

/** Index of the first packet with this beginning. */
export const place = (packets, beginning) => packets.findIndex((packet) => String(packet).startsWith(beginning));

/** Number of PONGs that the client has sent. */
export const heartbeats = (wire) => wire.sent.filter((packet) => packet === "3").length;
