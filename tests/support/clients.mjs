// Clients of the installed package, and the table of servers and transports for tests.
import { describe } from "node:test";
import { api } from "./installed.mjs";
import { SERVERS } from "./server.mjs";
import { sharedServer } from "./shared-server.mjs";
import { LIMIT_MS, within } from "./until.mjs";

/** The transports to connect over, the first of which opens the connection. */
export const TRANSPORTS = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };

/** Options with which a client reconnects at once, so that tests need not wait. */
export const IMPATIENT = { reconnectionDelay: 50, reconnectionDelayMax: 100, randomizationFactor: 0 };

/** Options with which connect() waits as long as a busy machine may take. */
export const UNHURRIED = { waitTimeout: LIMIT_MS };

/**
 * Makes a client that is disconnected when the test ends.
 * @param {import("node:test").TestContext} t
 * @param {object} [options] of the client
 */
export function newClient(t, options = IMPATIENT) {
  const client = new api.Client(options);
  t.after(() => within("the client's disconnection", client.disconnect()));
  return client;
}

/**
 * Defines tests for each server and each way to connect; the server runs as long as they do.
 * @param {(way: { kind: string, transports: string[], url(): string, connect: Function }) => void} define
 *   calls `test`; `connect(t, options, prepare)` resolves to a connected client, on which `prepare` has set handlers before
 */
export function everyWay(define) {
  for (const kind of SERVERS) {
    describe(kind, () => {
      const server = sharedServer(kind);
      for (const [name, transports] of Object.entries(TRANSPORTS)) {
        describe(name, () => {
          const connect = async (t, options = {}, prepare = () => {}) => {
            const client = newClient(t);
            prepare(client);
            await client.connect(server.url, { transports, ...options });
            return client;
          };
          define({ kind, transports, url: () => server.url, connect });
        });
      }
    });
  }
}

/**
 * Collects the arguments of several events.
 * @param {{ on: Function }} client
 * @param {string} event
 * @param {number} count the number of events to wait for
 * @returns {Promise<unknown[][]>} the arguments of each
 */
export function collect(client, event, count) {
  const calls = [];
  return within(
    `${count} events ${event}`,
    new Promise((resolve) => {
      client.on(event, (...args) => {
        if (calls.push(args) === count) resolve(calls);
      });
    }),
  );
}
