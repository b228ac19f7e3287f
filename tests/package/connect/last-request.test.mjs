// The request that ends a polling connection at once has nobody to wait for it, and may outlive the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api } from "../../support/installed.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until } from "../../support/until.mjs";

const server = sharedServer("npm");

test("only the request that ends the connection is made with keepalive", async (t) => {
  const requests = [];
  const recording = (url, init) => {
    requests.push(init);
    return fetch(url, init);
  };
  const client = new api.EngineClient({ fetch: recording });
  t.after(() => client.disconnect());
  await client.connect(server.url, { transports: "polling", path: "/socket.io" });
  assert.deepEqual(requests.filter((init) => init.keepalive), []);
  await client.disconnect({ abort: true });
  await until("the last request", () => requests.some((init) => init.keepalive));
  assert.deepEqual(requests.filter((init) => init.keepalive).map(({ method }) => method), ["POST"]);
});
