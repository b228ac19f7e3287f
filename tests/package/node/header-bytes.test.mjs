// Header values beyond ASCII in Node: every request has the same Latin-1 bytes, as in browsers.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { test } from "node:test";
import { Server as ProxyServer } from "proxy-chain";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { IMPATIENT, newClient, TRANSPORTS, UNHURRIED } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { tap } from "../../support/tap.mjs";
import { until } from "../../support/until.mjs";

const NAME = "José ÿ"; // a tap reads headers as Latin-1, in which the bytes of UTF-8 would be other characters

const server = sharedServer("npm");

async function startProxy(t) {
  const proxy = new ProxyServer({ host: "127.0.0.1", port: 0 });
  await proxy.listen();
  t.after(() => proxy.close(true));
  return { proxy: `http://127.0.0.1:${proxy.port}` };
}

function startAgent(t) {
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  return { agent };
}

const WAYS = { "directly": () => ({}), "through a proxy": startProxy, "by a user-supplied agent": startAgent };

for (const [way, options] of Object.entries(WAYS)) {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`a header value in Latin-1 is sent with the same bytes ${way}: ${name}`, async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t, { ...IMPATIENT, ...(await options(t)) });
      await client.connect(wire.url, { ...UNHURRIED, transports, headers: { "X-Name": NAME } });
      if (transports.length > 1) await until("the upgrade", () => client.transport() === "websocket");
      assert.equal(await client.call("echo", "grüße 🎈"), "grüße 🎈");
      const requests = wire.requests();
      const posts = requests.filter(({ line }) => line.startsWith("POST"));
      assert.equal(posts.length > 0, name !== "websocket");
      for (const { line, headers } of requests) assert.equal(headers["x-name"], NAME, line);
    });
  }
}

for (const [what, body] of Object.entries({ "no body": undefined, "a string": "grüße", "bytes": new TextEncoder().encode("grüße").buffer })) {
  test(`fetch sends a header value in Latin-1 as Node's own fetch does, with ${what}`, async (t) => {
    const echo = await listen(t, async (request, response) => {
      const bytes = Buffer.concat(await request.toArray());
      response.end(JSON.stringify([request.headers["x-name"], request.headers["content-length"], bytes.toString()]));
    });
    const init = { method: body === undefined ? "GET" : "POST", body, headers: { "X-Name": NAME } };
    const [own, nodes] = await Promise.all([fetcher(), globalThis.fetch].map(async (fetch) => JSON.parse(await (await fetch(echo.url, init)).text())));
    assert.deepEqual(own, nodes);
    assert.equal(own[0], NAME);
  });
}

test("a cookie in Latin-1 goes back to its server with the same bytes", async (t) => {
  const seen = [];
  const peer = await listen(t, async (request, response) => {
    await request.toArray();
    seen.push(request.headers.cookie);
    response.setHeader("set-cookie", `name=${NAME}`).end(Buffer.from("ok"));
  });
  const { Cookies } = await import("../../../pkg/platform/node/cookies.js");
  const fetch = fetcher({ cookies: new Cookies() });
  for (const init of [{}, {}, { method: "POST", body: "grüße" }]) await fetch(peer.url, init);
  assert.deepEqual(seen, [undefined, `name=${NAME}`, `name=${NAME}`]);
});
