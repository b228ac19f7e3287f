// The end of a connection: everything that was emitted arrives, no timer is needed, and the server closes its session.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, describe, mock, test } from "node:test";
import { IMPATIENT, TRANSPORTS, UNHURRIED, newClient } from "../../support/clients.mjs";
import { bodyOf, listen } from "../../support/listen.mjs";
import { open, pollingPeer } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { slowLink } from "../../support/slow-link.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { Server } = createRequire(import.meta.url)("socket.io");
const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

// These tests are the first: a timer that another test sets while timers are faked would never fire.
describe("with faked timers and a faked clock", () => {
  before(() => mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: Date.now() }));
  after(() => mock.timers.reset());

  for (const kind of SERVERS) {
    for (const [name, transports] of Object.entries(TRANSPORTS)) {
      test(`${kind}, ${name}: connect, emit and disconnect end, and the event arrives`, async (t) => {
        const server = await startServer(t, kind);
        const id = randomUUID();
        const client = newClient(t);
        await within("connect()", client.connect(server.url, { transports, auth: { id } }));
        client.emit("count", 1);
        assert.deepEqual(await within("disconnect()", client.disconnect()), { unsent: 0 });
        const observer = newClient(t);
        await observer.connect(server.url, UNHURRIED);
        await until("the event", async () => (await observer.call("counted", id)).length === 1);
      });
    }
  }

  for (const requestTimeout of [0, Infinity]) {
    test(`requestTimeout: ${requestTimeout}: disconnect() over polling ends, although the server answers nothing`, async (t) => {
      const bodies = [];
      const peer = await pollingPeer(t, async (request) => {
        if (request.method === "GET") return;
        const body = await bodyOf(request);
        bodies.push(body);
      });
      const client = newClient(t, { ...IMPATIENT, requestTimeout });
      await client.connect(peer.url, { transports: "polling" });
      client.emit("a");
      await until("the POST", () => bodies.length === 1);
      client.emit("b");
      let result;
      const ending = client.disconnect().then((value) => (result = value));
      await until("the end", () => (mock.timers.tick(1_000), result));
        await ending;
      assert.deepEqual(result, { unsent: 2 });
    });

    test(`requestTimeout: ${requestTimeout}: a probe without an answer does not hold up events for ever`, async (t) => {
      const bodies = [];
      const peer = await pollingPeer(
        t,
        async (request, response) => {
          if (request.method === "GET") return;
          const body = await bodyOf(request);
          bodies.push(body);
          response.end("ok");
        },
        { upgrades: ["websocket"], maxPayload: 1_000 },
      );
      new WebSocketServer({ server: peer }); // accepts the websocket, and answers nothing
      const client = newClient(t, { ...IMPATIENT, requestTimeout });
      const failed = [];
      client.on("error", (error) => void failed.push(error));
      await client.connect(peer.url);
      client.emit("binary", new Uint8Array(900)); // too large in base64
      client.emit("behind");
      await until("the event behind it", () => {
        if (bodies.length === 0) mock.timers.tick(1_000);
        return bodies.some((body) => body.includes('42["behind"]'));
        });
      assert.deepEqual(failed.map(({ code }) => code), ["PAYLOAD_TOO_LARGE"]);
    });
  }
});

describe("disconnect() over polling on a slow link", () => {
  for (const kind of SERVERS) {
    test(`${kind}: disconnect() waits until 600 events have arrived`, async (t) => {
      const server = await startServer(t, kind, kind === "python" ? { python: { async_handlers: false } } : {});
      const link = await slowLink(t, server.port, 100);
      const id = randomUUID();
      // The limit of python's server, also for npm's.
      const client = newClient(t, { ...IMPATIENT, maxPacketsPerPost: 16 });
      await client.connect(link.url, { transports: "polling", auth: { id }, ...UNHURRIED });
      const begin = performance.now();
      for (let n = 0; n < 600; n += 1) client.emit("count", n);
      assert.deepEqual(await within("the end", client.disconnect()), { unsent: 0 });
      assert.ok(performance.now() - begin > 5_000, "the link is not slow");
      const observer = newClient(t);
      await observer.connect(server.url, UNHURRIED);
      await until("the last event", async () => (await observer.call("counted", id)).length >= 600);
      assert.deepEqual(await observer.call("counted", id), Array.from({ length: 600 }, (_, n) => n));
    });
  }
});

describe("the client closes a polling session at the server", () => {
  /** Connects to a peer that answers the first poll after the CONNECT with `answer`, and collects the bodies of its POSTs. */
  async function posted(t, answer, options) {
    const bodies = [];
    const peer = await pollingPeer(t, async (request, response, number) => {
      if (request.method === "GET") return number === 0 && answer(response);
      const body = await bodyOf(request);
      bodies.push(body);
      response.end("ok");
    });
    const client = newClient(t, { ...IMPATIENT, reconnection: false, ...options });
    const lost = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "polling" });
    return { bodies, lost, client };
  }

  test("after a packet that it cannot read", async (t) => {
    const { bodies, lost } = await posted(t, (response) => response.end("42{"));
    const [, { cause }] = await lost;
    assert.equal(cause, "parse error");
    await until("CLOSE", () => bodies.includes("1"));
  });

  test("after waitTimeout without an answer for a namespace, and a real server drops it at once", async (t) => {
    const http = await listen(t, () => {});
    const io = new Server(http);
    t.after(() => io.close());
    io.use(() => {});
    const client = newClient(t);
    const connecting = client.connect(http.url, { transports: "polling", waitTimeout: 300 });
    await until("the session", () => io.engine.clientsCount === 1);
    await assert.rejects(within("the rejection", connecting), { code: "CONNECT_TIMEOUT" });
    await until("its end", () => io.engine.clientsCount === 0);
  });

  test("after each attempt of a reconnection without an answer for a namespace", async (t) => {
    const http = await listen(t, () => {});
    const io = new Server(http);
    t.after(() => io.close());
    let isOpen = true;
    io.use((socket, next) => isOpen && next());
    const client = newClient(t);
    await client.connect(http.url, { transports: "polling", waitTimeout: 300 });
    let failures = 0;
    client.on("connect_error", () => void (failures += 1));
    const lost = heard(client, "disconnect");
    isOpen = false;
    for (const connection of Object.values(io.engine.clients)) connection.close();
    await lost;
    await until("three failures", () => failures >= 3);
    await client.disconnect();
    await until("the end of all sessions", () => io.engine.clientsCount === 0);
  });

  test("after disconnect() during the CONNECT", async (t) => {
    const bodies = [];
    const http = await listen(t, async (request, response) => {
      if (!request.url.includes("sid=")) return response.end(open());
      if (request.method === "GET") return;
      const body = await bodyOf(request);
      bodies.push(body);
      response.end("ok");
    });
    const client = newClient(t);
    const connecting = client.connect(http.url, { transports: "polling" });
    await until("CONNECT", () => bodies.length === 1);
    const rejected = assert.rejects(connecting, { code: "DISCONNECTED" });
    await within("the end", client.disconnect());
    await rejected;
    assert.deepEqual(bodies, ["40", "1"]);
  });
});
