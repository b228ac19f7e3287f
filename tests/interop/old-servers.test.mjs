// Differences of servers of Socket.IO 1.x and 2.x, which speak Engine.IO 3. The conversation tests the rest.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { IMPATIENT, TRANSPORTS, collect, newClient } from "../support/clients.mjs";
import { TestServer } from "../support/server.mjs";
import { tap } from "../support/tap.mjs";
import { heard, until, within } from "../support/until.mjs";
import { SERVERS } from "./servers.mjs";

const TEXTS = ["é", "Grüße", "世界", "👋", "\u2028", "é世👋 mixed"];
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);

/** Options of a server that soon ends an idle connection. */
const SHORT = { pingInterval: 300, pingTimeout: 600 };

const chosen = ([, row]) => row.always || process.env.INTEROP === "all";
const rows = Object.entries(SERVERS).filter(chosen);

describe("Engine.IO 3", { concurrency: 2 }, () => {
  for (const [name, { kind, options }] of rows.filter(([, row]) => row.old)) {
    describe(name, { concurrency: 1 }, () => {
      const server = new TestServer(kind, { port: 0, ...options });
      const impatient = new TestServer(kind, { port: 0, ...options, ...SHORT });
      before(() => Promise.all([server.start(), impatient.start()]));
      after(() => Promise.all([server.kill(), impatient.kill()]));
      for (const [way, transports] of Object.entries(TRANSPORTS)) {
        describe(way, () => tests({ name, kind, server, impatient, transports }));
      }
    });
  }
});

// uvicorn refuses websockets with a bare 403, as ASGI requires. This server answers, but cannot emit: see requirements-4.txt.
describe("Engine.IO 3 under uvicorn", { skip: process.env.INTEROP !== "all" && "part of make test-interop" }, () => {
  const server = new TestServer("python-4", { port: 0, hosting: "uvicorn" });
  before(() => server.start());
  after(() => server.kill());
  for (const [way, transports] of Object.entries(TRANSPORTS)) {
    test(`[D10] the protocol version is found out, ${way}`, async (t) => {
      const id = randomUUID();
      const client = newClient(t);
      await client.connect(`${server.url}?id=${id}`, { transports });
      await until(`the transport ${transports.at(-1)}`, () => client.transport() === transports.at(-1));
      assert.deepEqual(await client.call("echo", ...TEXTS, ALL_BYTES), [...TEXTS, ALL_BYTES]);
      assert.equal(await client.call("connections", id, "/"), 1);
    });

    test(`protocol: 5 is an error, ${way}`, async (t) => {
      const expected = transports[0] === "polling" ? { code: "UNSUPPORTED_VERSION" } : { code: "HTTP_STATUS", status: 403 };
      await assert.rejects(newClient(t).connect(server.url, { transports, protocol: 5 }), expected);
    });
  }
});

describe("a newer server is not taken for an older one", { concurrency: 2 }, () => {
  for (const [name, { kind, options }] of rows.filter(([name]) => ["npm 3.1", "npm 4.8", "uvicorn"].includes(name))) {
    describe(name, { concurrency: 1 }, () => {
      const server = new TestServer(kind, { port: 0, ...options });
      before(() => server.start());
      after(() => server.kill());
      for (const [way, transports] of Object.entries(TRANSPORTS)) {
        // Over websocket alone each server refuses in its own way, without a reason: a bare 403, silence, a broken frame.
        test(`protocol: 4 is an error, ${way}`, async (t) => {
          const client = newClient(t, { requestTimeout: 1_000 });
          const expected = transports[0] === "polling" ? { code: "UNSUPPORTED_VERSION" } : { name: "ConnectionError" };
          await assert.rejects(client.connect(server.url, { transports, protocol: 4 }), expected);
        });

        test(`protocol: 5 connects once, ${way}`, async (t) => {
          const id = randomUUID();
          const client = newClient(t);
          await client.connect(server.url, { transports, protocol: 5, auth: { id } });
          assert.equal(await client.call("connections", id, "/"), 1);
        });

        test(`the protocol version is found out with one connection, ${way}`, async (t) => {
          const id = randomUUID();
          const client = newClient(t);
          await client.connect(server.url, { transports, auth: { id } });
          assert.equal(await client.call("connections", id, "/"), 1);
        });
      }
    });
  }
});

function tests({ name, kind, server, impatient, transports }) {
  const reached = (client) => until(`the transport ${transports.at(-1)}`, () => client.transport() === transports.at(-1));
  const connect = async (t, options = {}, url = server.url) => {
    const client = newClient(t);
    await client.connect(url, { transports, ...options });
    await reached(client);
    return client;
  };
  const handshakes = (wire) => wire.requests().filter(({ line }) => !line.includes("sid=")).map(({ line }) => /EIO=(\d)/.exec(line)[1]);

  for (const protocol of [undefined, 4]) {
    const how = protocol ? `with protocol: ${protocol}` : "found out";

    test(`${how}: the server's application sees one connection`, async (t) => {
      const id = randomUUID();
      const client = await connect(t, { protocol, namespaces: ["/", "/chat"] }, `${server.url}?id=${id}`);
      assert.equal(await client.call("connections", id, "/"), 1);
      assert.equal(await client.of("/chat").call("connections", id, "/chat"), 1);
    });
  }

  test("protocol: 5 is an error that names the protocol", async (t) => {
    const connecting = newClient(t).connect(server.url, { transports, protocol: 5 });
    await assert.rejects(connecting, { name: "ConnectionError", code: "UNSUPPORTED_VERSION", message: /protocol/ });
  });

  test("a reconnection requests the known protocol version first", async (t) => {
    const own = new TestServer(kind, { ...SERVERS[name].options, port: 0 });
    await own.start();
    t.after(() => own.kill());
    const wire = await tap(t, own.port);
    const client = await connect(t, {}, wire.url);
    assert.equal(handshakes(wire)[0], "4");
    const before = handshakes(wire).length;
    const connected = heard(client, "connect");
    await own.kill();
    await own.start();
    await connected;
    assert.equal(await client.call("echo", "again"), "again");
    // Failed attempts request both versions in turn: the server may have been upgraded.
    assert.equal(handshakes(wire)[before], "3");
  });

  test("the server connects `/` by itself; a client that did not request it does not have it", async (t) => {
    const id = randomUUID();
    const client = await connect(t, { namespaces: "/chat" }, `${server.url}?id=${id}`);
    assert.deepEqual([...client.namespaces.keys()], ["/chat"]);
    assert.equal(await client.of("/chat").call("connections", id, "/"), 1);
    assert.throws(() => client.emit("echo", 1), { name: "BadNamespaceError" });
  });

  test("`/` can be connected later, and is not connected twice", async (t) => {
    const id = randomUUID();
    const client = await connect(t, { namespaces: "/chat" }, `${server.url}?id=${id}`);
    await client.connectNamespace("/");
    assert.equal(await client.call("connections", id, "/"), 1);
  });

  test("a refused namespace rejects connect() with the data of the refusal", async (t) => {
    const client = newClient(t);
    const errors = ["/refuse", "/refuse-data"].map((namespace) => heard(client.of(namespace), "connect_error"));
    const connecting = client.connect(server.url, { transports, namespaces: ["/", "/chat", "/refuse", "/refuse-data"] });
    await assert.rejects(connecting, (error) => {
      assert.equal(error.code, "REFUSED");
      assert.deepEqual([...error.namespaces].sort(), ["/refuse", "/refuse-data"]);
      return true;
    });
    const [[refusal], [refusalWithData]] = await Promise.all(errors);
    assert.equal(refusal.data, "no entry");
    assert.deepEqual(refusalWithData.data, kind === "npm" ? { code: 7 } : ["nope", { code: 7 }]);
  });

  if (kind === "npm") {
    test("`/` may be refused", async (t) => {
      const connecting = newClient(t).connect(`${server.url}?refuse=yes`, { transports });
      await assert.rejects(connecting, { code: "REFUSED", namespaces: ["/"], message: /not you/ });
    });
  } else {
    test("a server that refuses everyone is an error with its status, in the protocol version that was found out", async (t) => {
      const refusing = new TestServer(kind, { ...SERVERS[name].options, port: 0, refusal: "no one" });
      await refusing.start();
      t.after(() => refusing.kill());
      const expected = { name: "ConnectionError", code: "HTTP_STATUS", status: 401 };
      await assert.rejects(newClient(t).connect(refusing.url, { transports }), expected);
    });
  }

  test("a namespace that is refused later leaves the others as they are", async (t) => {
    const client = await connect(t, { namespaces: ["/", "/chat"] });
    await assert.rejects(client.connectNamespace("/refuse"), { code: "REFUSED", message: /no entry/ });
    assert.deepEqual([...client.namespaces.keys()].sort(), ["/", "/chat"]);
    assert.deepEqual(await Promise.all([client.call("echo", 1), client.of("/chat").call("echo", 2)]), [1, 2]);
  });

  test("events of the server's connect handler are delivered after connect", async (t) => {
    const client = newClient(t);
    const events = [];
    client.of("/early").on("connect", () => events.push("connect"));
    client.of("/early").on("early", (index) => events.push(index));
    await client.connect(server.url, { transports, namespaces: "/early" });
    await until("four events", () => events.length === 4);
    assert.deepEqual(events, ["connect", 0, 1, 2]);
  });

  if (kind === "npm") {
    test("the query of the URL takes the place of auth", async (t) => {
      const client = newClient(t);
      const welcome = heard(client.of("/auth"), "welcome");
      await client.connect(`${server.url}?token=secret`, { transports, namespaces: "/auth" });
      assert.equal((await welcome)[0].token, "secret");
    });
  }

  test("auth is not sent, and a warning says so", async (t) => {
    const warnings = [];
    const client = newClient(t, { ...IMPATIENT, logger: { warn: (...line) => warnings.push(line.join(" ")) } });
    await client.connect(server.url, { transports, auth: { token: "secret" } });
    await until("the warning", () => warnings.some((line) => line.includes("auth")));
  });

  test("strings of all languages and binary data of one turn come back, in order", async (t) => {
    const client = await connect(t);
    const values = Array.from({ length: 40 }, (_, index) => [TEXTS[index % TEXTS.length], ALL_BYTES.subarray(0, index + 1), { nested: [ALL_BYTES, TEXTS] }]);
    const events = collect(client, "echo-back", values.length);
    const answers = values.map((args, index) => {
      client.emit("echo-back", ...args);
      return client.call("echo", index % 2 ? args[0] : args[1]);
    });
    assert.deepEqual(await events, values);
    assert.deepEqual(await within("the answers", Promise.all(answers)), values.map((args, index) => (index % 2 ? args[0] : args[1])));
  });

  test("[D10] both sides acknowledge with strings and binary data", async (t) => {
    const client = await connect(t);
    client.on("question", (...args) => ({ args, also: [ALL_BYTES, TEXTS] }));
    const answered = heard(client, "answered");
    client.emit("ask", TEXTS, ALL_BYTES);
    assert.deepEqual(await answered, [{ args: [TEXTS, ALL_BYTES], also: [ALL_BYTES, TEXTS] }]);
  });

  test("the client's pings keep an idle connection beyond the server's timeout", async (t) => {
    const client = await connect(t, {}, impatient.url);
    const { engineSid } = client;
    const ended = [];
    client.on("disconnect", (reason) => ended.push(reason));
    assert.equal(await client.call("later", 2 * (SHORT.pingInterval + SHORT.pingTimeout), "idle"), "idle");
    assert.deepEqual([ended, client.engineSid], [[], engineSid]);
  });

  test("missing pongs of a silent server end the connection", async (t) => {
    const own = new TestServer(kind, { ...SERVERS[name].options, ...SHORT, port: 0 });
    await own.start();
    t.after(() => own.kill());
    const client = newClient(t, { reconnection: false });
    await client.connect(own.url, { transports });
    await reached(client);
    const disconnected = heard(client, "disconnect");
    own.freeze();
    const [reason, details] = await disconnected;
    assert.deepEqual([reason, details.cause], [client.reason.TRANSPORT_ERROR, "ping timeout"]);
  });

  test("after the server closed the connection, the client connects again", async (t) => {
    const client = await connect(t);
    const { engineSid } = client;
    const connected = heard(client, "connect");
    client.emit("close-engine");
    await connected;
    assert.notEqual(client.engineSid, engineSid);
    assert.equal(await client.call("echo", "back"), "back");
  });
}
