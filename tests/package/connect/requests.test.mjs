// The requests of a client: addresses, headers, sizes, and the user-supplied fetch, WebSocket and loggers that they go through.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { bodyOf } from "../../support/listen.mjs";
import { pollingPeer, websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { trackedFetch } from "../../support/tracked-fetch.mjs";
import { heard, until } from "../../support/until.mjs";

// Collects the requests that a peer gets, and the upgrades.
function recorded(peer) {
  const requests = [];
  peer.on("request", async (request) => requests.push(request));
  peer.on("upgrade", (request) => requests.push(request));
  return requests;
}

const PEERS = {
  polling: (t) => pollingPeer(t, (request, response) => request.method === "POST" && response.end("ok")),
  websocket: (t) => websocketPeer(t, () => {}),
};

for (const [transport, start] of Object.entries(PEERS)) {
  describe(transport, () => {
    test("uses the path /socket.io/, and keeps the query of the URL", async (t) => {
      const peer = await start(t);
      const requests = recorded(peer);
      const client = newClient(t);
      await client.connect(`${peer.url}?room=a%26b`, { transports: transport });
      for (const { url } of requests) {
        const { pathname, searchParams } = new URL(url, peer.url);
        assert.equal(pathname, "/socket.io/");
        assert.deepEqual([searchParams.get("room"), searchParams.get("EIO"), searchParams.get("transport")], ["a&b", "4", transport]);
      }
    });

    for (const path of ["/a/b", "a/b/"]) {
      test(`[K7] uses the path ${path}`, async (t) => {
        const peer = await start(t);
        const requests = recorded(peer);
        await newClient(t).connect(peer.url, { transports: transport, path });
        assert.equal(new URL(requests[0].url, peer.url).pathname, "/a/b/");
      });
    }

    test("[K3, P4] sends the headers with every request, and does not change the object", async (t) => {
      const peer = await start(t);
      const requests = recorded(peer);
      const headers = Object.freeze({ "X-Mine": "1", Cookie: "a=b" });
      const client = newClient(t);
      await client.connect(peer.url, { transports: transport, headers });
      await client.emit("x").drain();
      for (const request of requests) assert.deepEqual([request.headers["x-mine"], request.headers.cookie], ["1", "a=b"]);
    });

    test("calls a function for the headers of each attempt", async (t) => {
      const peer = await start(t);
      const requests = recorded(peer);
      const client = newClient(t);
      let attempt = 0;
      await client.connect(peer.url, { transports: transport, headers: async () => ({ "x-attempt": String((attempt += 1)) }) });
      await client.disconnect();
      await client.connect(peer.url, { transports: transport, headers: async () => ({ "x-attempt": String((attempt += 1)) }) });
      assert.equal(requests[0].headers["x-attempt"], "1");
      assert.equal(requests.at(-1).headers["x-attempt"], "2");
    });

    test("[P6] turns the user part of the URL into basic authentication", async (t) => {
      const peer = await start(t);
      const requests = recorded(peer);
      await newClient(t).connect(peer.url.replace("//", "//me:p%40ss@"), { transports: transport });
      for (const request of requests) assert.equal(request.headers.authorization, `Basic ${btoa("me:p@ss")}`);
    });

    test("accepts a ws:// address, and sends no Origin", async (t) => {
      const peer = await start(t);
      const requests = recorded(peer);
      await newClient(t).connect(peer.url.replace("http", "ws"), { transports: transport });
      for (const request of requests) assert.equal(request.headers.origin, undefined);
    });
  });
}

describe("over polling", () => {
  // python-engineio drops a POST with more than 16 packets; npm's engine.io has no limit.
  for (const [kind, posts] of [["npm", 1], ["python", 32]]) {
    test(`[M8] 500 emits of one tick arrive in order, in ${posts} POSTs to ${kind}`, async (t) => {
      const server = await startServer(t, kind);
      const fetch = trackedFetch();
      const client = newClient(t, { ...IMPATIENT, fetch });
      await client.connect(server.url, { transports: "polling", auth: { id: kind } });
      await client.call("echo", "after the CONNECT"); // the POST of the CONNECT may still be on its way
      const before = fetch.requests.length;
      for (let index = 0; index < 500; index += 1) client.emit("count", index);
      await client.drain();
      const made = fetch.requests.slice(before).filter(({ method }) => method === "POST");
      assert.equal(made.length, posts);
      const counted = () => client.call("counted", kind);
      const values = await until("all 500", async () => ((await counted()).length === 500 ? counted() : undefined));
      assert.deepEqual(values, Array.from({ length: 500 }, (_, index) => index));
    });
  }

  test("[M8] no request has more than maxPacketsPerPost packets, nor more bytes than the server accepts", async (t) => {
    const bodies = [];
    const peer = await pollingPeer(
      t,
      async (request, response) => {
        if (request.method === "GET") return;
        bodies.push(await bodyOf(request));
        response.end("ok");
      },
      { maxPayload: 1000 },
    );
    const client = newClient(t, { ...IMPATIENT, maxPacketsPerPost: 5 });
    await client.connect(peer.url, { transports: "polling" });
    for (let index = 0; index < 12; index += 1) client.emit("n", index);
    for (let index = 0; index < 4; index += 1) client.emit("large", "é".repeat(200));
    for (let index = 0; index < 2; index += 1) client.emit("binary", new Uint8Array(500));
    const packets = () => bodies.flatMap((body) => body.split("\x1e"));
    await until("all packets", () => packets().length === 20);
    for (const body of bodies) {
      assert.ok(Buffer.byteLength(body) <= 1000, `a body of ${Buffer.byteLength(body)} bytes`);
      assert.ok(body.split("\x1e").length <= 5);
    }
    assert.deepEqual(packets().slice(0, 12), Array.from({ length: 12 }, (_, index) => `42["n",${index}]`));
  });
});

describe("options", () => {
  test("[C9] a user-supplied fetch and WebSocket are used", async (t) => {
    const server = await startServer(t, "npm");
    const used = new Set();
    const fetch = (...request) => (used.add("fetch"), globalThis.fetch(...request));
    const { WebSocket: Own } = await import("../../../pkg/platform/node/websocket.js");
    class WebSocket extends Own {
      send(data) {
        used.add("WebSocket");
        super.send(data);
      }
    }
    const client = newClient(t, { ...IMPATIENT, fetch, WebSocket });
    await client.connect(server.url);
    await until("the upgrade", () => client.transport() === "websocket");
    assert.equal(await client.call("echo", 1), 1);
    assert.deepEqual([...used], ["fetch", "WebSocket"]);
  });

  test("`logger` and `engineLogger` each get the lines of their layer", async (t) => {
    const server = await startServer(t, "npm");
    const lines = { socket: [], engine: [] };
    const logger = (layer) => {
      const write = (...line) => lines[layer].push(line.map(String).join(" "));
      return { debug: write, info: write, warn: write, error: write };
    };
    const client = newClient(t, { ...IMPATIENT, logger: logger("socket"), engineLogger: logger("engine") });
    await client.connect(server.url);
    await client.call("echo", 1);
    assert.ok(lines.socket.length > 0 && lines.engine.length > 0, JSON.stringify(lines));
    assert.ok(lines.engine.some((line) => line.includes("engine")) && !lines.socket.some((line) => line.includes("engine")));
  });

  test("a logger that throws is reported, and the client goes on", async (t) => {
    const server = await startServer(t, "npm");
    const errors = [];
    globalThis.reportError = (error) => errors.push(error);
    const throwing = () => {
      throw new Error("full disk");
    };
    const logger = { debug: throwing, info: throwing, warn: throwing, error: throwing };
    const client = newClient(t, { ...IMPATIENT, logger, engineLogger: logger });
    t.after(() => delete globalThis.reportError); // after the client's disconnection, which is logged, too
    await client.connect(server.url);
    const back = heard(client, "echo-back");
    client.emit("echo-back", 1);
    assert.deepEqual(await back, [1]);
    assert.deepEqual(new Set(errors.map(({ message }) => message)), new Set(["full disk"]));
  });

  test("[E8] reason constants are on the class, the instance and the module", (t) => {
    assert.equal(api.Client.reason, api.reason);
    assert.equal(newClient(t).reason, api.reason);
  });
});
