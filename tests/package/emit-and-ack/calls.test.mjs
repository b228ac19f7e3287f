// Time-outs, signals and size limits that end a call, a wait or a connect().
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TRANSPORTS, newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { within } from "../../support/until.mjs";

for (const kind of SERVERS) {
  describe(kind, () => {
    const server = sharedServer(kind, { maxHttpBufferSize: 20_000 });

    const connected = async (t, options) => {
      const client = newClient(t);
      await client.connect(server.url, options);
      return client;
    };

    test("[M5, CALL_TIMEOUT] a call without an answer in time rejects with an error that names the event and the time", async (t) => {
      const client = await connected(t);
      const expected = { name: "TimeoutError", code: "CALL_TIMEOUT", fault: "network", event: "never", milliseconds: 50 };
      await assert.rejects(client.timeout(50).call("never"), { ...expected, message: 'No answer to "never" within 50 ms' });
      assert.equal(await client.call("echo", 1), 1);
    });

    test("a call may be made while the arguments of another one are serialized, and both are answered", async (t) => {
      const client = await connected(t);
      let inner;
      const toJSON = () => {
        inner = client.timeout(30_000).call("echo", "inner");
        return "outer";
      };
      assert.equal(await client.timeout(30_000).call("echo", { toJSON }), "outer");
      assert.equal(await inner, "inner");
    });

    test("[M5] timeout 0 and Infinity set no limit", async (t) => {
      const client = await connected(t);
      assert.equal(await client.timeout(0).call("echo", 1), 1);
      assert.equal(await client.timeout(Infinity).call("echo", 1), 1);
    });

    test("a call rejects with its signal's reason, and the client goes on", async (t) => {
      const client = await connected(t);
      const controller = new AbortController();
      const call = client.with({ signal: controller.signal }).call("never");
      const reason = new Error("enough");
      controller.abort(reason);
      await assert.rejects(call, (error) => error === reason);
      assert.equal(await client.call("echo", 1), 1);
    });

    test("a call with a signal aborted before is not sent", async (t) => {
      const client = await connected(t);
      await assert.rejects(client.with({ signal: AbortSignal.abort("no") }).call("echo", 1), (error) => error === "no");
      assert.equal(client.bufferedAmount, 0);
    });

    test("a signal has no listener left after its calls have ended", async (t) => {
      const client = await connected(t);
      const { signal } = new AbortController();
      let listeners = 0;
      signal.addEventListener = () => (listeners += 1);
      signal.removeEventListener = () => (listeners -= 1);
      for (let index = 0; index < 3; index += 1) await client.with({ signal }).call("echo", index);
      assert.equal(listeners, 0);
    });

    test("pending calls with one signal share one listener, and the signal ends each of them", async (t) => {
      const client = await connected(t);
      const controller = new AbortController();
      const { signal } = controller;
      let listeners = 0;
      const { addEventListener } = signal;
      signal.addEventListener = (...args) => {
        listeners += 1;
        addEventListener.apply(signal, args);
      };
      const calls = Array.from({ length: 20 }, () => client.with({ signal, timeout: 0 }).call("never"));
      assert.equal(listeners, 1);
      controller.abort("enough");
      const ends = await within("their ends", Promise.allSettled(calls));
      assert.deepEqual(ends.map(({ reason }) => reason), Array.from({ length: 20 }, () => "enough"));
      assert.equal(await client.call("echo", 1), 1);
    });

    test("[T5] wait() and drain() reject with a signal's reason", async (t) => {
      const client = await connected(t);
      const controller = new AbortController();
      const waiting = client.wait({ signal: controller.signal });
      controller.abort("enough");
      await assert.rejects(waiting, (error) => error === "enough");
      await assert.rejects(client.drain({ signal: controller.signal }), (error) => error === "enough");
    });

    for (const [name, transports] of Object.entries(TRANSPORTS)) {
      for (const [what, message] of [["string", "x".repeat(30_000)], ["binary", new Uint8Array(30_000)]]) {
        test(`[PAYLOAD_TOO_LARGE] ${name}: a ${what} over the server's limit is refused before it is sent`, async (t) => {
          const client = await connected(t, { transports });
          const expected = { name: "PayloadTooLargeError", code: "PAYLOAD_TOO_LARGE", fault: "misuse", limit: 20_000 };
          assert.throws(() => client.emit("echo", message), expected);
          await assert.rejects(client.call("echo", message), expected);
          assert.equal(await client.call("echo", "still here"), "still here");
        });
      }

      test(`${name}: a message over the limit that was buffered before the limit was known is dropped, and the others are delivered`, async (t) => {
        const client = newClient(t);
        const connecting = client.connect(server.url, { transports });
        const first = client.call("echo", 1);
        const large = assert.rejects(client.call("echo", "x".repeat(30_000)), { code: "PAYLOAD_TOO_LARGE" });
        const last = client.call("echo", 2);
        await connecting;
        await large;
        assert.deepEqual([await first, await last], [1, 2]);
      });

      test(`${name}: messages that together are over the limit are all delivered`, async (t) => {
        const client = await connected(t, { transports });
        const messages = Array.from({ length: 10 }, (_, index) => `${index}${"é".repeat(4000)}`);
        assert.deepEqual(await within("all answers", Promise.all(messages.map((message) => client.call("echo", message)))), messages);
      });
    }
  });
}

describe("[K1] connect() with a signal", () => {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`${name}: rejects with its reason, and ends the attempt`, async (t) => {
      const silent = await listen(t, () => {});
      silent.on("upgrade", () => {});
      const reached = new Promise((resolve) => silent.once("connection", (socket) => resolve(socket)));
      const client = newClient(t);
      const controller = new AbortController();
      const connecting = client.connect(silent.url, { transports, signal: controller.signal });
      const socket = await within("the attempt", reached);
      assert.equal(client.state, "connecting");
      const closed = within("its end", new Promise((resolve) => socket.once("close", resolve)));
      controller.abort("enough");
      await assert.rejects(connecting, (error) => error === "enough");
      assert.equal(client.state, "disconnected");
      await closed;
    });
  }

  test("ends the attempts of `retry`", async (t) => {
    const nobody = await listen(t, () => {});
    await nobody.end();
    const client = newClient(t);
    const controller = new AbortController();
    const connecting = client.connect(nobody.url, { retry: true, signal: controller.signal });
    client.on("connect_error", () => controller.abort("enough"));
    await assert.rejects(within("the rejection", connecting), (error) => error === "enough");
    assert.equal(client.state, "disconnected");
  });

  test("makes no attempt if the signal was aborted before", async (t) => {
    const client = newClient(t);
    await assert.rejects(client.connect("http://127.0.0.1:1", { signal: AbortSignal.abort("no") }), (error) => error === "no");
    assert.equal(client.state, "disconnected");
  });

  test("goes on if the signal is aborted after connect() has resolved", async (t) => {
    const server = await startServer(t, "npm");
    const client = newClient(t);
    const controller = new AbortController();
    await client.connect(server.url, { signal: controller.signal });
    controller.abort();
    assert.equal(await client.call("echo", 1), 1);
  });
});
