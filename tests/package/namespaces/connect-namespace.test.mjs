// connectNamespace(): several callers for one namespace, callers that give up, and the auth of a namespace.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { within } from "../../support/until.mjs";

const server = sharedServer("npm");

async function connected(t) {
  const client = newClient(t);
  await client.connect(server.url);
  return client;
}

describe("connectNamespace()", () => {
  test("gives an auth that is dropped with the connection", async (t) => {
    const client = await connected(t);
    await client.connectNamespace("/auth", { auth: { token: "secret" } });
    await client.disconnect();
    const again = client.connect(server.url, { namespaces: ["/", "/auth"], auth: { token: "wrong" } });
    await assert.rejects(again, { code: "REFUSED", namespaces: ["/auth"] });
  });

  test("in the connect_error handler of the namespace: the new auth is sent, and not that of connect()", async (t) => {
    const client = newClient(t);
    await client.connect(server.url, { auth: { token: "wrong" } });
    const again = new Promise((resolve) => {
      client.of("/auth").once("connect_error", () => resolve(client.connectNamespace("/auth", { auth: { token: "secret" } })));
    });
    await assert.rejects(client.connectNamespace("/auth", { auth: { token: "old" } }), { code: "REFUSED" });
    await within("the namespace", again);
    assert.deepEqual([...client.namespaces.keys()].sort(), ["/", "/auth"]);
  });

  for (const transports of ["websocket", "polling"]) {
    // npm's server closes a connection on which it reads a CONNECT together with the DISCONNECT of the same namespace.
    test(`enters a namespace again right after it was left, and the connection stays (${transports})`, async (t) => {
      const client = newClient(t);
      const lost = [];
      client.on("disconnect", (reason) => lost.push(reason));
      await client.connect(server.url, { namespaces: ["/", "/chat"], transports });
      const sid = client.getSid("/");
      await client.disconnectNamespace("/chat");
      await within("the namespace", client.connectNamespace("/chat"));
      assert.equal(await client.call("echo", "still there"), "still there");
      assert.deepEqual([client.getSid("/"), lost], [sid, []]);
    });
  }

  test("without auth, the next connection is made with the auth of connect()", async (t) => {
    const client = newClient(t);
    await client.connect(server.url, { auth: { token: "wrong" } });
    await client.connectNamespace("/auth", { auth: { token: "secret" } });
    await client.connectNamespace("/auth");
    const refused = new Promise((resolve) => client.on("connect_error", (error) => resolve(error.data.message), { namespace: "/auth" }));
    client.emit("close-engine");
    assert.equal(await within("the refusal", refused), "wrong token");
  });

  for (const [namespace, status] of [["/chat", "fulfilled"], ["/refuse", "rejected"]]) {
    test(`settles for all callers that wait for ${namespace}: ${status}`, async (t) => {
      const client = await connected(t);
      const waiting = [1, 2, 3].map(() => client.connectNamespace(namespace));
      const results = await within("the results", Promise.allSettled(waiting));
      assert.deepEqual(results.map((result) => result.status), [status, status, status]);
    });
  }

  test("goes on for other callers if one is aborted; if all are, the namespace is not connected", async (t) => {
    const client = await connected(t);
    const controller = new AbortController();
    const { signal } = controller;
    const given = [client.connectNamespace("/chat", { signal }), client.connectNamespace("/early", { signal }), client.connectNamespace("/early", { signal })];
    const other = client.connectNamespace("/chat");
    controller.abort("enough");
    for (const waiting of given) await assert.rejects(waiting, (error) => error === "enough");
    await within("the other", other);
    assert.equal(await client.of("/chat").call("echo", 1), 1); // by now the server has answered all CONNECTs
    assert.deepEqual([...client.namespaces.keys()].sort(), ["/", "/chat"]);
  });
});
