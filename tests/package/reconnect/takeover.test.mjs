// reconnectionAttempts, and connect() during a reconnection.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMPATIENT, UNHURRIED, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { unsteady } from "../../support/unsteady.mjs";
import { LIMIT_MS, heard, until, within } from "../../support/until.mjs";

// With polling, a cut poll would be repeated on a new connection, and the session would go on.
const WEBSOCKET = { transports: "websocket", ...UNHURRIED };

// A connection resets the delay if it lasts for `reconnectionDelayMax`. None of these lasts so long.
const STEADY = { reconnectionAttempts: 2, reconnectionDelay: 50, reconnectionDelayMax: 5_000, randomizationFactor: 0 };

const { Server } = createRequire(import.meta.url)("socket.io");

for (const kind of SERVERS) {
  test(`${kind}: reconnectionAttempts counts failed attempts alone: a client whose attempts succeed never gives up`, async (t) => {
    const server = await startServer(t, kind);
    const network = await unsteady(t, server.port);
    const client = newClient(t, STEADY);
    await client.connect(network.url, WEBSOCKET);
    for (let loss = 0; loss < 5; loss += 1) {
      const [lost, again] = [heard(client, "disconnect"), heard(client, "connect")];
      network.cut();
      await lost;
      await again;
      assert.equal(await within("the answer", client.call("echo", loss)), loss);
    }
  });

  test(`${kind}: a client with 2 attempts reconnects to a server that is restarted three times`, async (t) => {
    const server = await startServer(t, kind);
    const client = newClient(t, { ...STEADY, requestTimeout: LIMIT_MS });
    // The attempt waits until the server has started.
    let started = Promise.resolve();
    await client.connect(() => started.then(() => server.url), WEBSOCKET);
    for (let restart = 0; restart < 3; restart += 1) {
      const [lost, again] = [heard(client, "disconnect"), heard(client, "connect")];
      started = server.kill().then(() => server.start());
      await lost;
      await again;
      assert.equal(await within("the answer", client.call("echo", restart)), restart);
    }
  });
}

test("a client gives up after reconnectionAttempts failures in a row, also after successful reconnections", async (t) => {
  const server = await startServer(t, "npm");
  const network = await unsteady(t, server.port);
  const client = newClient(t, { ...IMPATIENT, reconnectionAttempts: 2 });
  await client.connect(network.url, WEBSOCKET);
  for (let loss = 0; loss < 2; loss += 1) {
    const again = heard(client, "connect");
    network.cut();
    await again;
  }
  let failures = 0;
  client.on("connect_error", () => void (failures += 1));
  network.refuse();
  network.cut();
  await within("the end", client.wait());
  assert.equal(failures, 2);
});

describe("connect() takes over from a reconnection", () => {
  /** Starts a server of npm socket.io that answers no CONNECT while it `isSilent`. */
  async function silentServer(t) {
    const http = await listen(t, () => {});
    const io = new Server(http);
    const server = { url: http.url, isSilent: false, asked: 0 };
    io.use((socket, next) => {
      server.asked += 1;
      if (!server.isSilent) next();
    });
    io.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
    t.after(() => io.close());
    server.cut = () => Object.values(io.engine.clients).forEach((connection) => connection.close());
    return server;
  }

  for (const transports of ["polling", "websocket"]) {
    test(`that waits for its CONNECT over ${transports}, and buffered events are sent`, async (t) => {
      const server = await silentServer(t);
      const client = newClient(t);
      await client.connect(server.url, { transports, ...UNHURRIED });
      const lost = heard(client, "disconnect");
      server.isSilent = true;
      server.cut();
      await lost;
      const buffered = client.call("echo", "buffered");
      await until("the CONNECT", () => server.asked === 2);
      assert.equal(client.state, "reconnecting");
      server.isSilent = false;
      await within("connect()", client.connect(server.url, { transports, ...UNHURRIED }));
      assert.equal(await within("the buffered call", buffered), "buffered");
      await assert.rejects(client.connect(server.url), { code: "ALREADY_CONNECTED" });
    });

    test(`that waits for its next attempt over ${transports}, with another server`, async (t) => {
      const [server, other] = [await silentServer(t), await silentServer(t)];
      const client = newClient(t, { ...IMPATIENT, reconnectionDelay: 60_000, reconnectionDelayMax: 60_000 });
      await client.connect(server.url, { transports, ...UNHURRIED });
      const lost = heard(client, "disconnect");
      server.cut();
      await lost;
      await within("connect()", client.connect(other.url, { transports, ...UNHURRIED }));
      assert.deepEqual([server.asked, other.asked], [1, 1]);
    });
  }
});
