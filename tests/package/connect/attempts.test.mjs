// An attempt to connect: what the client evaluates for it, which transports it tries, how long it waits, and how it reports a failure.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { IMPATIENT, TRANSPORTS, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { mutePeer, open, pollingPeer, websocketPeer } from "../../support/peer.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { heard, until, within } from "../../support/until.mjs";

// Collects the calls of `connect_error` of some namespaces, as [namespace, data, code].
function failures(client, namespaces) {
  const failed = [];
  for (const name of namespaces) client.of(name).on("connect_error", ({ code, data }) => failed.push([name, data, code]));
  return failed;
}

for (const kind of SERVERS) {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    describe(`${kind}, ${name}`, () => {
      test("[K2, K3, K4, R3] url and headers are evaluated at each attempt, auth once for each connection, for all namespaces", async (t) => {
        const server = await startServer(t, kind);
        const client = newClient(t);
        const asked = { url: 0, headers: 0, auth: 0 };
        const url = async () => ((asked.url += 1), server.url);
        const headers = () => ((asked.headers += 1), { "x-attempt": String(asked.headers) });
        const auth = async () => ({ n: (asked.auth += 1) });
        await client.connect(url, { transports, headers, auth, namespaces: ["/", "/chat"] });
        assert.deepEqual(asked, { url: 1, headers: 1, auth: 1 });
        const failed = failures(client, ["/", "/chat"]);
        await server.kill();
        await until("two attempts that fail", () => failed.length >= 4);
        assert.equal(asked.auth, 1);
        await server.start();
        await until("the new connection", () => client.namespaces.size === 2);
        assert.ok(asked.url >= 4 && asked.headers === asked.url, JSON.stringify(asked));
        assert.equal(asked.auth, 2);
        const auths = [await client.call("auth"), await client.of("/chat").call("auth")];
        assert.deepEqual(auths, [{ n: 2 }, { n: 2 }]);
      });

      test("[K4] auth may be any plain object; without one the server gets none", async (t) => {
        const server = await startServer(t, kind);
        class Token {
          token = "x";
        }
        for (const auth of [{ a: null }, { list: [1, "a"] }, new Token(), Object.assign(Object.create(null), { a: 1 })]) {
          const client = newClient(t);
          await client.connect(server.url, { transports, auth });
          assert.deepEqual(await client.call("auth"), { ...auth });
        }
        for (const auth of [() => undefined, () => null, null, undefined]) {
          const client = newClient(t);
          await client.connect(server.url, { transports, auth });
          assert.deepEqual(await client.call("auth"), kind === "python" ? null : {});
        }
      });

      test("[K4] an auth function that throws fails connect() with what it throws, which is the cause of connect_error's error", async (t) => {
        const server = await startServer(t, kind);
        for (const thrown of [new Error("no token"), "no token", null]) {
          const client = newClient(t);
          const failed = heard(client, "connect_error");
          await assert.rejects(client.connect(server.url, { transports, auth: () => Promise.reject(thrown) }), (error) => error === thrown);
          const [error, ...others] = await failed;
          assert.deepEqual([error.code, error.fault, error.namespaces, others], ["PREPARATION_FAILED", "network", ["/"], []]);
          assert.equal(error.cause, thrown);
          assert.equal(client.state, "disconnected");
        }
      });

      test("[K6] without a list, the namespaces of handlers and of classes are connected; those added later are not, not even on a reconnection", async (t) => {
        const server = await startServer(t, kind);
        const client = newClient(t);
        client.of("/chat").on("tick", () => {});
        client.of("*").on("tick", () => {});
        client.registerNamespace(new api.ClientNamespace("/early"));
        await client.connect(server.url, { transports });
        assert.deepEqual([...client.namespaces.keys()].sort(), ["/chat", "/early"]);
        client.of("/auth").on("tick", () => {});
        const back = heard(client.of("/chat"), "connect");
        await server.kill();
        await server.start();
        await back;
        await until("both", () => client.namespaces.size === 2);
        assert.deepEqual([...client.namespaces.keys()].sort(), ["/chat", "/early"]);
        assert.throws(() => client.of("/auth").emit("x"), { name: "BadNamespaceError", namespace: "/auth" });
      });

      test("[K12] a failed attempt calls connect_error of each namespace, with the reason and the error", async (t) => {
        const server = await startServer(t, kind);
        await server.kill();
        const client = newClient(t);
        const failed = failures(client, ["/", "/chat"]);
        let message;
        await assert.rejects(client.connect(server.url, { transports, namespaces: ["/", "/chat"] }), (error) => {
          message = error.message;
          return error.code === "UNREACHABLE";
        });
        assert.deepEqual(failed, [["/", undefined, "UNREACHABLE"], ["/chat", undefined, "UNREACHABLE"]]);
      });

      test("[K12] a refused origin calls connect_error of each namespace, with the server's answer if it is not empty", async (t) => {
        const server = await startServer(t, kind, { cors: ["http://good.example"] });
        const client = newClient(t);
        const failed = failures(client, ["/", "/chat"]);
        const connecting = client.connect(server.url, { transports, namespaces: ["/", "/chat"], headers: { origin: "http://evil.example" } });
        const error = await connecting.catch((error) => error);
        // uvicorn refuses a websocket by itself, with an empty body.
        const isEmpty = kind === "python" && name === "websocket";
        const { code, data } = error;
        assert.ok((isEmpty ? error.message : JSON.stringify(data)).includes(isEmpty ? "403" : "evil.example"), error);
        assert.deepEqual(failed, [["/", data, code], ["/chat", data, code]]);
      });
    });
  }
}

const NO_AUTH = ["token", "", 7, true, false, ["token"], new Map([["token", "x"]]), new Date(0), new Uint8Array(2), new ArrayBuffer(2), { toJSON: () => "token" }];

for (const auth of NO_AUTH) {
  test(`[K4] an auth that is not a plain object is refused, and the error names the option: ${inspect(auth)}`, async (t) => {
    const peer = await websocketPeer(t, (socket) => socket.on("message", (message) => String(message).startsWith("40/late") && socket.send('40/late,{"sid":"l"}')));
    const expected = (error) => {
      const { name, code, fault, option, message } = error;
      assert.deepEqual([name, code, fault, option], ["InvalidArgumentError", "INVALID_OPTION", "misuse", "auth"]);
      assert.match(message, /is not a plain object such as \{ token/);
      assert.doesNotMatch(inspect(error), /"token"|'token'/);
      return true;
    };
    for (const given of [auth, () => auth, async () => auth]) {
      const options = { transports: "websocket", auth: given };
      await assert.rejects(newClient(t).connect(peer.url, options), expected);
      await assert.rejects(newClient(t, { serializer: "msgpack" }).connect(peer.url, options), expected);
      const client = newClient(t);
      await client.connect(peer.url, { transports: "websocket" });
      await assert.rejects(client.connectNamespace("/late", { auth: given }), expected);
      await client.connectNamespace("/late", { auth: { token: "x" } });
      assert.ok(client.connected);
    }
  });
}

test("[K3, PREPARATION_FAILED] a headers function that throws, or rejects with undefined, fails the attempt with an error", async (t) => {
  const peer = await websocketPeer(t, () => {});
  const mine = new Error("no headers");
  const rejecting = (reason) => newClient(t).connect(peer.url, { transports: "websocket", headers: () => Promise.reject(reason) });
  await assert.rejects(rejecting(mine), (error) => error === mine);
  await assert.rejects(rejecting(), { name: "ConnectionError", code: "PREPARATION_FAILED", fault: "network", message: /your function/i });
});

describe("[K2] the url", () => {
  /** Resolves to the addresses of the first two requests. */
  async function asked(t, urlOf) {
    const urls = [];
    const peer = await pollingPeer(t, (request, response) => request.method === "POST" && response.end("ok"));
    peer.on("request", (request) => urls.push(request.url));
    await newClient(t).connect(urlOf(peer.url), { transports: "polling" });
    return urls.slice(0, 2);
  }

  for (const [what, urlOf] of Object.entries({
    "a string": (url) => `${url}/?b=2&a=%201`,
    "with a fragment, which is dropped": (url) => `${url}?b=2&a=%201#part`,
    "a URL": (url) => new URL(`${url}?b=2&a=%201`),
    "a function": (url) => () => `${url}?b=2&a=%201`,
    "a function that promises a URL": (url) => async () => new URL(`${url}?b=2&a=%201`),
    "with the scheme ws:": (url) => `${url.replace("http", "ws")}?b=2&a=%201`,
  })) {
    test(`[K2] ${what}: the query comes first, unchanged, and the protocol's own behind it`, async (t) => {
      const [first, second] = await asked(t, urlOf);
      assert.match(first, /^\/socket\.io\/\?b=2&a=%201&transport=polling&EIO=4&t=\w+$/);
      assert.match(second, /^\/socket\.io\/\?b=2&a=%201&transport=polling&EIO=4&sid=engine(&t=\w+)?$/);
    });
  }

  test("[K2] in a page, a relative url is relative to the page", async (t) => {
    t.after(() => delete globalThis.location);
    const urls = await asked(t, (url) => {
      globalThis.location = new URL(`${url}/deep/page.html?x=1`);
      return "/?room=7";
    });
    assert.match(urls[0], /^\/socket\.io\/\?room=7&transport=polling/);
  });
});

describe("[K5] transports", () => {
  // A server that offers a websocket and answers 404 when a client asks for it.
  const withoutWebsocket = async (t) => {
    const peer = await pollingPeer(t, (request, response) => request.method === "POST" && response.end("ok"), { upgrades: ["websocket"] });
    const kinds = new Set();
    peer.on("request", ({ url }) => kinds.add(new URL(url, peer.url).searchParams.get("transport")));
    peer.on("upgrade", (request, stream) => {
      kinds.add("websocket");
      stream.end("HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n");
    });
    return { url: peer.url, kinds };
  };

  test("[K5] if the first transport cannot be opened, the same attempt tries the next", async (t) => {
    const { url, kinds } = await withoutWebsocket(t);
    const client = newClient(t);
    client.on("connect_error", (error) => assert.fail(error));
    await client.connect(url, { transports: ["websocket", "polling"] });
    assert.equal(client.transport(), "polling");
    assert.deepEqual([...kinds], ["websocket", "polling"]);
  });

  test("[K5] with a websocket alone, no other transport is tried if it fails", async (t) => {
    const { url, kinds } = await withoutWebsocket(t);
    await assert.rejects(newClient(t).connect(url, { transports: "websocket" }), { code: "HTTP_STATUS", status: 404 });
    assert.deepEqual([...kinds], ["websocket"]);
  });

  test("[K5] with polling alone, no websocket is tried", async (t) => {
    const { url, kinds } = await withoutWebsocket(t);
    const client = newClient(t);
    await client.connect(url, { transports: ["polling"] });
    await client.emit("x").drain();
    assert.deepEqual([...kinds], ["polling"]);
  });

  test("[K5] a websocket that the server does not offer is not tried", async (t) => {
    const server = await startServer(t, "npm", { allowUpgrades: false });
    const client = newClient(t);
    await client.connect(server.url);
    assert.equal(await client.call("echo", 1), 1);
    assert.equal(client.transport(), "polling");
  });
});

test("[K8, R3, B9] waitTimeout applies to reconnections, too", async (t) => {
  // Answers the first CONNECT, closes that connection, and answers no other.
  let answered = 0;
  const peer = await listen(t, (request, response) => {
    if (!request.url.includes("sid=")) response.end(open());
    else if (request.method === "POST") response.end("ok");
    else if (answered < 2) response.end(['40{"sid":"socket"}', "1"][answered++]);
  });
  const client = newClient(t);
  const late = new Promise((resolve) => client.on("connect_error", (error) => resolve(error)));
  await client.connect(peer.url, { transports: "polling", waitTimeout: 70 });
  const { code, milliseconds } = await within("the end of the wait", late);
  assert.deepEqual([code, milliseconds], ["CONNECT_TIMEOUT", 70]);
});

test("[K4] if the auth function throws on a reconnection, connect_error receives an error, and the client tries again", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  const mine = new Error("no token");
  let times = 0;
  const auth = () => {
    times += 1;
    if (times === 2) throw mine;
    return { times };
  };
  await client.connect(server.url, { auth });
  const failed = heard(client, "connect_error");
  const back = heard(client, "connect");
  client.emit("close-engine");
  const [error] = await failed;
  assert.deepEqual([error.code, error.cause], ["PREPARATION_FAILED", mine]);
  await back;
  assert.deepEqual(await client.call("auth"), { times: 3 });
});

test("[K6] a namespace that is listed twice is connected once", async (t) => {
  const server = await startServer(t, "python");
  const client = newClient(t);
  await client.connect(server.url, { namespaces: ["/", "/chat", "/"], auth: { id: "K6" } });
  assert.deepEqual([...client.namespaces.keys()].sort(), ["/", "/chat"]);
  assert.equal(await client.call("connections", "K6", "/"), 1);
});

test("[K9] with wait: false, a refusal after connect() calls connect_error, and ends a connection that has no other namespace", async (t) => {
  const server = await startServer(t, "python");
  const client = newClient(t);
  const failed = failures(client, ["/refuse"]);
  await client.connect(server.url, { wait: false, namespaces: "/refuse" });
  await within("the end", client.wait());
  assert.deepEqual(failed, [["/refuse", { message: "no entry" }, "REFUSED"]]);
});

for (const path of ["", "/"]) {
  test(`[K7] the path ${JSON.stringify(path)} is the server's root`, async (t) => {
    const server = await startServer(t, "npm", { path: "/" });
    const client = newClient(t);
    await client.connect(server.url, { path });
    assert.equal(await client.call("echo", 1), 1);
  });
}

test("[K8] connect() waits 20 seconds for the namespaces by default", async (t) => {
  const peer = await mutePeer(t);
  await assert.rejects(newClient(t).connect(peer.url), { code: "CONNECT_TIMEOUT", milliseconds: 20_000 });
});

test("[C3, R2] the delay between attempts is a second by default, doubles, and is randomized by half of it", async (t) => {
  t.mock.method(Math, "random", () => 0);
  const peer = await websocketPeer(t, (socket) => socket.close());
  const client = newClient(t, {});
  let attempts = 0;
  // The times of the timers are compared, not the clock, which a busy machine delays. A timer is set a moment after its time was computed.
  const { mock } = t.mock.method(globalThis, "setTimeout");
  await client.connect(() => ((attempts += 1), peer.url), { transports: "websocket" });
  await until("two more attempts", () => attempts === 3);
  const delays = mock.calls.map(({ arguments: [, milliseconds] }) => milliseconds);
  for (const wanted of [500, 1000]) assert.ok(delays.some((delay) => delay <= wanted && delay > wanted - 100), `${wanted}: ${delays}`);
});

describe("[C2] reconnectionAttempts", () => {
  for (const none of [0, Infinity]) {
    test(`[C2] ${none} is no limit`, async (t) => {
      const server = await startServer(t, "npm");
      const client = newClient(t, { ...IMPATIENT, reconnectionDelayMax: 50, reconnectionAttempts: none });
      await client.connect(server.url);
      let failed = 0;
      client.on("connect_error", () => (failed += 1));
      await server.kill();
      await until("many attempts", () => failed > 10);
      assert.equal(client.state, "reconnecting");
    });
  }
});

describe("[C8] requestTimeout", () => {
  // A server that completes the handshake, and leaves some kinds of requests without an answer.
  const silentTo = (t, isAnswered) =>
    listen(t, (request, response) => {
      if (!request.url.includes("sid=")) isAnswered("open") && response.end(open({ pingInterval: 20, pingTimeout: 40, upgrades: ["websocket"] }));
      else if (request.method === "POST") isAnswered("POST") && response.end("ok");
    });

  test("[C8, REQUEST_TIMEOUT] limits the first request", async (t) => {
    const peer = await silentTo(t, () => false);
    const connecting = newClient(t, { requestTimeout: 50 }).connect(peer.url, { transports: "polling" });
    await assert.rejects(connecting, { name: "ConnectionError", code: "REQUEST_TIMEOUT", milliseconds: 50, transport: "polling" });
  });

  test("[C8, REQUEST_TIMEOUT] limits the first websocket", async (t) => {
    const peer = await silentTo(t, () => true);
    peer.on("upgrade", () => {});
    const connecting = newClient(t, { requestTimeout: 50 }).connect(peer.url, { transports: "websocket" });
    await assert.rejects(connecting, { name: "ConnectionError", code: "REQUEST_TIMEOUT", milliseconds: 50, transport: "websocket" });
  });

  test("[C8, PING_TIMEOUT] polls and POSTs after the handshake are limited by the heartbeat's time instead", async (t) => {
    const peer = await silentTo(t, (what) => what === "open");
    const connecting = newClient(t).connect(peer.url, { transports: "polling" });
    await assert.rejects(connecting, ({ name, code, milliseconds }) => name === "ConnectionError" && code === "PING_TIMEOUT" && milliseconds >= 60);
  });
});
