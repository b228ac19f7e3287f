// The client does not change its inputs: options, addresses, headers, auth, arguments, answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyWay } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { heard } from "../../support/until.mjs";

/** Freezes a value deeply. Binary data cannot be frozen; the test compares it afterwards. */
function frozen(value) {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}

const given = () => ({
  client: { reconnectionDelay: 50, reconnectionDelayMax: 100, limits: { maxDepth: 50 }, websocketOptions: { protocols: [], headers: { "x-kind": "websocket" } } },
  connect: { headers: { "X-Mine": "1", Cookie: "a=b" }, auth: { token: "secret", deep: { list: [1, null] } }, namespaces: ["/", "/auth"] },
  scope: { namespace: "/auth", timeout: 9000 },
  event: [{ list: [new Uint8Array([1, 2]), { deep: [new Uint8Array([3]).buffer, "text", undefined] }], date: new Date(0) }, new Uint8Array([4]), [5]],
  answer: { list: [new Uint8Array([6, 7])], empty: {} },
});

everyWay(({ transports, url }) => {
  test("[K1] options, auth, arguments and answers are not changed, also by a reconnection", async (t) => {
    const mine = frozen(given());
    const address = frozen(new URL(`${url()}?a=1`));
    const client = new api.Client(mine.client);
    t.after(() => client.disconnect());
    const auth = client.with(mine.scope);
    auth.on("question", () => mine.answer);
    await client.connect(address, { ...mine.connect, transports: Object.freeze([...transports]) });
    const talk = async () => {
      assert.deepEqual((await auth.call("echo", ...mine.event)).at(-1), [5]);
      const answered = heard(auth, "answered");
      auth.emit("ask", 1);
      assert.deepEqual(await answered, [mine.answer]);
    };
    await talk();
    const again = heard(auth, "connect");
    client.emit("close-engine");
    await again;
    await talk();
    assert.deepEqual(mine, given());
    assert.equal(address.href, `${url()}/?a=1`);
  });
});
