// The memory of clients: clients that are collected as garbage, and waits that keep no signal alive.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until, within } from "../../support/until.mjs";

const server = sharedServer("npm");

async function connected(t) {
  const client = newClient(t);
  await client.connect(server.url);
  return client;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

test("a handler's promise may settle after its client was collected", async (t) => {
  const errors = [];
  const caught = (error) => errors.push(error);
  process.on("uncaughtException", caught);
  t.after(() => process.off("uncaughtException", caught));
  let settle;
  let collected = false;
  const registry = new FinalizationRegistry(() => (collected = true));
  await (async () => {
    const client = await connected({ after: () => {} }); // a real context would keep the client until the end
    const asked = new Promise((resolve) => {
      client.on("question", () => (resolve(), new Promise((resolve) => (settle = resolve))));
    });
    client.emit("ask", 1);
    await asked;
    await client.disconnect();
    registry.register(client);
  })();
  await until("the collection", () => (collectGarbage(), collected));
  collectGarbage(); // the client's own objects are finalized separately
  await turn();
  settle("late");
  await turn();
  assert.deepEqual(errors, []);
});

describe("wait() and drain()", () => {
  // Waits with ten signals, aborts each, and resolves to weak references to them.
  const aborted = async (wait) => {
    const signals = [];
    for (let round = 0; round < 10; round += 1) {
      const controller = new AbortController();
      signals.push(new WeakRef(controller.signal));
      const waiting = wait({ signal: controller.signal });
      controller.abort("enough");
      await assert.rejects(waiting, (error) => error === "enough");
    }
    return signals;
  };

  test("do not keep the signals of callers that were aborted", async (t) => {
    const silent = await listen(t, () => {});
    const client = newClient(t, { requestTimeout: 0 });
    const connecting = assert.rejects(client.connect(silent.url), { code: "DISCONNECTED" });
    client.emit("kept"); // buffered until a connection that never comes
    for (const wait of ["wait", "drain"]) {
      const signals = await aborted((options) => client[wait](options));
      await until(`the collection of the signals of ${wait}()`, () => (collectGarbage(), signals.every((signal) => !signal.deref())));
    }
    await client.disconnect();
    await connecting;
  });

  test("settle for all callers, also if one was aborted", async (t) => {
    const client = await connected(t);
    const controller = new AbortController();
    const [first, second] = [client.wait({ signal: controller.signal }), client.wait()];
    controller.abort();
    await assert.rejects(first, { name: "AbortError" });
    await client.disconnect();
    await within("the end", second);
    await within("the end, which is over", client.wait());
    await client.connect(server.url);
    const third = client.wait();
    await client.disconnect();
    await within("the next end", third);
  });
});

test("a call on a dead connection rejects, also if the disconnect handler calls disconnect()", async (t) => {
  const peer = await websocketPeer(t, () => {});
  const client = newClient(t);
  await client.connect(peer.url, { transports: "websocket" });
  client.on("disconnect", () => client.disconnect());
  const now = Date.now;
  t.mock.method(Date, "now", () => now() + 3_600_000); // the clock of a machine that has slept for an hour
  await assert.rejects(within("the call's end", client.call("x")), { code: "DISCONNECTED" });
});
