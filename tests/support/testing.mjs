// The server of socketio-wasm/testing, as users get it, and clients of it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { newClient, IMPATIENT } from "./clients.mjs";
import { folder } from "./installed.mjs";
import { within } from "./until.mjs";

/** The class of in-memory servers. */
export const { Server } = createRequire(join(folder, "commonjs.cjs"))("socketio-wasm/testing");

/**
 * Connects a client to an in-memory server, until the test ends.
 * @param {import("node:test").TestContext} t
 * @param {object} [options] of connect()
 * @param {object} [clientOptions] further options of the client
 * @returns {Promise<{ client: object, socket: object }>} both ends; the socket is that of the first namespace
 */
export async function connectTo(t, server, options = {}, clientOptions = IMPATIENT) {
  const client = newClient(t, { ...server.clientOptions, ...clientOptions });
  await client.connect(server.url, options);
  const [namespace = "/"] = [options.namespaces ?? "/"].flat();
  return { client, socket: await within("the socket", server.of(namespace).connection()) };
}

/**
 * Collects the messages of unhandled rejections until the test ends, in place of the test runner.
 * @param {import("node:test").TestContext} t
 * @returns {string[]}
 */
export function collectUnhandled(t) {
  const messages = [];
  const listeners = process.rawListeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", (error) => messages.push(error.message));
  t.after(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  });
  return messages;
}
