// Cookies in Node: the client sends back the cookies of servers, with requests and websockets, by the rules of cookies.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ca, server as certificate } from "../../support/certificates.mjs";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { CONNECTED, open, pollingPeer } from "../../support/peer.mjs";
import { listen } from "../../support/listen.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { tap } from "../../support/tap.mjs";
import { until } from "../../support/until.mjs";

const require = createRequire(join(folder, "node_modules/socketio-wasm/package.json"));
const { CookieJar } = require("tough-cookie");
const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const COOKIE = { npm: { cookie: { name: "io", path: "/", httpOnly: true } }, python: { python: { cookie: "io" } } };

const cookiesOf = (heads) => heads.map(({ headers }) => headers.cookie);

for (const kind of SERVERS) {
  describe(`the cookie of a ${kind} server`, () => {
    const server = sharedServer(kind, COOKIE[kind]);

    test("[C13, P5] is sent with every later request and with the websocket", async (t) => {
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

    test("[C13] is sent behind the cookies of `headers`", async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t);
      const headers = Object.freeze({ Cookie: "mine=1; other=2" });
      await client.connect(wire.url, { headers });
      await until("the upgrade", () => client.transport() === "websocket");
      const [first, ...others] = cookiesOf(wire.requests());
      assert.equal(first, "mine=1; other=2");
      for (const cookie of others) assert.match(cookie, /^mine=1; other=2; io=[^;]+$/);
    });

    test("does not replace a cookie of `headers` with the same name", async (t) => {
      const wire = await tap(t, server.port);
      await newClient(t).connect(wire.url, { headers: { cookie: "io=mine" }, transports: "polling" });
      assert.deepEqual(new Set(cookiesOf(wire.requests())), new Set(["io=mine"]));
    });

    test("is sent on the next connection", async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t);
      await client.connect(wire.url, { transports: "polling" });
      await client.disconnect();
      const count = wire.requests().length;
      await client.connect(wire.url, { transports: "websocket" });
      assert.match(wire.requests()[count].headers.cookie, /^io=/);
    });

    test('is never sent with credentials: "omit"', async (t) => {
      const wire = await tap(t, server.port);
      const client = newClient(t, { ...IMPATIENT, credentials: "omit" });
      await client.connect(wire.url);
      await until("the upgrade", () => client.transport() === "websocket");
      assert.deepEqual(new Set(cookiesOf(wire.requests())), new Set([undefined]));
    });

    for (const transport of ["polling", "websocket"]) {
      test(`[C13] goes into a user-supplied jar, whose cookies are sent: ${transport}`, async (t) => {
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

describe("a cookie", () => {
  // Starts a server that sets these cookies with its first answer. The lookup of an agent resolves all names to it.
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
    "is sent back": [["a=1"], undefined, "a=1"],
    "is sent back with others": [["a=1", "b=2"], undefined, "a=1; b=2"],
    "is sent to its Path": [["a=1; Path=/a"], undefined, "a=1"],
    "is not sent to another path than its Path": [["a=1; Path=/b"], undefined, undefined],
    "is not sent without TLS if it is Secure": [["a=1; Secure; Path=/"], undefined, undefined],
    "is not sent after it Expires": [["a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], undefined, undefined],
    "is sent before it Expires": [["a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT"], undefined, "a=1"],
    "is sent with a long Max-Age": [["a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=99999999999999"], undefined, "a=1"],
    "is not sent with a Max-Age of 0": [["a=1; Path=/; Max-Age=0"], undefined, undefined],
    "is sent to its host alone without a Domain": [["a=1; Path=/"], ["chat.example.com", "news.example.com"], undefined],
    "is sent to another host of its Domain": [["a=1; Path=/; Domain=example.com"], ["chat.example.com", "news.example.com"], "a=1"],
    "is not stored for a Domain of others": [["a=1; Domain=example.org; Path=/"], undefined, undefined],
    "is not stored for all of .com": [["a=1; Domain=com; Path=/"], undefined, undefined],
    "without a name is sent as its value": [["token"], undefined, "token"],
    "without a name is sent as its value, behind an empty name as well": [["=token; Path=/a"], undefined, "token"],
    "without a name obeys its attributes": [["token; Path=/b"], undefined, undefined],
    "without a name ends with its Max-Age": [["token; Path=/; Max-Age=0"], undefined, undefined],
    "without a name is sent with others": [["token; Path=/", "token=1; Path=/", "b=2; Path=/"], undefined, "token; token=1; b=2"],
    "without a name replaces the one before": [["one; Path=/", "two; Path=/"], undefined, "two"],
    "without a name cannot pretend to have a prefix": [["__Secure-a=1; Path=/", "__host-b; Path=/", "=__Secure-a=1; Path=/", "c=3; Path=/"], undefined, "c=3"],
    "is sent though other lines are malformed": [["", "=;=;", "a=1; Path=/"], undefined, "a=1"],
  };
  for (const [name, [lines, hosts, expected]] of Object.entries(RULES)) {
    test(name, async (t) => assert.deepEqual(new Set(await sentBack(t, lines, hosts)), new Set([expected])));
  }

  test("without a name is sent behind the cookies of `headers` unless they have one without a name", async (t) => {
    for (const [Cookie, expected] of [["token=mine", "token=mine; token"], ["mine", "mine"]]) {
      const { port, cookies } = await startSetting(t, "token; Path=/");
      await newClient(t).connect(`http://127.0.0.1:${port}`, { transports: "polling", headers: { Cookie } });
      assert.equal(cookies[1], expected);
    }
  });

  test("is no longer sent when its Max-Age ends during a connection", async (t) => {
    const { port, cookies } = await startSetting(t, "a=1; Path=/; Max-Age=1", "b=2; Path=/");
    const client = newClient(t);
    await client.connect(`http://127.0.0.1:${port}`, { transports: "polling" });
    assert.equal(cookies[1], "a=1; b=2");
    await until("the end of the cookie", () => (client.emit("x"), cookies.at(-1) === "b=2"));
  });

  test("is sent over TLS on both transports if it is Secure", async (t) => {
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

test("a cookie of the answer to a websocket is sent with the next websocket", async (t) => {
  const http = await listen(t, () => {});
  const cookies = [];
  const sockets = new WebSocketServer({ server: http });
  sockets.on("headers", (headers, request) => cookies.push(request.headers.cookie) === 1 && headers.push("Set-Cookie: node=a; Path=/", "Set-Cookie: token; Path=/"));
  sockets.on("connection", (socket) => {
    socket.send(open());
    socket.once("message", () => (socket.send(CONNECTED), cookies.length === 1 && socket.close()));
  });
  const client = newClient(t);
  await client.connect(http.url, { transports: "websocket" });
  await until("the second connection", () => cookies.length > 1);
  assert.deepEqual(cookies, [undefined, "node=a; token"]);
});

test("a cookie of the refusal of a websocket is sent with the next websocket", async (t) => {
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

test("two clients do not share cookies", async (t) => {
  const server = await startServer(t, "npm", COOKIE.npm);
  const wire = await tap(t, server.port);
  await newClient(t).connect(wire.url, { transports: "polling" });
  const count = wire.requests().length;
  await newClient(t).connect(wire.url, { transports: "polling" });
  assert.equal(wire.requests().slice(count).find(({ line }) => !line.includes("sid=")).headers.cookie, undefined);
});

test("an error of a user-supplied jar fails the attempt", async (t) => {
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

test("a value that is not a jar is refused, and so is a jar without credentials", () => {
  const cookieJar = new CookieJar();
  assert.throws(() => new api.Client({ cookieJar, credentials: "omit" }), { code: "UNUSABLE_OPTION", option: "cookieJar", message: /omit/ });
  assert.throws(() => new api.Client({ cookieJar: new Map() }), { code: "INVALID_OPTION", option: "cookieJar" });
});
