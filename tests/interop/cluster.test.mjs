// Clients of a cluster: each stays at its node, receives events from all nodes, and goes to the other node if its own dies.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, newClient } from "../support/clients.mjs";
import { Cluster, NODES } from "../support/cluster.mjs";
import { tap } from "../support/tap.mjs";
import { heard, until, within } from "../support/until.mjs";

const BYTES = Uint8Array.from({ length: 300 }, (_, index) => index);
const VALUES = ["Grüße, 世界 👋", { nested: [BYTES, null] }, new Uint8Array([0, 255])];

describe("a cluster of two nodes behind haproxy", { concurrency: 1 }, () => {
  const cluster = new Cluster();
  before(() => cluster.start());
  after(() => cluster.end());

  for (const [way, transports] of Object.entries(TRANSPORTS)) {
    describe(way, () => {
      /** Connects clients until there is one at each node. Returns them by the names of the nodes. */
      const connectBoth = async (t) => {
        const clients = {};
        await until("clients at both nodes", async () => {
          const client = newClient(t);
          await client.connect(cluster.url, { transports });
          await until(`the transport ${transports.at(-1)}`, () => client.transport() === transports.at(-1));
          const node = await client.call("node");
          t.diagnostic(`a client came to node ${node}`);
          clients[node] ??= client;
          return NODES.every((name) => name in clients);
        });
        await until("both nodes to hear each other", async () => (await cluster.joined()) === 2);
        return clients;
      };

      test("a client stays at its node", async (t) => {
        const clients = await connectBoth(t);
        for (const [node, client] of Object.entries(clients)) {
          for (let times = 0; times < 5; times += 1) assert.equal(await client.call("node"), node);
        }
      });

      test("the balancer's cookie goes with every request after the first", async (t) => {
        const wire = await tap(t, cluster.port);
        const client = newClient(t);
        await client.connect(wire.url, { transports });
        await until(`the transport ${transports.at(-1)}`, () => client.transport() === transports.at(-1));
        const cookie = `NODE=${await client.call("node")}`;
        const [first, ...others] = wire.requests().map(({ headers }) => headers.cookie);
        assert.equal(first, undefined);
        assert.deepEqual([...new Set(others)], transports[0] === "polling" ? [cookie] : []);
        assert.match(wire.answers()[0].headers["set-cookie"], new RegExp(`^${cookie};`));
      });

      test("an event for all from one node arrives at both", async (t) => {
        const clients = await connectBoth(t);
        for (const speaker of NODES) {
          const all = Object.values(clients).map((client) => heard(client, "shout"));
          clients[speaker].emit("shout", null, speaker, ...VALUES);
          assert.deepEqual(await Promise.all(all), [[speaker, ...VALUES], [speaker, ...VALUES]]);
        }
      });

      test("an event for a room from one node arrives at the members at the other node, and only there", async (t) => {
        const clients = await connectBoth(t);
        for (const member of NODES) {
          const speaker = NODES.find((name) => name !== member);
          await clients[member].call("join", `room of ${member}, ${way}`);
          const shouts = { [speaker]: [], [member]: [] };
          for (const name of NODES) clients[name].on("shout", (...args) => shouts[name].push(args));
          clients[speaker].emit("shout", `room of ${member}, ${way}`, "members", ...VALUES);
          clients[speaker].emit("shout", null, "the end");
          await until("the end at both nodes", () => NODES.every((name) => shouts[name].at(-1)?.[0] === "the end"));
          assert.deepEqual(shouts, { [speaker]: [["the end"]], [member]: [["members", ...VALUES], ["the end"]] });
        }
      });

      for (const dying of NODES) {
        test(`when node ${dying} is killed, its client reconnects to the other, sends its buffered events, and receives new ones`, async (t) => {
          const clients = await connectBoth(t);
          const other = NODES.find((name) => name !== dying);
          const [client, resident] = [clients[dying], clients[other]];
          const disconnected = heard(client, "disconnect");
          const connected = heard(client, "connect");
          await cluster.nodes[dying].kill();
          t.after(() => cluster.nodes[dying].start().then(() => cluster.whole()));
          assert.equal((await disconnected)[0], client.reason.TRANSPORT_ERROR);
          const buffered = client.call("node");
          const shout = [heard(client, "shout"), heard(resident, "shout")];
          client.emit("shout", null, "buffered", BYTES);
          await connected;
          assert.equal(await within("the answer to the buffered call", buffered), other);
          assert.deepEqual(await Promise.all(shout), [["buffered", BYTES], ["buffered", BYTES]]);
          const later = heard(client, "shout");
          resident.emit("shout", null, "welcome", ...VALUES);
          assert.deepEqual(await later, ["welcome", ...VALUES]);
          assert.equal(resident.connected, true);
        });
      }
    });
  }

  const withoutCookies = { ...IMPATIENT, credentials: "omit" };

  test("[SESSION_UNKNOWN] without cookies, polling fails with an error that names sticky sessions", async (t) => {
    const client = newClient(t, withoutCookies);
    // Other requests may make the balancer send all requests of an attempt to one node.
    const attempt = () => client.connect(cluster.url, { transports: ["polling"] });
    const error = await until("an attempt to fail", () => attempt().then(() => client.disconnect(), (error) => error));
    assert.deepEqual([error.name, error.code], ["ConnectionError", "SESSION_UNKNOWN"]);
    assert.match(error.message, /sticky/);
  });

  test("without cookies, a websocket connects: it stays at one node", async (t) => {
    const client = newClient(t, withoutCookies);
    await client.connect(cluster.url, { transports: ["websocket"] });
    assert.ok(NODES.includes(await client.call("node")));
  });
});
