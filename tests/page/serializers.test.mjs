// Serializers in a page: each file is fetched by the client that uses it, under a policy that forbids to make code from text.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../scripts/demo-files.mjs";
import { listen } from "../support/listen.mjs";
import { startServer } from "../support/server.mjs";
import { launchBrowser } from "./support.mjs";

const DIST = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src http: ws:; worker-src 'self'; img-src data:";
const WORKER = `import { Client } from "/browser.js";
  const client = new Client({ serializer: "msgpack" });
  onmessage = async ({ data: url }) => {
    await client.connect(url, { transports: "polling" });
    postMessage(await client.call("echo", new Uint8Array([1, 2])));
    await client.disconnect();
  };`;

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser?.close());

/** A page with the package beside it; `fetched` are the serializers' files that it has asked for. */
async function openPage(t) {
  const fetched = [];
  const files = serveFiles({ "/": DIST }, { "content-security-policy": POLICY });
  const pages = await listen(t, (request, response) => {
    if (request.url.startsWith("/serializers/")) fetched.push(request.url);
    if (request.url === "/") return response.writeHead(200, { "content-type": "text/html", "content-security-policy": POLICY }).end("<!doctype html>");
    if (request.url === "/worker.js") return response.writeHead(200, { "content-type": "text/javascript", "content-security-policy": POLICY }).end(WORKER);
    return files(request, response);
  });
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && !message.text().includes("404") && problems.push(message.text()));
  await page.goto(pages.url);
  return { page, fetched, problems };
}

const converse = async ([url, serializer, transports]) => {
  const { Client } = await import("/browser.js");
  const client = new Client({ serializer });
  const connecting = client.connect(url, { transports });
  const early = client.state;
  await connecting;
  const [bytes, number, text] = await client.call("echo", new Uint8Array([1, 2, 3]), serializer === "default" ? 0 : NaN, "\ufeffé👋");
  await client.disconnect();
  return [early, bytes instanceof Uint8Array, [...bytes], number, text];
};

for (const [serializer, kind] of [["msgpack", "npm"], ["msgpack", "python"], ["cbor", "python"], ["pickle", "python"]]) {
  for (const transports of ["polling", "websocket"]) {
    test(`${serializer} with a server of ${kind} over ${transports}`, async (t) => {
      const server = await startServer(t, kind, { serializer });
      const { page, fetched, problems } = await openPage(t);
      const expected = ["connecting", true, [1, 2, 3], NaN, "\ufeffé👋"];
      assert.deepEqual(await page.evaluate(converse, [server.url, serializer, transports]), expected);
      assert.deepEqual(await page.evaluate(converse, [server.url, serializer, transports]), expected);
      assert.deepEqual(fetched, [`/serializers/${serializer}.js`]);
      assert.deepEqual(problems, []);
    });
  }
}

test("who does not use them fetches none of them", async (t) => {
  const server = await startServer(t, "npm");
  const { page, fetched } = await openPage(t);
  assert.deepEqual(await page.evaluate(converse, [server.url, "default", "polling"]), ["connecting", true, [1, 2, 3], 0, "\ufeffé👋"]);
  assert.deepEqual(fetched, []);
});

test("a worker fetches them, too", async (t) => {
  const server = await startServer(t, "npm", { serializer: "msgpack" });
  const { page, fetched } = await openPage(t);
  const answer = await page.evaluate(async (url) => {
    const worker = new Worker("/worker.js", { type: "module" });
    worker.postMessage(url);
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve([...data]);
      worker.onerror = () => reject(new Error("the worker failed"));
    });
  }, server.url);
  assert.deepEqual(answer, [1, 2]);
  assert.deepEqual(fetched, ["/serializers/msgpack.js"]);
});
