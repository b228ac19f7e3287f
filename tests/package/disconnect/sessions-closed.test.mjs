// How connections are ended: with all that was emitted, whatever the link; without a timer; and so that the server learns of it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, describe, mock, test } from "node:test";
import { IMPATIENT, TRANSPORTS, UNHURRIED, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { open, pollingPeer } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { slowLink } from "../../support/slow-link.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { Server } = createRequire(import.meta.url)("socket.io");
const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const turn = () => new Promise((resolve) => setImmediate(resolve));

// These tests are the first: a timer that is faked while others run would not be ended by those.
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
    test(`requestTimeout: ${requestTimeout}: disconnect() over polling ends, though nobody answers`, async (t) => {
      const bodies = [];
      const peer = await pollingPeer(t, async (request) => {
        if (request.method === "GET") return;
        let body = "";
        for await (const part of request) body += part;
        bodies.push(body);
      });
      const client = newClient(t, { ...IMPATIENT, requestTimeout });
      await client.connect(peer.url, { transports: "polling" });
      client.emit("a");
      await until("the POST", () => bodies.length === 1);
      client.emit("b");
      let result;
      const ending = client.disconnect().then((value) => (result = value));
      for (let seconds = 0; seconds < 120 && !result; seconds += 1) {
        mock.timers.tick(1_000);
        await turn();
      }
      await within("the end", ending);
      assert.deepEqual(result, { unsent: 2 });
    });

    test(`requestTimeout: ${requestTimeout}: a probe that is not answered holds nothing up for ever`, async (t) => {
      const bodies = [];
      const peer = await pollingPeer(
        t,
        async (request, response) => {
          if (request.method === "GET") return;
          let body = "";
          for await (const part of request) body += part;
          bodies.push(body);
          response.end("ok");
        },
        { upgrades: ["websocket"], maxPayload: 1_000 },
      );
      new WebSocketServer({ server: peer }); // it takes the websocket, and answers nothing
      const client = newClient(t, { ...IMPATIENT, requestTimeout });
      const failed = [];
      client.on("error", (error) => void failed.push(error));
      await client.connect(peer.url);
      client.emit("binary", new Uint8Array(900)); // too large in base64
      client.emit("behind");
      for (let seconds = 0; seconds < 40 && bodies.length === 0; seconds += 1) {
        mock.timers.tick(1_000);
        for (let turns = 0; turns < 20; turns += 1) await turn();
      }
      await until("what is behind it", () => bodies.some((body) => body.includes('42["behind"]')));
      assert.deepEqual(failed.map(({ code }) => code), ["PAYLOAD_TOO_LARGE"]);
    });
  }
});

describe("disconnect() over polling on a slow link", () => {
  for (const kind of SERVERS) {
    test(`${kind}: 600 events take as long as they need, and all arrive`, async (t) => {
      const server = await startServer(t, kind, kind === "python" ? { python: { async_handlers: false } } : {});
      const link = await slowLink(t, server.port, 100);
      const id = randomUUID();
      // As many as python takes, also at npm's.
      const client = newClient(t, { ...IMPATIENT, maxPacketsPerPost: 16 });
      await client.connect(link.url, { transports: "polling", auth: { id }, ...UNHURRIED });
      const begin = performance.now();
      for (let n = 0; n < 600; n += 1) client.emit("count", n);
      assert.deepEqual(await within("the end", client.disconnect()), { unsent: 0 });
      assert.ok(performance.now() - begin > 5_000, "the link is as slow as it shall be");
      const observer = newClient(t);
      await observer.connect(server.url, UNHURRIED);
      await until("the last event", async () => (await observer.call("counted", id)).length >= 600);
      assert.deepEqual(await observer.call("counted", id), Array.from({ length: 600 }, (_, n) => n));
    });
  }
});

describe("a polling session that the client gives up is closed at the server", () => {
  /** What was posted to a peer that answers the first poll behind the CONNECT with something. */
  async function posted(t, answer, options) {
    const bodies = [];
    const peer = await pollingPeer(t, async (request, response, number) => {
      if (request.method === "GET") return number === 0 && answer(response);
      let body = "";
      for await (const part of request) body += part;
      bodies.push(body);
      response.end("ok");
    });
    const client = newClient(t, { ...IMPATIENT, reconnection: false, ...options });
    const lost = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "polling" });
    return { bodies, lost, client };
  }

  test("for a packet that it cannot read", async (t) => {
    const { bodies, lost } = await posted(t, (response) => response.end("42{"));
    const [, { cause }] = await lost;
    assert.equal(cause, "parse error");
    await until("CLOSE", () => bodies.includes("1"));
  });

  test("for a namespace that is not answered in time: a real server forgets it at once", async (t) => {
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

  test("for a namespace that is not answered on a reconnection: each session is closed", async (t) => {
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

  test("by disconnect() while it waits for its CONNECT", async (t) => {
    const bodies = [];
    const http = await listen(t, async (request, response) => {
      if (!request.url.includes("sid=")) return response.end(open());
      if (request.method === "GET") return;
      let body = "";
      for await (const part of request) body += part;
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
