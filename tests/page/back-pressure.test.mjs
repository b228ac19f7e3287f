// Back-pressure in a page: a server that stops reading fills the websocket, and further events wait in the client.
import assert from "node:assert/strict";
import { test } from "node:test";
import { websocketPeer } from "../support/peer.mjs";
import { until } from "../support/until.mjs";
import { emptyPage, sharedBrowser } from "./support.mjs";

const EVENTS = 400; // of 64 KiB: more than the buffers of the operating system and the high-water mark together

const browser = sharedBrowser();

test("events for a server that stops reading wait in the client, and drain() resolves after it reads again", async (t) => {
  const numbers = [];
  let connection;
  const peer = await websocketPeer(t, (socket) => {
    connection = socket;
    socket.on("message", (message) => {
      const [, event] = /^42(.*)/.exec(String(message)) ?? [];
      if (event) numbers.push(JSON.parse(event)[1]);
    });
  });
  const page = await emptyPage(t, browser);
  await page.evaluate(async (url) => {
    const { Client } = await import("/browser.js");
    globalThis.client = new Client();
    await client.connect(url, { transports: "websocket" });
  }, peer.url);
  connection.pause();
  await page.evaluate((count) => {
    const large = "x".repeat(65_536);
    for (let number = 0; number < count; number += 1) client.emit("n", number, large);
    globalThis.isDrained = false;
    globalThis.drained = client.drain().then(() => (isDrained = true));
  }, EVENTS);
  await until("the first events in the websocket", async () => (await page.evaluate(() => client.bufferedAmount)) < EVENTS);
  const [waiting, isOver] = await page.evaluate(() => [client.bufferedAmount, isDrained]);
  assert.ok(waiting > 0 && !isOver, `${waiting} events wait`);
  connection.resume();
  await page.evaluate(() => drained);
  assert.equal(await page.evaluate(() => client.bufferedAmount), 0);
  await until("all events", () => numbers.length >= EVENTS);
  assert.deepEqual(numbers, Array.from({ length: EVENTS }, (_, index) => index), "each event once, in order");
  await page.evaluate(() => client.disconnect());
});
