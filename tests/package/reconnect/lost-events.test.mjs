// Events when a connection, a server or a client ends: the client sends them later, or reports that it does not.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent } from "node:http";
import { connect, createServer } from "node:net";
import { describe, test } from "node:test";
import { IMPATIENT, UNHURRIED, newClient } from "../../support/clients.mjs";
import { bodyOf } from "../../support/listen.mjs";
import { pollingPeer } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const POLLING = { transports: "polling", ...UNHURRIED };
const UNKNOWN = '{"code":1,"message":"Session ID unknown"}';

/** Returns options by which each request has a connection of its own, so that no request is repeated because its connection was closing. */
const alone = (t) => {
  const agent = new Agent({ keepAlive: false });
  t.after(() => agent.destroy());
  return { ...IMPATIENT, agent };
};

/** Collects the errors of the `error` event of some namespaces. */
function reports(client, ...namespaces) {
  const errors = [];
  for (const namespace of ["/", ...namespaces]) client.of(namespace).on("error", (error) => void errors.push(error));
  return errors;
}

/**
 * Starts a polling server that collects the packets of each POST in `posts`, with the number of the connection. It answers a POST
 * unless it `isSilent`; `forget()` answers the pending polls as a restarted server does, which does not know the session.
 */
async function keepingPeer(t, fields) {
  const posts = [];
  const polls = [];
  const peer = await pollingPeer(
    t,
    async (request, response) => {
      if (request.method === "GET") return void polls.push(response);
      const body = await bodyOf(request);
      posts.push([peer.times.length, ...body.split("\x1e")]);
      if (!peer.isSilent) response.end("ok");
    },
    fields,
  );
  const forget = () => {
    for (const poll of polls.splice(0)) poll.writeHead(400).end(UNKNOWN);
  };
  const events = (connection) => posts.filter(([on]) => on === connection).flatMap(([, ...packets]) => packets.filter((packet) => packet.startsWith("42")));
  return Object.assign(peer, { isSilent: false, posts, forget, events });
}

/**
 * Starts a proxy that keeps the clients' connections when the server's end, as some balancers do; `close()` refuses new ones from then
 * on. `polling` has the connections with a pending poll.
 */
async function patientProxy(t, port) {
  const sockets = new Set();
  const polling = new Set();
  const server = createServer((near) => {
    let far;
    sockets.add(near.on("error", () => {}).on("close", () => far?.destroy()));
    near.on("data", (chunk) => {
      if (String(chunk).startsWith("GET ")) polling.add(near);
      if (!far) {
        const own = connect(port, "127.0.0.1");
        sockets.add(own.on("error", () => {}));
        own.on("data", (answer) => (polling.delete(near), near.write(answer))).on("close", () => (far = undefined));
        far = own;
      }
      far.write(chunk);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    polling,
    close: () => server.close(),
    reopen: () => once(server.listen(address.port, "127.0.0.1"), "listening"),
  };
}

for (const kind of SERVERS) {
  describe(`a POST over polling to ${kind}`, () => {
    const prepare = async (t) => {
      const server = await startServer(t, kind, kind === "python" ? { python: { async_handlers: false } } : {});
      const proxy = await patientProxy(t, server.port);
      const client = newClient(t, alone(t));
      const errors = reports(client);
      const id = randomUUID();
      await client.connect(proxy.url, { ...POLLING, auth: { id } });
      const arrived = async () => (client.connected ? await client.call("counted", id) : []);
      return { server, proxy, client, errors, arrived };
    };

    test("is sent again on the next connection if a restarted server refuses it: its events arrive once and in order", async (t) => {
      const { server, client, errors, arrived } = await prepare(t);
      await client.call("echo", 0);
      const lost = heard(client, "disconnect");
      await server.kill();
      await server.start();
      assert.equal(client.connected, true); // its poll is pending, and it has not noticed
      for (const value of [1, 2, 3, 4, 5]) client.emit("count", value);
      const [, { error }] = await lost;
      assert.equal(error.code, "SESSION_UNKNOWN");
      await heard(client, "connect");
      await until("the events", async () => (await arrived()).length >= 5);
      assert.deepEqual([await arrived(), errors], [[1, 2, 3, 4, 5], []]);
    });

    test("is sent again on the next connection if its own is refused: its events arrive once and in order", async (t) => {
      const { proxy, client, errors, arrived } = await prepare(t);
      const lost = heard(client, "disconnect");
      await client.call("echo", 0);
      await until("the poll", () => proxy.polling.size > 0);
      proxy.close(); // the poll goes on
      for (const value of [1, 2, 3, 4, 5]) client.emit("count", value);
      await lost;
      const again = heard(client, "connect");
      await proxy.reopen();
      await again;
      await until("the events", async () => (await arrived()).length >= 5);
      assert.deepEqual([await arrived(), errors], [[1, 2, 3, 4, 5], []]);
    });
  });
}

describe("a POST that the server may have read", () => {
  test("emits `error` on each namespace with the number of events that are possibly lost; calls reject, and nothing is sent again", async (t) => {
    const peer = await keepingPeer(t, {});
    const client = newClient(t);
    const errors = reports(client);
    await client.connect(peer.url, POLLING);
    peer.isSilent = true;
    client.emit("a", 1);
    client.emit("a", 2);
    const call = assert.rejects(client.call("b"), { code: "DISCONNECTED" });
    await until("the POST", () => peer.events(1).length === 3);
    const again = heard(client, "connect");
    peer.forget();
    await within("the rejection", call);
    await again;
    const shown = errors.map(({ name, code, fault, events, namespace }) => ({ name, code, fault, events, namespace }));
    assert.deepEqual(shown, [{ name: "DisconnectedError", code: "POSSIBLY_LOST", fault: "network", events: 2, namespace: "/" }]);
    peer.isSilent = false;
    client.emit("last");
    await until("the last event", () => peer.events(2).length > 0);
    assert.deepEqual(peer.events(2), ['42["last"]']);
  });
});

describe("events that did not leave before the loss", () => {
  // The first POST has 16 packets, the limit for a server that the client does not know yet.
  const POSTED = 16;
  const emitted = (mode) => Array.from({ length: 20 }, (_, index) => `${mode} ${index}`);

  async function lose(t, mode, options) {
    const peer = await keepingPeer(t, {});
    const client = newClient(t, { ...IMPATIENT, maxPacketsPerPost: POSTED });
    const errors = reports(client);
    await client.connect(peer.url, POLLING);
    peer.isSilent = true;
    for (const event of emitted(mode)) client.with(options).emit(event);
    client.emit("buffered");
    await until("the POST", () => peer.events(1).length === POSTED);
    const again = heard(client, "connect");
    peer.isSilent = false;
    peer.forget();
    await again;
    client.emit("last");
    await until("the last event", () => peer.events(2).includes('42["last"]'));
    return { later: peer.events(2), errors: errors.map(({ code, events }) => [code, events]) };
  }

  test("are not sent on the next connection if they are volatile", async (t) => {
    const { later, errors } = await lose(t, "volatile", { volatile: true });
    assert.deepEqual(later, ['42["buffered"]', '42["last"]']);
    assert.deepEqual(errors, []);
  });

  test("are not sent on the next connection if they have buffer: false, and `error` has their number", async (t) => {
    const { later, errors } = await lose(t, "unbuffered", { buffer: false });
    assert.deepEqual(later, ['42["buffered"]', '42["last"]']);
    assert.deepEqual(errors.sort(), [["NOT_SENT", 20 - POSTED], ["POSSIBLY_LOST", POSTED]]);
  });

  test("are sent on the next connection otherwise", async (t) => {
    const { later, errors } = await lose(t, "plain", {});
    assert.deepEqual(later, [...emitted("plain").slice(POSTED), "buffered", "last"].map((event) => `42["${event}"]`));
    assert.deepEqual(errors, [["POSSIBLY_LOST", POSTED]]);
  });
});

describe("an event with a callback", () => {
  test("is reported and counted like one without, since nothing else reports its loss", async (t) => {
    const peer = await pollingPeer(t, (request, response) => {
      if (request.method === "POST") response.writeHead(502).end("bad gateway");
    });
    const never = () => assert.fail("called");
    const lost = newClient(t, { reconnection: false });
    const errors = reports(lost);
    await lost.connect(peer.url, POLLING);
    lost.emit("plain");
    lost.emit("asking", never);
    await until("the report", () => errors.length > 0);
    assert.deepEqual(errors.map(({ code, events }) => [code, events]), [["POSSIBLY_LOST", 2]]);
    const leaving = newClient(t, { reconnection: false });
    await leaving.connect(peer.url, POLLING);
    leaving.emit("plain");
    leaving.emit("asking", never);
    assert.deepEqual(await within("the end", leaving.disconnect()), { unsent: 2 });
  });

  test("that is too large for the server is reported", async (t) => {
    const peer = await pollingPeer(t, () => {}, { maxPayload: 200 });
    const client = newClient(t);
    const errors = reports(client);
    const connected = client.connect(peer.url, POLLING);
    client.emit("asking", "x".repeat(500), () => assert.fail("called"));
    await connected;
    await until("the report", () => errors.length > 0);
    assert.deepEqual(errors.map(({ code }) => code), ["PAYLOAD_TOO_LARGE"]);
  });
});

describe("maxBuffer", () => {
  const FULL = { name: "DisconnectedError", code: "BUFFER_FULL", limit: 5 };

  test("bounds the events that wait while connected, after a loss, and on the next connection", async (t) => {
    const peer = await keepingPeer(t, {});
    const client = newClient(t, { ...IMPATIENT, maxBuffer: 5 });
    reports(client);
    await client.connect(peer.url, POLLING);
    peer.isSilent = true;
    client.emit("posted");
    await until("the POST", () => peer.events(1).length === 1);
    for (let index = 0; index < 5; index += 1) client.emit("waiting", index);
    assert.throws(() => client.emit("more"), (error) => {
      const { name, code, limit, message } = error;
      assert.deepEqual({ name, code, limit }, FULL);
      assert.doesNotMatch(message, /[Nn]ot connected/);
      return true;
    });
    assert.ok(client.connected);
    const [lost, again] = [heard(client, "disconnect"), heard(client, "connect")];
    peer.forget();
    await lost;
    assert.equal(client.bufferedAmount, 5);
    assert.throws(() => client.emit("more"), FULL);
    peer.isSilent = false;
    await again;
    await within("the events that wait", client.drain());
    client.emit("last");
    await until("the last event", () => peer.events(2).length === 6);
    assert.deepEqual(peer.events(2), [...[0, 1, 2, 3, 4].map((index) => `42["waiting",${index}]`), '42["last"]']);
  });

  test("bounds the events that wait for the first connection", async (t) => {
    const peer = await keepingPeer(t, {});
    const client = newClient(t, { ...IMPATIENT, maxBuffer: 5 });
    const connecting = client.connect(peer.url, POLLING);
    for (let index = 0; index < 5; index += 1) client.emit("waiting", index);
    assert.throws(() => client.emit("more"), FULL);
    await connecting;
    await until("the events", () => peer.events(1).length === 5);
  });
});

describe("disconnect() without a connection", () => {
  /** Returns a client whose server is gone, with two buffered events, and the warnings of its logger. */
  async function away(t) {
    const server = await startServer(t, "npm");
    const warnings = [];
    const client = newClient(t, { ...IMPATIENT, logger: { warn: (...line) => void warnings.push(line.join(" ")) } });
    const id = randomUUID();
    await client.connect(server.url, { ...UNHURRIED, auth: { id } });
    const lost = heard(client, "disconnect");
    await server.kill();
    await lost;
    client.emit("count", 1);
    client.emit("count", 2);
    const arrived = async () => {
      const observer = newClient(t);
      await observer.connect(server.url, UNHURRIED);
      return observer.call("counted", id);
    };
    return { server, client, warnings, arrived };
  }

  test("resolves to the number of events that were not sent, and logs a warning", async (t) => {
    const { client, warnings } = await away(t);
    assert.deepEqual(await within("the end", client.disconnect()), { unsent: 2 });
    assert.equal(warnings.filter((line) => line.includes("unsent events 2")).length, 1, warnings.join("\n"));
    assert.deepEqual(await client.disconnect(), { unsent: 0 });
  });

  test("may be called as shutdown()", async (t) => {
    const { client } = await away(t);
    assert.deepEqual(await within("the end", client.shutdown()), { unsent: 2 });
  });

  test("with `flush` waits for the connection, and the events arrive", async (t) => {
    const { server, client, warnings, arrived } = await away(t);
    const ending = client.disconnect({ flush: 25_000 });
    assert.throws(() => client.emit("count", 3), { code: "NOT_CONNECTED" });
    await server.start();
    assert.deepEqual(await within("the end", ending), { unsent: 0 });
    assert.deepEqual(await arrived(), [1, 2]);
    assert.deepEqual(warnings.filter((line) => line.includes("unsent events")), []);
    assert.equal(client.state, "disconnected");
  });

  test("with `flush` ends after that time without a connection", async (t) => {
    const { client } = await away(t);
    const begin = performance.now();
    assert.deepEqual(await within("the end", client.disconnect({ flush: 500 })), { unsent: 2 });
    assert.ok(performance.now() - begin >= 490);
  });

  test("with `flush` and nothing to send does not wait", async (t) => {
    const server = await startServer(t, "npm");
    const client = newClient(t);
    await client.connect(server.url, UNHURRIED);
    const lost = heard(client, "disconnect");
    await server.kill();
    await lost;
    const begin = performance.now();
    assert.deepEqual(await within("the end", client.disconnect({ flush: 25_000 })), { unsent: 0 });
    assert.ok(performance.now() - begin < 20_000);
  });
});
