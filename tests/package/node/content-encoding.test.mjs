// The content encodings that the package's fetch for Node decodes: RFC 9110, as leniently as Node's own fetch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { listen } from "../../support/listen.mjs";

const ownFetch = fetcher();
const TEXT = "Grüße";
const plain = Buffer.from(TEXT);
const gzipped = gzipSync(plain);
const gzippedTimes = (times) => Array.from({ length: times }).reduce((bytes) => gzipSync(bytes), plain);

const server = (t, header, body) => listen(t, (_, response) => response.setHeader("content-encoding", header).end(body));

const AS_FETCH = {
  "GZIP": gzipped,
  "x-gzip": gzipped,
  "X-GZIP": gzipped,
  "Deflate": deflateSync(plain),
  "BR": brotliCompressSync(plain),
  "Identity": plain,
  "gzip, gzip": gzippedTimes(2),
  "deflate,br": brotliCompressSync(deflateSync(plain)),
  "gzip, gzip, gzip, gzip, gzip": gzippedTimes(5),
  "": plain,
  "none": plain,
  "utf-8": plain,
};

for (const [header, body] of Object.entries(AS_FETCH)) {
  test(`the content encoding "${header}" is read as Node's own fetch reads it`, async (t) => {
    const { url } = await server(t, header, body);
    assert.equal(await (await globalThis.fetch(url)).text(), TEXT);
    assert.equal(await (await ownFetch(url)).text(), TEXT);
  });
}

for (const header of ["gzip, identity", "identity, gzip", "gzip,", ", gzip"]) {
  test(`the content encoding "${header}" is read as gzip, as RFC 9110 says`, async (t) => {
    const { url } = await server(t, header, gzipped);
    assert.equal(await (await ownFetch(url)).text(), TEXT);
  });
}

test("a list with an unknown name is not decoded, as in Node's own fetch", async (t) => {
  const { url } = await server(t, "utf-8, gzip", gzipped);
  const read = async (fetch) => Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.deepEqual(await read(globalThis.fetch), gzipped);
  assert.deepEqual(await read(ownFetch), gzipped);
});

for (const coding of ["zstd", "compress"]) {
  test(`the content encoding ${coding}, which the client did not accept, is an error that names it`, async (t) => {
    const { url } = await server(t, `gzip, ${coding}`, "x");
    await assert.rejects((await ownFetch(url)).text(), { name: "TypeError", message: new RegExp(`not asked for: ${coding}`) });
  });
}

for (const times of [6, 3_000]) {
  test(`${times} content encodings are refused`, async (t) => {
    const { url } = await server(t, Array(times).fill("br").join(), "x");
    await assert.rejects((await ownFetch(url)).text(), { name: "TypeError", message: /more than 5 content encodings/ });
  });
}

const BOMB = gzipSync(Buffer.alloc(129 * 1024 * 1024));
const BOMBS = { "gzip, gzip": gzipSync(BOMB), "gzip, identity, x-gzip, deflate": deflateSync(gzipSync(BOMB)) };
for (const [header, bomb] of Object.entries(BOMBS)) {
  test(`a body of the content encoding "${header}" that is too large decoded is refused`, async (t) => {
    const { url } = await server(t, header, bomb);
    await assert.rejects((await ownFetch(url)).text(), { name: "TypeError", message: /larger than/ });
  });
}

test("a body that does not have its content encoding is an error", async (t) => {
  const { url } = await server(t, "gzip, gzip", gzipped);
  await assert.rejects((await ownFetch(url)).text(), { name: "TypeError", message: /incorrect header check/ });
});

test("an empty body is empty, whatever its content encoding", async (t) => {
  const { url } = await server(t, "gzip, br", "");
  assert.equal(await (await ownFetch(url)).text(), "");
});
