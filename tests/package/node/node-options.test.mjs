// Options that only Node has, besides certificates, proxies and cookies: headers on websockets, compression, an agent, timestamps, the
// end of the process. Browsers refuse them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { IMPATIENT, newClient, TRANSPORTS } from "../../support/clients.mjs";
import { api, folder } from "../../support/installed.mjs";
import { listen } from "../../support/listen.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { tap } from "../../support/tap.mjs";
import { until, within } from "../../support/until.mjs";

const installed = join(folder, "node_modules/socketio-wasm");
const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");
const scripts = mkdtempSync(join(folder, "scripts-"));
after(() => rmSync(scripts, { recursive: true }));

const parameter = ({ line }, name) => new URL(line.split(" ")[1], "http://x").searchParams.get(name);
const isUpgrade = ({ headers }) => headers.upgrade === "websocket";

for (const kind of SERVERS) {
  describe(`a ${kind} server`, () => {
    let server;
    const more = { npm: { httpCompression: true, perMessageDeflate: { threshold: 0 } }, python: {} };
    before(async () => (server = await startServer({ after: () => {} }, kind, more[kind])));
    after(() => server.kill());

    const connected = async (t, options = {}, transports = TRANSPORTS.upgrade, connectOptions = {}) => {
      const wire = await tap(t, server.port);
      const client = newClient(t, { ...IMPATIENT, ...options });
      await client.connect(wire.url, { transports, ...connectOptions });
      if (transports.length > 1) await until("the upgrade", () => client.transport() === "websocket");
      return { client, wire };
    };

    for (const [name, transports] of Object.entries(TRANSPORTS)) {
      test(`gets the headers, and the user of the URL, with every request: ${name}`, async (t) => {
        const wire = await tap(t, server.port);
        const client = newClient(t);
        const headers = Object.freeze({ "X-Mine": "1", "User-Agent": "me" });
        await client.connect(wire.url.replace("//", "//me:p%40ss@"), { transports, headers });
        if (transports.length > 1) await until("the upgrade", () => client.transport() === "websocket");
        await client.call("echo", 1);
        const requests = wire.requests();
        assert.equal(requests.length, { polling: Math.max(requests.length, 4), websocket: 1, upgrade: Math.max(requests.length, 4) }[name]);
        for (const { headers: seen } of requests) {
          assert.deepEqual([seen["x-mine"], seen["user-agent"], seen.authorization], ["1", "me", `Basic ${btoa("me:p@ss")}`]);
        }
      });
    }

    test("[P8] compresses large answers to polls, which the client decodes", async (t) => {
      const { client, wire } = await connected(t, {}, TRANSPORTS.polling);
      const large = "Grüße, ".repeat(1_000);
      assert.equal(await client.call("echo", large), large);
      assert.ok(wire.answers().some(({ headers }) => headers["content-encoding"] === "gzip"));
      assert.ok(wire.received().length < large.length);
    });

    test("[C11, P7] exchanges compressed websocket messages if perMessageDeflate is true", async (t) => {
      const text = "a".repeat(100_000);
      const sizes = {};
      for (const perMessageDeflate of [true, false]) {
        const { client, wire } = await connected(t, { perMessageDeflate }, TRANSPORTS.websocket);
        assert.equal(await client.call("echo", text), text);
        sizes[perMessageDeflate] = wire.sent().length;
        const [answer] = wire.answers();
        assert.equal(/permessage-deflate/.test(answer.headers["sec-websocket-extensions"]), perMessageDeflate);
      }
      assert.ok(sizes.true < 10_000 && sizes.false > 100_000, JSON.stringify(sizes));
    });

    test("[C12] gets another timestamp with each GET and each websocket, and none with a POST", async (t) => {
      const { client, wire } = await connected(t);
      await client.call("echo", 1);
      const requests = wire.requests();
      const gets = requests.filter(({ line }) => line.startsWith("GET"));
      assert.ok(gets.length >= 3 && gets.some(isUpgrade));
      const stamps = gets.map((request) => parameter(request, "t"));
      assert.ok(stamps.every(Boolean));
      assert.equal(new Set(stamps).size, gets.length);
      for (const request of requests.filter(({ line }) => line.startsWith("POST"))) assert.equal(parameter(request, "t"), null);
    });

    test("[C12] gets the timestamp under another name with timestampParam, and none without timestampRequests", async (t) => {
      const named = (await connected(t, { timestampParam: "_" })).wire.requests().filter(({ line }) => line.startsWith("GET"));
      for (const request of named) assert.deepEqual([typeof parameter(request, "_"), parameter(request, "t")], ["string", null]);
      const none = (await connected(t, { timestampRequests: false })).wire.requests();
      for (const request of none) assert.equal(parameter(request, "t"), null);
    });

    test("[C11] gets the headers of websocketOptions with the websocket alone, where they replace headers with the same name", async (t) => {
      const websocketOptions = Object.freeze({ headers: Object.freeze({ "x-kind": "websocket", "X-Mine": "2" }) });
      const headers = Object.freeze({ "x-mine": "1" });
      const { client, wire } = await connected(t, { websocketOptions }, TRANSPORTS.upgrade, { headers });
      await client.disconnect();
      await client.connect(wire.url, { headers });
      await until("the upgrade", () => client.transport() === "websocket");
      assert.equal(wire.requests().filter(isUpgrade).length, 2);
      for (const request of wire.requests()) {
        const expected = isUpgrade(request) ? ["websocket", "2"] : [undefined, "1"];
        assert.deepEqual([request.headers["x-kind"], request.headers["x-mine"]], expected);
      }
    });

    test("[C11] loses the connection if it sends a larger message than websocketOptions.maxPayload", async (t) => {
      const { client } = await connected(t, { websocketOptions: { maxPayload: 10_000 }, reconnection: false }, TRANSPORTS.websocket);
      assert.equal((await client.call("echo", "x".repeat(5_000))).length, 5_000);
      await assert.rejects(client.call("echo", "x".repeat(20_000)), { name: "DisconnectedError" });
    });

    test("[C9] is reached by the connections of a user-supplied agent", async (t) => {
      const asked = [];
      const lookup = (name, options, found) => {
        asked.push(name);
        return options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4);
      };
      const agent = new Agent({ keepAlive: true, lookup });
      t.after(() => agent.destroy());
      for (const transports of [["polling"], ["websocket"]]) {
        const client = newClient(t, { ...IMPATIENT, agent });
        await client.connect(`http://chat.example:${server.port}`, { transports });
        assert.equal(await client.call("echo", 1), 1);
      }
      assert.deepEqual(new Set(asked), new Set(["chat.example"]));
    });
  });
}

test("an agent for another scheme is an error that says so", async (t) => {
  for (const transport of ["polling", "websocket"]) {
    const client = newClient(t, { agent: new Agent() });
    const message = "The option `agent` cannot be used: it is for http:, the address is for https:";
    await assert.rejects(client.connect("https://127.0.0.1:1", { transports: transport }), { name: "InvalidArgumentError", option: "agent", message });
  }
});

test("[C11] websocketOptions.protocols are offered, and other options are passed to the websocket unchanged", async (t) => {
  const http = await listen(t, () => {});
  const requests = [];
  new WebSocketServer({ server: http }).on("connection", (socket, request) => (requests.push(request), socket.close()));
  for (const protocols of ["chat.v2", ["chat.v2", "chat.v1"]]) {
    const websocketOptions = { protocols, origin: "http://x.example" };
    const client = newClient(t, { websocketOptions, reconnection: false });
    await assert.rejects(client.connect(http.url, { transports: "websocket" }));
    assert.deepEqual(websocketOptions, { protocols, origin: "http://x.example" });
  }
  assert.deepEqual(requests.map(({ headers }) => headers["sec-websocket-protocol"]), ["chat.v2", "chat.v2,chat.v1"]);
  assert.equal(requests[0].headers.origin, "http://x.example");
});

test("a wrong value is refused, and the error names the option", () => {
  const WRONG = [
    [{ agent: {} }, "agent"],
    [{ perMessageDeflate: 1 }, "perMessageDeflate"],
    [{ handleSigint: "yes" }, "handleSigint"],
    [{ unref: 1 }, "unref"],
    [{ timestampRequests: 1 }, "timestampRequests"],
    [{ timestampParam: "a&b" }, "timestampParam"],
    [{ timestampParam: "sid" }, "timestampParam"],
    [{ timestampParam: "" }, "timestampParam"],
    [{ websocketOptions: "chat" }, "websocketOptions"],
    [{ websocketOptions: { protocols: "a b" } }, "websocketOptions.protocols"],
    [{ websocketOptions: { protocols: [7] } }, "websocketOptions.protocols"],
    [{ websocketOptions: { headers: { a: "b\nc" } } }, "websocketOptions.headers.a"],
    [{ websocketOptions: { headers: "a: b" } }, "websocketOptions.headers"],
    [{ websocketOptions: { maxPayload: -1 } }, "websocketOptions.maxPayload"],
    [{ websocketOptions: { perMessageDeflate: "on" } }, "websocketOptions.perMessageDeflate"],
  ];
  for (const [options, option] of WRONG) {
    assert.throws(() => new api.Client(options), { name: "InvalidArgumentError", code: "INVALID_OPTION", option, message: new RegExp(`\`${option}\``) });
  }
});

describe("in a browser", () => {
  // Node has everything that a worker has, except a WebSocket.
  const browser = () => import(pathToFileURL(join(installed, "dist/browser.js")).href);
  const ONLY_NODE = {
    tls: {},
    proxy: "http://127.0.0.1:1",
    agent: new Agent(),
    cookieJar: { getCookieString: () => "", setCookie() {} },
    perMessageDeflate: true,
    handleSigint: true,
    unref: true,
  };
  for (const [option, value] of Object.entries(ONLY_NODE)) {
    test(`[P1, P2, P3, UNSUPPORTED_OPTION] ${option} is refused, and the error names the platform`, async () => {
      const { Client } = await browser();
      const message = `The option \`${option}\` cannot be honoured here (worker): leave it out on this platform`;
      assert.throws(() => new Client({ [option]: value }), { name: "UnsupportedOptionError", option, platform: "worker", message });
      new Client({ [option]: undefined });
    });
  }

  for (const [option, value] of Object.entries({ headers: { a: "b" }, perMessageDeflate: true, maxPayload: 1000, localAddress: "127.0.0.1" })) {
    test(`[P7] websocketOptions.${option} is refused, and the error names the platform`, async () => {
      const { Client } = await browser();
      assert.throws(() => new Client({ websocketOptions: { protocols: "a", [option]: value } }), {
        name: "UnsupportedOptionError",
        option: `websocketOptions.${option}`,
        platform: "worker",
      });
    });
  }

  test("websocketOptions.protocols are passed to the WebSocket, which gets no other argument", async (t) => {
    const { Client } = await browser();
    const made = [];
    const stop = () => {};
    class WebSocket {
      constructor(...args) {
        made.push(args);
        queueMicrotask(() => this.onclose({ code: 1006, reason: "" }));
      }
      close = stop;
    }
    const client = new Client({ WebSocket, websocketOptions: { protocols: ["a", "b"] }, timestampRequests: false });
    await assert.rejects(client.connect("http://x.example", { transports: "websocket", protocol: 5 }));
    const plain = new Client({ WebSocket, timestampRequests: false });
    await assert.rejects(plain.connect("http://x.example", { transports: "websocket", protocol: 5 }));
    const url = "ws://x.example/socket.io/?transport=websocket&EIO=4";
    assert.deepEqual(made, [[url, ["a", "b"]], [url]]);
  });

  test("a user-supplied fetch is used", async (t) => {
    const { Client } = await browser();
    const server = await startServer(t, "npm");
    const asked = new Set();
    const client = new Client({ fetch: (url, init) => (asked.add(init.method), fetch(url, init)) });
    await client.connect(server.url, { transports: "polling" });
    assert.equal(await client.call("echo", 1), 1);
    await client.disconnect();
    assert.deepEqual(asked, new Set(["GET", "POST"]));
  });

  test("the file contains nothing of Node", () => {
    const source = readFileSync(join(installed, "dist/browser.js"), "utf8");
    assert.doesNotMatch(source, /tough-cookie|proxy-agent|proxy-from-env|SIGINT|node:/);
  });
});

describe("a process", () => {
  const server = sharedServer("npm");

  /** Starts a script; `lines()` returns its output, `ended()` resolves to its status, signal and output. */
  function start(t, name, source, environment) {
    writeFileSync(join(scripts, name), source);
    const child = spawn(process.execPath, [join(scripts, name), server.url], { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    t.after(() => child.kill("SIGKILL"));
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    const ended = once(child, "close").then(([status, signal]) => ({ status, signal, lines: lines() }));
    const lines = () => said.split("\n").filter(Boolean);
    return { child, lines, ended: () => within("the end of the process", ended) };
  }

  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`[P1] with an idle, connected client with unref ends, after pending calls: ${name}`, async (t) => {
      const source = `
        import { Client } from "socketio-wasm";
        const client = new Client({ unref: true });
        await client.connect(process.argv[2], { transports: ${JSON.stringify(transports)} });
        console.log(await client.call("echo", "hello"));
        ${transports.length > 1 ? 'while (client.transport() !== "websocket") await new Promise((resolve) => setTimeout(resolve, 5));' : ""}
        process.on("exit", () => console.log(client.connected));`;
      assert.deepEqual(await start(t, `unref-${name}.mjs`, source).ended(), { status: 0, signal: null, lines: ["hello", "true"] });
    });

    test(`with unref waits for connect, call and disconnect: ${name}`, async (t) => {
      const source = `
        import { Client } from "socketio-wasm";
        const client = new Client({ unref: true });
        await client.connect(process.argv[2], { transports: ${JSON.stringify(transports)} });
        const late = await client.timeout(300).call("never").catch((error) => error.code);
        await client.disconnect();
        console.log(late, client.connected);`;
      assert.deepEqual(await start(t, `awaiting-${name}.mjs`, source).ended(), { status: 0, signal: null, lines: ["CALL_TIMEOUT false"] });
    });
  }

  test("does not end with a connected client without unref", async (t) => {
    const source = `
      import { Client } from "socketio-wasm";
      await new Client().connect(process.argv[2]);
      process.on("exit", () => console.log("ended"));
      console.log("connected");
      setTimeout(() => console.log("alive"), 500).unref();`;
    const script = start(t, "alive.mjs", source);
    await until("a sign of life", () => script.lines().includes("alive"));
    assert.deepEqual(script.lines(), ["connected", "alive"]);
  });

  test("ends with unref while a client reconnects in vain", async (t) => {
    const mortal = await startServer(t, "npm");
    const source = `
      import { Client } from "socketio-wasm";
      const client = new Client({ unref: true, reconnectionDelay: 50 });
      client.on("disconnect", () => console.log("lost"));
      await client.connect("${mortal.url}", { transports: "websocket" });
      console.log("connected");`;
    const script = start(t, "in-vain.mjs", `setTimeout(() => {}, 2_000);${source}`);
    await until("the connection", () => script.lines().includes("connected"));
    await mortal.kill();
    const { lines } = await script.ended();
    assert.ok(lines.includes("lost"));
  });

  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    test(`[C7] gets SIGINT: a client with handleSigint disconnects, then the signal ends the process: ${name}`, async (t) => {
      const source = `
        import { Client } from "socketio-wasm";
        const client = new Client({ handleSigint: true });
        client.on("disconnect", (reason) => console.log(reason));
        await client.connect(process.argv[2], { transports: ${JSON.stringify(transports)} });
        console.log(client.sid);`;
      const script = start(t, `sigint-${name}.mjs`, source);
      await until("the connection", () => script.lines().length > 0);
      const [sid] = script.lines();
      script.child.kill("SIGINT");
      assert.deepEqual(await script.ended(), { status: null, signal: "SIGINT", lines: [sid, "client disconnect"] });
      const watcher = newClient(t);
      await watcher.connect(server.url);
      assert.equal(await until("the server's reason", () => watcher.call("left", sid)), "client namespace disconnect");
    });
  }

  test("with its own handlers of SIGINT goes on after the clients have disconnected", async (t) => {
    const source = `
      import { Client } from "socketio-wasm";
      const clients = [new Client({ handleSigint: true }), new Client({ handleSigint: true })];
      process.on("SIGINT", () => console.log("mine"));
      for (const client of clients) client.on("disconnect", (reason) => console.log(reason));
      for (const client of clients) await client.connect(process.argv[2]);
      console.log("connected");
      await Promise.all(clients.map((client) => client.wait()));
      console.log("going on", process.listenerCount("SIGINT"));
      await clients[0].connect(process.argv[2]);
      console.log("again", process.listenerCount("SIGINT"));
      await clients[0].disconnect();
      process.exitCode = 7;`;
    const script = start(t, "sigint-own.mjs", source);
    await until("the connection", () => script.lines().includes("connected"));
    script.child.kill("SIGINT");
    const { status, signal, lines } = await script.ended();
    assert.deepEqual([status, signal], [7, null]);
    const expected = ["again 2", "client disconnect", "client disconnect", "client disconnect", "connected", "going on 1", "mine"];
    assert.deepEqual(lines.toSorted(), expected);
  });

  test("ends after SIGINT while a client connects in vain", async (t) => {
    const source = `
      import { Client } from "socketio-wasm";
      const client = new Client({ handleSigint: true, reconnectionDelay: 50 });
      client.on("connect_error", () => console.log("failed"));
      client.connect("http://127.0.0.1:1", { retry: true }).catch((error) => console.log(error.code));`;
    const script = start(t, "sigint-vain.mjs", source);
    await until("a failed attempt", () => script.lines().includes("failed"));
    script.child.kill("SIGINT");
    const { signal, lines } = await script.ended();
    assert.equal(signal, "SIGINT");
    assert.equal(lines.at(-1), "DISCONNECTED");
  });

  test("[C7] has no listener of SIGINT without handleSigint, or after the disconnection", async (t) => {
    const source = `
      import { Client } from "socketio-wasm";
      const [plain, handling] = [new Client(), new Client({ handleSigint: true })];
      await plain.connect(process.argv[2]);
      console.log(process.listenerCount("SIGINT"));
      await handling.connect(process.argv[2]);
      console.log(process.listenerCount("SIGINT"));
      await handling.disconnect();
      console.log(process.listenerCount("SIGINT"));
      await handling.connect("http://127.0.0.1:1").catch(() => {});
      console.log(process.listenerCount("SIGINT"));
      await plain.disconnect();`;
    assert.deepEqual((await start(t, "sigint-none.mjs", source).ended()).lines, ["0", "1", "0", "0"]);
  });

  test("loads the modules for proxies and cookies when they are needed, and not before", async (t) => {
    const withCookie = await startServer(t, "npm", { cookie: true });
    const source = `
      const { Client } = require("socketio-wasm");
      const loaded = () => ["tough-cookie", "https-proxy-agent", "http-proxy-agent", "proxy-from-env"].filter((name) =>
        Object.keys(require.cache).some((file) => file.includes("node_modules/" + name + "/"))).join();
      const use = async (url, options) => {
        const client = new Client(options);
        await client.connect(url);
        await client.disconnect();
        console.log("loaded:", loaded());
      };
      (async () => {
        await use(process.argv[2]);
        await use("${withCookie.url}");
        process.env.HTTP_PROXY = "http://127.0.0.1:1";
        process.env.NO_PROXY = "*";
        await use(process.argv[2]);
        await use(process.argv[2], { proxy: "http://127.0.0.1:1" }).catch(() => console.log("loaded:", loaded()));
      })();`;
    const expected = ["loaded:", "loaded: tough-cookie", "loaded: tough-cookie,proxy-from-env", "loaded: tough-cookie,https-proxy-agent,http-proxy-agent,proxy-from-env"];
    const environment = Object.fromEntries(Object.keys(process.env).filter((name) => /_proxy$/i.test(name)).map((name) => [name, undefined]));
    assert.deepEqual((await start(t, "lazy.cjs", source, environment).ended()).lines.map((line) => line.trim()), expected);
  });
});
