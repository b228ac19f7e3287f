// SimpleClient, namespace classes, background tasks and Blobs in a page and in a worker, with a real server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedServer } from "../support/shared-server.mjs";
import { emptyPage, sharedBrowser } from "./support.mjs";

const browser = sharedBrowser();
const server = sharedServer("npm");

/** Runs in the page or in its worker. Returns the values that the test compares. */
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

test("[P9] SimpleClient, namespaces, tasks and Blobs work in a page", async (t) => {
  const page = await emptyPage(t, browser);
  assert.deepEqual(await page.evaluate(`import("/browser.js").then((api) => (${work})(api, ${JSON.stringify(server.url)}))`), EXPECTED);
});

test("[P9] SimpleClient, namespaces, tasks and Blobs work in a worker", async (t) => {
  const page = await emptyPage(t, browser, { "/worker.js": WORKER });
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
