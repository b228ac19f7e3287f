// Cookies in Node: what servers set is sent back, with requests and with websockets, as the rules of cookies have it.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ca, server as certificate } from "../../support/certificates.mjs";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { CONNECTED, open, pollingPeer } from "../../support/peer.mjs";
import { listen } from "../../support/listen.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { tap } from "../../support/tap.mjs";
import { until } from "../../support/until.mjs";

const require = createRequire(join(folder, "node_modules/socketio-wasm/package.json"));
const { CookieJar } = require("tough-cookie");
const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const COOKIE = { npm: { cookie: { name: "io", path: "/", httpOnly: true } }, python: { python: { cookie: "io" } } };

const cookiesOf = (heads) => heads.map(({ headers }) => headers.cookie);

for (const kind of SERVERS) {
  describe(`a ${kind} server with a cookie`, () => {
    let server;
    before(async () => (server = await startServer({ after: () => {} }, kind, COOKIE[kind])));
    after(() => server.kill());

    test("[C13, P5] has it with every request and the websocket behind them", async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t);
      await client.connect(wire.url);
      await until("the upgrade", () => client.transport() === "websocket");
      const [, set] = wire.answers()[0].headers["set-cookie"].match(/^io=([^;]+)/);
      const [first, ...others] = cookiesOf(wire.requests());
      assert.equal(first, undefined);
      assert.ok(others.length >= 3 && wire.requests().some(({ headers }) => headers.upgrade));
      assert.deepEqual(new Set(others), new Set([`io=${set}`]));
    });

    test("[C13] has it beside the cookies of the user's headers, which come first", async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t);
      const headers = Object.freeze({ Cookie: "mine=1; other=2" });
      await client.connect(wire.url, { headers });
      await until("the upgrade", () => client.transport() === "websocket");
      const [first, ...others] = cookiesOf(wire.requests());
      assert.equal(first, "mine=1; other=2");
      for (const cookie of others) assert.match(cookie, /^mine=1; other=2; io=[^;]+$/);
    });

    test("does not have it in place of one of the user's of the same name", async (t) => {
      const wire = await tap(t, server.port);
      await newClient(t).connect(wire.url, { headers: { cookie: "io=mine" }, transports: "polling" });
      assert.deepEqual(new Set(cookiesOf(wire.requests())), new Set(["io=mine"]));
    });

    test("has it again when it is connected again", async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t);
      await client.connect(wire.url, { transports: "polling" });
      await client.disconnect();
      const count = wire.requests().length;
      await client.connect(wire.url, { transports: "websocket" });
      assert.match(wire.requests()[count].headers.cookie, /^io=/);
    });

    test('never has it with credentials: "omit"', async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t, { ...IMPATIENT, credentials: "omit" });
      await client.connect(wire.url);
      await until("the upgrade", () => client.transport() === "websocket");
      assert.deepEqual(new Set(cookiesOf(wire.requests())), new Set([undefined]));
    });

    for (const transport of ["polling", "websocket"]) {
      test(`[C13] sends and sets those of a jar of the user's: ${transport}`, async (t) => {
        const wire = await tap(t, server.port);
        const jar = new CookieJar();
        await jar.setCookie("known=yes; Path=/", wire.url);
        await newClient(t, { ...IMPATIENT, cookieJar: jar }).connect(wire.url, { transports: transport });
        for (const cookie of cookiesOf(wire.requests())) assert.match(cookie, /known=yes/);
        if (transport === "polling") assert.match(await jar.getCookieString(wire.url), /io=/);
      });
    }
  });
}

describe("the rules", () => {
  // A server that sets these cookies with its first answer. Names lead to it by the lookup of an agent.
  async function startSetting(t, ...lines) {
    const peer = await pollingPeer(t, (request, response) => request.method === "POST" && response.end("ok"));
    const cookies = [];
    peer.prependListener("request", (request, response) => {
      if (cookies.push(request.headers.cookie) === 1) response.setHeader("set-cookie", lines);
    });
    return { port: new URL(peer.url).port, cookies };
  }
  const toLoopback = (t) => {
    const lookup = (name, options, found) => (options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4));
    const agent = new Agent({ lookup });
    t.after(() => agent.destroy());
    return agent;
  };
  async function sentBack(t, lines, hosts = ["chat.example.com"], options = {}) {
    const { port, cookies } = await startSetting(t, ...lines);
    const agent = toLoopback(t);
    const cookieJar = new CookieJar();
    for (const host of hosts) {
      const client = newClient(t, { ...IMPATIENT, agent, cookieJar, ...options });
      const count = cookies.length;
      await client.connect(`http://${host}:${port}`, { transports: "polling", path: "/a/socket" });
      await client.disconnect();
      if (host === hosts.at(-1)) return cookies.slice(Math.max(count, 1));
    }
  }

  const RULES = {
    "a plain one is sent back": [["a=1"], undefined, "a=1"],
    "several are": [["a=1", "b=2"], undefined, "a=1; b=2"],
    "Path: one for this path is sent": [["a=1; Path=/a"], undefined, "a=1"],
    "Path: one for another path is not": [["a=1; Path=/b"], undefined, undefined],
    "Secure: one for TLS is not sent without it": [["a=1; Secure; Path=/"], undefined, undefined],
    "Expires: one that has run out is not": [["a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], undefined, undefined],
    "Expires: one that runs out later is": [["a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT"], undefined, "a=1"],
    "Max-Age: one of a long time is": [["a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=99999999999999"], undefined, "a=1"],
    "Max-Age: one of 0 seconds is not": [["a=1; Path=/; Max-Age=0"], undefined, undefined],
    "Domain: without one, it is for the host alone": [["a=1; Path=/"], ["chat.example.com", "news.example.com"], undefined],
    "Domain: one for all hosts of a domain is sent to another of them": [["a=1; Path=/; Domain=example.com"], ["chat.example.com", "news.example.com"], "a=1"],
    "Domain: one for another domain is not kept, nor harms it": [["a=1; Domain=example.org; Path=/"], undefined, undefined],
    "Domain: one for all of .com is not kept": [["a=1; Domain=com; Path=/"], undefined, undefined],
    "a line that is none is passed over": [["", "=;=;", "a=1; Path=/"], undefined, "a=1"],
  };
  for (const [name, [lines, hosts, expected]] of Object.entries(RULES)) {
    test(name, async (t) => assert.deepEqual(new Set(await sentBack(t, lines, hosts)), new Set([expected])));
  }

  test("Max-Age: one that runs out while connected is sent no more, however often it was", async (t) => {
    const { port, cookies } = await startSetting(t, "a=1; Path=/; Max-Age=1", "b=2; Path=/");
    const client = newClient(t);
    await client.connect(`http://127.0.0.1:${port}`, { transports: "polling" });
    assert.equal(cookies[1], "a=1; b=2");
    await until("the end of the cookie", () => (client.emit("x"), cookies.at(-1) === "b=2"));
  });

  test("Secure: one is sent back over TLS, on both transports", async (t) => {
    const server = await startServer(t, "npm", { tls: certificate, cookie: { name: "io", path: "/", secure: true } });
    const url = server.url.replace("http:", "https:");
    const sent = [];
    const cookieJar = new CookieJar();
    const watching = {
      getCookieString: async (address) => {
        const cookies = await cookieJar.getCookieString(address);
        sent.push(`${new URL(address).protocol} ${new URL(address).searchParams.get("transport")} ${cookies.split("=")[0]}`);
        return cookies;
      },
      setCookie: (...args) => cookieJar.setCookie(...args),
    };
    const client = newClient(t, { ...IMPATIENT, tls: { ca }, cookieJar: watching });
    await client.connect(url);
    await until("the upgrade", () => client.transport() === "websocket");
    assert.ok(sent.includes("https: polling io") && sent.includes("https: websocket io"), sent.join("\n"));
    assert.equal(await cookieJar.getCookieString("http://chat.example.com/"), "");
  });
});

test("a cookie that the answer to a websocket sets is sent with the next", async (t) => {
  const http = await listen(t, () => {});
  const cookies = [];
  const sockets = new WebSocketServer({ server: http });
  sockets.on("headers", (headers, request) => cookies.push(request.headers.cookie) === 1 && headers.push("Set-Cookie: node=a; Path=/"));
  sockets.on("connection", (socket) => {
    socket.send(open());
    socket.once("message", () => (socket.send(CONNECTED), cookies.length === 1 && socket.close()));
  });
  const client = newClient(t);
  await client.connect(http.url, { transports: "websocket" });
  await until("the second connection", () => cookies.length > 1);
  assert.deepEqual(cookies, [undefined, "node=a"]);
});

test("a cookie that the refusal of a websocket sets is sent with the next", async (t) => {
  const http = await listen(t, () => {});
  const cookies = [];
  http.on("upgrade", (request, stream) => {
    cookies.push(request.headers.cookie);
    stream.end("HTTP/1.1 503 Later\r\nset-cookie: node=b\r\ncontent-length: 0\r\n\r\n");
  });
  newClient(t).connect(http.url, { transports: "websocket", retry: true }).catch(() => {});
  await until("the second attempt", () => cookies.length > 1);
  assert.deepEqual(cookies.slice(0, 2), [undefined, "node=b"]);
});

test("clients of their own do not share cookies", async (t) => {
  const server = await startServer(t, "npm", COOKIE.npm);
  const wire = await tap(t, server.port);
  await newClient(t).connect(wire.url, { transports: "polling" });
  const count = wire.requests().length;
  await newClient(t).connect(wire.url, { transports: "polling" });
  assert.equal(wire.requests().slice(count).find(({ line }) => !line.includes("sid=")).headers.cookie, undefined);
});

test("a jar that fails is an error that says so", async (t) => {
  const server = await startServer(t, "npm", COOKIE.npm);
  const failing = (method) => ({
    getCookieString: async () => "",
    setCookie: async () => {},
    [method]: async () => {
      throw new Error("the disk is full");
    },
  });
  for (const [method, transport] of [["getCookieString", "polling"], ["getCookieString", "websocket"], ["setCookie", "polling"]]) {
    const client = newClient(t, { ...IMPATIENT, cookieJar: failing(method) });
    await assert.rejects(client.connect(server.url, { transports: transport }), { code: "UNREACHABLE", message: /the disk is full/ });
  }
});

test("what is no jar is refused, and a jar that would not be used", () => {
  const cookieJar = new CookieJar();
  assert.throws(() => new api.Client({ cookieJar, credentials: "omit" }), { code: "UNUSABLE_OPTION", option: "cookieJar", message: /omit/ });
  assert.throws(() => new api.Client({ cookieJar: new Map() }), { code: "INVALID_OPTION", option: "cookieJar" });
});
