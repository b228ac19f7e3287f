// The order in which transports and protocol versions are tried, and how often: servers that lack a transport, session ids that must be
// escaped in a URL, and failures whose reason the platform hides.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { newClient } from "../../support/clients.mjs";
import { bodyOf, listen } from "../../support/listen.mjs";
import { CONNECTED, open } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { trackedFetch } from "../../support/tracked-fetch.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");
const serveOld = createRequire(import.meta.url)("socket.io-2");

const ORDERS = [["polling", "websocket"], ["websocket", "polling"]];

for (const kind of SERVERS) {
  describe(`transports as an order of preference: ${kind}`, () => {
    for (const offered of ["polling", "websocket"]) {
      for (const order of ORDERS) {
        test(`${order.join(", ")} at a server with ${offered} alone: one attempt connects`, async (t) => {
          const server = await startServer(t, kind, { transports: [offered], ...(kind === "npm" && { allowUpgrades: false }) });
          const client = newClient(t);
          const failed = [];
          client.on("connect_error", (error) => void failed.push(error));
          await client.connect(server.url, { transports: order });
          assert.equal(client.transport(), offered);
          assert.deepEqual(failed, []);
          assert.equal(await client.call("echo", 1), 1);
          // The same on a reconnection.
          const again = heard(client, "connect");
          client.emit("close-engine");
          await again;
          assert.equal(client.transport(), offered);
          assert.equal(await client.call("echo", 2), 2);
        });
      }
    }

    test("websocket, polling at a server with both: the websocket carries every packet", async (t) => {
      const server = await startServer(t, kind);
      const fetch = trackedFetch();
      const client = newClient(t, { fetch });
      await client.connect(server.url, { transports: ["websocket", "polling"] });
      assert.equal(client.transport(), "websocket");
      assert.equal(await client.call("echo", 1), 1);
      assert.deepEqual(fetch.requests, []);
    });
  });
}

for (const order of ORDERS) {
  test(`${order.join(", ")}: if both fail, the error is the more specific one, and each was tried once`, async (t) => {
    const asked = [];
    const http = await listen(t, (request, response) => {
      asked.push("polling");
      response.writeHead(503).end("closed for the night");
    });
    http.on("upgrade", (request, socket) => {
      asked.push("websocket");
      socket.destroy();
    });
    const client = newClient(t);
    await assert.rejects(client.connect(http.url, { transports: order }), { code: "HTTP_STATUS", status: 503, body: "closed for the night" });
    assert.deepEqual(asked, order);
  });
}

describe("a session id", () => {
  const SIDS = ["a+b&c=d#e%f", "100%25", "?/\\ é世👋", "&sid=other"];

  for (const sid of SIDS) {
    test(`arrives at the server unchanged: ${sid}`, async (t) => {
      const wrong = [];
      const transports = new Set();
      // Accepts requests with this session id, exactly once in the query.
      const check = ({ url }) => {
        const { searchParams } = new URL(url, "http://peer");
        const sids = searchParams.getAll("sid");
        if (sids.length === 1 && sids[0] === sid) return transports.add(searchParams.get("transport"));
        wrong.push(url);
        return false;
      };
      let poll;
      const packets = [];
      const send = (packet) => {
        packets.push(packet);
        deliver();
      };
      const deliver = () => {
        if (!poll || packets.length === 0) return;
        poll.end(packets.splice(0).join("\x1e"));
        poll = undefined;
      };
      const http = await listen(t, async (request, response) => {
        if (!new URL(request.url, "http://peer").searchParams.has("sid")) return response.end(open({ sid, upgrades: ["websocket"] }));
        if (!check(request)) return response.writeHead(400).end('{"code":1,"message":"Session ID unknown"}');
        if (request.method === "GET") {
          poll = response;
          return deliver();
        }
        const body = await bodyOf(request);
        response.end("ok");
        if (body.startsWith("40")) send(CONNECTED);
      });
      new WebSocketServer({ server: http }).on("connection", (socket, request) => {
        if (!check(request)) return socket.close();
        socket.on("message", (message) => {
          const [, call] = /^42(\d+)/.exec(String(message)) ?? [];
          if (call) socket.send(`43${call}["here"]`);
          if (String(message) !== "2probe") return;
          socket.send("3probe");
          send("6");
        });
      });
      const client = newClient(t);
      await client.connect(http.url);
      await until("the upgrade", () => client.transport() === "websocket");
      assert.equal(await within("the answer", client.call("where")), "here");
      assert.equal(client.engineSid, sid);
      assert.deepEqual([wrong, [...transports].sort()], [[], ["polling", "websocket"]]);
    });
  }
});

/** Returns a `fetch` that fails without a message for every status but 200, as a browser's does across origins. */
function hidingFetch() {
  const fetch = fetcher();
  return trackedFetch(async (url, init) => {
    try {
      const response = await fetch(url, init);
      if (response.status === 200) return response;
    } catch {
      // Fails below.
    }
    throw new TypeError("");
  });
}

/** A WebSocket that fails without a reason, as a browser's does. */
class HiddenWebSocket {
  static asked = [];
  binaryType = "blob";
  bufferedAmount = 0;
  constructor(url) {
    HiddenWebSocket.asked.push(url);
    setTimeout(() => {
      this.onerror?.({ type: "error" });
      this.onclose?.({ type: "close", code: 1006, reason: "" });
    });
  }
  send() {}
  close() {}
}

const versionsOf = (requests) => requests.map(({ url }) => new URL(url).searchParams.get("EIO"));

describe("a failure that the platform hides", () => {
  test("is not followed by a request in another protocol version: each transport makes one request in an attempt", async (t) => {
    const http = await listen(t, (request, response) => response.writeHead(500).end());
    const fetch = hidingFetch();
    HiddenWebSocket.asked.length = 0;
    const client = newClient(t, { fetch, WebSocket: HiddenWebSocket });
    await assert.rejects(client.connect(http.url), { code: "UNREACHABLE" });
    assert.deepEqual(versionsOf(fetch.requests), ["4"]);
    assert.deepEqual(HiddenWebSocket.asked.map((url) => new URL(url).searchParams.get("EIO")), ["4"]);
  });

  test("is not followed by one with `retry` either, in any attempt", async (t) => {
    const http = await listen(t, (request, response) => response.writeHead(500).end());
    const fetch = hidingFetch();
    const client = newClient(t, { fetch });
    let attempts = 0;
    client.on("connect_error", () => void (attempts += 1));
    client.connect(http.url, { transports: "polling", retry: true }).catch(() => {});
    await until("four attempts", () => attempts >= 4);
    await client.disconnect();
    assert.ok(versionsOf(fetch.requests).every((version) => version === "4"), versionsOf(fetch.requests).join());
    assert.ok(fetch.requests.length <= attempts + 1, `${fetch.requests.length} requests in ${attempts} attempts`);
  });

  test("belongs to a request in version 3 of Engine.IO with `protocol: 4`", async (t) => {
    const http = await listen(t, (request, response) => response.writeHead(500).end());
    const fetch = hidingFetch();
    const client = newClient(t, { fetch });
    await assert.rejects(client.connect(http.url, { transports: "polling", protocol: 4 }), { code: "UNREACHABLE" });
    assert.deepEqual(versionsOf(fetch.requests), ["3"]);
  });

  test("does not keep a client from a server that was upgraded from Socket.IO 2: it asks in both versions in turn", async (t) => {
    const http = await listen(t, () => {});
    const old = serveOld(http);
    const fetch = hidingFetch();
    const client = newClient(t, { fetch });
    await client.connect(http.url, { transports: "polling" });
    assert.equal(client.transport(), "polling");
    const [lost, again] = [heard(client, "disconnect"), heard(client, "connect")];
    // The new server replaces the old one, and refuses the old version.
    http.removeAllListeners("request");
    const { Server } = createRequire(import.meta.url)("socket.io");
    const replaced = new Server(http);
    t.after(() => (old.engine.close(), replaced.close()));
    replaced.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
    http.closeAllConnections();
    await lost;
    const begin = fetch.requests.length;
    await again;
    const versions = versionsOf(fetch.requests.slice(begin).filter(({ url }) => !url.includes("sid=")));
    assert.ok(versions.includes("4") && versions.length <= 4, versions.join());
    assert.equal(await client.call("echo", 1), 1);
  });
});
