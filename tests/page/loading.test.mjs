// Loading the package in a page: as an ES module, as a classic script, and under a content security policy that forbids WebAssembly.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../scripts/demo-files.mjs";
import { api } from "../support/installed.mjs";
import { startServer } from "../support/server.mjs";
import { sharedServer } from "../support/shared-server.mjs";
import { openPage, sharedBrowser } from "./support.mjs";

const DIST = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const policy = (scripts) => `default-src 'none'; script-src 'self' ${scripts}; connect-src http: ws:; img-src data:`;

// The ways to load it: each sets `loaded` to its exports.
const WAYS = {
  "as an ES module": {
    tags: '<script type="module" src="/load.js"></script>',
    script: 'import * as all from "/browser.js"; globalThis.loaded = all;',
  },
  "as a classic script": {
    tags: '<script src="/browser.global.js"></script><script src="/load.js"></script>',
    script: "globalThis.loaded = SocketIOWasm;",
  },
};

const browser = sharedBrowser();
const server = sharedServer("npm");

/** Opens a page that loads the package in this way, under a policy for scripts. */
async function loading(t, { tags, script }, scripts) {
  const headers = { "content-security-policy": policy(scripts) };
  const files = serveFiles({ "/": DIST }, headers);
  const own = { "/": ["text/html", `<!doctype html><link rel="icon" href="data:,">${tags}`], "/load.js": ["text/javascript", script] };
  const opened = await openPage(t, browser, (request, response) => {
    const [type, text] = own[request.url] ?? [];
    return text ? response.writeHead(200, { ...headers, "content-type": type }).end(text) : files(request, response);
  });
  await opened.page.waitForFunction(() => globalThis.loaded);
  return opened;
}

const converse = async ([url, serializer]) => {
  const client = new globalThis.loaded.Client({ serializer });
  await client.connect(url);
  const [text, bytes] = await client.call("echo", "hello", new Uint8Array([1, 2]));
  await client.disconnect();
  return [text, [...bytes]];
};

for (const [title, way] of Object.entries(WAYS)) {
  describe(`the package ${title}`, () => {
    test("has the exports of the package, and exchanges events with a server", async (t) => {
      const { page, problems } = await loading(t, way, "'wasm-unsafe-eval'");
      assert.deepEqual(await page.evaluate(() => Object.keys(globalThis.loaded).sort()), Object.keys(api).sort());
      assert.deepEqual(await page.evaluate(converse, [server.url]), ["hello", [1, 2]]);
      assert.deepEqual(problems, []);
    });

    test("loads a serializer from the file beside it", async (t) => {
      const msgpack = await startServer(t, "npm", { serializer: "msgpack" });
      const { page, problems } = await loading(t, way, "'wasm-unsafe-eval'");
      assert.deepEqual(await page.evaluate(converse, [msgpack.url, "msgpack"]), ["hello", [1, 2]]);
      assert.deepEqual(problems, []);
    });

    test("[MODULE_UNAVAILABLE] loads under a policy that forbids WebAssembly; a client is refused each time, with an error that says what to do", async (t) => {
      const { page, problems } = await loading(t, way, "");
      assert.deepEqual(problems, []);
      const refusals = await page.evaluate(() =>
        ["Client", "SimpleClient", "EngineClient", "Client"].map((name) => {
          try {
            return new globalThis.loaded[name]().state;
          } catch (error) {
            return [error.name, error.code, error.cause.name, error.message.includes("allow 'wasm-unsafe-eval'")];
          }
        }),
      );
      assert.deepEqual(refusals, new Array(4).fill(["ConnectionError", "MODULE_UNAVAILABLE", "CompileError", true]));
      assert.deepEqual(problems.filter((problem) => problem.startsWith("uncaught")), []);
    });
  });
}
