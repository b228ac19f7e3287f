// Servers of Socket.IO 1.x and 2.x in a page: the browser hides some of their answers.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { SERVERS } from "../interop/servers.mjs";
import { TRANSPORTS } from "../support/clients.mjs";
import { TestServer } from "../support/server.mjs";
import { emptyPage, sharedBrowser } from "./support.mjs";

const SHORT = { pingInterval: 300, pingTimeout: 600 };

const browser = sharedBrowser();

/** Runs in the page. Returns the events and answers of the server in their order, and the number of connections. */
async function converse([url, id, transports, idleMs]) {
  const { Client } = await import("/browser.js");
  const client = new Client();
  const events = [];
  client.on("echo-back", (...args) => void events.push(args));
  client.on("disconnect", (reason) => void events.push(reason));
  await client.connect(`${url}?id=${id}`, { transports, namespaces: ["/", "/chat"] });
  for (const end = performance.now() + 30_000; client.transport() !== transports.at(-1); await client.sleep(10)) {
    if (performance.now() > end) throw new Error("no upgrade in 30 s");
  }
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  client.emit("echo-back", "é世👋", bytes);
  client.emit("echo-back", { nested: [bytes.subarray(0, 2)] });
  const echo = await client.call("echo", "é世👋 \ufeff", bytes);
  const chat = await client.of("/chat").call("echo", "chat");
  await client.call("later", idleMs, "idle");
  const connections = await client.call("connections", id, "/");
  await client.disconnect();
  return JSON.stringify({ events, echo, chat, connections }, (_, value) => (value instanceof Uint8Array ? [...value] : value));
}

for (const [name, { kind, options }] of Object.entries(SERVERS).filter(([, row]) => row.old)) {
  // Only `make test-interop` installs the server of python.
  describe(name, { skip: kind !== "npm" && process.env.INTEROP !== "all" && "part of make test-interop" }, () => {
    const server = new TestServer(kind, { port: 0, ...options, ...SHORT });
    before(() => server.start());
    after(() => server.kill());
    for (const [way, transports] of Object.entries(TRANSPORTS)) {
      test(`${way}: events, calls and binary data go both ways over one connection`, async (t) => {
        const page = await emptyPage(t, browser);
        const bytes = Array.from({ length: 256 }, (_, index) => index);
        const result = await page.evaluate(converse, [server.url, randomUUID(), transports, 2 * (SHORT.pingInterval + SHORT.pingTimeout)]);
        assert.deepEqual(JSON.parse(result), {
          events: [["é世👋", bytes], [{ nested: [[0, 1]] }], "client disconnect"],
          echo: ["é世👋 \ufeff", bytes],
          chat: "chat",
          connections: 1,
        });
      });
    }
  });
}
