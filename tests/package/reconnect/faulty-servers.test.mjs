// Servers that break the protocol, close the connection or fall silent: the client reports details, and reconnects with growing delays.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { collect, newClient } from "../../support/clients.mjs";
import { bodyOf } from "../../support/listen.mjs";
import { pollingPeer, websocketPeer } from "../../support/peer.mjs";
import { heard, until, within } from "../../support/until.mjs";

// Packets that no server may send, each as frames of a websocket; ID stands for the id of the pending call.
const MALFORMED = {
  "an empty frame": [""],
  "an unknown kind of engine packet": ["9"],
  "an unknown kind of packet": ["49"],
  "an event without arguments": ["42"],
  "an event whose arguments are not a list": ['42{"a":1}'],
  "an event without a name": ["42[]"],
  "an event whose name is neither a string nor a number": ["42[{}]"],
  ...Object.fromEntries(
    ["connect", "connect_error", "disconnect", "disconnectFinal", "__disconnect_final"].map((own) => [`the client's own event ${own}`, [`42["${own}","x"]`]]),
  ),
  "an event that is not JSON": ['42["a"'],
  "an acknowledgement whose arguments are not a list": ['43ID"x"'],
  "an acknowledgement that is not JSON": ["43ID[x]"],
  "a number of attachments that is not a number": ['45-["a"]'],
  "more attachments than allowed": ['45999999999-["a"]'],
  "a placeholder without its attachment": ['451-["a",{"_placeholder":true,"num":5}]', Buffer.from("x")],
  "a string in place of an attachment": ['451-["a",{"_placeholder":true,"num":0}]', '42["b"]'],
  "an attachment without a packet": [Buffer.from("x")],
  "an id of an acknowledgement that is too long": [`43${"9".repeat(400)}[]`],
};

describe("a malformed packet", () => {
  for (const [name, frames] of Object.entries(MALFORMED)) {
    test(`[E4, PARSE_ERROR] ${name}: the client closes the connection with a parse error that says what is wrong, and reconnects`, async (t) => {
      const peer = await websocketPeer(t, (socket) => {
        socket.once("message", (packet) => {
          const [, id] = /^42(\d+)/.exec(packet);
          for (const frame of frames) socket.send(typeof frame === "string" ? frame.replace("ID", id) : frame);
        });
      });
      const client = newClient(t);
      const disconnect = heard(client, "disconnect");
      await client.connect(peer.url, { transports: "websocket" });
      const call = assert.rejects(client.call("go"), { code: "DISCONNECTED" });
      const [reason, details] = await disconnect;
      assert.deepEqual([reason, details.cause], ["transport error", "parse error"]);
      const { name: kind, code, fault, what } = details.error;
      assert.deepEqual([kind, code, fault], ["ConnectionError", "PARSE_ERROR", "peer"]);
      assert.match(what, /./);
      await call;
      await heard(client, "connect");
    });
  }

  test("ends the connection over polling, too", async (t) => {
    const peer = await pollingPeer(t, (request, response, number) => {
      if (number === 0) response.end('42["fine"]\x1e42["a"');
    });
    const client = newClient(t);
    const fine = heard(client, "fine");
    const disconnect = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "polling" });
    await fine;
    const [reason, details] = await disconnect;
    assert.deepEqual([reason, details.cause, details.error.code], ["transport error", "parse error", "PARSE_ERROR"]);
  });

  test("after each connection: the client reconnects with growing delays", async (t) => {
    const peer = await websocketPeer(t, (socket) => socket.send("9"));
    const client = newClient(t, { reconnectionDelay: 60, reconnectionDelayMax: 240, randomizationFactor: 0 });
    await client.connect(peer.url, { transports: "websocket" });
    await until("six connections", () => peer.times.length >= 6);
    const delays = peer.times.slice(1).map((time, index) => time - peer.times[index]);
    [60, 120, 240, 240, 240].forEach((least, index) => assert.ok(delays[index] > least - 5, `${delays} are too short`));
  });
});

describe("a server that ends the connection", () => {
  const CLOSED = {
    "by a close packet": [(socket) => socket.send("1"), "transport close", "SERVER_CLOSED"],
    "by a websocket's close": [(socket) => socket.close(1001, "going away"), "transport close", "SOCKET_CLOSED"],
    "by breaking off": [(socket) => socket.terminate(), "transport close", "SOCKET_CLOSED"],
  };
  for (const [name, [close, cause, code]] of Object.entries(CLOSED)) {
    test(`[E8, R8, SERVER_CLOSED] ${name}: the client reports the cause, and reconnects`, async (t) => {
      const peer = await websocketPeer(t, (socket, number) => number === 0 && close(socket));
      const client = newClient(t);
      const disconnect = heard(client, "disconnect");
      await client.connect(peer.url, { transports: "websocket" });
      const [reason, details] = await disconnect;
      assert.deepEqual([reason, details.cause, details.error.code], ["transport error", cause, code]);
      await heard(client, "connect");
    });
  }

  test("[R8, SESSION_UNKNOWN] by dropping the polling session: the client reports its message", async (t) => {
    const body = '{"code":1,"message":"Session ID unknown"}';
    const peer = await pollingPeer(t, (request, response) => response.writeHead(400).end(body));
    const client = newClient(t);
    const disconnect = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "polling" });
    const [reason, { error }] = await disconnect;
    assert.deepEqual([reason, error.code, error.status, error.body], ["transport error", "SESSION_UNKNOWN", 400, body]);
    await heard(client, "connect");
  });

  test("[R8, PING_TIMEOUT] by falling silent: the client reports a ping timeout", async (t) => {
    const peer = await websocketPeer(t, () => {}, { pingInterval: 60, pingTimeout: 60 });
    const client = newClient(t);
    const disconnect = heard(client, "disconnect");
    await client.connect(peer.url, { transports: "websocket" });
    const [reason, details] = await disconnect;
    assert.deepEqual([reason, details.cause, details.error.code], ["transport error", "ping timeout", "PING_TIMEOUT"]);
  });
});

describe("a server that is alive", () => {
  test("with a ping interval of 0, as python's servers say for less than a second, keeps the connection", async (t) => {
    let pongs = 0;
    const peer = await websocketPeer(
      t,
      (socket) => {
        const ping = () => socket.send("2");
        socket.on("message", (data) => String(data) === "3" && (pongs += 1) && setTimeout(ping, 400));
        ping();
      },
      { pingInterval: 0, pingTimeout: 2_000 },
    );
    const client = newClient(t);
    let losses = 0;
    client.on("disconnect", () => (losses += 1));
    await client.connect(peer.url, { transports: "websocket" });
    await until("eight pongs", () => pongs >= 8);
    assert.deepEqual([losses, client.state], [0, "connected"]);
  });

  test("keeps the connection by sending events without a ping", async (t) => {
    let ticking;
    const peer = await websocketPeer(
      t,
      (socket) => {
        ticking = setInterval(() => socket.send('42["tick"]'), 200);
      },
      { pingInterval: 900, pingTimeout: 900 },
    );
    t.after(() => clearInterval(ticking));
    const client = newClient(t);
    let ticks = 0;
    let losses = 0;
    client.on("tick", () => (ticks += 1));
    client.on("disconnect", () => (losses += 1));
    await client.connect(peer.url, { transports: "websocket" });
    await until("twelve ticks", () => ticks >= 12);
    assert.equal(losses, 0);
  });
});

describe("a poll with many packets", () => {
  test("[G8] delivers all of them, also more than python's client would accept", async (t) => {
    const packets = Array.from({ length: 200 }, (_, index) => `42["tick",${index}]`);
    const peer = await pollingPeer(t, (request, response, number) => number === 0 && response.end(packets.join("\x1e")));
    const client = newClient(t);
    const ticks = [];
    client.on("tick", (index) => ticks.push(index));
    await client.connect(peer.url, { transports: "polling" });
    await until("all ticks", () => ticks.length === 200);
    assert.deepEqual(ticks, packets.map((_, index) => index));
  });

  test("delivers binaries among them in order", async (t) => {
    const packets = ['42["a",0]', '451-["a",{"_placeholder":true,"num":0}]', `b${btoa("x")}`, '42["a",1]'];
    const peer = await pollingPeer(t, (request, response, number) => number === 0 && response.end(packets.join("\x1e")));
    const client = newClient(t);
    const events = collect(client, "a", 3);
    await client.connect(peer.url, { transports: "polling" });
    assert.deepEqual((await events).flat(), [0, new Uint8Array([120]), 1]);
  });
});

describe("disconnect() over polling", () => {
  test("ends the pending poll after the last event was sent", async (t) => {
    const bodies = [];
    let pending;
    const peer = await pollingPeer(t, async (request, response) => {
      if (request.method === "GET") {
        pending = request.socket;
        return;
      }
      bodies.push(await bodyOf(request));
      response.end("ok");
    });
    const client = newClient(t);
    await client.connect(peer.url, { transports: "polling" });
    await until("the poll", () => pending);
    client.emit("last event");
    await within("disconnect()", client.disconnect());
    await until("its end", () => pending.destroyed);
    const packets = bodies.join("\x1e").split("\x1e");
    assert.deepEqual(packets, ['42["last event"]', "41", "1"]);
  });
});

describe("an upgrade that fails", () => {
  test("leaves the client on polling, and no packet is lost", async (t) => {
    const received = [];
    const peer = await pollingPeer(
      t,
      async (request, response, number) => {
        if (request.method === "GET") {
          if (number > 40) return; // these are enough
          response.end('42["tick"]');
        } else {
          received.push(...(await bodyOf(request)).split("\x1e"));
          response.end("ok");
        }
      },
      { upgrades: ["websocket"] },
    );
    let probes = 0;
    peer.on("upgrade", (request, stream) => stream.end("HTTP/1.1 400 No\r\n\r\n", () => (probes += 1)));
    const client = newClient(t);
    let losses = 0;
    client.on("disconnect", () => (losses += 1));
    await client.connect(peer.url);
    for (let index = 0; index < 30; index += 1) client.emit("n", index);
    await until("the probe and all packets", () => probes === 1 && received.length === 30);
    assert.deepEqual(received, Array.from({ length: 30 }, (_, index) => `42["n",${index}]`));
    assert.deepEqual([losses, client.transport()], [0, "polling"]);
  });
});
