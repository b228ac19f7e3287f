// Reused connections in Node: a server or a balancer may close an idle connection at the moment when the client uses it again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { connect, createServer } from "node:net";
import { describe, test } from "node:test";
import { Server as ProxyServer } from "proxy-chain";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { Routes } from "../../../pkg/platform/node/routes.js";
import { ca } from "../../support/certificates.mjs";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { listenTls } from "../../support/listen-tls.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until, within } from "../../support/until.mjs";

const METHODS = { GET: {}, POST: { method: "POST", body: "x" } };

/** Ways in which a server closes a connection on which a request arrives. */
const CLOSINGS = {
  "with a reset": (socket) => socket.resetAndDestroy(),
  "gracefully": (socket) => socket.end(),
  "at once": (socket) => socket.destroy(),
};

/**
 * Starts a server that answers the first request of each connection, and closes the connection at the second one. `ports` has the
 * client's port of each request.
 */
async function closingServer(t, close, answer = (response) => response.end("here")) {
  const ports = [];
  const server = await listen(t, (request, response) => {
    const { socket } = request;
    const isReused = ports.includes(socket.remotePort);
    ports.push(socket.remotePort);
    if (isReused) close(socket, response);
    else request.resume().on("end", () => answer(response));
  });
  return Object.assign(server, { ports });
}

const textOf = async (fetch, url, init) => (await fetch(url, init)).text();

for (const [method, init] of Object.entries(METHODS)) {
  for (const [closing, close] of Object.entries(CLOSINGS)) {
    test(`a ${method} on a connection that the server closes ${closing} at this moment is repeated on a new one`, async (t) => {
      const server = await closingServer(t, close);
      const fetch = fetcher({ routes: new Routes() });
      assert.equal(await textOf(fetch, server.url, init), "here");
      assert.equal(await textOf(fetch, server.url, init), "here");
      const [first, second, third] = server.ports;
      assert.equal(first, second);
      assert.notEqual(second, third);
      assert.equal(server.ports.length, 3);
    });
  }

  test(`a ${method} is repeated on a new connection, although others are idle`, async (t) => {
    const waiting = [];
    const server = await closingServer(t, (socket) => socket.destroy(), (response) => waiting.push(response));
    const fetch = fetcher();
    const pending = Array.from({ length: 3 }, () => textOf(fetch, server.url, init));
    await until("three requests", () => waiting.length === 3);
    for (const response of waiting.splice(0)) response.end("here");
    await Promise.all(pending);
    const repeated = textOf(fetch, server.url, init);
    await until("the repeated request", () => waiting.length === 1);
    waiting[0].end("again");
    assert.equal(await repeated, "again");
    assert.equal(server.ports.length, 5);
    assert.equal(new Set(server.ports).size, 4);
  });

  test(`a ${method} on a new connection is not repeated`, async (t) => {
    let requests = 0;
    const server = await listen(t, ({ socket }) => {
      requests += 1;
      socket.resetAndDestroy();
    });
    await assert.rejects(fetcher()(server.url, init), (error) => {
      assert.equal(error.cause.code, "ECONNRESET");
      return !("unsent" in error);
    });
    assert.equal(requests, 1);
  });

  test(`a ${method} is repeated only once`, async (t) => {
    let requests = 0;
    const server = await listen(t, (request, response) => {
      requests += 1;
      if (requests > 1) request.socket.resetAndDestroy();
      else response.end("here");
    });
    const fetch = fetcher();
    await textOf(fetch, server.url, init);
    await assert.rejects(fetch(server.url, init), { name: "TypeError", message: /ECONNRESET/ });
    assert.equal(requests, 3);
  });

  test(`a ${method} whose answer has begun is not repeated`, async (t) => {
    const server = await closingServer(t, (socket) => socket.end("HTTP/1.1 20"));
    const fetch = fetcher();
    await textOf(fetch, server.url, init);
    await assert.rejects(fetch(server.url, init), { name: "TypeError" });
    assert.equal(server.ports.length, 2);
  });

  test(`a ${method} that is aborted is not repeated`, async (t) => {
    const controller = new AbortController();
    const server = await closingServer(t, () => controller.abort("enough"));
    const fetch = fetcher();
    await textOf(fetch, server.url, init);
    await assert.rejects(fetch(server.url, { ...init, signal: controller.signal }), (error) => error === "enough");
    assert.equal(server.ports.length, 2);
  });

  for (const version of ["TLSv1.2", "TLSv1.3"]) {
    test(`a ${method} is repeated over ${version}`, async (t) => {
      const ports = [];
      const server = await listenTls(t, { maxVersion: version }, (request, response) => {
        const isReused = ports.includes(request.socket.remotePort);
        ports.push(request.socket.remotePort);
        if (isReused) request.socket.end();
        else response.end("here");
      });
      const fetch = fetcher({ routes: new Routes({ tls: { ca: readFileSync(ca) } }) });
      for (let index = 0; index < 2; index += 1) assert.equal(await textOf(fetch, server.url, init), "here");
      assert.equal(new Set(ports).size, 2);
      assert.equal(ports.length, 3);
    });
  }

  test(`a ${method} by a user-supplied agent is repeated, and the agent keeps its idle connections`, async (t) => {
    const waiting = [];
    const server = await closingServer(t, (socket) => socket.destroy(), (response) => waiting.push(response));
    const agent = new Agent({ keepAlive: true });
    t.after(() => agent.destroy());
    const fetch = fetcher({ routes: new Routes({ agent }) });
    const answered = async (count) => {
      const pending = Array.from({ length: count }, () => textOf(fetch, server.url, init));
      await until("the requests", () => waiting.length === count);
      for (const response of waiting.splice(0)) response.end("here");
      await Promise.all(pending);
    };
    const idle = () => Object.values(agent.freeSockets).flat().length;
    await answered(3);
    await until("three idle connections", () => idle() === 3);
    await answered(1);
    assert.equal(server.ports.length, 5);
    await until("the two old and the new idle connection", () => idle() === 3);
  });
}

test("a large POST is repeated if the server closes the connection before it has read it", async (t) => {
  const sizes = [];
  const server = await listen(t, (request, response) => {
    if (sizes.length === 1) return sizes.push(request.socket.resetAndDestroy() && 0);
    let size = 0;
    request.on("data", (chunk) => (size += chunk.length)).on("end", () => (sizes.push(size), response.end("here")));
  });
  const fetch = fetcher();
  const body = "x".repeat(8_000_000);
  await textOf(fetch, server.url, METHODS.POST);
  assert.equal(await textOf(fetch, server.url, { method: "POST", body }), "here");
  assert.deepEqual(sizes, [1, 0, body.length]);
});

describe("a server's keep-alive hint", () => {
  const HINTS = ["timeout=1", "timeout=1, max=100", "max=100, timeout=1", "Timeout=1", 'max=5,timeout = "1"', "timeout=0"];
  const portsOf = (t, hint) =>
    listen(t, (request, response) => response.writeHead(200, { connection: "keep-alive", "keep-alive": hint }).end(String(request.socket.remotePort)));

  for (const hint of HINTS) {
    test(`"${hint}" prevents that a connection is used again`, async (t) => {
      const server = await portsOf(t, hint);
      const fetch = fetcher();
      assert.notEqual(await textOf(fetch, server.url), await textOf(fetch, server.url));
    });
  }

  for (const hint of ["timeout=2", "max=100, timeout=2"]) {
    test(`"${hint}" closes an idle connection in time`, async (t) => {
      const server = await portsOf(t, hint);
      const accepted = [];
      server.on("connection", (socket) => accepted.push(socket));
      const fetch = fetcher();
      assert.equal(await textOf(fetch, server.url), await textOf(fetch, server.url));
      const begin = performance.now();
      await within("the end of the idle connection", new Promise((resolve) => accepted[0].once("close", resolve)));
      assert.ok(performance.now() - begin < 3_000, "it was closed as late as without a hint");
    });
  }

  test("applies to connections to a proxy", async (t) => {
    const proxy = await portsOf(t, "max=100, timeout=1");
    const routes = new Routes({ proxy: proxy.url });
    await routes.prepare({ polling: "http://server.invalid" });
    const fetch = fetcher({ routes });
    assert.notEqual(await textOf(fetch, "http://server.invalid"), await textOf(fetch, "http://server.invalid"));
  });

  test("applies to tunnels through a proxy", async (t) => {
    const server = await listenTls(t, {}, ({ socket }, response) => {
      response.writeHead(200, { connection: "keep-alive", "keep-alive": "max=100, timeout=1" }).end(String(socket.remotePort));
    });
    const proxy = new ProxyServer({ host: "127.0.0.1", port: 0 });
    await proxy.listen();
    t.after(() => proxy.close(true));
    const routes = new Routes({ proxy: `http://127.0.0.1:${proxy.port}`, tls: { ca: readFileSync(ca) } });
    await routes.prepare({ polling: server.url });
    const fetch = fetcher({ routes });
    assert.notEqual(await textOf(fetch, server.url), await textOf(fetch, server.url));
  });
});

describe("a client over polling behind a balancer that closes idle connections", () => {
  const server = sharedServer("npm");

  /**
   * Starts a proxy with a latency of 15 ms in each direction, which closes an idle connection when the next request is on its way: at
   * the latest moment when the client cannot know it.
   */
  async function balancer(t, close) {
    const LATENCY = 15;
    const closed = { GET: 0, POST: 0 };
    const sockets = new Set();
    const relay = createServer((near) => {
      const far = connect(server.port, "127.0.0.1");
      for (const end of [near, far]) {
        sockets.add(end);
        end.on("error", () => {}).on("close", () => (sockets.delete(end), near.destroy(), far.destroy()));
      }
      let answers = 0;
      near.on("data", (chunk) => {
        const method = /^(GET|POST) /.exec(chunk.toString("latin1"))?.[1];
        if (method && answers > 2) {
          closed[method] += 1;
          far.destroy();
          return close(near);
        }
        setTimeout(() => far.write(chunk), LATENCY);
      });
      far.on("data", (chunk) => {
        answers += 1;
        setTimeout(() => near.write(chunk), LATENCY);
      });
    });
    await new Promise((resolve) => relay.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      relay.close();
    });
    return { url: `http://127.0.0.1:${relay.address().port}`, closed };
  }

  for (const [closing, close] of Object.entries({ "with a reset": CLOSINGS["with a reset"], "gracefully": CLOSINGS["gracefully"] })) {
    test(`keeps its session, and all its calls are answered: ${closing}`, async (t) => {
      const { url, closed } = await balancer(t, close);
      const client = newClient(t, IMPATIENT);
      const lost = [];
      client.on("disconnect", (reason) => lost.push(reason));
      await client.connect(url, { transports: "polling", waitTimeout: 10_000 });
      for (let index = 0; index < 40; index += 1) assert.equal(await client.call("echo", index), index);
      assert.deepEqual(lost, []);
      assert.ok(closed.GET > 5 && closed.POST > 5, JSON.stringify(closed));
    });
  }
});
