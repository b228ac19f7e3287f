// Options of python-socketio's servers: with each option the whole conversation, and checks of the option itself.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { heard, until, within } from "../support/until.mjs";
import { listenIn } from "../support/wire.mjs";
import { converse } from "./conversation.mjs";

// hosting: kind of server; `make test` runs the first only
const HOSTINGS = { uvicorn: "python", aiohttp: "python", werkzeug: "python-hostings" };

const LIMIT = 100_000;

// option: a row as in servers.mjs, and further checks
const OPTIONS = {
  "always_connect=True": {
    options: { python: { always_connect: true } },
    checks: {
      "a refusal comes as a disconnect, after the connection": async ({ connect, newClient }) => {
        const client = newClient();
        const disconnect = heard(client.of("/refuse-data"), "disconnect");
        await connect({ namespaces: ["/", "/refuse-data"] }, client);
        assert.equal((await disconnect)[0], client.reason.SERVER_DISCONNECT);
        assert.deepEqual([client.connected, client.of("/refuse-data").connected], [true, false]);
      },
    },
    without: ["refusals"],
  },
  "async_handlers=False": {
    options: { python: { async_handlers: false } },
    checks: {
      "calls are answered in the order in which they were emitted": async ({ connect }) => {
        const client = await connect();
        const answered = [];
        const calls = [100, 0].map((ms) => client.call("later", ms, ms).then((value) => answered.push(value)));
        await within("the answers", Promise.all(calls));
        assert.deepEqual(answered, [100, 0]);
      },
    },
  },
  "allow_upgrades=False": {
    options: { allowUpgrades: false },
    reached: { polling: "polling", websocket: "websocket", upgrade: "polling" },
  },
  'transports=["websocket"]': {
    options: { transports: ["websocket"] },
    reached: { websocket: "websocket", upgrade: "websocket" },
  },
  'transports=["polling"]': {
    options: { transports: ["polling"] },
    reached: { polling: "polling", upgrade: "polling" },
  },
  'cookie="io"': {
    options: { python: { cookie: "io" } },
  },
  'namespaces="*"': {
    options: { python: { namespaces: "*" } },
    checks: {
      "a namespace without handlers of its own is connected, and served by the handlers for all": async ({ connect }) => {
        const client = await connect({ namespaces: ["/", "/nobody/knows"] });
        assert.equal(await client.of("/nobody/knows").call("echo", 1), 1);
      },
    },
  },
  "max_http_buffer_size=100000": {
    options: { maxHttpBufferSize: LIMIT },
    checks: {
      "a message of that size arrives, a larger one is refused before it is sent": async ({ connect }) => {
        const client = await connect();
        const text = "x".repeat(LIMIT - '42100["echo",""]'.length);
        assert.equal(await client.call("echo", text), text);
        const expected = { name: "PayloadTooLargeError", message: /100000/ };
        assert.throws(() => client.emit("echo", "x".repeat(LIMIT)), expected);
        await assert.rejects(client.call("echo", "x".repeat(LIMIT)), expected);
        assert.equal(await client.call("echo", "alive"), "alive");
      },
      "messages whose sum is over the limit arrive one after another": async ({ connect }) => {
        const client = await connect();
        const texts = [..."abcde"].map((letter) => letter.repeat(LIMIT / 2));
        assert.deepEqual(await within("five answers", Promise.all(texts.map((text) => client.call("echo", text)))), texts);
      },
    },
  },
  "ping_interval=0.3": {
    options: { pingInterval: 300, pingTimeout: 1000 },
    checks: {
      "the connection stays over many heartbeats": async ({ connect, newClient }) => {
        let losses = 0;
        const wire = listenIn();
        const client = newClient({ engineLogger: wire });
        client.on("disconnect", () => (losses += 1));
        await connect({}, client);
        await until("four heartbeats", () => wire.sent.filter((packet) => packet === "3").length >= 4);
        assert.deepEqual([losses, await client.call("echo", 1)], [0, 1]);
      },
    },
  },
  "a path of its own": {
    options: { path: "deep/down/io" },
    connect: { path: "deep/down/io" },
  },
  "mounted in another application": {
    options: { mounted: true },
    connect: { path: "/mounted/socket.io" },
  },
  "http_compression=False": {
    options: { python: { http_compression: false } },
  },
  "cors_allowed_origins=None": {
    options: { python: { cors_allowed_origins: null } },
  },
};

describe("with the option", { concurrency: 3 }, () => {
  for (const [hosting, kind] of Object.entries(HOSTINGS)) {
    if (hosting !== "uvicorn" && process.env.INTEROP !== "all") continue;
    for (const [name, { options, checks, ...row }] of Object.entries(OPTIONS)) {
      converse(`${name}, ${hosting}`, { ...row, kind, options: { hosting, ...options }, unasked: ["restarts"] }, checks);
    }
  }
});
