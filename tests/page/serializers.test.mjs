// Serializers in a page: a client fetches the file of its serializer, under a content security policy that forbids eval.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../scripts/demo-files.mjs";
import { startServer } from "../support/server.mjs";
import { openPage, sharedBrowser } from "./support.mjs";

const DIST = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src http: ws:; worker-src 'self'; img-src data:";
const WORKER = `import { Client } from "/browser.js";
  const client = new Client({ serializer: "msgpack" });
  onmessage = async ({ data: url }) => {
    await client.connect(url, { transports: "polling" });
    postMessage(await client.call("echo", new Uint8Array([1, 2])));
    await client.disconnect();
  };`;

const browser = sharedBrowser();

/** Opens a page next to the files of the package. `fetched` lists the files of serializers that it has requested. */
async function pageWithPackage(t) {
  const fetched = [];
  const files = serveFiles({ "/": DIST }, { "content-security-policy": POLICY });
  const opened = await openPage(t, browser, (request, response) => {
    if (request.url.startsWith("/serializers/")) fetched.push(request.url);
    if (request.url === "/") return response.writeHead(200, { "content-type": "text/html", "content-security-policy": POLICY }).end("<!doctype html><link rel=icon href=data:,>");
    if (request.url === "/worker.js") return response.writeHead(200, { "content-type": "text/javascript", "content-security-policy": POLICY }).end(WORKER);
    return files(request, response);
  });
  return { ...opened, fetched };
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
    test(`${serializer} works with a server of ${kind} over ${transports}, and its file is fetched once`, async (t) => {
      const server = await startServer(t, kind, { serializer });
      const { page, fetched, problems } = await pageWithPackage(t);
      const expected = ["connecting", true, [1, 2, 3], NaN, "\ufeffé👋"];
      assert.deepEqual(await page.evaluate(converse, [server.url, serializer, transports]), expected);
      assert.deepEqual(await page.evaluate(converse, [server.url, serializer, transports]), expected);
      assert.deepEqual(fetched, [`/serializers/${serializer}.js`]);
      assert.deepEqual(problems, []);
    });
  }
}

test("a client without a serializer fetches no file", async (t) => {
  const server = await startServer(t, "npm");
  const { page, fetched } = await pageWithPackage(t);
  assert.deepEqual(await page.evaluate(converse, [server.url, "default", "polling"]), ["connecting", true, [1, 2, 3], 0, "\ufeffé👋"]);
  assert.deepEqual(fetched, []);
});

test("a client in a worker fetches the file too", async (t) => {
  const server = await startServer(t, "npm", { serializer: "msgpack" });
  const { page, fetched } = await pageWithPackage(t);
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
