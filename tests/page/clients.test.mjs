// SimpleClient, classes of namespaces, background tasks and Blobs in a page and in a worker, with a real server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { listen } from "../support/listen.mjs";
import { startServer } from "../support/server.mjs";
import { launchBrowser } from "./support.mjs";

const SCRIPT = new URL("../../pkg/dist/browser.js", import.meta.url);

let browser;
let server;
before(async () => {
  browser = await launchBrowser();
  server = await startServer({ after: () => {} }, "npm");
});
after(async () => {
  await browser?.close();
  await server.kill();
});

/** What is done in the page, or in its worker: gives what the test compares. */
async function work({ Client, ClientNamespace, SimpleClient }, url) {
  const seen = [];

  const simple = new SimpleClient();
  const early = simple.emit("echo-back", new Blob(["ab"]), new File(["c"], "name"));
  await simple.connect(url, { namespace: "/chat" });
  await early;
  const [event, ...bytes] = await simple.receive({ timeout: 30_000 });
  seen.push([event, ...bytes.map((value) => new TextDecoder().decode(value))]);
  await simple.emit("burst", 2);
  for await (const received of simple) {
    seen.push(received);
    if (received[1] === 1) await simple.disconnect();
  }
  seen.push(await simple.receive().catch((error) => [error.name, error.code]));

  class Chat extends ClientNamespace {
    on_question(blob) {
      return new Blob([blob, "!"]);
    }
  }
  const client = new Client();
  const chat = client.registerNamespace(new Chat("/chat"));
  await client.connect(url);
  const answered = new Promise((resolve) => client.once("answered", resolve, { namespace: "/chat" }));
  chat.emit("ask", new Blob(["why"]));
  seen.push(new TextDecoder().decode(await answered));
  const task = client.startBackgroundTask(async (signal) => client.sleep(600_000, { signal }));
  task.cancel(new Error("enough"));
  seen.push(await task.join().catch((error) => error.message));
  await client.shutdown();
  seen.push(client.state);
  return seen;
}

const EXPECTED = [
  ["echo-back", "ab", "c"],
  ["tick", 0],
  ["tick", 1],
  ["DisconnectedError", "CONNECTION_ENDED"],
  "why!",
  "enough",
  "disconnected",
];

const WORKER = `import * as api from "/browser.js";
  onmessage = async ({ data: url }) => postMessage(await (${work})(api, url));`;

async function openPage(t) {
  const answers = {
    "/browser.js": ["text/javascript", await readFile(SCRIPT)],
    "/worker.js": ["text/javascript", WORKER],
    "/": ["text/html", "<!doctype html><link rel=icon href=data:,>"],
  };
  const pages = await listen(t, (request, response) => {
    const [type, body] = answers[request.url];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(pages.url);
  return page;
}

test("[P9] in a page", async (t) => {
  const page = await openPage(t);
  assert.deepEqual(await page.evaluate(`import("/browser.js").then((api) => (${work})(api, ${JSON.stringify(server.url)}))`), EXPECTED);
});

test("[P9] in a worker", async (t) => {
  const page = await openPage(t);
  const seen = await page.evaluate(
    (url) =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
        worker.postMessage(url);
      }),
    server.url,
  );
  assert.deepEqual(seen, EXPECTED);
});
