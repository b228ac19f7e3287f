// Quirks of python-engineio's servers that a client must handle: polling, upgrade, heartbeats, refusals. server-quirks-socket.test.mjs has
// those of Socket.IO. The tags are rows of docs/parity.md. If a quirk can be observed, its test shows that the server has it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { TRANSPORTS } from "../support/clients.mjs";
import { startServer } from "../support/server.mjs";
import { sharedServer } from "../support/shared-server.mjs";
import { tap } from "../support/tap.mjs";
import { trackedFetch } from "../support/tracked-fetch.mjs";
import { heard, until, within } from "../support/until.mjs";
import { connected, heartbeats, newClient, overEach, place } from "./server-quirks.mjs";

const { WebSocket } = createRequire(new URL("../../pkg/package.json", import.meta.url))("ws");

const server = sharedServer("python");

test("[Q7] the server drops a POST with more than 16 packets; the client sends none", async (t) => {
  const burst = (client) => Array.from({ length: 60 }, (_, index) => client.call("echo", index));
  const careless = await connected(t, server, "polling", { client: { maxPacketsPerPost: 60 } });
  const lost = await within("the ends", Promise.allSettled(burst(careless.client.timeout(500))));
  assert.ok(lost.every(({ status }) => status === "rejected"));
  const { client } = await connected(t, server, "polling");
  assert.equal((await within("60 answers", Promise.all(burst(client)))).length, 60);
});

describe("[Q8] a message over max_http_buffer_size ends the connection", () => {
  const LIMIT = 1000;
  overEach("[Q8] such a message is refused before it is sent, and the connection stays", async (t, transport) => {
    const to = await startServer(t, "python", { maxHttpBufferSize: LIMIT });
    const { client, losses } = await connected(t, to, transport);
    for (const large of ["x".repeat(LIMIT), "é".repeat(LIMIT / 2), new Uint8Array(LIMIT + 1)]) {
      const expected = (error) => error.name === "PayloadTooLargeError" && error.limit === LIMIT && error.size > LIMIT;
      await assert.rejects(async () => client.call("echo", large), expected);
      assert.throws(() => client.emit("echo", large), expected);
    }
    const fitting = "x".repeat(LIMIT / 2);
    const calls = [fitting, fitting, fitting].map((text) => client.call("echo", text));
    assert.deepEqual(await within("the answers", Promise.all(calls)), [fitting, fitting, fitting]);
    assert.deepEqual(losses, []);
  });

  test("[Q8] a message that was buffered before the limit was known is dropped, and the others are sent", async (t) => {
    const to = await startServer(t, "python", { maxHttpBufferSize: LIMIT });
    const client = newClient(t);
    const connecting = client.connect(to.url);
    const calls = ["before", "x".repeat(LIMIT), "after"].map((text) => client.call("echo", text));
    await connecting;
    const results = await within("the ends", Promise.allSettled(calls));
    assert.deepEqual(results.map(({ value, reason }) => value ?? reason.code), ["before", "PAYLOAD_TOO_LARGE", "after"]);
  });
});

overEach("[Q9] a PING from the client would end the session: the client sends only PONGs", async (t, transport) => {
  const to = await startServer(t, "python", { pingInterval: 100, pingTimeout: 2000 });
  const { client, wire, losses } = await connected(t, to, transport);
  await until("eight heartbeats", () => heartbeats(wire) >= 8);
  assert.equal(place(wire.sent, "2"), -1);
  assert.deepEqual([await client.call("echo", 1), losses], [1, []]);
});

test("[Q10] the client aborts the poll that the server does not answer after a CLOSE", async (t) => {
  const fetch = trackedFetch();
  const { client, wire } = await connected(t, server, "polling", { client: { fetch } });
  await until("the poll", () => fetch.open.length === 1);
  const [poll] = fetch.open;
  const start = performance.now();
  await within("disconnect()", client.disconnect());
  assert.ok(performance.now() - start < 10_000, "disconnect() waited for the next ping, up to 25 s");
  assert.deepEqual(wire.sent.slice(-2), ["41", "1"]);
  await until("the end of all requests", () => fetch.open.length === 0);
  assert.ok(poll.aborted);
});

test("[Q11] the upgrade ends the poll with a NOOP, and the client sends no requests after it", async (t) => {
  const to = await startServer(t, "python", { pingInterval: 100, pingTimeout: 2000 });
  const fetch = trackedFetch();
  const { client, wire, losses } = await connected(t, to, ["polling", "websocket"], { client: { fetch } });
  await until("the upgrade", () => client.transport() === "websocket" && fetch.open.length === 0);
  assert.ok(wire.received.includes("6"), `${wire.received}`);
  const { length } = fetch.requests;
  const { sid } = Object.fromEntries(new URL(fetch.requests.at(-1).url).searchParams);
  const answer = await globalThis.fetch(`${to.url}/socket.io/?transport=polling&EIO=4&sid=${sid}`);
  assert.deepEqual([answer.status, /Unexpected HTTP request/.test(await answer.text())], [400, true]);
  await until("five heartbeats", () => heartbeats(wire) >= 5);
  assert.deepEqual([await client.call("echo", new Uint8Array(2)), losses], [new Uint8Array(2), []]);
  assert.equal(fetch.requests.length, length);
});

describe("[Q12] a POST with a bad packet is not answered until a poll has fetched the CLOSE", () => {
  test("[Q12] python's servers do not answer it", async () => {
    const address = `${server.url}/socket.io/?transport=polling&EIO=4`;
    const { sid } = JSON.parse((await (await fetch(address)).text()).slice(1));
    const controller = new AbortController();
    let answered = false;
    const post = fetch(`${address}&sid=${sid}`, { method: "POST", body: "2", signal: controller.signal });
    const ended = post.then(() => (answered = true), () => {});
    for (let rounds = 0; rounds < 20; rounds += 1) await fetch(`${server.url}/hello`);
    assert.equal(answered, false);
    controller.abort();
    await ended;
  });

  test("[Q12] the client polls at the same time, and connects again", async (t) => {
    let garbled = false;
    const fetch = trackedFetch((url, init) => {
      if (garbled || !init.body?.startsWith("42")) return globalThis.fetch(url, init);
      garbled = true;
      return globalThis.fetch(url, { ...init, body: "2" });
    });
    const { client, losses } = await connected(t, server, "polling", { client: { fetch, requestTimeout: 60_000 } });
    const again = heard(client, "connect");
    await assert.rejects(within("the call's end", client.call("echo", 1)), { code: "DISCONNECTED" });
    await again;
    assert.deepEqual([losses.length, losses[0][0]], [1, "transport error"]);
    assert.equal(await client.call("echo", 2), 2);
  });
});

describe("[Q13] the server announces the ping interval in whole seconds, rounded down", () => {
  // A client that trusts the announced interval would wait 1.5 s with 1 s for 1.9 s, and 0.4 s with 0 s for 0.5 s.
  for (const [pingInterval, pingTimeout, announced] of [[500, 400, 0], [1900, 500, 1000]]) {
    overEach(`[Q13] ${pingInterval} ms, announced as ${announced} ms, end no connection`, async (t, transport) => {
      const to = await startServer(t, "python", { pingInterval, pingTimeout });
      const { client, wire, losses } = await connected(t, to, transport);
      assert.equal(JSON.parse(wire.received[0].slice(1)).pingInterval, announced);
      await until("two heartbeats", () => heartbeats(wire) >= 2);
      assert.deepEqual([await client.call("echo", 1), losses], [1, []]);
    });
  }
});

describe("[Q14] the bodies of refusals have three forms", () => {
  const ANSWERS = {
    "400 with a JSON string": [{ transports: ["websocket"] }, {}, 400, '"Invalid transport"', "Invalid transport"],
    "401 with JSON": [{ refusal: { why: "no" } }, {}, 401, '{"why": "no"}', { why: "no" }],
    "404 with a plain body": [{}, { path: "elsewhere" }, 404, "nothing here", "nothing here"],
  };
  for (const [name, [options, connect, status, body, data]] of Object.entries(ANSWERS)) {
    test(`[Q14] the error has the body: ${name}`, async (t) => {
      const to = await startServer(t, "python", options);
      const client = newClient(t);
      const reported = heard(client, "connect_error");
      const connecting = client.connect(to.url, { transports: "polling", ...connect });
      await assert.rejects(connecting, { name: "ConnectionError", code: "HTTP_STATUS", status, body });
      assert.deepEqual((await reported)[0].data, data);
    });
  }
});

describe("[Q15] answers of 1 KiB and more are compressed", () => {
  for (const encoding of ["gzip", "deflate"]) {
    test(`[Q15] ${encoding} is decoded`, async (t) => {
      const fetch = trackedFetch();
      const { client } = await connected(t, server, "polling", { client: { fetch }, headers: { "accept-encoding": encoding } });
      assert.equal(await client.call("echo", "x".repeat(5000)), "x".repeat(5000));
      assert.ok(fetch.requests.some(({ headers }) => headers?.get("content-encoding") === encoding));
    });
  }

  test("[Q15] the client's own fetch in Node accepts gzip", async (t) => {
    const wire = await tap(t, server.port);
    const { client } = await connected(t, wire, "polling");
    assert.equal(await client.call("echo", "é".repeat(5000)), "é".repeat(5000));
    assert.ok(wire.answers().some(({ headers }) => headers["content-encoding"] === "gzip"));
  });
});

for (const transports of Object.values(TRANSPORTS)) {
  test(`[Q16] the cookie of the answer to the first poll goes with every later request (${transports})`, async (t) => {
    const wire = await tap(t, (await startServer(t, "python", { python: { cookie: "io" } })).port);
    const { client, losses } = await connected(t, wire, transports);
    await until("the transport", () => client.transport() === transports.at(-1));
    assert.deepEqual([await client.call("echo", 1), losses], [1, []]);
    const cookie = transports[0] === "polling" ? `io=${client.engineSid}` : undefined;
    assert.equal(wire.answers()[0].headers["set-cookie"], cookie && `${cookie}; path=/; SameSite=Lax`);
    const [first, ...others] = wire.requests().map(({ headers }) => headers.cookie);
    assert.equal(first, undefined);
    assert.ok(others.every((sent) => sent === cookie), `${others}`);
  });
}

describe("[Q17] only the server's own origin is accepted", () => {
  const sameOriginOnly = (t) => startServer(t, "python", { python: { cors_allowed_origins: null } });

  overEach("[Q17] the client sends no Origin in Node, and is accepted", async (t, transport) => {
    const { client } = await connected(t, await sameOriginOnly(t), transport);
    assert.equal(await client.call("echo", 1), 1);
  });

  overEach("[Q17] a foreign origin is refused, with the message of the server if there is one", async (t, transport) => {
    const to = await sameOriginOnly(t);
    const connecting = newClient(t).connect(to.url, { transports: transport, headers: { origin: "https://evil.example" } });
    const message = /https:\/\/evil\.example is not an accepted origin/;
    // uvicorn itself refuses a websocket, without a message.
    const expected = transport === "polling" ? { code: "ORIGIN_REFUSED", status: 400, message } : { code: "HTTP_STATUS", status: 403 };
    await assert.rejects(connecting, { name: "ConnectionError", ...expected });
  });

  overEach("[Q17] behind a proxy, the origin of the forwarded headers is the server's own", async (t, transport) => {
    const headers = { origin: "https://front.example", "x-forwarded-proto": "https", "x-forwarded-host": "front.example" };
    const { client } = await connected(t, await sameOriginOnly(t), transport, { headers });
    assert.equal(await client.call("echo", 1), 1);
  });

  test('[Q17] "*" answers with the origin and allows credentials', async () => {
    const headers = { origin: "https://any.example" };
    const answer = await fetch(`${server.url}/socket.io/?transport=polling&EIO=4`, { headers });
    const names = ["access-control-allow-origin", "access-control-allow-credentials"];
    assert.deepEqual(names.map((name) => answer.headers.get(name)), ["https://any.example", "true"]);
  });
});

test("[Q19] the server answers only one of two simultaneous polls: the client never sends two", async (t) => {
  let most = 0;
  const polls = () => fetch.open.filter(({ method }) => method === "GET").length;
  const fetch = trackedFetch((url, init) => {
    most = Math.max(most, polls());
    return globalThis.fetch(url, init);
  });
  const { client } = await connected(t, server, "polling", { namespaces: ["/", "/chat"], client: { fetch } });
  const calls = Array.from({ length: 50 }, (_, index) => client.of(index % 2 ? "/" : "/chat").call("echo", index));
  await within("the answers", Promise.all(calls));
  await client.disconnectNamespace("/chat");
  await client.call("echo");
  assert.equal(most, 1);
});

describe("[Q20] the server ends the connection after missed PONGs or on its own: the client connects again", () => {
  overEach("[Q20] the client connects again after missed PONGs", async (t, transport) => {
    const to = await startServer(t, "python", { pingInterval: 200, pingTimeout: 200 });
    let mute = true;
    class Mute extends WebSocket {
      send(data, ...rest) {
        if (!mute || String(data) !== "3") super.send(data, ...rest);
      }
    }
    const fetch = async (url, init) => {
      if (mute && init.body === "3") return { status: 200, text: async () => "OK" };
      return globalThis.fetch(url, init);
    };
    const { client, losses } = await connected(t, to, transport, { client: { fetch, WebSocket: Mute } });
    await until("the loss", () => losses.length > 0);
    mute = false;
    await heard(client, "connect");
    assert.equal(losses[0][0], "transport error");
    assert.equal(await client.call("echo", 1), 1);
  });

  overEach("[Q20, SERVER_CLOSED] the client connects again after a CLOSE of the engine", async (t, transport) => {
    const { client, wire, losses } = await connected(t, server, transport);
    const again = heard(client, "connect");
    client.emit("close-engine");
    await again;
    const [[reason, { cause, error }]] = losses;
    assert.equal(reason, "transport error");
    // The server may refuse the request that carried the event before the poll brings the packet CLOSE.
    const isRefused = transport === "polling" && error.code === "HTTP_STATUS";
    if (isRefused) assert.equal(error.status, 400);
    else assert.deepEqual([cause, error.code, wire.received.includes("1")], ["transport close", "SERVER_CLOSED", true]);
    assert.equal(await client.call("echo", 1), 1);
  });
});
