// A page of another origin and a server of Socket.IO 2.x that refuses clients of a newer protocol version, as python-engineio 3.x does:
// by an answer without CORS headers, which the browser hides from the page.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { TRANSPORTS } from "../support/clients.mjs";
import { listen } from "../support/listen.mjs";
import { until } from "../support/until.mjs";
import { emptyPage, sharedBrowser } from "./support.mjs";

const serveOld = createRequire(import.meta.url)("socket.io-2");
const TEXT = "é世👋";

const browser = sharedBrowser();

/** A server of Socket.IO 2.x that accepts only Engine.IO 3. `seen` has the requested versions, the number of connections and of pings. */
async function oldServer(t) {
  const http = await listen(t, () => {});
  const seen = { asked: [], connections: 0, pings: 0 };
  const io = serveOld(http, { pingInterval: 300, pingTimeout: 600 });
  io.on("connection", (socket) => {
    seen.connections++;
    socket.conn.on("packet", ({ type }) => (seen.pings += type === "ping"));
    socket.on("echo", (...args) => args.pop()(...args));
  });
  for (const [event, refuse] of [
    ["request", (request, response) => response.writeHead(400).end('"The client is using an unsupported version of the Socket.IO or Engine.IO protocols"')],
    ["upgrade", (request, socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ]) {
    const listeners = http.listeners(event);
    http.removeAllListeners(event);
    http.on(event, (request, ...rest) => {
      const { searchParams } = new URL(request.url, http.url);
      const first = request.method !== "OPTIONS" && !searchParams.has("sid");
      if (first) seen.asked.push(searchParams.get("EIO"));
      if (first && searchParams.get("EIO") !== "3") refuse(request, ...rest);
      else for (const listener of listeners) listener.call(http, request, ...rest);
    });
  }
  t.after(() => io.close());
  return { url: http.url, seen };
}

/** Connects and returns the answer to a call with a string and bytes. */
const talk = (page, url, options) =>
  page.evaluate(
    async ([url, options, text]) => {
      const { Client } = await import("/browser.js");
      globalThis.client = new Client();
      await client.connect(url, options);
      const [answer, bytes] = await client.call("echo", text, new Uint8Array([1, 2, 250]));
      return [answer, [...bytes]];
    },
    [url, options, TEXT],
  );

const talkAgain = (page) =>
  page.evaluate(async () => {
    const answer = [await client.call("echo", "later"), client.transport()];
    await client.disconnect();
    return answer;
  });

for (const [way, transports] of Object.entries(TRANSPORTS)) {
  test(`[D10] ${way}: with protocol: 4 the client requests the version of the server`, async (t) => {
    const { url, seen } = await oldServer(t);
    const page = await emptyPage(t, browser);
    assert.deepEqual(await talk(page, url, { transports, protocol: 4 }), [TEXT, [1, 2, 250]]);
    // Four pings take longer than the server waits for one.
    await until("four pings", () => seen.pings >= 4);
    assert.deepEqual(await talkAgain(page), ["later", transports.at(-1)]);
    assert.deepEqual([seen.asked, seen.connections], [["3"], 1]);
  });

  // Such a failure usually means that the server is away, and each further request would be a further error in the console.
  test(`${way}: without protocol, the client sends no request for the older version after a failure that the browser hides`, async (t) => {
    const { url, seen } = await oldServer(t);
    const page = await emptyPage(t, browser);
    await assert.rejects(talk(page, url, { transports }), /Cannot reach the server/);
    assert.deepEqual(seen.asked, transports.map(() => "4"));
  });
}
