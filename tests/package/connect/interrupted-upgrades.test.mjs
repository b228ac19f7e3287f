// Upgrades that break off or take long: the client does not poll without a pause meanwhile, and works afterwards.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import { IMPATIENT, UNHURRIED, newClient } from "../../support/clients.mjs";
import { bodyOf, listen } from "../../support/listen.mjs";
import { CONNECTED, open } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { until, within } from "../../support/until.mjs";

const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

/** Starts a proxy that cuts each websocket after its handshake, before the client has sent anything on it. `gets` counts the polls. */
async function cuttingProxy(t, port) {
  const proxy = { gets: 0, cuts: 0 };
  const sockets = new Set();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    let isWebSocket = false;
    near.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      isWebSocket ||= /^upgrade: websocket/im.test(text);
      if (!isWebSocket && text.startsWith("GET ")) proxy.gets += 1;
      // Nothing passes after the handshake.
      if (!isWebSocket || text.startsWith("GET ")) far.write(chunk);
    });
    far.on("data", (chunk) => {
      if (!isWebSocket) return near.write(chunk);
      proxy.cuts += 1;
      near.end(chunk);
      far.destroy();
    });
    for (const [end, other] of [[near, far], [far, near]]) {
      sockets.add(end);
      end.on("error", () => {}).on("close", () => isWebSocket || other.destroy());
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return Object.assign(proxy, { url: `http://127.0.0.1:${server.address().port}` });
}

for (const kind of SERVERS) {
  test(`${kind}: a websocket that is cut after its handshake costs few polls, and the client works again`, async (t) => {
    const server = await startServer(t, kind);
    const proxy = await cuttingProxy(t, server.port);
    const client = newClient(t, IMPATIENT);
    const begin = performance.now();
    await within("connect()", client.connect(proxy.url, UNHURRIED));
    await until("the cut", () => proxy.cuts > 0);
    // npm's server notices the cut. From then on python's answers each poll at once, with nothing in it.
    await until("an answer", () => client.call("echo", 1).then((value) => value === 1, () => false));
    const seconds = (performance.now() - begin) / 1000;
    assert.equal(client.transport(), "polling");
    // About 24 polls for the cut session, and two for each call.
    assert.ok(proxy.gets < 40 + 2 * seconds, `${proxy.gets} GETs in ${seconds} s`);
  });
}

test("an upgrade waits for a POST that takes longer than `requestTimeout`", async (t) => {
  const posts = [];
  let slow = false;
  let poll;
  let upgraded = false;
  let probing;
  const packets = [];
  const deliver = () => {
    if (!poll || packets.length === 0) return;
    poll.end(packets.splice(0).join("\x1e"));
    poll = undefined;
  };
  const http = await listen(t, async (request, response) => {
    if (!request.url.includes("sid=")) return response.end(open({ upgrades: ["websocket"] }));
    if (request.method === "GET") {
      poll = response;
      return deliver();
    }
    const body = await bodyOf(request);
    posts.push(body);
    if (body.startsWith("40")) packets.push(CONNECTED);
    if (slow) return void setTimeout(() => response.end("ok"), 2_000);
    response.end("ok");
    deliver();
  });
  new WebSocketServer({ server: http }).on("connection", (socket) => {
    socket.on("message", (message) => {
      if (String(message) === "5") upgraded = true;
      if (String(message) !== "2probe") return;
      probing = () => {
        socket.send("3probe");
        packets.push("6");
        deliver();
      };
    });
  });
  const client = newClient(t, { ...IMPATIENT, requestTimeout: 1_000 });
  const lost = [];
  client.on("disconnect", (reason) => void lost.push(reason));
  await client.connect(http.url, UNHURRIED);
  slow = true;
  client.emit("slow");
  await until("the slow POST", () => posts.length === 2);
  await until("the probe", () => probing);
  probing();
  await until("the upgrade", () => upgraded);
  assert.deepEqual([client.transport(), lost], ["websocket", []]);
});
