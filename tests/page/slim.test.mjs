// socketio-wasm/slim in a page and in a worker: a plain module script that loads slim.wasm, under a strict content security policy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../scripts/demo-files.mjs";
import { startServer } from "../support/server.mjs";
import { sharedServer } from "../support/shared-server.mjs";
import { openPage, sharedBrowser } from "./support.mjs";

const DIST = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http: ws:; worker-src 'self'; img-src data:";

const CONVERSE = `import { init, Client } from "/slim.js";
  async function converse(url, serializer) {
    let early;
    try { new Client(); } catch (error) { early = error.code; }
    await Promise.all([init(), init()]);
    const client = new Client({ serializer });
    await client.connect(url);
    const [text, bytes] = await client.call("echo", "hello", new Uint8Array([1, 2]));
    await client.disconnect();
    return [early, text, [...bytes]];
  }`;

const FILES = {
  "/": ["text/html", '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
  "/page.js": ["text/javascript", `${CONVERSE} globalThis.converse = converse;`],
  "/worker.js": ["text/javascript", `${CONVERSE} onmessage = async ({ data }) => postMessage(await converse(...data));`],
};

const browser = sharedBrowser();
const server = sharedServer("npm");

/** Opens the page. `fetched` lists its requests. */
async function slimPage(t) {
  const fetched = [];
  const headers = { "content-security-policy": POLICY };
  const files = serveFiles({ "/": DIST }, headers);
  const opened = await openPage(t, browser, (request, response) => {
    fetched.push(request.url);
    const [type, text] = FILES[request.url] ?? [];
    return text ? response.writeHead(200, { ...headers, "content-type": type }).end(text) : files(request, response);
  });
  return { ...opened, fetched };
}

const EXPECTED = ["NOT_INITIALIZED", "hello", [1, 2]];

test("a module script loads the wasm once, and talks to a server", async (t) => {
  const { page, fetched, problems } = await slimPage(t);
  await page.waitForFunction(() => globalThis.converse);
  assert.deepEqual(await page.evaluate((url) => globalThis.converse(url), server.url), EXPECTED);
  assert.deepEqual(fetched, ["/", "/page.js", "/slim.js", "/slim.wasm"]);
  assert.deepEqual(problems, []);
});

test("a worker loads the wasm once, and talks to a server", async (t) => {
  const { page, fetched, problems } = await slimPage(t);
  const answer = await page.evaluate((url) => {
    const worker = new Worker("/worker.js", { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage([url]);
    });
  }, server.url);
  assert.deepEqual(answer, EXPECTED);
  assert.equal(fetched.filter((path) => path === "/slim.wasm").length, 1);
  assert.deepEqual(problems, []);
});

test("a serializer is loaded from a file of its own", async (t) => {
  const { page, fetched, problems } = await slimPage(t);
  const msgpack = await startServer(t, "npm", { serializer: "msgpack" });
  await page.waitForFunction(() => globalThis.converse);
  assert.deepEqual(await page.evaluate((url) => globalThis.converse(url, "msgpack"), msgpack.url), EXPECTED);
  assert.ok(fetched.includes("/serializers/msgpack.js"));
  assert.deepEqual(problems, []);
});
