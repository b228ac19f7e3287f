// The errors of calls name the event, and have the fault of the side that ended the connection.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { startServer } from "../../support/server.mjs";
import { until, within } from "../../support/until.mjs";

const websocket = { transports: ["websocket"] };

// Each ends a call of the event "never" on a client that is connected to a server of its own, and names the error.
const CALLS = [
  ["the time is over", ({ client }) => client.timeout(30).call("never"), { code: "CALL_TIMEOUT", fault: "network" }],
  ["the namespace is unknown", ({ client }) => client.of("/unknown").call("never"), { code: "BAD_NAMESPACE", fault: "misuse" }],
  ["it is too large", ({ client }) => client.call("never", "x".repeat(20_000)), { code: "PAYLOAD_TOO_LARGE", fault: "misuse" }],
  ["it cannot be encoded", ({ client }) => client.call("never", 1n), { code: "UNSERIALIZABLE", fault: "misuse" }],
  ["a volatile one is dropped", ({ client }) => client.volatile.call("never", client.emit("x".repeat(9_000))), { code: "DROPPED", fault: "network" }, true],
  [
    "the program disconnects",
    ({ client }) => [client.call("never"), client.disconnect()][0],
    { code: "DISCONNECTED", fault: "none", reason: "client disconnect" },
  ],
  [
    "the server disconnects the namespace",
    ({ client }) => [client.call("never"), client.emit("kick")][0],
    { code: "DISCONNECTED", fault: "peer", reason: "server disconnect" },
  ],
  [
    "the connection is lost",
    async ({ client, server }) => {
      const call = client.call("never");
      call.catch(() => {});
      await client.call("echo", "the call before was sent");
      await server.kill();
      return call;
    },
    { code: "DISCONNECTED", fault: "network", reason: "transport error" },
  ],
];

describe("a rejected call names its event in the field `event` and in the message, if", () => {
  for (const [what, call, expected, isDisconnected] of CALLS) {
    test(what, async (t) => {
      const server = await startServer(t, "npm", { maxHttpBufferSize: 10_000 });
      const client = newClient(t);
      const connecting = client.connect(server.url, websocket);
      if (!isDisconnected) await connecting;
      await assert.rejects(within("the rejection", call({ client, server })), { ...expected, event: "never", message: /"never"/ });
      await connecting;
    });
  }

  test("there is no connection, or too much is buffered", async (t) => {
    const client = newClient(t, { maxBuffer: 1 });
    await assert.rejects(client.call("never"), { code: "NOT_CONNECTED", event: "never", message: /"never"/ });
    const server = await startServer(t, "npm");
    const connecting = client.connect(server.url, websocket);
    client.emit("echo");
    await assert.rejects(client.call("never"), { code: "BUFFER_FULL", event: "never", message: /"never"/ });
    await connecting;
  });
});

test("the error of a lost connection is the cause of a call's error, which has its fault", async (t) => {
  for (const [fault, code, end] of [
    ["peer", "PARSE_ERROR", (socket) => socket.send("9")],
    ["network", "SOCKET_CLOSED", (socket) => socket.terminate()],
  ]) {
    const peer = await websocketPeer(t, (socket) => socket.on("message", (packet) => String(packet).startsWith("42") && end(socket)));
    const client = newClient(t, { reconnection: false });
    await client.connect(peer.url, websocket);
    await assert.rejects(client.call("x"), (error) => {
      assert.deepEqual([error.code, error.fault, error.cause.code, error.cause.fault], ["DISCONNECTED", fault, code, fault]);
      return true;
    });
  }
});

test("an acknowledgement that cannot be read is the peer's fault", async (t) => {
  const peer = await websocketPeer(t, (socket) => {
    socket.on("message", (packet) => String(packet).startsWith("42") && socket.send(`43${/^42(\d+)/.exec(packet)[1]}[`));
  });
  const client = newClient(t, { reconnection: false });
  await client.connect(peer.url, websocket);
  await assert.rejects(client.call("x"), { code: "DISCONNECTED", fault: "peer", event: "x" });
});

test("a connect() or connectNamespace() that disconnect() ends is nobody's fault", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  const ended = { code: "DISCONNECTED", fault: "none", reason: "client disconnect" };
  const connecting = assert.rejects(client.connect(server.url), ended);
  const joining = assert.rejects(client.connectNamespace("/chat"), ended);
  await client.disconnect();
  await Promise.all([connecting, joining]);
});

test("a connectNamespace() that waits when the client gives up has the last error as its cause", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t, { ...IMPATIENT, reconnectionAttempts: 1 });
  await client.connect(server.url, websocket);
  await server.kill();
  await until("the loss", () => client.state === "reconnecting");
  await assert.rejects(client.connectNamespace("/chat"), ({ code, fault, cause }) => {
    assert.deepEqual([code, fault, cause?.name], ["DISCONNECTED", "network", "ConnectionError"]);
    return true;
  });
});

test("a signal's reason stays as it is", async (t) => {
  const server = await startServer(t, "npm");
  const client = newClient(t);
  await client.connect(server.url, websocket);
  const reason = new api.errors.SocketIOError("enough");
  const controller = new AbortController();
  const call = client.with({ signal: controller.signal }).call("never");
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason && error.message === "enough" && !("event" in error));
});

test("[CONNECTION_ENDED] a SimpleClient's errors name the event, and have the cause of the end", async (t) => {
  for (const [end, expected] of [
    [(socket) => socket.send("9"), { reason: "transport error", fault: "peer" }],
    [(socket) => socket.send("41"), { reason: "server disconnect", fault: "peer" }],
    [(socket) => socket.terminate(), { reason: "transport error", fault: "network" }],
    [(_, client) => client.disconnect(), { reason: "client disconnect", fault: "none" }],
  ]) {
    let socket;
    const peer = await websocketPeer(t, (one) => (socket = one));
    const client = new api.SimpleClient({ reconnection: false });
    t.after(() => client.disconnect());
    await client.connect(peer.url, websocket);
    await until("the peer", () => socket);
    const received = assert.rejects(client.receive(), { code: "CONNECTION_ENDED", ...expected, message: /^(?!.*event )/ });
    end(socket, client);
    await received;
    const ended = { code: "CONNECTION_ENDED", ...expected, event: "x", message: /\(event "x"\)$/ };
    await assert.rejects(client.emit("x"), ended);
    await assert.rejects(client.call("x"), ended);
  }
});
