// EngineClient with servers of Engine.IO 3, whose messages are arbitrary strings and not JSON.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TRANSPORTS } from "../support/clients.mjs";
import { api } from "../support/installed.mjs";
import { TestServer } from "../support/server.mjs";
import { until, within } from "../support/until.mjs";

const MESSAGES = ["plain", 'not JSON: "é", [世] and {👋}', new Uint8Array([1, 2, 250]), "é", new Uint8Array(0), '["a",1]'];

for (const library of ["socket.io-1", "socket.io-2"]) {
  describe(`the engine.io of ${library}`, () => {
    const server = new TestServer("engine", { port: 0, library, pingInterval: 300, pingTimeout: 600 });
    before(() => server.start());
    after(() => server.kill());
    for (const [way, transports] of Object.entries(TRANSPORTS)) {
      test(`${way}: messages come back as they are, and the server is pinged`, async (t) => {
        const client = new api.EngineClient({ autoJson: false });
        t.after(() => within("the client's disconnection", client.disconnect()));
        const received = [];
        client.on("message", (data) => received.push(data));
        // Over a websocket alone, the client cannot recognise the protocol version.
        await client.connect(server.url, { transports, ...(way === "websocket" && { protocol: 3 }) });
        for (const message of MESSAGES) client.send(message);
        await until("the answers", () => received.length === MESSAGES.length + 1);
        assert.deepEqual(received, ["welcome", ...MESSAGES]);
        await until("four pings", async () => {
          const before = received.length;
          client.send("pings");
          await until("their number", () => received.length > before);
          return Number(received.at(-1)) >= 4;
        });
        assert.equal(client.transport(), transports.at(-1));
      });
    }
  });
}
