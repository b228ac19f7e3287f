// The demo's server: the files that it serves, the ones that it refuses, its events, and the log that outlives it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { io } from "socket.io-client";

import { MessageLog } from "../../scripts/demo-log.mjs";
import { ChatServer } from "./support.mjs";

let server;
before(async () => (server = await new ChatServer().start()));
after(() => server?.close());

// Requests a path verbatim: `fetch` would normalise it.
function ask(path, { method = "GET", headers } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(server.url, { path, method, headers }, async (response) => {
      let body = "";
      for await (const part of response.setEncoding("utf8")) body += part;
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    asked.on("error", reject).end();
  });
}

test("the page and the package are served with their types", async () => {
  for (const [path, type] of [
    ["/", "text/html; charset=utf-8"],
    ["/index.html?a=b", "text/html; charset=utf-8"],
    ["/chat.js", "text/javascript; charset=utf-8"],
    ["/style.css", "text/css; charset=utf-8"],
    ["/icon.svg", "image/svg+xml"],
    ["/socketio-wasm/browser.js", "text/javascript; charset=utf-8"],
  ]) {
    const { status, headers, body } = await ask(path);
    assert.equal(status, 200, path);
    assert.equal(headers["content-type"], type);
    assert.equal(Number(headers["content-length"]), Buffer.byteLength(body));
    const again = await ask(path, { headers: { "if-none-match": headers.etag } });
    assert.deepEqual([again.status, again.body], [304, ""]);
  }
  assert.deepEqual(pick(await ask("/chat.js", { method: "HEAD" })), [200, ""]);
});

test("nothing outside of the folders is served", async () => {
  for (const path of [
    "/../package.json",
    "/../../../../../../etc/passwd",
    "/%2e%2e/scripts/demo.mjs",
    "/..%2fscripts%2fdemo.mjs",
    "/socketio-wasm/../../README.md",
    "/socketio-wasm/%2e%2e/package.json",
    "/socketio-wasm%2f..%2fpackage.json",
    "/..\\scripts\\demo.mjs",
    "//etc/passwd",
    "/chat.js%00.html",
    "/%",
    "/no-such-file.js",
    "/socketio-wasm/",
    "/socketio-wasm",
    "/chat.js/",
  ]) {
    assert.deepEqual(pick(await ask(path)), [404, "There is nothing here.\n"], path);
  }
  const { status, headers } = await ask("/", { method: "DELETE" });
  assert.deepEqual([status, headers.allow], [405, "GET, HEAD"]);
});

test("the policy allows the page's own code and nothing else", async () => {
  const { headers, body } = await ask("/");
  const policy = headers["content-security-policy"];
  const [, importMap] = /<script type="importmap">(.*?)<\/script>/s.exec(body);
  const hash = createHash("sha256").update(importMap).digest("base64");
  assert.match(policy, /default-src 'self'/);
  assert.ok(policy.includes(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}';`), policy);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
});

test("a message that was sent twice is stored and emitted once, and answered twice", async () => {
  const [ada, bob] = await Promise.all(["Ada", "Bob"].map((name) => enterRoom("twice", name)));
  try {
    const heard = [];
    bob.on("message", (message) => heard.push(message.text));
    const message = { id: "one", name: "Ada", text: "hello" };
    const answers = [await ada.emitWithAck("message", message), await ada.emitWithAck("message", message)];
    assert.equal(answers[0].message.seq, 1);
    assert.deepEqual(answers[1], answers[0]);
    await ada.emitWithAck("message", { ...message, id: "two", text: "again" });
    const { messages, last } = await bob.emitWithAck("history", { after: 0 });
    assert.deepEqual([messages.map((one) => one.text), last], [["hello", "again"], 2]);
    assert.deepEqual(heard, ["hello", "again"]);
  } finally {
    ada.disconnect();
    bob.disconnect();
  }
});

test("invalid messages, and people without a name, are refused", async () => {
  const ada = await enterRoom("strict", "Ada");
  try {
    const good = { id: "one", name: "Ada", text: "hello" };
    for (const wrong of [
      { text: "" },
      { text: "x".repeat(4001) },
      { text: 7 },
      { id: undefined },
      { name: "  " },
      { name: "x".repeat(41) },
    ]) {
      const { refused } = await ada.emitWithAck("message", { ...good, ...wrong });
      assert.match(refused, new RegExp(`The ${Object.keys(wrong)[0]} of a message`));
    }
    assert.match((await ada.emitWithAck("message", null)).refused, /The id/);
    for (const range of [null, "all", { after: -1 }, { after: 0.5 }, { before: "1" }]) {
      assert.deepEqual((await ada.emitWithAck("history", range)).messages, []);
    }
    for (const event of ["message", "history", "rename"]) ada.emit(event); // without data, and without an acknowledgement
    assert.equal((await ada.emitWithAck("history", {})).last, 0, "the server still answers");
  } finally {
    ada.disconnect();
  }
  await assert.rejects(enterRoom("strict", undefined), /A name is needed/);
  await assert.rejects(enterRoom("no/room", "Ada"), /Invalid namespace/);
});

test("the log survives its server and an unfinished line", () => {
  const folder = mkdtempSync(join(tmpdir(), "socketio-wasm-log-"));
  try {
    const path = join(folder, "messages.jsonl");
    const first = new MessageLog(path);
    const message = { id: "a", name: "Ada", text: "one\ntwo 😀" };
    assert.equal(first.append("den", message).isNew, true);
    assert.equal(first.append("den", { ...message, text: "the same, sent again" }).isNew, false);
    assert.equal(first.append("hall", message).isNew, true, "an id is unique within its room only");
    first.append("den", { id: "b", name: "Bob", text: "three" });
    first.close();

    appendFileSync(path, '{"room":"den","seq":3,"id":"c","te'); // the process was killed while it wrote
    const second = new MessageLog(path);
    assert.equal(second.id, first.id);
    assert.deepEqual(second.rooms(), ["den", "hall"]);
    assert.deepEqual(
      second.after("den", 0, 10).map(({ seq, text }) => [seq, text]),
      [
        [1, "one\ntwo 😀"],
        [2, "three"],
      ],
    );
    const { message: third, isNew } = second.append("den", { id: "c", name: "Cid", text: "four" });
    assert.deepEqual([third.seq, isNew], [3, true]);
    assert.deepEqual(
      second.after("den", 1, 1).map((one) => one.seq),
      [2],
    );
    assert.deepEqual(
      second.before("den", 3, 1).map((one) => one.seq),
      [2],
    );
    assert.deepEqual(second.before("den", 1, 5), []);
    assert.deepEqual(
      second.before("den", 1000, 2).map((one) => one.seq),
      [2, 3],
    );
    assert.deepEqual([second.after("nowhere", 0, 5), second.last("nowhere")], [[], 0]);
    second.close();

    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    assert.equal(lines.map((line) => JSON.parse(line)).length, 5, "five lines: the name of the log and four messages");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// Resolves with a socket.io-client in a room; rejects with the server's message if it is refused.
function enterRoom(room, name) {
  const socket = io(`${server.url}/rooms/${room}`, { auth: { name }, forceNew: true, transports: ["websocket"] });
  return new Promise((resolve, reject) => {
    socket.on("connect", () => resolve(socket));
    socket.on("connect_error", (error) => {
      socket.disconnect();
      reject(error);
    });
  });
}

function pick({ status, body }) {
  return [status, body];
}
