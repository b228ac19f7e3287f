// Clients of the installed package, and the table of servers and transports that they are tried against.
import { after, before, describe } from "node:test";
import { api } from "./installed.mjs";
import { SERVERS, startServer } from "./server.mjs";
import { LIMIT_MS, within } from "./until.mjs";

/** How to connect, by what happens: over which transports, the first of which opens. */
export const TRANSPORTS = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };

/** Options with which a client tries again at once, so that tests need not wait. */
export const IMPATIENT = { reconnectionDelay: 50, reconnectionDelayMax: 100, randomizationFactor: 0 };

/** Options of connect() with which it waits as long as a busy machine may take. */
export const UNHURRIED = { waitTimeout: LIMIT_MS };

/**
 * A client that is disconnected when the test ends.
 * @param {import("node:test").TestContext} t
 * @param {object} [options] of the client
 */
export function newClient(t, options = IMPATIENT) {
  const client = new api.Client(options);
  t.after(() => within("the client's disconnection", client.disconnect()));
  return client;
}

/**
 * Defines tests for every server and every way to connect; the server runs as long as they do.
 * @param {(way: { kind: string, transports: string[], url(): string, connect: Function }) => void} define
 *   calls `test`; `connect(t, options, prepare)` gives a connected client, to which `prepare` put handlers before
 */
export function everyWay(define) {
  for (const kind of SERVERS) {
    describe(kind, () => {
      let server;
      before(async () => {
        server = await startServer({ after: () => {} }, kind);
      });
      after(() => server.kill());
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
 * The values of several calls of an event's handler.
 * @param {{ on: Function }} client
 * @param {string} event
 * @param {number} count how many calls to wait for
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
