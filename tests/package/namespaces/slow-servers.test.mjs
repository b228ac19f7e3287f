// Servers that answer late for a namespace, that refuse it at first, or that never answer.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, mock, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { Server } = createRequire(import.meta.url)("socket.io");

/**
 * Starts a server of npm socket.io whose middleware can be replaced: `server.middleware(next)`. It has the namespaces / and
 * /late; `asked` counts their CONNECTs, and `cut()` ends the connections.
 */
async function guardedServer(t, middleware) {
  const http = await listen(t, () => {});
  const io = new Server(http);
  const cut = () => Object.values(io.engine.clients).forEach((connection) => connection.close());
  const server = { url: http.url, middleware, asked: 0, cut };
  for (const namespace of ["/", "/late"]) {
    io.of(namespace).use((socket, next) => {
      server.asked += 1;
      server.middleware(next);
    });
  }
  t.after(() => io.close());
  return server;
}

const accept = (next) => next();
const acceptAfter = (milliseconds) => (next) => void setTimeout(next, milliseconds).unref();
const ignore = () => {};
const refuse = (next) => next(new Error("not yet"));

/** Collects the errors of `connect_error`. */
function failures(client) {
  const errors = [];
  client.on("connect_error", (error) => void errors.push(error));
  return errors;
}

const TIMEOUT = { name: "ConnectionError", code: "CONNECT_TIMEOUT", fault: "network", namespaces: ["/"], milliseconds: 300 };

// This test is the first: a timer that another test sets while timers are faked would never fire.
test("connectNamespace() without an answer rejects after 20 s, the default of `waitTimeout`", async (t) => {
  const server = await guardedServer(t, accept);
  const client = newClient(t, { ...IMPATIENT, networkEvents: false });
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  t.after(() => mock.timers.reset());
  await client.connect(server.url, { transports: "websocket" });
  server.middleware = ignore;
  let outcome;
  const joining = client.connectNamespace("/late").then(
    () => (outcome = "connected"),
    (error) => (outcome = error),
  );
  await until("the CONNECT", () => server.asked === 2);
  mock.timers.tick(19_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(outcome, undefined);
  mock.timers.tick(2_000);
  await within("the rejection", joining);
  const { code, namespaces, milliseconds } = outcome;
  assert.deepEqual({ code, namespaces, milliseconds }, { code: "CONNECT_TIMEOUT", namespaces: ["/late"], milliseconds: 20_000 });
  assert.ok(client.connected);
});

for (const transports of ["polling", "websocket"]) {
  describe(`a server's middleware over ${transports}`, () => {
    test("may take longer than a second", async (t) => {
      const server = await guardedServer(t, acceptAfter(1_500));
      const client = newClient(t);
      const errors = failures(client);
      await client.connect(server.url, { transports });
      assert.deepEqual(errors, []);
      assert.equal(server.asked, 1);
    });

    test("that takes longer than `waitTimeout` causes an error that names this option, also for `connect_error`", async (t) => {
      const server = await guardedServer(t, ignore);
      const client = newClient(t);
      const errors = failures(client);
      await assert.rejects(within("the rejection", client.connect(server.url, { transports, waitTimeout: 300 })), (error) => {
        const { name, code, fault, namespaces, milliseconds, message } = error;
        assert.deepEqual({ name, code, fault, namespaces, milliseconds }, TIMEOUT);
        assert.match(message, /`waitTimeout`/);
        assert.doesNotMatch(message, /requestTimeout/);
        return true;
      });
      assert.deepEqual(errors.map(({ code }) => code), ["CONNECT_TIMEOUT"]);
      await within("the end", client.wait());
    });

    test("that takes longer than `waitTimeout` is asked again with `retry`, until it is fast enough", async (t) => {
      const server = await guardedServer(t, ignore);
      const client = newClient(t);
      const errors = failures(client);
      const connecting = client.connect(server.url, { transports, waitTimeout: 300, retry: true });
      await until("two failures", () => errors.length >= 2);
      assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["CONNECT_TIMEOUT"]);
      server.middleware = accept;
      await within("the connection", connecting);
      assert.ok(client.connected);
    });

    test("may take 1.5 s on a reconnection", async (t) => {
      const server = await guardedServer(t, accept);
      const client = newClient(t);
      await client.connect(server.url, { transports });
      const errors = failures(client);
      server.middleware = acceptAfter(1_500);
      const [lost, again] = [heard(client, "disconnect"), heard(client, "connect")];
      server.cut();
      await lost;
      await again;
      assert.deepEqual(errors, []);
      assert.equal(server.asked, 2);
    });

    test("that takes longer than `waitTimeout` on reconnections causes this error each time, and is asked again", async (t) => {
      const server = await guardedServer(t, accept);
      const client = newClient(t);
      await client.connect(server.url, { transports, waitTimeout: 300 });
      const errors = failures(client);
      server.middleware = ignore;
      const lost = heard(client, "disconnect");
      server.cut();
      await lost;
      await until("two failures", () => errors.length >= 2);
      for (const { name, code, fault, namespaces, milliseconds } of errors) assert.deepEqual({ name, code, fault, namespaces, milliseconds }, TIMEOUT);
      const again = heard(client, "connect");
      server.middleware = accept;
      await again;
    });

    test("that refuses is not asked again, not even with `retry`", async (t) => {
      const server = await guardedServer(t, refuse);
      const client = newClient(t);
      const errors = failures(client);
      const connecting = client.connect(server.url, { transports, retry: true });
      await assert.rejects(within("the rejection", connecting), { code: "REFUSED", reason: "not yet" });
      await within("the end", client.wait());
      assert.deepEqual([errors.length, server.asked], [1, 1]);
    });

    test("that refuses is asked again with `retry` and `retryRefused`", async (t) => {
      const server = await guardedServer(t, refuse);
      const client = newClient(t);
      const errors = failures(client);
      const connecting = client.connect(server.url, { transports, retry: true, retryRefused: true });
      await until("two refusals", () => errors.length >= 2);
      assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["REFUSED"]);
      server.middleware = accept;
      await within("the connection", connecting);
      assert.ok(client.connected);
    });

    for (const retryRefused of [true, false]) {
      test(`that refuses on a reconnection ${retryRefused ? "is asked again with `retryRefused`" : "is not asked again without `retryRefused`"}`, async (t) => {
        const server = await guardedServer(t, accept);
        const client = newClient(t);
        await client.connect(server.url, { transports, retryRefused });
        const errors = failures(client);
        server.middleware = refuse;
        const lost = heard(client, "disconnect");
        server.cut();
        await lost;
        if (!retryRefused) {
          await within("the end", client.wait());
          assert.deepEqual(errors.map(({ code }) => code), ["REFUSED"]);
          return;
        }
        await until("two refusals", () => errors.length >= 2);
        const again = heard(client, "connect");
        server.middleware = accept;
        await again;
      });
    }
  });
}

describe("connectNamespace() without an answer", () => {
  for (const wait of [true, false]) {
    test(`rejects after \`waitTimeout\` if connect() had wait: ${wait}, and the other namespaces stay connected`, async (t) => {
      const server = await guardedServer(t, accept);
      const client = newClient(t);
      const connected = heard(client, "connect");
      await client.connect(server.url, { waitTimeout: 300, wait });
      await connected;
      server.middleware = ignore;
      const expected = { code: "CONNECT_TIMEOUT", namespaces: ["/late"], milliseconds: 300 };
      await assert.rejects(within("the rejection", client.connectNamespace("/late")), expected);
      assert.deepEqual([...client.namespaces.keys()], ["/"]);
    });
  }
});
