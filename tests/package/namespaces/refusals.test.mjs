// Namespaces that the server refuses: the client reports the refusal once, with its message and data, and does not try again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IMPATIENT, everyWay, newClient } from "../../support/clients.mjs";
import { heard, until } from "../../support/until.mjs";

// The refusals of the real servers.
const REFUSALS = [
  { namespace: "/refuse", message: "no entry", data: { message: "no entry" } },
  { namespace: "/refuse-data", message: "nope", data: { message: "nope", data: { code: 7 } } },
  { namespace: "/auth", message: "wrong token", data: { message: "wrong token" } },
];

everyWay(({ kind, transports, url }) => {
  for (const { namespace, message, data } of REFUSALS) {
    test(`[D1] connect() to ${namespace} rejects with the server's message and data`, async (t) => {
      const client = newClient(t);
      await assert.rejects(client.connect(url(), { transports, namespaces: namespace }), (error) => {
        assert.deepEqual([error.name, error.code, error.fault], ["ConnectionError", "REFUSED", "peer"]);
        assert.deepEqual([error.namespaces, error.reason, error.data], [[namespace], message, data]);
        assert.equal(error.message, `One or more namespaces failed to connect: ${namespace}: ${message}`);
        return true;
      });
      assert.equal(client.connected, false);
      await until("the end", () => client.state === "disconnected");
    });

    test(`[E6] connect_error of ${namespace} receives an error with the server's data and the namespace`, async (t) => {
      const client = newClient(t);
      const refused = heard(client.of(namespace), "connect_error");
      await assert.rejects(client.connect(url(), { transports }));
      const [error, ...others] = await refused;
      assert.ok(error instanceof Error);
      assert.deepEqual([error.code, error.data, error.namespaces, others], ["REFUSED", data, [namespace], []]);
    });
  }

  test("a namespace that the server does not have is refused", async (t) => {
    const client = newClient(t);
    const expected = kind === "npm" ? { message: "Invalid namespace" } : "Unable to connect";
    await assert.rejects(client.connect(url(), { transports, namespaces: "/nowhere" }), { code: "REFUSED", data: expected });
  });

  test("[E6] one refused namespace fails connect(), whose error names it, and ends the others", async (t) => {
    const client = newClient(t);
    const connecting = client.connect(url(), { transports, namespaces: ["/", "/refuse", "/chat"] });
    await assert.rejects(connecting, { code: "REFUSED", namespaces: ["/refuse"] });
    assert.deepEqual([client.connected, client.namespaces.size], [false, 0]);
    await until("the end", () => client.state === "disconnected");
  });

  test("a namespace that is refused later does not change the others, and is not tried again", async (t) => {
    const client = newClient(t, { ...IMPATIENT });
    await client.connect(url(), { transports });
    let refusals = 0;
    client.of("/refuse").on("connect_error", () => (refusals += 1));
    await assert.rejects(client.connectNamespace("/refuse"), { code: "REFUSED", namespaces: ["/refuse"] });
    assert.throws(() => client.of("/refuse").emit("x"), { code: "BAD_NAMESPACE" });
    for (let round = 0; round < 20; round += 1) await client.call("echo", round); // time for another try
    assert.equal(refusals, 1);
    assert.equal(client.state, "connected");
  });

  test("connectNamespace() sends its own auth", async (t) => {
    const client = newClient(t);
    await client.connect(url(), { transports });
    await assert.rejects(client.connectNamespace("/auth"), { code: "REFUSED" });
    const welcome = heard(client.of("/auth"), "welcome");
    await client.connectNamespace("/auth", { auth: () => ({ token: "secret" }) });
    assert.deepEqual(await welcome, [{ token: "secret" }]);
  });

  test("a connect() after a refusal can succeed", async (t) => {
    const client = newClient(t);
    await assert.rejects(client.connect(url(), { transports, namespaces: "/auth", auth: { token: "old" } }));
    await client.connect(url(), { transports, namespaces: "/auth", auth: { token: "secret" } });
    assert.equal(await client.of("/auth").call("echo", 1), 1);
  });
});
