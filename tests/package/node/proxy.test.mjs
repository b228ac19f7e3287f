// Proxies in Node: a real proxy between the client and real servers, for both transports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, createServer } from "node:net";
import { describe, test } from "node:test";
import { Server as ProxyServer } from "proxy-chain";
import { ca, server as certificate } from "../../support/certificates.mjs";
import { IMPATIENT, newClient, TRANSPORTS, UNHURRIED } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { tap } from "../../support/tap.mjs";
import { SERVERS } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { until } from "../../support/until.mjs";
import { isInNoProxy } from "../../../pkg/platform/node/no-proxy.js";

/**
 * Starts a proxy, which records each request in `passed`: "plain" for one that it forwards, "tunnel" for a CONNECT.
 * @param {(user: { username: string, password: string }) => boolean} [accepts]
 */
async function startProxy(t, accepts) {
  const passed = [];
  const proxy = new ProxyServer({
    host: "127.0.0.1",
    port: 0,
    prepareRequestFunction({ username, password, isHttp, request }) {
      passed.push({ way: isHttp ? "plain" : "tunnel", headers: request.headers, url: request.url });
      return { requestAuthentication: accepts ? !accepts({ username, password }) : false, failMsg: "who are you?" };
    },
  });
  await proxy.listen();
  t.after(() => proxy.close(true));
  return { url: `http://127.0.0.1:${proxy.port}`, passed, ways: () => [...new Set(passed.map(({ way }) => way))], end: () => proxy.close(true) };
}

/** Runs a function with these variables in place of all variables for proxies. */
async function withEnvironment(variables, run) {
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
  Object.assign(process.env, variables);
  try {
    await run();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, saved);
  }
}

async function connectedThrough(t, url, options, transports) {
  const client = newClient(t, { ...IMPATIENT, ...options });
  await client.connect(url, { ...UNHURRIED, transports });
  if (transports.length > 1) await until("the upgrade", () => client.transport() === "websocket");
  assert.equal(await client.call("echo", "hello"), "hello");
  return client;
}

const WAYS = {
  http: { polling: ["plain"], websocket: ["tunnel"], upgrade: ["plain", "tunnel"] },
  https: { polling: ["tunnel"], websocket: ["tunnel"], upgrade: ["tunnel"] },
};

for (const kind of SERVERS) {
  for (const scheme of ["http", "https"]) {
    describe(`${kind} at a ${scheme}: address`, () => {
      const server = sharedServer(kind, scheme === "https" ? { tls: certificate } : {});
      const url = () => server.url.replace("http:", `${scheme}:`);

      for (const [name, transports] of Object.entries(TRANSPORTS)) {
        test(`[C9] every request goes through the proxy: ${name}`, async (t) => {
          const proxy = await startProxy(t);
          await connectedThrough(t, url(), { proxy: proxy.url, ...(scheme === "https" && { tls: { ca } }) }, transports);
          assert.deepEqual(proxy.ways(), WAYS[scheme][name]);
        });

        test(`the proxy gets the user and the password of its URL: ${name}`, async (t) => {
          const proxy = await startProxy(t, ({ username, password }) => username === "me" && password === "p@ss");
          const own = new URL(proxy.url);
          Object.assign(own, { username: "me", password: "p@ss" });
          await connectedThrough(t, url(), { proxy: own, ...(scheme === "https" && { tls: { ca } }) }, transports);
          assert.deepEqual(proxy.ways(), WAYS[scheme][name]);
        });
      }

      for (const transport of ["polling", "websocket"]) {
        test(`a proxy that requires a user is an error that says so: ${transport}`, async (t) => {
          const proxy = await startProxy(t, () => false);
          const client = newClient(t, { proxy: proxy.url, ...(scheme === "https" && { tls: { ca } }) });
          const message = /The proxy wants a user and a password: put them into the URL of `proxy`/;
          await assert.rejects(client.connect(url(), { transports: transport }), { name: "ConnectionError", code: "HTTP_STATUS", status: 407, message });
        });

        test(`[P3] HTTP${scheme === "https" ? "S" : ""}_PROXY is used, and NO_PROXY respected: ${transport}`, async (t) => {
          const proxy = await startProxy(t);
          const options = scheme === "https" ? { tls: { ca } } : {};
          const variable = `${scheme.toUpperCase()}_PROXY`;
          for (const [variables, passes] of [
            [{ [variable]: proxy.url }, true],
            [{ [variable.toLowerCase()]: proxy.url }, true],
            [{ ALL_PROXY: proxy.url }, true],
            [{ [variable]: new URL(proxy.url).host }, true], // without a scheme
            [{ [variable]: proxy.url, NO_PROXY: "example.com,127.0.0.1" }, false],
            [{ [variable]: proxy.url, no_proxy: "*" }, false],
            [{ [variable]: proxy.url, NO_PROXY: "10.0.0.0/33 nonsense/8,127.0.0.0/8" }, false],
            [{ [variable]: proxy.url, no_proxy: "127.0.0.1/32", NO_PROXY: "10.0.0.0/8" }, false],
            [{ [variable]: proxy.url, NO_PROXY: "126.0.0.0/8,127.0.0.0/33,::/0" }, true],
            [{ [scheme === "https" ? "HTTP_PROXY" : "HTTPS_PROXY"]: proxy.url }, false],
          ]) {
            proxy.passed.length = 0;
            await withEnvironment(variables, async () => (await connectedThrough(t, url(), options, [transport])).disconnect());
            // A poll of the connection before may be repeated after its end, as any poll without an answer.
            assert.equal(proxy.passed.some(({ url }) => !url.includes("sid=")), passes, JSON.stringify(variables));
          }
        });
      }
    });
  }
}

describe("an address or a network in NO_PROXY", () => {
  // An entry with URLs that it excepts from the proxy, and URLs that it does not. Names are not looked up.
  const ENTRIES = {
    "10.0.0.0/8": [["http://10.1.2.3", "ws://10.255.255.255:8080", "http://[::ffff:10.0.0.1]"], ["http://11.0.0.1", "http://name.example", "http://[a00::1]"]],
    "10.9.8.7/8": [["http://10.1.2.3"], ["http://11.0.0.1"]],
    "0.0.0.0/0": [["https://127.0.0.1"], ["http://[::1]", "http://localhost"]],
    "192.168.1.128/25": [["http://192.168.1.129"], ["http://192.168.1.127"]],
    "fd00::/8": [["http://[fd12:3456::1]", "wss://[fdff::]:3000"], ["http://[fe00::1]", "http://253.0.0.1"]],
    "::/0": [["http://[fd12::1]"], ["http://10.0.0.1", "http://localhost"]],
    "[fd00::]/8": [["http://[fd12::1]"], ["http://[fe00::1]"]],
    "::1": [["http://[::1]", "http://[0:0:0:0:0:0:0:1]:3000"], ["http://[::2]", "http://127.0.0.1"]],
    "[::1]": [["http://[::1]:3000"], ["http://[::2]"]],
    "[0:0::1]": [["http://[::1]"], ["http://[::2]"]],
    "[::1]:3000": [["http://[::1]:3000"], ["http://[::1]", "http://[::1]:3001"]],
    "[::1]:443": [["https://[::1]"], ["http://[::1]"]],
    "10.0.0.1": [["http://10.0.0.1"], ["http://10.0.0.2"]],
  };
  for (const [entry, [excepted, others]] of Object.entries(ENTRIES)) {
    test(`${entry} excepts what it holds`, () => {
      for (const list of [entry, `example.com,${entry}`, `example.com ${entry}`]) {
        assert.deepEqual(excepted.filter((url) => !isInNoProxy(new URL(url), list)), []);
        assert.deepEqual(others.filter((url) => isInNoProxy(new URL(url), list)), []);
      }
    });
  }

  test("a malformed entry is ignored", () => {
    const malformed = ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0/8", "/8", "10.0.0.0/8:80", "[10.0.0.1]", "[10.0.0.0]/8", "fe80::/129", "fe80::1%lo", "[fe80::", "", "%"];
    for (const entry of malformed) {
      for (const url of ["http://10.0.0.1", "http://[fe80::1]"]) assert.ok(!isInNoProxy(new URL(url), entry), entry);
      assert.ok(isInNoProxy(new URL("http://10.0.0.1"), `${entry},10.0.0.0/8`), entry);
    }
  });
});

describe("with an npm server", () => {
  const server = sharedServer("npm");

  test("a name is not looked up for the networks of NO_PROXY", async (t) => {
    for (const transport of ["polling", "websocket"]) {
      const proxy = await startProxy(t);
      const url = server.url.replace("127.0.0.1", "localhost");
      await withEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.0/8,::1" }, () => connectedThrough(t, url, {}, [transport]));
      assert.ok(proxy.passed.length > 0);
    }
  });

  test("an IPv6 network of NO_PROXY holds on both transports", async (t) => {
    const forwarding = createServer((near) => {
      const far = connect(server.port, "127.0.0.1");
      near.pipe(far).pipe(near);
      for (const end of [near, far]) end.on("error", () => {}).on("close", () => (near.destroy(), far.destroy()));
    });
    const isListening = await new Promise((resolve) => forwarding.once("error", () => resolve(false)).listen(0, "::1", () => resolve(true)));
    if (!isListening) return t.skip("this machine has no IPv6");
    t.after(() => forwarding.close());
    const proxy = await startProxy(t);
    const url = `http://[::1]:${forwarding.address().port}`;
    await withEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: "fd00::/8 ::/127" }, () => connectedThrough(t, url, {}, ["polling", "websocket"]));
    assert.equal(proxy.passed.length, 0);
  });

  test("proxy: false ignores the environment", async (t) => {
    const proxy = await startProxy(t);
    await withEnvironment({ HTTP_PROXY: proxy.url }, () => connectedThrough(t, server.url, { proxy: false }, ["polling", "websocket"]));
    assert.equal(proxy.passed.length, 0);
  });

  test("the environment is read at each attempt", async (t) => {
    const proxy = await startProxy(t);
    const client = newClient(t);
    await withEnvironment({}, () => client.connect(server.url, { transports: "polling" }));
    await client.disconnect();
    assert.equal(proxy.passed.length, 0);
    await withEnvironment({ HTTP_PROXY: proxy.url }, () => client.connect(server.url, { transports: "polling" }));
    await client.disconnect();
    const { length } = proxy.passed;
    assert.ok(length > 0);
    await withEnvironment({}, () => client.connect(server.url, { transports: "polling" }));
    assert.equal(proxy.passed.length, length);
  });

  test("connections to the proxy are used again", async (t) => {
    const proxy = await startProxy(t);
    const wire = await tap(t, new URL(proxy.url).port);
    const client = await connectedThrough(t, server.url, { proxy: wire.url }, ["polling"]);
    for (let index = 0; index < 5; index += 1) await client.call("echo", index);
    assert.ok(proxy.passed.length > 8, `${proxy.passed.length} requests`);
    assert.ok(wire.connections() <= 2, `${wire.connections()} connections`);
  });

  test("the proxy does not get the server's password, and the server does not get the proxy's", async (t) => {
    const wire = await tap(t, server.port);
    const proxy = await startProxy(t, () => true);
    const [near, far] = [proxy.url, wire.url].map((url) => new URL(url));
    Object.assign(near, { username: "proxy", password: "one" });
    Object.assign(far, { username: "server", password: "two" });
    await connectedThrough(t, far, { proxy: near }, ["websocket"]);
    assert.equal(proxy.passed[0].headers.authorization, undefined);
    assert.equal(wire.requests()[0].headers.authorization, `Basic ${btoa("server:two")}`);
    assert.equal(wire.requests()[0].headers["proxy-authorization"], undefined);
  });

  for (const transport of ["polling", "websocket"]) {
    test(`the error of an unreachable proxy names it, without its password: ${transport}`, async (t) => {
      const proxy = await startProxy(t);
      await proxy.end();
      const url = new URL(proxy.url);
      const client = newClient(t, { proxy: Object.assign(new URL(url), { username: "me", password: "secret" }) });
      await assert.rejects(client.connect(server.url, { transports: transport }), (error) => {
        assert.equal(error.code, "UNREACHABLE");
        assert.ok(error.message.includes(`ECONNREFUSED`) && error.message.includes(`(through the proxy ${proxy.url})`), error.message);
        return !error.message.includes("secret");
      });
    });
  }

  for (const transport of ["polling", "websocket"]) {
    test(`the connection to a silent proxy is closed after requestTimeout: ${transport}`, async (t) => {
      const open = new Set();
      const silent = createServer((socket) => open.add(socket.on("error", () => {}).resume().once("close", () => open.delete(socket))));
      await new Promise((resolve) => silent.listen(0, "127.0.0.1", resolve));
      t.after(() => silent.close());
      for (const address of ["http://127.0.0.1:1", "https://127.0.0.1:1"]) {
        const client = newClient(t, { proxy: `http://127.0.0.1:${silent.address().port}`, requestTimeout: 60 });
        await assert.rejects(client.connect(address, { transports: transport }), { code: "REQUEST_TIMEOUT" });
        await until("the connection's end", () => open.size === 0);
      }
    });
  }

  // In Bun, the server of this test cannot forward its data.
  test("a proxy at an https: address is trusted by tls.ca", { skip: "Bun" in globalThis }, async (t) => {
    const proxy = await startProxy(t);
    const inTls = createSecureServer({ key: readFileSync(certificate.key), cert: readFileSync(certificate.cert) });
    // The data within TLS is forwarded to the proxy.
    inTls.removeAllListeners("secureConnection").on("secureConnection", (socket) => {
      const far = connect(new URL(proxy.url).port, "127.0.0.1");
      socket.pipe(far).pipe(socket);
      for (const end of [socket, far]) end.on("error", () => {}).on("close", () => (socket.destroy(), far.destroy()));
    });
    await new Promise((resolve) => inTls.listen(0, "127.0.0.1", resolve));
    t.after(() => inTls.close());
    await connectedThrough(t, server.url, { proxy: `https://127.0.0.1:${inTls.address().port}`, tls: { ca } }, ["polling", "websocket"]);
    assert.deepEqual(proxy.ways(), ["plain", "tunnel"]);
  });
});

describe("[UNUSABLE_OPTION] a proxy that cannot be used", () => {
  const agent = new Agent();
  const WRONG = {
    "of another kind": [{ proxy: "socks5://me:secret@127.0.0.1:1080" }, { code: "UNUSABLE_OPTION", message: /neither http:\/\/ nor https:\/\/.*`agent`/ }],
    "that is not a URL": [{ proxy: "me:secret@proxy" }, { code: "UNUSABLE_OPTION" }],
    "that is not a string": [{ proxy: true }, { code: "INVALID_OPTION" }],
    "with an agent": [{ proxy: "http://127.0.0.1:1080", agent }, { code: "UNUSABLE_OPTION", message: /`agent`/ }],
  };
  for (const [name, [options, expected]] of Object.entries(WRONG)) {
    test(`${name} is refused when the client is made`, () => {
      assert.throws(() => new api.Client(options), (error) => {
        assert.equal(error.option, "proxy");
        assert.ok(!error.message.includes("secret"));
        assert.equal(error.code, expected.code);
        if (expected.message) assert.match(error.message, expected.message);
        return error instanceof api.InvalidArgumentError;
      });
    });
  }

  test("of the environment fails the attempt", async (t) => {
    const connecting = () => newClient(t).connect("http://127.0.0.1:1");
    await withEnvironment({ HTTP_PROXY: "socks5://127.0.0.1:1080" }, () =>
      assert.rejects(connecting, { name: "InvalidArgumentError", code: "UNUSABLE_OPTION", message: /`proxy \(of the environment\)`/ }),
    );
  });
});
