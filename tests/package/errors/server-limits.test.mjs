// Messages that exceed the server's limit, which the client learns after they were emitted; and servers with absurd numbers in their
// handshake. None of this ends the process: if it might, the client runs in a process of its own, without any handler.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { UNHURRIED, newClient } from "../../support/clients.mjs";
import { folder } from "../../support/installed.mjs";
import { bodyOf } from "../../support/listen.mjs";
import { pollingPeer, websocketPeer } from "../../support/peer.mjs";
import { heard, until, within } from "../../support/until.mjs";

const LARGE = "x".repeat(2_000);
const TOO_LARGE = { name: "PayloadTooLargeError", code: "PAYLOAD_TOO_LARGE", limit: 1_000 };

/** Servers for each transport, with the events that arrived in `events`. The fields may change between two connections. */
const PEERS = {
  websocket: async (t, fields) => {
    const events = [];
    const sockets = [];
    const peer = await websocketPeer(t, (socket) => {
      sockets.push(socket);
      socket.on("message", (message) => String(message).startsWith("42") && events.push(String(message)));
    }, fields);
    return Object.assign(peer, { events, cut: () => sockets.shift()?.terminate() });
  },
  polling: async (t, fields) => {
    const events = [];
    const polls = [];
    const peer = await pollingPeer(t, async (request, response) => {
      if (request.method === "GET") return void polls.push(response);
      const body = await bodyOf(request);
      events.push(...body.split("\x1e").filter((packet) => packet.startsWith("42")));
      response.end("ok");
    }, fields);
    const cut = () => polls.splice(0).forEach((poll) => poll.writeHead(400).end('{"code":1,"message":"Session ID unknown"}'));
    return Object.assign(peer, { events, cut });
  },
};

/** Runs a program with a `client`, its `url` and `options` in a process of its own. Resolves to its exit code and its output. */
function run(url, transports, program) {
  const script = `
    import { Client } from ${JSON.stringify(pathToFileURL(join(folder, "esm.mjs")).href)};
    const client = new Client({ reconnectionDelay: 50, reconnectionDelayMax: 100 });
    const [url, options] = ${JSON.stringify([url, { transports, ...UNHURRIED }])};
    const LARGE = "x".repeat(2_000);
    const heard = (event) => new Promise((resolve) => client.once(event, (...args) => resolve(args)));
    ${program}
  `;
  const ended = new Promise((resolve) => {
    execFile(process.execPath, ["--input-type=module", "--eval", script], (error, output, errors) => resolve({ code: error?.code ?? 0, output, errors }));
  });
  return within("the end of the process", ended);
}

for (const transports of Object.keys(PEERS)) {
  describe(`a message over the limit, over ${transports}`, () => {
    const fields = () => ({ maxPayload: 1_000 });

    test("that was emitted before the handshake is reported as `error`, and later events arrive", async (t) => {
      const peer = await PEERS[transports](t, fields());
      const client = newClient(t);
      const error = heard(client, "error");
      const connecting = client.connect(peer.url, { transports, ...UNHURRIED });
      client.emit("large", LARGE);
      client.emit("small");
      await connecting;
      const [{ name, code, limit, size }] = await error;
      assert.deepEqual({ name, code, limit }, TOO_LARGE);
      assert.ok(size > 2_000);
      await until("the small event", () => peer.events.length > 0);
      assert.deepEqual(peer.events, ['42["small"]']);
    });

    test("that is a call rejects the call, and is not reported as `error`", async (t) => {
      const peer = await PEERS[transports](t, fields());
      const client = newClient(t);
      let errors = 0;
      client.on("error", () => void (errors += 1));
      const connecting = client.connect(peer.url, { transports, ...UNHURRIED });
      await assert.rejects(within("the rejection", client.call("large", LARGE)), TOO_LARGE);
      await connecting;
      assert.equal(errors, 0);
    });

    test("that is an auth rejects connect()", async (t) => {
      const peer = await PEERS[transports](t, fields());
      const client = newClient(t);
      await assert.rejects(within("the rejection", client.connect(peer.url, { transports, auth: { LARGE }, ...UNHURRIED })), TOO_LARGE);
      await within("the end", client.wait());
    });

    test("is written to the console without a handler of `error`, and the process goes on", async (t) => {
      const peer = await PEERS[transports](t, fields());
      const { code, output, errors } = await run(peer.url, transports, `
        const connecting = client.connect(url, options);
        client.emit("large", LARGE);
        client.emit("small");
        await connecting;
        await client.drain();
        console.log("the process lives");
        await client.disconnect();
      `);
      assert.deepEqual([code, output], [0, "the process lives\n"], errors);
      assert.match(errors, /PayloadTooLargeError/);
      assert.deepEqual(peer.events, ['42["small"]']);
    });

    test("of the server of a reconnection is dropped; the process goes on, and later events arrive", async (t) => {
      const fields = { maxPayload: 1_000_000 };
      const peer = await PEERS[transports](t, fields);
      const running = run(peer.url, transports, `
        await client.connect(url, options);
        const [lost, again] = [heard("disconnect"), heard("connect")];
        client.emit("ready");
        await lost;
        client.emit("large", LARGE);
        client.emit("small");
        await again;
        await client.drain();
        console.log("the process lives");
        await client.disconnect();
      `);
      await until("the first event", () => peer.events.length === 1);
      fields.maxPayload = 1_000;
      await until("the second connection", () => peer.times.length === 2 || void peer.cut());
      const { code, output, errors } = await running;
      assert.deepEqual([code, output], [0, "the process lives\n"], errors);
      assert.match(errors, /PayloadTooLargeError/);
      assert.deepEqual(peer.events, ['42["ready"]', '42["small"]']);
    });
  });

  describe(`a server with a limit of one byte, over ${transports}`, () => {
    test("rejects connect()", async (t) => {
      const peer = await PEERS[transports](t, { maxPayload: 1 });
      const client = newClient(t);
      await assert.rejects(within("the rejection", client.connect(peer.url, { transports, ...UNHURRIED })), { code: "PAYLOAD_TOO_LARGE", limit: 1 });
    });

    test("on a reconnection ends the client, and not the process", async (t) => {
      const fields = { maxPayload: 1_000_000 };
      const peer = await PEERS[transports](t, fields);
      const running = run(peer.url, transports, `
        await client.connect(url, options);
        client.emit("ready");
        await client.wait();
        console.log("the process lives", client.state);
      `);
      await until("the first event", () => peer.events.length === 1);
      fields.maxPayload = 1;
      await until("the second connection", () => peer.times.length === 2 || void peer.cut());
      const { code, output, errors } = await running;
      assert.deepEqual([code, output], [0, "the process lives disconnected\n"], errors);
      assert.match(errors, /PayloadTooLargeError/);
    });
  });

  describe(`a handshake with absurd numbers over ${transports}`, () => {
    // Values that the client uses, or ignores as if the field were missing.
    const ACCEPTED = { maxPayload: [0, null, 1e308, 1e15], pingInterval: [1e308, 1e15], pingTimeout: [1e308] };
    for (const [field, values] of Object.entries(ACCEPTED)) {
      for (const value of values) {
        test(`${field}: ${value} connects`, async (t) => {
          const peer = await PEERS[transports](t, { [field]: value });
          const { code, output, errors } = await run(peer.url, transports, `
            await client.connect(url, options);
            client.emit("large", LARGE);
            await client.drain();
            console.log(client.state);
            console.log(JSON.stringify(await client.disconnect()));
          `);
          assert.deepEqual([code, output, errors], [0, 'connected\n{"unsent":0}\n', ""]);
          assert.equal(peer.events.length, 1);
        });
      }
    }

    const WRONG = { maxPayload: [-1, 0.5, "1000", [], {}], pingInterval: [-1, "25000", null], pingTimeout: [-1, {}] };
    for (const [field, values] of Object.entries(WRONG)) {
      for (const value of values) {
        test(`${field}: ${JSON.stringify(value)} ends no process, and connect() is settled`, async (t) => {
          const peer = await PEERS[transports](t, { [field]: value });
          const { code, output, errors } = await run(peer.url, transports, `
            const result = await client.connect(url, { ...options, waitTimeout: 5_000 }).then(() => "connected", (error) => error.name);
            console.log(result);
            await client.disconnect();
          `);
          assert.equal(code, 0, errors);
          assert.match(output, /^(connected|ConnectionError|PayloadTooLargeError)\n$/);
          assert.equal(errors, "");
        });
      }
    }
  });
}
