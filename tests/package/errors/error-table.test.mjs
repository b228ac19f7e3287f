// The errors of connecting, emitting and calling: class, code, fault, fields and message. Errors of SimpleClient are in
// ../clients/simple-client.test.mjs, errors of wrong arguments in misuse.test.mjs.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { run } from "../../support/command.mjs";
import { api } from "../../support/installed.mjs";
import { listen, unusedAddress } from "../../support/listen.mjs";
import { mutePeer, open, pollingPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { WebSocketServer } = createRequire(new URL("../../../pkg/package.json", import.meta.url))("ws");

const server = sharedServer("npm");

const connected = async (t, options, url = server.url) => {
  const client = newClient(t, { ...IMPATIENT, reconnection: false });
  await client.connect(url, options);
  return client;
};

/** Resolves to the address of a server that gives one answer to every request, also to one for a websocket. */
async function answering(t, status, body) {
  const http = await listen(t, (request, response) => response.writeHead(status).end(body));
  http.on("upgrade", (request, stream) => stream.end(`HTTP/1.1 ${status} X\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`));
  return http.url;
}

const connectingTo = (address, options) => async (t) => newClient(t).connect(await address(t), options);
const MINE = new Error("mine");

// [action, class, code, fault, fields, message], by a description of the case
const TABLE = {
  "[K11, ALREADY_CONNECTED] connect() while connected": [
    async (t) => (await connected(t)).connect(server.url),
    "ConnectionError", "ALREADY_CONNECTED", "misuse", {}, /^Already connected/,
  ],
  "[K11, UNREACHABLE] a port without a server, over polling": [
    connectingTo(unusedAddress, { transports: "polling" }),
    "ConnectionError", "UNREACHABLE", "network", { transport: "polling" }, /over polling: .*ECONNREFUSED/,
  ],
  "[K11, UNREACHABLE] a port without a server, over websocket": [
    connectingTo(unusedAddress, { transports: "websocket" }),
    "ConnectionError", "UNREACHABLE", "network", { transport: "websocket" }, /over websocket: .*ECONNREFUSED/,
  ],
  "[K11, K12, HTTP_STATUS] a status that is not 200, with JSON": [
    connectingTo((t) => answering(t, 401, '{"reason":"no token"}')),
    "ConnectionError", "HTTP_STATUS", "peer", { status: 401, body: '{"reason":"no token"}', data: { reason: "no token" } },
    /^Unexpected status 401 in server response: .*no token/,
  ],
  "[K11, K12, HTTP_STATUS] a status that is not 200, with a string, to a websocket": [
    connectingTo((t) => answering(t, 503, "go away"), { transports: "websocket" }),
    "ConnectionError", "HTTP_STATUS", "peer", { status: 503, body: "go away", data: "go away" }, /503.*go away/,
  ],
  "[K11, NOT_SOCKETIO] an answer that is not of Socket.IO": [
    connectingTo((t) => answering(t, 200, "<html>")),
    "ConnectionError", "NOT_SOCKETIO", "peer", { body: "<html>" }, /not a Socket\.IO server .*<html>/,
  ],
  "[K11, NOT_SOCKETIO] a packet that is not OPEN": [
    connectingTo((t) => answering(t, 200, '4{"sid":"x"}')),
    "ConnectionError", "NOT_SOCKETIO", "peer", {}, /not a Socket\.IO server/,
  ],
  "[K11, UNSUPPORTED_VERSION] another protocol version": [
    connectingTo((t) => answering(t, 400, '{"code":5,"message":"Unsupported protocol version"}')),
    "ConnectionError", "UNSUPPORTED_VERSION", "peer", { status: 400, data: { code: 5, message: "Unsupported protocol version" } }, /Unsupported protocol version/,
  ],
  "[K11, ORIGIN_REFUSED] another origin": [
    connectingTo((t) => answering(t, 400, '"http://x is not an accepted origin."')),
    "ConnectionError", "ORIGIN_REFUSED", "peer", { status: 400, data: "http://x is not an accepted origin." }, /refuses this origin.*http:\/\/x/,
  ],
  "[K8, CONNECT_TIMEOUT] no answer for the namespaces": [
    connectingTo(async (t) => (await mutePeer(t)).url, { waitTimeout: 20, namespaces: ["/", "/chat"] }),
    "ConnectionError", "CONNECT_TIMEOUT", "network", { milliseconds: 20, namespaces: ["/", "/chat"] }, /within 20 ms: no answer for \/, \/chat.*`waitTimeout`/,
  ],
  "[E6, REFUSED] a refusal, with message and data": [
    connectingTo(() => server.url, { namespaces: "/refuse-data" }),
    "ConnectionError", "REFUSED", "peer", { namespaces: ["/refuse-data"], reason: "nope", data: { message: "nope", data: { code: 7 } } },
    "One or more namespaces failed to connect: /refuse-data: nope",
  ],
  "[E6, REFUSED] several refusals": [
    connectingTo(() => server.url, { namespaces: ["/refuse", "/", "/refuse-data"] }),
    "ConnectionError", "REFUSED", "peer", { namespaces: ["/refuse", "/refuse-data"], reason: "no entry", data: { message: "no entry" } },
    "One or more namespaces failed to connect: /refuse, /refuse-data: no entry",
  ],
  "[E6, REFUSED] a refusal that is a string": [
    connectingTo((t) => refusing(t, '44"Unable to connect"'), { transports: "websocket" }),
    "ConnectionError", "REFUSED", "peer", { namespaces: ["/"], reason: "Unable to connect", data: "Unable to connect" }, /: \/: Unable to connect$/,
  ],
  "[E6, REFUSED] a refusal without data": [
    connectingTo((t) => refusing(t, "44"), { transports: "websocket" }),
    "ConnectionError", "REFUSED", "peer", { namespaces: ["/"] }, "One or more namespaces failed to connect: /",
  ],
  "[K4] an auth function that throws": [
    connectingTo(() => server.url, { auth: () => { throw MINE; } }),
    "Error", undefined, undefined, {}, "mine",
  ],
  "[K4, UNSERIALIZABLE] auth that JSON cannot represent": [
    connectingTo(() => server.url, { auth: { n: 1n } }),
    "InvalidArgumentError", "UNSERIALIZABLE", "misuse", {}, /BigInt/,
  ],
  "[M1, NOT_CONNECTED] emit before connect()": [
    async (t) => newClient(t).emit("x"),
    "DisconnectedError", "NOT_CONNECTED", "misuse", {}, /call connect\(\) first/,
  ],
  "[M1, NOT_CONNECTED] emit after the end": [
    async (t) => {
      const client = await connected(t);
      await client.disconnect();
      client.emit("x");
    },
    "DisconnectedError", "NOT_CONNECTED", "misuse", {}, /call connect\(\) first/,
  ],
  "[M1, BAD_NAMESPACE] emit to a namespace that was not asked for": [
    async (t) => (await connected(t)).of("/chat").emit("x"),
    "BadNamespaceError", "BAD_NAMESPACE", "misuse", { namespace: "/chat" }, /^\/chat is not a connected namespace/,
  ],
  "[M1, BAD_NAMESPACE] emit to a namespace that was refused": [
    async (t) => {
      const client = await connected(t);
      await client.connectNamespace("/refuse").catch(() => {});
      client.of("/refuse").emit("x");
    },
    "BadNamespaceError", "BAD_NAMESPACE", "misuse", { namespace: "/refuse" }, /^\/refuse is not a connected namespace/,
  ],
  "[M1, CONNECTING] emit with buffer: false while connecting": [
    async (t) => {
      const client = newClient(t);
      const connecting = client.connect(server.url);
      try {
        client.with({ buffer: false }).emit("x");
      } finally {
        await connecting;
      }
    },
    "DisconnectedError", "CONNECTING", "network", {}, /is being made, or made again/,
  ],
  "[M1, PAYLOAD_TOO_LARGE] emit of a message that is too large": [
    async (t) => (await connected(t)).emit("x", "x".repeat(1_000_001)),
    "PayloadTooLargeError", "PAYLOAD_TOO_LARGE", "misuse", { limit: 1_000_000, size: 1_000_011 }, /1000011 bytes.*1000000 bytes/,
  ],
  "[M5, CALL_TIMEOUT] call without an answer in time": [
    async (t) => (await connected(t)).timeout(20).call("never"),
    "TimeoutError", "CALL_TIMEOUT", "network", { event: "never", milliseconds: 20 }, 'No answer to "never" within 20 ms',
  ],
  "[M5, DISCONNECTED] call when the server disconnects the namespace": [
    async (t) => {
      const client = await connected(t);
      const call = client.call("never");
      client.emit("kick");
      return within("the end of the call", call);
    },
    "DisconnectedError", "DISCONNECTED", "peer", { reason: "server disconnect" }, /^The server disconnected the namespace/,
  ],
  "[M5, DISCONNECTED] call when the client disconnects": [
    async (t) => {
      const client = await connected(t);
      const call = client.call("never");
      client.disconnect();
      return call;
    },
    "DisconnectedError", "DISCONNECTED", "none", { reason: "client disconnect", event: "never" }, /^disconnect\(\)/,
  ],
  "[M5, DROPPED] a volatile call that cannot be sent": [
    async (t) => {
      const client = newClient(t);
      const connecting = client.connect(server.url);
      return client.volatile.call("x").finally(() => connecting);
    },
    "DisconnectedError", "DROPPED", "network", { event: "x" }, /volatile event "x" was dropped/,
  ],
};

/** Resolves to the address of a server that accepts every websocket, and answers a CONNECT for "/" with a packet. */
async function refusing(t, packet) {
  const http = await listen(t, (request, response) => response.writeHead(404).end());
  new WebSocketServer({ server: http }).on("connection", (socket) => {
    socket.send(open());
    socket.on("message", (message) => String(message) === "40" && socket.send(packet));
  });
  return http.url;
}

describe("the class, code, fault, fields and message of", () => {
  for (const [what, [act, name, code, fault, fields, message]] of Object.entries(TABLE)) {
    test(what, async (t) => {
      const error = await act(t).then(() => assert.fail("nothing was thrown"), (error) => error);
      assert.deepEqual([error.name, error.code, error.fault], [name, code, fault]);
      for (const [field, value] of Object.entries(fields)) assert.deepEqual(error[field], value, field);
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      if (name === "Error") assert.equal(error, MINE);
      else assert.ok(error instanceof api[name] && error instanceof api.SocketIOError && error instanceof Error);
    });
  }
});

describe("the cause of a ConnectionError", () => {
  for (const transports of ["polling", "websocket"]) {
    test(`[UNREACHABLE] is Node's error, over ${transports}; connect_error receives the same error`, async (t) => {
      const client = newClient(t);
      const failed = heard(client, "connect_error");
      const error = await client.connect(await unusedAddress(t), { transports }).catch((error) => error);
      const [same] = await failed;
      const codeOf = ({ cause }) => (cause instanceof TypeError ? cause.cause.code : cause.code); // fetch wraps the error
      assert.deepEqual([error.code, codeOf(error), codeOf(same)], ["UNREACHABLE", "ECONNREFUSED", "ECONNREFUSED"]);
    });
  }

  test("is the error that a user-supplied fetch or WebSocket has thrown", async (t) => {
    const cause = new Error("no way");
    class WebSocket {
      constructor() {
        throw cause;
      }
    }
    const options = { ...IMPATIENT, fetch: () => Promise.reject(cause), WebSocket };
    for (const transports of ["polling", "websocket"]) {
      const connecting = newClient(t, options).connect(server.url, { transports });
      await assert.rejects(connecting, { code: "UNREACHABLE", transport: transports, cause, message: /no way/ });
    }
    const other = new Error("another");
    const failing = newClient(t, { ...options, fetch: () => Promise.reject(other) });
    await assert.rejects(failing.connect(server.url, { transports: "polling" }), { cause: other });
  });

  test("is not the cause of an earlier failure", async (t) => {
    const client = newClient(t);
    await assert.rejects(client.connect(await unusedAddress(t), { transports: "polling" }), { code: "UNREACHABLE" });
    const error = await client.connect(await answering(t, 404, "x"), { transports: "polling" }).catch((error) => error);
    assert.deepEqual([error.code, error.cause], ["HTTP_STATUS", undefined]);
  });
});

describe("[E9] disconnectFinal is called once for each namespace", () => {
  const ENDS = {
    "after disconnect()": (client) => client.disconnect(),
    "after the server's disconnection": (client) => client.emit("kick").of("/chat").emit("kick"),
    "after a loss without reconnection": (client) => client.emit("close-engine"),
  };
  for (const [what, end] of Object.entries(ENDS)) {
    test(what, async (t) => {
      const client = await connected(t, { namespaces: ["/", "/chat"] });
      const calls = [];
      for (const event of ["disconnect", "disconnectFinal"]) client.on(event, (namespace) => calls.push(`${event} ${namespace}`), { namespace: "*" });
      await end(client);
      await client.wait();
      await until("both", () => calls.length >= 4);
      assert.deepEqual(calls.toSorted(), ["disconnect /", "disconnect /chat", "disconnectFinal /", "disconnectFinal /chat"]);
    });
  }
});

describe("a long answer is truncated in the message of the error, and complete in its fields", () => {
  const page = `<!doctype html>${"<p>Nothing here</p>".repeat(5_000)}`; // of 90 kB
  const long = "no ".repeat(30_000);
  const BODIES = {
    "a 404 page": [404, page, /^Unexpected status 404 in server response \(check the URL and `path`\): <!doctype html>/],
    "another page": [503, page, /^Unexpected status 503 in server response: <!doctype html>/],
    "JSON with a long message": [401, JSON.stringify({ message: long }), /^Unexpected status 401 .*: \{"message":"no no/],
    "another protocol version": [400, JSON.stringify({ code: 5, message: long }), /^Unexpected status 400|revision/],
    "a page with the status 200": [200, page, /^The server that answered is not a Socket\.IO server \(check the URL and `path`\): <!doctype/],
  };
  const isShort = ({ message }) => assert.ok(message.length < 400, `a message of ${message.length} characters`);

  for (const [what, [status, body, message]] of Object.entries(BODIES)) {
    for (const transports of ["polling", ...(status === 200 ? [] : ["websocket"])]) {
      test(`${what}, over ${transports}`, async (t) => {
        const url = await answering(t, status, body);
        const client = newClient(t);
        const failed = heard(client, "connect_error");
        const error = await client.connect(url, { transports }).then(() => assert.fail("it connected"), (error) => error);
        assert.match(error.message, message);
        isShort(error);
        isShort((await failed)[0]);
        // The client reads no more than 64 kB of the refusal of a websocket.
        if (status !== 200) assert.ok(body.startsWith(error.body) && error.body.length >= Math.min(body.length, 65_536), `a body of ${error.body.length}`);
      });
    }
  }

  for (const [what, packet, data] of [
    ["a message", { message: long }, { message: long }],
    ["a string", long, long],
  ]) {
    test(`a refusal with ${what}`, async (t) => {
      const url = await refusing(t, `44${JSON.stringify(packet)}`);
      const error = await newClient(t).connect(url, { transports: "websocket" }).catch((error) => error);
      assert.match(error.message, /^One or more namespaces failed to connect: \/: no no/);
      isShort(error);
      assert.deepEqual([error.reason, error.data], [long, data]);
    });
  }

  test("a message is not truncated within a character", async (t) => {
    const body = `${"x".repeat(199)}\u{1f600}${"y".repeat(100)}`;
    const error = await newClient(t).connect(await answering(t, 500, body)).catch((error) => error);
    assert.ok(error.message.endsWith("x…"), error.message);
  });

  test("the command line truncates it, too", async (t) => {
    const url = await answering(t, 404, page);
    const { err } = await run(t, [url, "--wait", "1"]);
    assert.match(err, /Unexpected status 404 in server response \(check the URL and --path\): <!doctype/);
    assert.ok(err.length < 400, `${err.length} characters`);
  });
});

describe("an error that rejects no promise is emitted as `error`", () => {
  /** Starts a polling server that closes the connection of each POST without an answer. */
  const losing = (t) => pollingPeer(t, (request) => request.method === "POST" && request.socket.destroy());

  /** Resolves to the next error that a client emits. */
  const nextError = async (client) => {
    const [error] = await heard(client, "error");
    return error;
  };

  test("[POSSIBLY_LOST] for events whose request got no answer", async (t) => {
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    await client.connect((await losing(t)).url, { transports: "polling" });
    const error = nextError(client);
    client.emit("one").emit("two").volatile.emit("three");
    const rejected = assert.rejects(client.call("four"), { code: "DISCONNECTED" });
    const { name, code, fault, events, namespace, message } = await error;
    assert.deepEqual([name, code, fault, events, namespace], ["DisconnectedError", "POSSIBLY_LOST", "network", 2, "/"]);
    assert.match(message, /^2 events of \/ may be lost: the request that carried them/);
    await rejected;
  });

  test("[NOT_SENT] for events that are buffered when the client gives up", async (t) => {
    const own = await startServer(t, "npm");
    const client = newClient(t, { ...IMPATIENT, reconnectionAttempts: 1 });
    await client.connect(own.url, { namespaces: "/chat" });
    const chat = client.of("/chat");
    // A namespace without a handler of `error` leaves it to "/".
    const error = nextError(client);
    chat.on("disconnect", () => chat.emit("count", 1));
    await own.kill();
    const { name, code, fault, events, namespace, message } = await error;
    assert.deepEqual([name, code, fault, events, namespace], ["DisconnectedError", "NOT_SENT", "network", 1, "/chat"]);
    assert.match(message, /^1 event of \/chat was not sent/);
  });

  test("[E4] for a class with on_error; without that, for "/", and without a handler there, for the logger", async (t) => {
    const own = [];
    class Mine extends api.ClientNamespace {
      on_error(error) {
        own.push(error.code);
      }
    }
    for (const [Class, listens, expected] of [
      [Mine, true, [["POSSIBLY_LOST"], [], []]],
      [api.ClientNamespace, true, [[], ["POSSIBLY_LOST"], []]],
      [api.ClientNamespace, false, [[], [], ["POSSIBLY_LOST"]]],
    ]) {
      own.length = 0;
      const [root, logged] = [[], []];
      const logger = { error: (line, { code }) => logged.push(code) };
      const peer = await pollingPeer(t, async (request, response, number) => {
        if (number === 0 && request.method === "POST") {
          for await (const _ of request); // the body asks for the namespace
          response.end("ok");
        } else if (number <= 1 && request.method === "GET") response.end('40/chat,{"sid":"chat"}');
        else if (request.method === "POST") request.socket.destroy();
      });
      const client = newClient(t, { ...IMPATIENT, reconnection: false, logger });
      if (listens) client.on("error", ({ code }) => root.push(code));
      client.registerNamespace(new Class("/chat"));
      await client.connect(peer.url, { transports: "polling" });
      client.of("/chat").emit("lost");
      await until("the error", () => own.length + root.length + logged.length > 0);
      await client.disconnect();
      assert.deepEqual([own, root, logged], expected);
    }
  });

  test("[E4] an `error` that the server emits is an event", async (t) => {
    const peer = await pollingPeer(t, (request, response, number) => number === 0 && response.end('42["error","theirs",7]'));
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    const event = heard(client, "error");
    await client.connect(peer.url, { transports: "polling" });
    assert.deepEqual(await event, ["theirs", 7]);
  });
});

describe("a connection ends with an error that says why", () => {
  const TRANSPORT_ERROR = api.reason.TRANSPORT_ERROR;

  test("[EMPTY_POLLS] if the server answers many polls in a row at once and with nothing", async (t) => {
    let polls = 0;
    const peer = await pollingPeer(t, (request, response) => {
      polls += request.method === "GET";
      response.end(request.method === "GET" ? "6" : "ok");
    });
    const client = newClient(t, { ...IMPATIENT, reconnection: false });
    const ended = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "polling" });
    const [reason, { error }] = await ended;
    assert.deepEqual([reason, error.name, error.code, error.fault], [TRANSPORT_ERROR, "ConnectionError", "EMPTY_POLLS", "peer"]);
    assert.match(error.message, new RegExp(`answered ${error.polls} polls in a row`));
    assert.ok(error.polls <= polls && polls < 30, `${polls} polls, ${error.polls} in the error`);
  });

  test("[OFFLINE] if the platform goes offline, unless networkEvents is false; when it is online, the client reconnects at once", async (t) => {
    const platform = new EventTarget();
    for (const name of ["addEventListener", "removeEventListener"]) globalThis[name] = (...args) => platform[name](...args);
    t.after(() => {
      delete globalThis.addEventListener;
      delete globalThis.removeEventListener;
    });
    const patient = { reconnectionDelay: 1_000_000, reconnectionDelayMax: 1_000_000 };
    const [client, deaf] = [newClient(t, patient), newClient(t, { ...patient, networkEvents: false })];
    await Promise.all([client.connect(server.url), deaf.connect(server.url)]);
    const lost = heard(client, "disconnect");
    deaf.on("disconnect", () => assert.fail("it was dropped"));
    platform.dispatchEvent(new Event("offline"));
    const [reason, { error, cause }] = await lost;
    assert.deepEqual([reason, cause, error.name, error.code, error.fault], [TRANSPORT_ERROR, "transport close", "ConnectionError", "OFFLINE", "network"]);
    const again = heard(client, "connect");
    platform.dispatchEvent(new Event("online"));
    await again;
    assert.equal(await deaf.call("echo", 1), 1);
    deaf.off("disconnect");
  });
});
