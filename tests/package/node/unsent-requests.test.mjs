// Failed requests of the package's fetch for Node: `unsent` is true if the server has certainly not received the request.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import { Cookies } from "../../../pkg/platform/node/cookies.js";
import { fetcher } from "../../../pkg/platform/node/fetch.js";
import { Routes } from "../../../pkg/platform/node/routes.js";
import { ca, client } from "../../support/certificates.mjs";
import { listen, unusedAddress } from "../../support/listen.mjs";
import { listenTls } from "../../support/listen-tls.mjs";

const POST = { method: "POST", body: "x" };

/** Starts a TCP server with a handler of its connections, and resolves to its port. */
async function tcpServer(t, serve) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    serve(socket);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server.address().port;
}

async function through(proxy, url, tls) {
  const routes = new Routes({ proxy, tls });
  await routes.prepare({ polling: url });
  return fetcher({ routes });
}

/** Connects a client's socket to the server at a URL, as a proxy does for a tunnel. */
function tunnelTo(url, near) {
  const far = connect(new URL(url).port, "127.0.0.1", () => near.write("HTTP/1.1 200 OK\r\n\r\n"));
  near.pipe(far).pipe(near);
  for (const end of [near, far]) end.on("error", () => {}).on("close", () => (near.destroy(), far.destroy()));
}

const failureOf = async (pending) => {
  const [{ reason }] = await Promise.allSettled([pending]);
  assert.ok(reason instanceof TypeError, String(reason));
  return reason;
};

const trusted = () => ({ ca: readFileSync(ca) });

/** Fetches that fail before they send the request, and their addresses. */
const UNSENT = {
  "no server listens": async (t) => [fetcher(), await unusedAddress(t)],
  "no server listens for TLS": async (t) => [fetcher(), (await unusedAddress(t)).replace("http:", "https:")],
  "the name is unknown": async () => [fetcher(), "http://server.invalid"],
  "the host cannot be reached": async () => [fetcher(), "http://255.255.255.255"], // the broadcast address, to which TCP does not connect
  "the server's certificate is not trusted": async (t) => [fetcher(), (await listenTls(t, {}, () => {})).url],
  "the server does not speak TLS": async (t) => [fetcher(), (await listen(t, () => {})).url.replace("http:", "https:")],
  "the server closes the connection in the TLS handshake": async (t) => [
    fetcher(),
    `https://127.0.0.1:${await tcpServer(t, (socket) => socket.once("data", () => socket.destroy()))}`,
  ],
  "the server requires a certificate, in TLS 1.2": async (t) => {
    const tls = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(ca), maxVersion: "TLSv1.2" };
    return [fetcher({ routes: new Routes({ tls: trusted() }) }), (await listenTls(t, tls, () => {})).url];
  },
  "the proxy does not listen": async (t) => {
    const url = "http://server.invalid";
    return [await through(await unusedAddress(t), url), url];
  },
  "the proxy of a tunnel does not listen": async (t) => {
    const url = "https://server.invalid";
    return [await through(await unusedAddress(t), url), url];
  },
  "the proxy closes the connection instead of making a tunnel": async (t) => {
    const url = "https://server.invalid";
    return [await through(`http://127.0.0.1:${await tcpServer(t, (socket) => socket.once("data", () => socket.end()))}`, url), url];
  },
  "a header cannot be sent": async (t) => {
    const { url } = await listen(t, () => {});
    return [(address, init) => fetcher()(address, { ...init, headers: { "x-name": "\u{1F388}" } }), url];
  },
  "the cookie jar fails": async (t) => {
    const { url } = await listen(t, () => {});
    const jar = { getCookieString: async () => { throw new Error("the disk is full"); }, setCookie: async () => {} };
    return [fetcher({ cookies: new Cookies(jar) }), url];
  },
};

for (const [what, prepare] of Object.entries(UNSENT)) {
  test(`a request is unsent if ${what}`, async (t) => {
    const [fetch, url] = await prepare(t);
    for (const init of [POST, {}]) assert.equal((await failureOf(fetch(url, init))).unsent, true);
  });
}

test("a request is unsent if a proxy refuses the tunnel, and the response says so", async (t) => {
  const proxy = await listen(t, () => {});
  proxy.on("connect", (request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno"));
  const url = "https://server.invalid";
  const fetch = await through(proxy.url, url);
  const response = await fetch(url, POST);
  assert.deepEqual([response.status, response.unsent, await response.text()], [403, true, "no"]);
});

test("a request is unsent if a proxy refuses the tunnel and breaks off", async (t) => {
  const proxy = await listen(t, () => {});
  proxy.on("connect", (request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\nx-broken\r\n\r\n"));
  const url = "https://server.invalid";
  assert.equal((await failureOf((await through(proxy.url, url))(url, POST))).unsent, true);
});

/** Fetches that fail when the server may have received the request. */
const MAYBE_SENT = {
  "the server resets the connection after the request": async (t) => [fetcher(), (await listen(t, ({ socket }) => socket.resetAndDestroy())).url],
  "the server closes each connection at once": async (t) => [fetcher(), `http://127.0.0.1:${await tcpServer(t, (socket) => socket.end())}`],
  "the server does not answer in HTTP": async (t) => [
    fetcher(),
    `http://127.0.0.1:${await tcpServer(t, (socket) => socket.once("data", () => socket.end("hello\r\n\r\n")))}`,
  ],
  "the server closes a TLS connection after the request": async (t) => {
    const { url } = await listenTls(t, {}, ({ socket }) => socket.destroy());
    return [fetcher({ routes: new Routes({ tls: trusted() }) }), url];
  },
  "the server requires a certificate, in TLS 1.3": async (t) => {
    const { url } = await listenTls(t, { requestCert: true, rejectUnauthorized: true, ca: readFileSync(ca) }, () => {});
    return [fetcher({ routes: new Routes({ tls: trusted() }) }), url];
  },
  "the server closes the connection of a tunnel": async (t) => {
    const { url } = await listenTls(t, {}, ({ socket }) => socket.destroy());
    const proxy = await listen(t, () => {});
    proxy.on("connect", (_, near) => tunnelTo(url, near));
    return [await through(proxy.url, url, trusted()), url];
  },
  "the cookie jar fails with the cookies of the answer": async (t) => {
    const { url } = await listen(t, (_, response) => response.setHeader("set-cookie", "a=b").end("here"));
    const jar = { getCookieString: async () => "", setCookie: async () => { throw new Error("the disk is full"); } };
    return [fetcher({ cookies: new Cookies(jar) }), url];
  },
};

for (const [what, prepare] of Object.entries(MAYBE_SENT)) {
  test(`a request may have been sent if ${what}`, async (t) => {
    const [fetch, url] = await prepare(t);
    for (const init of [POST, {}]) assert.equal("unsent" in (await failureOf(fetch(url, init))), false);
  });
}

test("a repeated request may have been sent, although the repetition fails", async (t) => {
  let requests = 0;
  const server = await listen(t, async (request, response) => {
    requests += 1;
    if (requests === 1) return response.end("here");
    server.close(); // it accepts no other connection
    request.socket.resetAndDestroy();
  });
  const fetch = fetcher();
  await (await fetch(server.url)).text();
  const error = await failureOf(fetch(server.url, POST));
  assert.match(error.message, /ECONNREFUSED/);
  assert.equal("unsent" in error, false);
});

test("a repeated request may have been sent, although a proxy refuses the tunnel for the repetition", async (t) => {
  let requests = 0;
  const server = await listenTls(t, {}, ({ socket }, response) => {
    requests += 1;
    if (requests === 1) response.end("here");
    else socket.destroy();
  });
  let tunnels = 0;
  const proxy = await listen(t, () => {});
  proxy.on("connect", (_, near) => {
    tunnels += 1;
    if (tunnels === 2) return near.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    tunnelTo(server.url, near);
  });
  const fetch = await through(proxy.url, server.url, trusted());
  await (await fetch(server.url)).text();
  const response = await fetch(server.url, POST);
  assert.deepEqual([response.status, response.unsent, requests], [403, false, 2]);
});

test("a request with an answer of the server is not unsent", async (t) => {
  const { url } = await listen(t, (_, response) => response.writeHead(403).end("no"));
  assert.equal((await fetcher()(url, POST)).unsent, false);
});

test("a request may have been sent if the server does not trust the client's certificate", async (t) => {
  const tls = { requestCert: true, rejectUnauthorized: true, ca: [] };
  let requests = 0;
  const { url } = await listenTls(t, tls, () => void (requests += 1));
  const routes = new Routes({ tls: { ...trusted(), cert: readFileSync(client.cert), key: readFileSync(client.key) } });
  const error = await failureOf(fetcher({ routes })(url, POST));
  assert.equal("unsent" in error, false);
  assert.equal(requests, 0);
});
