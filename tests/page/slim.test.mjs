// socketio-wasm/slim in a page and in a worker: a plain module script that loads the wasm beside it, under a strict policy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../scripts/demo-files.mjs";
import { listen } from "../support/listen.mjs";
import { startServer } from "../support/server.mjs";
import { launchBrowser } from "./support.mjs";

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

/** The page; `fetched` has what it has asked for, `problems` what its console complains of. */
async function openPage(t) {
  const fetched = [];
  const problems = [];
  const headers = { "content-security-policy": POLICY };
  const files = serveFiles({ "/": DIST }, headers);
  const pages = await listen(t, (request, response) => {
    fetched.push(request.url);
    const [type, text] = FILES[request.url] ?? [];
    return text ? response.writeHead(200, { ...headers, "content-type": type }).end(text) : files(request, response);
  });
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(pages.url);
  return { page, fetched, problems };
}

const EXPECTED = ["NOT_INITIALIZED", "hello", [1, 2]];

test("a module script loads the wasm once, and talks to a server", async (t) => {
  const { page, fetched, problems } = await openPage(t);
  await page.waitForFunction(() => globalThis.converse);
  assert.deepEqual(await page.evaluate((url) => globalThis.converse(url), server.url), EXPECTED);
  assert.deepEqual(fetched, ["/", "/page.js", "/slim.js", "/slim.wasm"]);
  assert.deepEqual(problems, []);
});

test("so does a worker", async (t) => {
  const { page, fetched, problems } = await openPage(t);
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

test("a serializer comes as a file of its own", async (t) => {
  const { page, fetched, problems } = await openPage(t);
  const msgpack = await startServer(t, "npm", { serializer: "msgpack" });
  await page.waitForFunction(() => globalThis.converse);
  assert.deepEqual(await page.evaluate((url) => globalThis.converse(url, "msgpack"), msgpack.url), EXPECTED);
  assert.ok(fetched.includes("/serializers/msgpack.js"));
  assert.deepEqual(problems, []);
});
