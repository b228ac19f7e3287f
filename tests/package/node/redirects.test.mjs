// Redirects in Node: which ones the client follows, with which headers, and the error for the others.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { describe, test } from "node:test";
import { Server as ProxyServer } from "proxy-chain";
import { Cookies } from "../../../pkg/platform/node/cookies.js";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { Routes } from "../../../pkg/platform/node/routes.js";
import { WebSocket } from "../../../pkg/platform/node/websocket.js";
import { ca, client as own } from "../../support/certificates.mjs";
import { IMPATIENT, newClient, UNHURRIED } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { listenTls } from "../../support/listen-tls.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { within } from "../../support/until.mjs";

const INITS = { GET: {}, POST: { method: "POST", body: "grüße" }, "POST of bytes": { method: "POST", body: new Uint8Array([0, 255]).buffer } };

/** Answers with the request, as JSON. */
async function mirror(request, response) {
  const body = Buffer.concat(await request.toArray()).toString("latin1");
  const { method, url, headers } = request;
  const shown = Object.keys(request.socket.getPeerCertificate?.() ?? {}).length > 0;
  response.end(JSON.stringify({ method, url, headers, body, shown }));
}

/** Starts a server that redirects; `location` may be a function of the request, and undefined for the mirror's answer. */
function redirecting(t, status, location, headers = {}) {
  return listen(t, (request, response) => {
    const to = typeof location === "function" ? location(request) : location;
    if (to === undefined) return mirror(request, response);
    request.resume().on("end", () => response.writeHead(status, { location: to, ...headers }).end("<p>moved</p>"));
  });
}

const secureMirror = (t, options = {}) => listenTls(t, options, mirror);

const seen = async (pending) => JSON.parse(await (await pending).text());

for (const status of [307, 308]) {
  for (const [name, init] of Object.entries(INITS)) {
    test(`${status} is followed with the same method and body: ${name}`, async (t) => {
      const server = await redirecting(t, status, ({ url }) => (url.startsWith("/from") ? "../to?a=b" : undefined));
      const { method, url, body } = await seen(fetcher()(`${server.url}/from/here?x=y`, init));
      assert.deepEqual([method, url], [init.method ?? "GET", "/to?a=b"]);
      assert.equal(body, Buffer.from(init.body ?? "").toString("latin1"));
    });
  }

  test(`${status} to the same origin keeps the credentials`, async (t) => {
    const server = await redirecting(t, status, ({ url }) => (url === "/" ? `${server.url}/to` : undefined));
    const { url, headers } = await seen(fetcher()(server.url.replace("//", "//me:p%40ss@"), { headers: { Cookie: "a=b", "X-Mine": "1" } }));
    assert.deepEqual([url, headers.cookie, headers["x-mine"], headers.authorization], ["/to", "a=b", "1", `Basic ${btoa("me:p@ss")}`]);
  });

  test(`${status} to another origin drops the credentials, and the name of the first one`, async (t) => {
    const other = await listen(t, mirror);
    const server = await redirecting(t, status, other.url);
    const secrets = { Authorization: "Bearer secret", Cookie: "a=secret", Host: "first.example", "Proxy-Authorization": "secret" };
    const { headers } = await seen(fetcher()(server.url, { headers: { ...secrets, "X-Mine": "1" } }));
    assert.deepEqual([headers.authorization, headers.cookie, headers["proxy-authorization"]], [undefined, undefined, undefined]);
    assert.deepEqual([headers.host, headers["x-mine"]], [new URL(other.url).host, "1"]);
    const fromUser = await seen(fetcher()(server.url.replace("//", "//me:secret@")));
    assert.equal(fromUser.headers.authorization, undefined);
  });
}

test("credentials stay dropped when another origin redirects to the first one", async (t) => {
  const first = await redirecting(t, 307, ({ url }) => (url === "/" ? other.url : undefined));
  const other = await redirecting(t, 307, `${first.url}/back`);
  const { url, headers } = await seen(fetcher()(first.url, { headers: { Authorization: "Bearer secret" } }));
  assert.deepEqual([url, headers.authorization], ["/back", undefined]);
});

test("the user and password in a Location are not used", async (t) => {
  const other = await listen(t, mirror);
  const server = await redirecting(t, 307, other.url.replace("//", "//their:choice@"));
  assert.equal((await seen(fetcher()(server.url))).headers.authorization, undefined);
});

test("a Location beyond ASCII is read as UTF-8", async (t) => {
  const server = await redirecting(t, 307, ({ url }) => (url === "/" ? Buffer.from("/grüße").toString("latin1") : undefined));
  assert.equal((await seen(fetcher()(server.url))).url, encodeURI("/grüße"));
});

test("a redirect without a Location is an answer like any other", async (t) => {
  const server = await listen(t, (_, response) => response.writeHead(307).end("where?"));
  const response = await fetcher()(server.url);
  assert.deepEqual([response.status, await response.text()], [307, "where?"]);
});

test("20 redirects in a row are followed, and no more", async (t) => {
  const server = await redirecting(t, 307, ({ url }) => (url === "/0" ? undefined : `/${url.slice(1) - 1}`));
  assert.equal((await seen(fetcher()(`${server.url}/20`))).url, "/0");
  const response = await fetcher()(`${server.url}/21`);
  assert.equal(response.status, 307);
  assert.equal(await response.text(), `it redirects to ${server.url}/0, which is not followed: 20 redirects led there`);
});

/** Locations that are not followed, with the status and the message. */
const SECRET = "user:secret@other.example/path/?token=secret#secret";
const UNFOLLOWED = [
  [301, `https://${SECRET}`, /^it redirects to https:\/\/other\.example\/path\/\?…, and only redirects with the status 307 or 308 are followed: connect to that address if it is the server's$/],
  [302, `//${SECRET}`, /^it redirects to http:\/\/other\.example\/path\/\?…, and only/],
  [303, "/login", /^it redirects to http:\/\/127\.0\.0\.1:\d+\/login, and only/],
  [301, `/${"x".repeat(5_000)}`, /^it redirects to http:\/\/127\.0\.0\.1:\d+\/x{50,80}…, and only/],
  [307, `ftp://${SECRET}`, /^it redirects to an address of the kind ftp:, which is not followed$/],
  [308, `data:text/plain,secret`, /^it redirects to an address of the kind data:, which is not followed$/],
  [307, `http://secret:secret:secret`, /^it redirects to an invalid address, which is not followed$/],
  [302, `http://secret:secret:secret`, /^it redirects to an invalid address, and only/],
];
for (const [status, location, message] of UNFOLLOWED) {
  test(`${status} to ${location.slice(0, 30)} is an answer that names the address, without secrets`, async (t) => {
    const server = await redirecting(t, status, location);
    for (const init of [{}, INITS.POST]) {
      const response = await fetcher()(server.url, init);
      const text = await response.text();
      assert.equal(response.status, status);
      assert.match(text, message);
      assert.ok(!text.includes("secret"));
    }
  });
}

test("a redirect from https: to http: is not followed", async (t) => {
  const asked = [];
  const plain = await listen(t, (request, response) => (asked.push(request), response.end()));
  const server = await listenTls(t, {}, (_, response) => response.writeHead(308, { location: `${plain.url}/?token=secret` }).end());
  const fetch = fetcher({ routes: new Routes({ tls: { ca: readFileSync(ca) } }) });
  const response = await fetch(server.url);
  assert.equal(response.status, 308);
  assert.equal(await response.text(), `it redirects to ${plain.url}/?…, which is not followed, since it is not encrypted`);
  assert.equal(asked.length, 0);
});

test("a redirect from http: to https: is followed, with the same tls.ca", async (t) => {
  const server = await redirecting(t, 308, (await secureMirror(t)).url);
  const { method, body } = await seen(fetcher({ routes: new Routes({ tls: { ca: readFileSync(ca) } }) })(server.url, INITS.POST));
  assert.deepEqual([method, body], ["POST", Buffer.from("grüße").toString("latin1")]);
  await assert.rejects(fetcher()(server.url), { name: "TypeError", message: /certificate is not trusted/ });
});

for (const way of ["directly", "through a proxy"]) {
  test(`the client's certificate is not sent to another origin ${way}`, async (t) => {
    const other = await secureMirror(t, { requestCert: true, rejectUnauthorized: false });
    const answer = (request, response) => (request.url === "/" ? response.writeHead(307, { location: other.url }).end() : mirror(request, response));
    const { url } = await listenTls(t, { requestCert: true, ca: readFileSync(ca) }, answer);
    const proxy = new ProxyServer({ host: "127.0.0.1", port: 0 });
    await proxy.listen();
    t.after(() => proxy.close(true));
    const tls = { ca: readFileSync(ca), cert: readFileSync(own.cert), key: readFileSync(own.key) };
    const routes = new Routes({ tls, proxy: way === "directly" ? false : `http://127.0.0.1:${proxy.port}` });
    await routes.prepare({ polling: url });
    const fetch = fetcher({ routes });
    assert.equal((await seen(fetch(`${url}/mirror`))).shown, true);
    assert.equal((await seen(fetch(url))).shown, false);
  });
}

test("cookies of a redirect are stored, and sent to their paths", async (t) => {
  const server = await redirecting(t, 307, ({ url }) => (url === "/" ? "/to" : undefined), { "set-cookie": ["to=1; Path=/to", "from=1; Path=/from"] });
  const fetch = fetcher({ cookies: new Cookies() });
  assert.equal((await seen(fetch(server.url, { headers: { cookie: "mine=1" } }))).headers.cookie, "mine=1; to=1");
  assert.equal((await seen(fetch(`${server.url}/from`))).headers.cookie, "from=1");
});

test("another origin is reached through the proxy that the environment has for it", async (t) => {
  const proxied = await listen(t, (request, response) => response.end(`proxied ${request.url}`));
  const server = await redirecting(t, 307, "http://other.invalid/there");
  const variables = { HTTP_PROXY: proxied.url, NO_PROXY: "127.0.0.1" };
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, saved);
  });
  const routes = new Routes();
  await routes.prepare({ polling: server.url });
  assert.equal(await (await fetcher({ routes })(server.url)).text(), "proxied http://other.invalid/there");
});

/** Starts a proxy that refuses each tunnel with a redirect and a cookie, and resolves to the options of a client that uses it. */
async function refusingProxy(t, location) {
  const proxy = await listen(t, () => {});
  proxy.on("connect", (_, socket) => {
    socket.on("error", () => {}).end(`HTTP/1.1 307 No\r\nlocation: ${location}\r\nset-cookie: theirs=1\r\ncontent-length: 6\r\n\r\nlog in`);
  });
  const cookies = new Cookies();
  const routes = new Routes({ proxy: proxy.url });
  await routes.prepare({ polling: "https://server.invalid" });
  return { routes, cookies };
}

test("a proxy that refuses the tunnel to a server can neither redirect the request nor set a cookie of the server", async (t) => {
  const asked = [];
  const theirs = await secureMirror(t);
  theirs.on("request", (request) => asked.push(request));
  const connection = await refusingProxy(t, theirs.url);
  const response = await fetcher(connection)("https://server.invalid", INITS.POST);
  assert.deepEqual([response.status, response.unsent, await response.text()], [307, true, "log in"]);
  const socket = new WebSocket("wss://server.invalid", [], {}, connection);
  const event = await within("the error", new Promise((resolve) => (socket.onerror = resolve)));
  assert.deepEqual([event.status, event.body], [307, "log in"]);
  assert.equal(asked.length, 0);
  assert.ok(connection.cookies.empty);
});

test("a redirect to a scheme that a user-supplied agent does not support is an error that names the option", async (t) => {
  const server = await redirecting(t, 308, "https://other.invalid/");
  const agent = new Agent();
  t.after(() => agent.destroy());
  await assert.rejects(fetcher({ routes: new Routes({ agent }) })(server.url), { code: "UNUSABLE_OPTION", option: "agent" });
});

test("the connection of a redirect is used for the next request", async (t) => {
  const ports = new Set();
  const server = await redirecting(t, 307, ({ url, socket }) => (ports.add(socket.remotePort), url === "/" ? "/to" : undefined));
  const fetch = fetcher();
  for (let index = 0; index < 3; index += 1) await seen(fetch(server.url, INITS.POST));
  assert.equal(ports.size, 1);
});

test("a redirect with an endless body is followed, and its connection closed", async (t) => {
  let endless;
  const server = await listen(t, (request, response) => {
    if (request.url === "/to") return response.end("here");
    response.writeHead(307, { location: "/to" });
    endless = new Promise((resolve) => request.socket.once("close", resolve));
    const write = () => response.destroyed || response.write("x".repeat(10_000), write);
    write();
  });
  assert.equal(await (await fetcher()(server.url)).text(), "here");
  await within("the end of the connection", endless);
});

test("an aborted request ends while it follows a redirect", async (t) => {
  const controller = new AbortController();
  const asked = [];
  const server = await listen(t, (request, response) => {
    asked.push(request.url);
    if (request.url === "/to") return controller.abort("enough");
    response.writeHead(307, { location: "/to" }).end();
  });
  await assert.rejects(fetcher()(server.url, { signal: controller.signal }), (error) => error === "enough");
  assert.deepEqual(asked, ["/", "/to"]);
});

test("a request that fails after a redirect may have been sent", async (t) => {
  const gone = await listen(t, () => {});
  await gone.end();
  const server = await redirecting(t, 307, gone.url);
  await assert.rejects(fetcher()(server.url, INITS.POST), (error) => /ECONNREFUSED/.test(error.message) && !("unsent" in error));
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`the error of a websocket names the status ${status} and the address, without secrets`, async (t) => {
    const server = await listen(t, () => {});
    server.on("upgrade", (_, stream) => stream.end(`HTTP/1.1 ${status} Moved\r\nlocation: https://${SECRET}\r\ncontent-length: 0\r\n\r\n`));
    const socket = new WebSocket(server.url.replace("http", "ws"));
    const event = await within("the error", new Promise((resolve) => (socket.onerror = resolve)));
    const body = "it redirects to https://other.example/path/?…, which a websocket does not follow: connect to that address if it is the server's";
    assert.deepEqual([event.status, event.body, event.message], [status, body, `Unexpected server response: ${status}: ${body}`]);
  });
}

describe("a client", () => {
  const server = sharedServer("npm");

  /** Starts a server that redirects every request, also for websockets. */
  async function redirectingAll(t, status) {
    const location = (request) => server.url + request.url;
    const front = await redirecting(t, status, location);
    front.on("upgrade", (request, stream) => stream.end(`HTTP/1.1 ${status} Moved\r\nlocation: ${location(request)}\r\ncontent-length: 0\r\n\r\n`));
    return front;
  }

  for (const status of [307, 308]) {
    test(`follows ${status} over polling, and stays on polling when the websocket is redirected`, async (t) => {
      const { url } = await redirectingAll(t, status);
      const client = newClient(t, IMPATIENT);
      await client.connect(url, { ...UNHURRIED, transports: ["polling", "websocket"] });
      for (let index = 0; index < 5; index += 1) assert.equal(await client.call("echo", `grüße ${index}`), `grüße ${index}`);
      assert.equal(client.transport(), "polling");
    });
  }

  for (const [transport, statuses] of Object.entries({ polling: [301, 302, 303], websocket: [301, 302, 303, 307, 308] })) {
    for (const status of statuses) {
      test(`that is redirected with ${status} over ${transport} rejects with the address, without secrets`, async (t) => {
        const { url } = await redirectingAll(t, status);
        await assert.rejects(newClient(t).connect(`${url}?token=secret`, { transports: transport }), (error) => {
          assert.deepEqual([error.code, error.status], ["HTTP_STATUS", status]);
          assert.ok(error.message.includes(`${status} in server response: it redirects to ${server.url}/socket.io/?…, `), error.message);
          assert.ok(error.message.includes("connect to that address"), error.message);
          return !`${error.message}${error.body}${error.data}`.includes("secret");
        });
      });
    }
  }
});
