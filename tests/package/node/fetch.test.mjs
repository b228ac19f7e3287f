// The package's fetch for Node, which has a part of the standard.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { listen } from "../../support/listen.mjs";
import { within } from "../../support/until.mjs";

const fetch = fetcher();

// Answers with the request, as JSON.
async function mirror(request, response) {
  const chunks = await request.toArray();
  const { method, url, headers, socket } = request;
  response.end(JSON.stringify({ method, url, headers, port: socket.remotePort, body: Buffer.concat(chunks).toString() }));
}

test("fetch sends method, headers and body, and reads the status and the body", async (t) => {
  const server = await listen(t, mirror);
  const response = await fetch(`${server.url}/a?b=1`, { method: "POST", headers: { "x-mine": "1" }, body: "grüße" });
  const asked = JSON.parse(await response.text());
  assert.equal(response.status, 200);
  assert.deepEqual([asked.method, asked.url, asked.headers["x-mine"], asked.body], ["POST", "/a?b=1", "1", "grüße"]);
  assert.equal(asked.headers["content-length"], "7");
});

test("fetch sends the content type of a string and accepts any answer, unless the headers say otherwise", async (t) => {
  const server = await listen(t, mirror);
  const headersOf = async (init) => JSON.parse(await (await fetch(server.url, init)).text()).headers;
  const usual = await headersOf({ method: "POST", body: "x" });
  assert.deepEqual([usual["content-type"], usual.accept], ["text/plain;charset=UTF-8", "*/*"]);
  const given = await headersOf({ method: "POST", body: "x", headers: { "Content-Type": "text/html", Accept: "text/html" } });
  assert.deepEqual([given["content-type"], given.accept], ["text/html", "text/html"]);
  assert.equal((await headersOf())["content-type"], undefined);
});

test("fetch turns the user part of the URL into basic authentication", async (t) => {
  const server = await listen(t, mirror);
  const response = await fetch(server.url.replace("//", "//me:p%40ss@"));
  assert.equal(JSON.parse(await response.text()).headers.authorization, `Basic ${btoa("me:p@ss")}`);
});

test("fetch uses a connection again", async (t) => {
  const server = await listen(t, mirror);
  const port = async () => JSON.parse(await (await fetch(server.url)).text()).port;
  assert.equal(await port(), await port());
});

const ENCODERS = {
  gzip: ["gzip", gzipSync],
  deflate: ["deflate", deflateSync],
  "deflate without its header, as some servers send it": ["deflate", deflateRawSync],
  br: ["br", brotliCompressSync],
};

for (const [name, [encoding, encode]] of Object.entries(ENCODERS)) {
  test(`[P8] fetch accepts and decodes ${name}`, async (t) => {
    const text = "Grüße, ".repeat(1000);
    let asked;
    const server = await listen(t, (request, response) => {
      asked = request.headers["accept-encoding"];
      response.setHeader("content-encoding", encoding).end(encode(text));
    });
    assert.equal(await (await fetch(server.url)).text(), text);
    assert.equal(asked, "gzip, deflate, br");
  });

  test(`text() rejects a body compressed as ${name} that is too large decoded`, async (t) => {
    const bomb = encode(Buffer.alloc(129 * 1024 * 1024));
    const server = await listen(t, (_, response) => response.setHeader("content-encoding", encoding).end(bomb));
    await assert.rejects((await fetch(server.url)).text(), { name: "TypeError", message: /larger than/ });
  });
}

test("fetch rejects with the signal's reason if it is aborted before an answer", async (t) => {
  const server = await listen(t, () => {});
  const controller = new AbortController();
  const reason = new Error("enough");
  const pending = fetch(server.url, { signal: controller.signal });
  const [request] = await once(server, "request");
  controller.abort(reason);
  await assert.rejects(pending, (error) => error === reason);
  await within("the request's end", once(request.socket, "close"));
});

test("fetch rejects with the reason of a signal that was aborted before", async () => {
  await assert.rejects(fetch("http://127.0.0.1:1", { signal: AbortSignal.abort("no") }), (error) => error === "no");
});

test("text() rejects with the signal's reason if it is aborted during the body", async (t) => {
  const server = await listen(t, (_, response) => response.write("half"));
  const controller = new AbortController();
  const text = (await fetch(server.url, { signal: controller.signal })).text();
  controller.abort("enough");
  await assert.rejects(text, (error) => error === "enough");
});

test("text() rejects if the connection breaks before the end of the body", async (t) => {
  const server = await listen(t, (_, response) => response.write("half", () => response.socket.destroy()));
  const response = await fetch(server.url);
  await assert.rejects(response.text(), { name: "TypeError", message: /more than \d+ bytes|larger|output length|closed|aborted/ });
});

test("fetch rejects with the network's error", async (t) => {
  const server = await listen(t, () => {});
  await server.end();
  await assert.rejects(fetch(server.url), { name: "TypeError", message: /ECONNREFUSED/ });
});
