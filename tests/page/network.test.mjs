// A page and a worker of a platform that goes offline and comes back, and a server that cannot be reached.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { UNHURRIED } from "../support/clients.mjs";
import { listen } from "../support/listen.mjs";
import { startServer } from "../support/server.mjs";
import { LIMIT_MS, until } from "../support/until.mjs";
import { emptyPage, launchBrowser } from "./support.mjs";

let browser;
let server;
before(async () => {
  browser = await launchBrowser();
  server = await startServer({ after: () => {} }, "npm");
});
after(async () => {
  await browser?.close();
  await server?.kill();
});

/** So late that only the `online` event can be what connects again. */
const LATE = { reconnectionDelay: 600_000, reconnectionDelayMax: 600_000 };

/** Connects a client in the page, which then has `client` and `told`: what its handlers were called with. */
async function connected(t, options, transports) {
  const page = await emptyPage(t, browser);
  page.setDefaultTimeout(LIMIT_MS);
  await page.evaluate(
    async ([url, options, connectOptions]) => {
      const { Client } = await import("/browser.js");
      globalThis.client = new Client(options);
      globalThis.told = [];
      client.on("connect", () => void told.push("connect"));
      client.on("disconnect", (reason, { cause, error }) => void told.push([reason, cause, error.code]));
      await client.connect(url, connectOptions);
    },
    [server.url, { ...LATE, ...options }, { ...UNHURRIED, transports }],
  );
  return page;
}

const answer = (page, value) => page.evaluate((value) => client.call("echo", value), value);

for (const transports of ["polling", "websocket"]) {
  describe(`over ${transports}`, () => {
    test("going offline drops the connection at once, and going online makes it again at once", async (t) => {
      const page = await connected(t, {}, transports);
      await page.context().setOffline(true);
      await page.waitForFunction(() => told.length >= 2);
      assert.deepEqual(await page.evaluate(() => [told, client.state]), [["connect", ["transport error", "transport close", "OFFLINE"]], "reconnecting"]);
      await page.evaluate(() => client.emit("echo-back", "kept"));
      const kept = page.evaluate(() => new Promise((resolve) => client.on("echo-back", resolve)));
      await page.context().setOffline(false);
      await page.waitForFunction(() => told.length >= 3);
      assert.equal(await kept, "kept");
      assert.equal(await answer(page, 1), 1);
    });

    test("networkEvents: false takes no notice of the events", async (t) => {
      const page = await connected(t, { networkEvents: false }, transports);
      await page.evaluate(() => {
        for (const event of ["offline", "online"]) dispatchEvent(new Event(event));
      });
      assert.equal(await answer(page, 1), 1);
      assert.deepEqual(await page.evaluate(() => told), ["connect"]);
    });

    test("a client that was disconnected takes no notice of the events", async (t) => {
      const page = await connected(t, {}, transports);
      const seen = await page.evaluate(async () => {
        await client.disconnect();
        for (const event of ["offline", "online"]) dispatchEvent(new Event(event));
        await new Promise((resolve) => setTimeout(resolve, 200));
        return [client.state, told.filter((what) => what === "connect").length];
      });
      assert.deepEqual(seen, ["disconnected", 1]);
    });
  });
}

test("in a worker, the events are heeded too", async (t) => {
  const page = await emptyPage(t, browser);
  page.setDefaultTimeout(LIMIT_MS);
  const told = await page.evaluate(
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
      const told = [];
      await new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => told.push(data) === 3 && resolve();
      });
      worker.terminate();
      return told;
    },
    [server.url, LATE, UNHURRIED],
  );
  assert.deepEqual(told, ["connect", "OFFLINE", "connect"]);
});

describe("a server that cannot be reached is asked once for each transport, and never for another revision", () => {
  for (const [what, order] of [["polling", ["polling"]], ["websocket", ["websocket"]], ["both", ["polling", "websocket"]]]) {
    test(`${what}: the console has one error for each`, async (t) => {
      const gone = await listen(t, () => {});
      await gone.end(); // nobody listens there from now on
      const page = await emptyPage(t, browser);
      const [errors, asked] = [[], []];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("request", (request) => request.url().startsWith(gone.url) && asked.push(new URL(request.url()).searchParams.get("EIO")));
      page.on("websocket", (socket) => asked.push(new URL(socket.url()).searchParams.get("EIO")));
      const code = await page.evaluate(
        async ([url, transports]) => {
          const { Client } = await import("/browser.js");
          return new Client().connect(url, { transports }).catch((error) => error.code);
        },
        [gone.url, order],
      );
      assert.equal(code, "UNREACHABLE");
      await until("the errors", () => errors.length >= order.length);
      assert.deepEqual([asked, errors.length], [order.map(() => "4"), order.length], errors.join("\n"));
    });
  }

  test("a refusal that the page may not read (CORS) is one request, too", async (t) => {
    const asked = [];
    const http = await listen(t, (request, response) => {
      asked.push(new URL(request.url, "http://peer").searchParams.get("EIO"));
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
    assert.deepEqual([code, asked], ["UNREACHABLE", ["4"]]);
  });
});
