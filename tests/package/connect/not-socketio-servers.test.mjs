// Servers that are none, or do not want us: each failure says what it is, with the server's own words.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { heard } from "../../support/until.mjs";

const VERSION = "The client is using an unsupported version of the Socket.IO or Engine.IO protocols";

// What the server answers, and the error that it shall become.
const ANSWERS = {
  "404 with words": [404, "nothing here", { code: "HTTP_STATUS", status: 404, body: "nothing here", message: /404.*nothing here/ }],
  "500 with words": [500, "on fire", { code: "HTTP_STATUS", status: 500, body: "on fire", message: /500.*on fire/ }],
  "503 without words": [503, "", { code: "HTTP_STATUS", status: 503, message: /503/ }],
  "an unsupported version, as npm says it": [
    400,
    '{"code":5,"message":"Unsupported protocol version"}',
    { code: "UNSUPPORTED_VERSION", status: 400, message: /Unsupported protocol version/ },
  ],
  "[UNSUPPORTED_VERSION] an unsupported version, as python says it": [400, JSON.stringify(VERSION), { code: "UNSUPPORTED_VERSION", status: 400, message: /unsupported version/ }],
  "a refused origin": [400, '"http://x is not an accepted origin."', { code: "ORIGIN_REFUSED", status: 400, message: /not an accepted origin/ }],
};

// Answers of a success that is none; over polling only, since a websocket's handshake leaves no room for them.
const NOT_SOCKETIO = {
  "a web page": "<!doctype html><title>Hello</title>",
  "nothing": "",
  "JSON": '{"hello":"world"}',
  "an open packet without a sid": '0{"upgrades":[]}',
  "an open packet that is cut": '0{"sid":"x"',
};

for (const transport of ["polling", "websocket"]) {
  describe(transport, () => {
    for (const [name, [status, body, expected]] of Object.entries(ANSWERS)) {
      test(name, async (t) => {
        const server = await listen(t, (request, response) => response.writeHead(status).end(body));
        server.on("upgrade", (request, stream) => stream.end(`HTTP/1.1 ${status} X\r\ncontent-length: ${body.length}\r\n\r\n${body}`));
        const connecting = newClient(t).connect(server.url, { transports: transport });
        await assert.rejects(connecting, { name: "ConnectionError", fault: "peer", ...expected });
      });
    }

    test("nobody listens", async (t) => {
      const server = await listen(t, () => {});
      await server.end();
      const connecting = newClient(t).connect(server.url, { transports: transport });
      const expected = { name: "ConnectionError", code: "UNREACHABLE", fault: "network", transport, message: /ECONNREFUSED/ };
      await assert.rejects(connecting, expected);
    });

    test("[K11, REQUEST_TIMEOUT] nobody answers", async (t) => {
      const server = await listen(t, () => {});
      server.on("upgrade", () => {});
      const connecting = newClient(t, { requestTimeout: 60 }).connect(server.url, { transports: transport });
      await assert.rejects(connecting, { name: "ConnectionError", code: "REQUEST_TIMEOUT", milliseconds: 60, transport });
    });

    test("the connection breaks off before an answer", async (t) => {
      const server = await listen(t, (request) => request.socket.destroy());
      server.on("upgrade", (request, stream) => stream.destroy());
      const connecting = newClient(t).connect(server.url, { transports: transport });
      await assert.rejects(connecting, { name: "ConnectionError", code: "UNREACHABLE" });
    });

    test("[K12] a connection that fails is told to connect_error: JSON as such, other words as text", async (t) => {
      let body = '{"code":3,"message":"Bad request"}';
      const server = await listen(t, (request, response) => response.writeHead(400).end(body));
      server.on("upgrade", (request, stream) => stream.end(`HTTP/1.1 400 X\r\ncontent-length: ${body.length}\r\n\r\n${body}`));
      const client = newClient(t);
      const json = heard(client, "connect_error");
      await assert.rejects(client.connect(server.url, { transports: transport }));
      assert.deepEqual((await json)[0], { code: 3, message: "Bad request" });
      assert.equal((await json)[1].code, "HTTP_STATUS");
      body = "go away";
      const text = heard(client, "connect_error");
      await assert.rejects(client.connect(server.url, { transports: transport }));
      assert.equal((await text)[0], "go away");
    });
  });
}

describe("[NOT_SOCKETIO] what is no Socket.IO server", () => {
  for (const [name, body] of Object.entries(NOT_SOCKETIO)) {
    test(`answers with ${name}`, async (t) => {
      const server = await listen(t, (request, response) => response.end(body));
      const connecting = newClient(t).connect(server.url, { transports: "polling" });
      await assert.rejects(connecting, { name: "ConnectionError", code: "NOT_SOCKETIO", fault: "peer", message: /not a Socket\.IO server/ });
    });
  }

  test("long answers are cut", async (t) => {
    const server = await listen(t, (request, response) => response.end("x".repeat(100_000)));
    const connecting = newClient(t).connect(server.url, { transports: "polling" });
    await assert.rejects(connecting, (error) => error.message.length < 400 && error.body.length <= 201);
  });
});

for (const kind of SERVERS) {
  describe(`a real server (${kind})`, () => {
    for (const transport of ["polling", "websocket"]) {
      test(`[K12, P5, ORIGIN_REFUSED] refuses the origin over ${transport}, and says so`, async (t) => {
        const server = await startServer(t, kind, { cors: ["http://good.example"] });
        const headers = { origin: "http://evil.example" };
        const connecting = newClient(t).connect(server.url, { transports: transport, headers });
        const words = /http:\/\/evil\.example is not an accepted origin/;
        // What is under python's server, uvicorn, answers a websocket's refusal by itself, without words.
        const wordless = kind === "python" && transport === "websocket";
        const expected = wordless ? { code: "HTTP_STATUS", status: 403 } : { code: "ORIGIN_REFUSED", message: words, body: words };
        await assert.rejects(connecting, { name: "ConnectionError", ...expected });
        const client = newClient(t);
        await client.connect(server.url, { transports: transport, headers: () => ({ origin: "http://good.example" }) });
        assert.equal(await client.call("echo", 1), 1);
      });

      test(`is not at the path that was asked for, over ${transport}`, async (t) => {
        const server = await startServer(t, kind);
        const connecting = newClient(t).connect(server.url, { transports: transport, path: "elsewhere" });
        await assert.rejects(connecting, { name: "ConnectionError" });
      });
    }
  });
}
