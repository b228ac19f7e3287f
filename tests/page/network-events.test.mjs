// Offline and online events in a page and in a worker, and a server that cannot be reached.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UNHURRIED } from "../support/clients.mjs";
import { listen } from "../support/listen.mjs";
import { sharedServer } from "../support/shared-server.mjs";
import { until } from "../support/until.mjs";
import { emptyPage, sharedBrowser } from "./support.mjs";

const browser = sharedBrowser();
const server = sharedServer("npm");

/** Delays so long that only the `online` event can cause the reconnection. */
const LATE = { reconnectionDelay: 600_000, reconnectionDelayMax: 600_000 };

/** Connects a client in the page. The globals of the page are `client`, and `recorded`, the arguments of its handlers. */
async function connected(t, options, transports) {
  const page = await emptyPage(t, browser);
  await page.evaluate(
    async ([url, options, connectOptions]) => {
      const { Client } = await import("/browser.js");
      globalThis.client = new Client(options);
      globalThis.recorded = [];
      client.on("connect", () => void recorded.push("connect"));
      client.on("disconnect", (reason, { cause, error }) => void recorded.push([reason, cause, error.code]));
      await client.connect(url, connectOptions);
    },
    [server.url, { ...LATE, ...options }, { ...UNHURRIED, transports }],
  );
  return page;
}

const answer = (page, value) => page.evaluate((value) => client.call("echo", value), value);

for (const transports of ["polling", "websocket"]) {
  describe(`over ${transports}`, () => {
    test("going offline drops the connection at once, and going online makes a new one at once", async (t) => {
      const page = await connected(t, {}, transports);
      await page.context().setOffline(true);
      await page.waitForFunction(() => recorded.length >= 2);
      assert.deepEqual(await page.evaluate(() => [recorded, client.state]), [["connect", ["transport error", "transport close", "OFFLINE"]], "reconnecting"]);
      await page.evaluate(() => client.emit("echo-back", "buffered"));
      const echoed = page.evaluate(() => new Promise((resolve) => client.on("echo-back", resolve)));
      await page.context().setOffline(false);
      await page.waitForFunction(() => recorded.length >= 3);
      assert.equal(await echoed, "buffered");
      assert.equal(await answer(page, 1), 1);
    });

    test("a client with networkEvents: false ignores the events", async (t) => {
      const page = await connected(t, { networkEvents: false }, transports);
      await page.evaluate(() => {
        for (const event of ["offline", "online"]) dispatchEvent(new Event(event));
      });
      assert.equal(await answer(page, 1), 1);
      assert.deepEqual(await page.evaluate(() => recorded), ["connect"]);
    });

    test("a disconnected client ignores the events", async (t) => {
      const page = await connected(t, {}, transports);
      const seen = await page.evaluate(
        async ([url, options, connectOptions]) => {
          await client.disconnect();
          const other = new client.constructor(options);
          await other.connect(url, connectOptions);
          const reconnected = new Promise((resolve) => other.on("connect", resolve));
          for (const event of ["offline", "online"]) dispatchEvent(new Event(event));
          await reconnected; // the other client has handled both events
          await other.disconnect();
          return [client.state, recorded.filter((what) => what === "connect").length];
        },
        [server.url, LATE, { ...UNHURRIED, transports }],
      );
      assert.deepEqual(seen, ["disconnected", 1]);
    });
  });
}

test("a client in a worker handles the events too", async (t) => {
  const page = await emptyPage(t, browser);
  const recorded = await page.evaluate(
    async ([url, options, connectOptions]) => {
      const source = `
        import { Client } from ${JSON.stringify(new URL("/browser.js", location.href).href)};
        const client = new Client(${JSON.stringify(options)});
        client.on("connect", () => {
          postMessage("connect");
          setTimeout(() => dispatchEvent(new Event("offline")));
        });
        client.once("disconnect", (reason, { error }) => {
          postMessage(error.code);
          setTimeout(() => dispatchEvent(new Event("online")));
        });
        client.connect(${JSON.stringify(url)}, ${JSON.stringify(connectOptions)});
      `;
      const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
      const recorded = [];
      await new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => recorded.push(data) === 3 && resolve();
      });
      worker.terminate();
      return recorded;
    },
    [server.url, LATE, UNHURRIED],
  );
  assert.deepEqual(recorded, ["connect", "OFFLINE", "connect"]);
});

describe("a server that cannot be reached gets one request for each transport, and none for another protocol version", () => {
  for (const [what, order] of [["polling", ["polling"]], ["websocket", ["websocket"]], ["both", ["polling", "websocket"]]]) {
    test(`${what}: the console has one error for each transport`, async (t) => {
      const gone = await listen(t, () => {});
      await gone.end(); // no server listens there now
      const page = await emptyPage(t, browser);
      const [errors, versions] = [[], []];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("request", (request) => request.url().startsWith(gone.url) && versions.push(new URL(request.url()).searchParams.get("EIO")));
      page.on("websocket", (socket) => versions.push(new URL(socket.url()).searchParams.get("EIO")));
      const code = await page.evaluate(
        async ([url, transports]) => {
          const { Client } = await import("/browser.js");
          return new Client().connect(url, { transports }).catch((error) => error.code);
        },
        [gone.url, order],
      );
      assert.equal(code, "UNREACHABLE");
      await until("the errors", () => errors.length >= order.length);
      assert.deepEqual([versions, errors.length], [order.map(() => "4"), order.length], errors.join("\n"));
    });
  }

  test("a refusal that CORS hides from the page is one request too", async (t) => {
    const versions = [];
    const http = await listen(t, (request, response) => {
      versions.push(new URL(request.url, "http://peer").searchParams.get("EIO"));
      response.writeHead(400).end("no");
    });
    const page = await emptyPage(t, browser);
    const code = await page.evaluate(
      async (url) => {
        const { Client } = await import("/browser.js");
        return new Client().connect(url, { transports: "polling" }).catch((error) => error.code);
      },
      http.url,
    );
    assert.deepEqual([code, versions], ["UNREACHABLE", ["4"]]);
  });
});
