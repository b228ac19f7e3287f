// Servers that do not speak Socket.IO, and servers that refuse the client: each error says what happened, with the server's own message.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { listen } from "../../support/listen.mjs";
import { SERVERS, startServer } from "../../support/server.mjs";
import { heard } from "../../support/until.mjs";

const VERSION = "The client is using an unsupported version of the Socket.IO or Engine.IO protocols";

// The status and the body of an answer, and the error that is expected.
const ANSWERS = {
  "404 with a message": [404, "nothing here", { code: "HTTP_STATUS", status: 404, body: "nothing here", message: /404.*nothing here/ }],
  "500 with a message": [500, "on fire", { code: "HTTP_STATUS", status: 500, body: "on fire", message: /500.*on fire/ }],
  "503 without a message": [503, "", { code: "HTTP_STATUS", status: 503, message: /503/ }],
  "an unsupported version, in npm's form": [
    400,
    '{"code":5,"message":"Unsupported protocol version"}',
    { code: "UNSUPPORTED_VERSION", status: 400, message: /Unsupported protocol version/ },
  ],
  "[UNSUPPORTED_VERSION] an unsupported version, in python's form": [400, JSON.stringify(VERSION), { code: "UNSUPPORTED_VERSION", status: 400, message: /unsupported version/ }],
  "a refused origin": [400, '"http://x is not an accepted origin."', { code: "ORIGIN_REFUSED", status: 400, message: /not an accepted origin/ }],
};

// Answers with the status 200 that are not a handshake. Over polling only: a websocket's handshake has no body.
const NOT_SOCKETIO = {
  "a web page": "<!doctype html><title>Hello</title>",
  "nothing": "",
  "JSON": '{"hello":"world"}',
  "an open packet without a sid": '0{"upgrades":[]}',
  "a truncated open packet": '0{"sid":"x"',
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

    test("a port without a server is UNREACHABLE", async (t) => {
      const server = await listen(t, () => {});
      await server.end();
      const connecting = newClient(t).connect(server.url, { transports: transport });
      const expected = { name: "ConnectionError", code: "UNREACHABLE", fault: "network", transport, message: /ECONNREFUSED/ };
      await assert.rejects(connecting, expected);
    });

    test("[K11, REQUEST_TIMEOUT] a server that never answers is a REQUEST_TIMEOUT", async (t) => {
      const server = await listen(t, () => {});
      server.on("upgrade", () => {});
      const connecting = newClient(t, { requestTimeout: 60 }).connect(server.url, { transports: transport });
      await assert.rejects(connecting, { name: "ConnectionError", code: "REQUEST_TIMEOUT", milliseconds: 60, transport });
    });

    test("a connection that breaks off before an answer is UNREACHABLE", async (t) => {
      const server = await listen(t, (request) => request.socket.destroy());
      server.on("upgrade", (request, stream) => stream.destroy());
      const connecting = newClient(t).connect(server.url, { transports: transport });
      await assert.rejects(connecting, { name: "ConnectionError", code: "UNREACHABLE" });
    });

    test("[K12] connect_error receives the body of a failed attempt, parsed if it is JSON and else as a string", async (t) => {
      let body = '{"code":3,"message":"Bad request"}';
      const server = await listen(t, (request, response) => response.writeHead(400).end(body));
      server.on("upgrade", (request, stream) => stream.end(`HTTP/1.1 400 X\r\ncontent-length: ${body.length}\r\n\r\n${body}`));
      const client = newClient(t);
      const json = heard(client, "connect_error");
      await assert.rejects(client.connect(server.url, { transports: transport }));
      assert.deepEqual((await json)[0].data, { code: 3, message: "Bad request" });
      assert.equal((await json)[0].code, "HTTP_STATUS");
      body = "go away";
      const text = heard(client, "connect_error");
      await assert.rejects(client.connect(server.url, { transports: transport }));
      assert.equal((await text)[0].data, "go away");
    });
  });
}

describe("[NOT_SOCKETIO] a server that does not speak Socket.IO", () => {
  for (const [name, body] of Object.entries(NOT_SOCKETIO)) {
    test(`answers with ${name}`, async (t) => {
      const server = await listen(t, (request, response) => response.end(body));
      const connecting = newClient(t).connect(server.url, { transports: "polling" });
      await assert.rejects(connecting, { name: "ConnectionError", code: "NOT_SOCKETIO", fault: "peer", message: /not a Socket\.IO server/ });
    });
  }

  test("has its long answer truncated in the error", async (t) => {
    const server = await listen(t, (request, response) => response.end("x".repeat(100_000)));
    const connecting = newClient(t).connect(server.url, { transports: "polling" });
    await assert.rejects(connecting, (error) => error.message.length < 400 && error.body.length <= 201);
  });
});

for (const kind of SERVERS) {
  describe(`a real server (${kind})`, () => {
    for (const transport of ["polling", "websocket"]) {
      test(`[K12, P5, ORIGIN_REFUSED] refuses another origin over ${transport}, and the error says so`, async (t) => {
        const server = await startServer(t, kind, { cors: ["http://good.example"] });
        const headers = { origin: "http://evil.example" };
        const connecting = newClient(t).connect(server.url, { transports: transport, headers });
        const message = /http:\/\/evil\.example is not an accepted origin/;
        // Below python's server, uvicorn refuses a websocket by itself, with an empty body.
        const isEmpty = kind === "python" && transport === "websocket";
        const expected = isEmpty ? { code: "HTTP_STATUS", status: 403 } : { code: "ORIGIN_REFUSED", message, body: message };
        await assert.rejects(connecting, { name: "ConnectionError", ...expected });
        const client = newClient(t);
        await client.connect(server.url, { transports: transport, headers: () => ({ origin: "http://good.example" }) });
        assert.equal(await client.call("echo", 1), 1);
      });

      test(`is not found at another path, over ${transport}`, async (t) => {
        const server = await startServer(t, kind);
        const connecting = newClient(t).connect(server.url, { transports: transport, path: "elsewhere" });
        await assert.rejects(connecting, { name: "ConnectionError" });
      });
    }
  });
}
