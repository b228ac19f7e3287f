// The number of round trips that connecting and calling take: the order of requests, and the time on a link with a latency.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { IMPATIENT, TRANSPORTS, UNHURRIED, newClient } from "../../support/clients.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { slowLink } from "../../support/slow-link.mjs";
import { trackedFetch } from "../../support/tracked-fetch.mjs";
import { LIMIT_MS, heard, until, within } from "../../support/until.mjs";

const ROUND_TRIP = 200;

/** Returns the requests in order, as their methods; a POST with its body. */
const orderOf = (requests) => requests.map(({ method, body }) => (method === "GET" ? "GET" : `POST ${body}`));

/**
 * Resolves to the least number of round trips that an action took. A busy machine only adds time, so the least counts. A try that is as
 * good as expected is the last one; otherwise tries go on for 30 s.
 */
async function leastOf(expected, measure) {
  const end = performance.now() + LIMIT_MS;
  let least = Infinity;
  while (least > expected + 0.5 && performance.now() < end) least = Math.min(least, (await measure()) / ROUND_TRIP);
  return least;
}

for (const kind of SERVERS) {
  describe(`${kind} over polling`, () => {
    test("a POST leaves before the poll of the same turn, with the CONNECT and with an event of a callback", async (t) => {
      const server = await startServer(t, kind);
      const fetch = trackedFetch(fetcher());
      const client = newClient(t, { ...IMPATIENT, fetch });
      await client.connect(server.url, { transports: "polling", ...UNHURRIED });
      assert.deepEqual(orderOf(fetch.requests.slice(0, 3)).map((request) => request.slice(0, 7)), ["GET", "POST 40", "GET"]);
      await until("the poll", () => fetch.open.length === 1);
      const begin = fetch.requests.length;
      // The answer comes with a poll, after the POST of the call has ended.
      const emitted = new Promise((resolve) => client.emit("later", 200, 1, () => resolve(client.emit("count", 1))));
      await within("the answer", emitted);
      await until("the poll", () => fetch.open.length === 1 && fetch.open[0].method === "GET");
      const order = orderOf(fetch.requests.slice(begin)).map((request) => request.slice(0, 7));
      assert.deepEqual(order, ["POST 42", "POST 42", "GET"]);
    });
  });

  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    // Over polling these are the handshake, and the CONNECT with the events behind its answer. A websocket has a handshake of its own.
    test(`${kind}, ${name}: the first event takes two round trips`, async (t) => {
      const server = await startServer(t, kind);
      const link = await slowLink(t, server.port, ROUND_TRIP / 2);
      const least = await leastOf(2, async () => {
        const client = newClient(t);
        const early = heard(client.of("/early"), "early");
        const begin = performance.now();
        const connecting = client.connect(link.url, { namespaces: "/early", transports, ...UNHURRIED });
        await early;
        const time = performance.now() - begin;
        await connecting;
        await client.disconnect();
        return time;
      });
      assert.ok(least < 2.9, `${least} round trips`);
    });

    test(`${kind}, ${name}: a call takes one round trip, also right after the answer of another call`, async (t) => {
      const server = await startServer(t, kind);
      const link = await slowLink(t, server.port, ROUND_TRIP / 2);
      const client = newClient(t);
      await client.connect(link.url, { transports, ...UNHURRIED });
      await until("the last transport", () => client.transport() === transports.at(-1));
      const least = await leastOf(1, async () => {
        await within("the answer", client.call("echo", 0));
        const begin = performance.now();
        await within("the answer", client.call("echo", 1));
        return performance.now() - begin;
      });
      assert.ok(least < 1.9, `${least} round trips`);
    });
  }
}
