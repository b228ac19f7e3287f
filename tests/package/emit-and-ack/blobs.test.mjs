// Blobs and Files among the arguments: the client reads their bytes first, and later events wait behind them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IMPATIENT, everyWay, newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { startServer } from "../../support/server.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const bytes = (...values) => new Uint8Array(values);

/** A Blob whose reading ends when `open()` is called, or fails with the error of `fail()`. */
class GatedBlob extends Blob {
  #gate = gate();
  async arrayBuffer() {
    await this.#gate.promise;
    return super.arrayBuffer();
  }
  open() {
    this.#gate.resolve();
  }
  fail(error) {
    this.#gate.promise.catch(() => {}); // the client may read it later
    this.#gate.reject(error);
  }
}

function gate() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

everyWay(({ connect }) => {
  test("[M2] Blobs are sent as binary data, wherever they stand", async (t) => {
    const client = await connect(t);
    const blob = new Blob([bytes(1, 2)]);
    const file = new File(["text"], "name.txt");
    const value = { file, list: [blob, bytes(3), [blob]], empty: new Blob([]), n: 1 };
    const expected = { file: bytes(...Buffer.from("text")), list: [bytes(1, 2), bytes(3), [bytes(1, 2)]], empty: bytes(), n: 1 };
    assert.deepEqual(await within("the answer", client.call("echo", blob, value)), [bytes(1, 2), expected]);
    assert.deepEqual(value, { file, list: [blob, bytes(3), [blob]], empty: new Blob([]), n: 1 });
  });

  test("later events do not overtake a Blob", async (t) => {
    const client = await connect(t);
    const order = [];
    const last = new Promise((resolve) => client.on("echo-back", (n) => (order.push(n), n === "last" && resolve())));
    const blob = new GatedBlob(["x"]);
    client.emit("echo-back", 1);
    client.emit("echo-back", 2, blob).emit("echo-back", 3).emit("echo-back", 4, new Blob(["y"]));
    const called = client.call("echo", "behind");
    client.emit("echo-back", "last");
    blob.open();
    await within("the last event", last);
    assert.deepEqual(order, [1, 2, 3, 4, "last"]);
    assert.equal(await called, "behind");
  });
});

describe("while a Blob is read", () => {
  const server = sharedServer("npm");

  const connected = async (t, options, connectOptions) => {
    const client = newClient(t, { ...IMPATIENT, ...options });
    await client.connect(server.url, connectOptions);
    return client;
  };

  /** Resolves to the values that the server has counted for the client with this id. */
  const counted = async (t, id) => (await connected(t)).call("counted", id);

  const reported = (client) => {
    const errors = [];
    client.on("error", (error) => errors.push(error));
    return errors;
  };

  test("disconnect() waits for it and for the events behind it; later events are refused", async (t) => {
    const client = await connected(t, {}, { auth: { id: "disconnecting" } });
    const blob = new GatedBlob(["x"]);
    client.emit("count", blob).emit("count", 2);
    const disconnected = client.disconnect();
    const late = assert.rejects(client.call("echo"), { code: "NOT_CONNECTED" });
    assert.equal(client.connected, true);
    blob.open();
    await within("the disconnection", disconnected);
    await late;
    assert.equal(client.state, "disconnected");
    const values = await until("both values", async () => {
      const values = await counted(t, "disconnecting");
      return values.length === 2 && values;
    });
    assert.deepEqual(values, [bytes(120), 2]);
  });

  test("disconnect() does not wait for ever: several Blobs that are never read share one time limit", async (t) => {
    const client = await connected(t, { requestTimeout: 300 });
    const errors = reported(client);
    for (let index = 0; index < 30; index++) client.emit("count", new GatedBlob(["x"]));
    const call = assert.rejects(client.call("echo", new GatedBlob(["x"])), { name: "DisconnectedError" });
    await within("the disconnection", client.disconnect());
    await call;
    assert.equal(client.state, "disconnected");
    assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["BLOB_UNREADABLE"]);
    assert.equal(errors.length, 30);
  });

  test("the time limit of a disconnection that has ended does not apply to Blobs of the next connection", async (t) => {
    const client = await connected(t, { requestTimeout: 1_000, reconnection: false });
    const errors = reported(client);
    const closed = heard(client, "disconnect");
    client.emit("close-engine").emit("count", new GatedBlob(["x"]));
    const first = client.disconnect();
    await within("the closing by the server", closed);
    await within("both disconnections", Promise.all([first, client.disconnect()]));
    await client.connect(server.url);
    // Its own time begins later. With the time of the disconnection, the call would end with a DisconnectedError.
    const call = client.call("echo", new GatedBlob(["x"]));
    await assert.rejects(within("the time for reading it", call), { code: "BLOB_UNREADABLE" });
    assert.deepEqual(errors, []);
  });

  test("a signal ends a connectNamespace() that waits behind it, and the namespace is not connected", async (t) => {
    const client = await connected(t);
    const blob = new GatedBlob(["x"]);
    const sent = client.call("echo", blob);
    const controller = new AbortController();
    const joining = client.connectNamespace("/chat", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(joining, { message: "enough" });
    blob.open();
    await sent;
    await client.call("echo"); // everything that was sent before this has been answered
    assert.deepEqual([...client.namespaces.keys()], ["/"]);
    assert.throws(() => client.of("/chat").emit("x"), { name: "BadNamespaceError" });
  });

  test("disconnectNamespace() waits for it", async (t) => {
    const client = await connected(t, {}, { namespaces: ["/", "/chat"], auth: { id: "leaving" } });
    const blob = new GatedBlob(["x"]);
    client.of("/chat").emit("count", blob);
    await client.disconnectNamespace("/chat");
    assert.ok(client.getSid("/chat"));
    blob.open();
    await until("the namespace's end", () => client.getSid("/chat") === undefined);
    assert.deepEqual(await client.call("counted", "leaving"), [bytes(120)]);
  });

  test("connect() and connectNamespace() wait for the disconnection before them", async (t) => {
    const client = await connected(t, {}, { namespaces: ["/", "/chat"] });
    const before = client.sid;
    const blob = new GatedBlob(["x"]);
    client.emit("count", blob);
    const left = client.disconnectNamespace("/chat");
    const joined = client.connectNamespace("/chat");
    const disconnected = client.disconnect();
    const again = client.connect(server.url);
    const controller = new AbortController();
    const aborted = assert.rejects(client.connect(server.url, { signal: controller.signal }), /enough/);
    const called = client.call("echo", "on the next connection");
    controller.abort(new Error("enough"));
    blob.open();
    await assert.rejects(joined, { code: "DISCONNECTED" });
    await Promise.all([left, disconnected, again, aborted]);
    assert.equal(await called, "on the next connection");
    assert.ok(client.sid !== before && client.getSid("/chat") === undefined);
  });

  test("drain() and bufferedAmount include the events that wait", async (t) => {
    const client = await connected(t);
    const blob = new GatedBlob(["x"]);
    client.emit("echo-back", blob).emit("echo-back", 2);
    assert.equal(client.bufferedAmount, 2);
    let drained = false;
    const draining = client.drain().then(() => (drained = true));
    await client.wait({ signal: AbortSignal.timeout(1) }).catch(() => {});
    assert.equal(drained, false);
    blob.open();
    await within("the drain", draining);
    assert.equal(client.bufferedAmount, 0);
  });

  test("changes of an argument after emit() are not sent", async (t) => {
    const client = await connected(t);
    const blob = new GatedBlob(["x"]);
    const [first, second] = [{ blob, n: 1 }, { n: 1 }];
    const answers = [client.call("echo", first), client.call("echo", second)];
    first.n = second.n = 2;
    blob.open();
    assert.deepEqual(await Promise.all(answers), [{ blob: bytes(120), n: 1 }, { n: 1 }]);
  });

  test("[BLOB_UNREADABLE] a Blob that cannot be read rejects its call, or is reported; events behind it are sent", async (t) => {
    const client = await connected(t);
    const errors = reported(client);
    const cause = new Error("the file is gone");
    const expected = { name: "InvalidArgumentError", code: "BLOB_UNREADABLE", fault: "misuse", event: "echo", cause, message: /"echo".*the file is gone/ };
    const called = new GatedBlob(["x"]);
    const call = assert.rejects(client.call("echo", called), expected);
    const emitted = new GatedBlob(["x"]);
    client.emit("echo", emitted, () => assert.fail("answered"));
    const behind = client.call("echo", "behind");
    called.fail(cause);
    emitted.fail(cause);
    await call;
    assert.equal(await within("the answer", behind), "behind");
    assert.deepEqual(errors.map(({ code, cause }) => [code, cause]), [["BLOB_UNREADABLE", cause]]);
  });

  test("a Blob that is not read within requestTimeout counts as unreadable", async (t) => {
    const client = await connected(t, { requestTimeout: 100 });
    const call = assert.rejects(client.call("echo", new GatedBlob(["x"])), { code: "BLOB_UNREADABLE", message: /100 ms.*requestTimeout/ });
    const behind = client.call("echo", "behind");
    await within("the error", call);
    assert.equal(await behind, "behind");
  });

  test("the time-out and the signal of a call end it while it waits, and it is not sent", async (t) => {
    const client = await connected(t, {}, { auth: { id: "giving up" } });
    const blob = new GatedBlob(["x"]);
    const controller = new AbortController();
    const late = assert.rejects(client.timeout(20).call("count", blob), { name: "TimeoutError", code: "CALL_TIMEOUT", event: "count", milliseconds: 20 });
    const aborted = assert.rejects(client.with({ signal: controller.signal }).call("count", "aborted", new GatedBlob(["y"])), /enough/);
    const behind = client.call("echo", "behind");
    await within("the time-out", late);
    controller.abort(new Error("enough"));
    await aborted;
    assert.equal(await within("the answer", behind), "behind");
    assert.deepEqual(await client.call("counted", "giving up"), []);
  });

  test("the time-out of a call covers both the wait for the Blob and the answer", async (t) => {
    const client = await connected(t);
    const blob = new GatedBlob(["x"]);
    const call = assert.rejects(client.timeout(1_000).call("never", blob), { code: "CALL_TIMEOUT", event: "never" });
    // Compared with another timer, not with the clock: on a busy machine timers may be late, but they fire in their order.
    const tooLate = client.sleep(1_600).then(() => assert.fail("the time began again"));
    await client.sleep(700);
    blob.open();
    await Promise.race([call, tooLate]);
    tooLate.catch(() => {});
  });

  test("a signal that is aborted after the call was sent rejects the call", async (t) => {
    const client = await connected(t);
    const controller = new AbortController();
    const call = assert.rejects(client.with({ signal: controller.signal }).call("never", new Blob(["x"])), /enough/);
    await client.call("echo");
    controller.abort(new Error("enough"));
    await call;
  });

  test("if the connection is lost meanwhile, all events are sent on the next one, in order", async (t) => {
    const own = await startServer(t, "npm");
    const client = newClient(t);
    await client.connect(own.url, { auth: { id: "lost" } });
    const blob = new GatedBlob(["x"]);
    client.emit("count", blob).emit("count", 2);
    await own.kill();
    await until("the loss", () => client.state === "reconnecting");
    blob.open();
    await until("the end of the reading", () => client.bufferedAmount === 2);
    client.emit("count", 3);
    await own.start();
    const values = await within("the answer", client.call("counted", "lost"));
    assert.deepEqual(values, [bytes(120), 2, 3]);
  });

  test("disconnect() without a connection drops the events that wait", async (t) => {
    const client = newClient(t);
    const errors = reported(client);
    client.connect(server.url, { auth: () => new Promise(() => {}) }).catch(() => {});
    const blob = new GatedBlob(["x"]);
    client.emit("count", blob);
    const dropped = assert.rejects(client.call("echo"), { name: "DisconnectedError", code: "DISCONNECTED", event: "echo", fault: "none" });
    assert.deepEqual(await within("the disconnection", client.disconnect()), { unsent: 1 }); // the call has rejected
    await dropped;
    assert.deepEqual([client.bufferedAmount, errors], [0, []]);
  });

  test("misuse throws at once, as without a Blob", async (t) => {
    const blob = new Blob(["x"]);
    const client = newClient(t, { ...IMPATIENT, maxBuffer: 2 });
    assert.throws(() => client.emit("x", blob), { code: "NOT_CONNECTED" });
    await client.connect(server.url);
    assert.throws(() => client.of("/chat").emit("x", blob), { code: "BAD_NAMESPACE", namespace: "/chat" });
    const gated = new GatedBlob(["x"]);
    client.emit("count", gated).emit("count");
    assert.throws(() => client.emit("echo"), { code: "BUFFER_FULL", limit: 2 });
    const circle = [];
    circle.push(circle);
    assert.throws(() => client.of("/chat").emit("x"), { code: "BAD_NAMESPACE" });
    gated.open();
    await client.drain();
    assert.throws(() => client.emit("echo", blob, circle), { code: "UNSERIALIZABLE" });
    client.emit("count", blob);
    assert.throws(() => client.emit("echo", circle), { code: "UNSERIALIZABLE" });
  });

  test("an event behind it that cannot be serialized is reported", async (t) => {
    const client = await connected(t);
    const errors = reported(client);
    client.emit("count", new Blob(["x"])).emit("count", 1n);
    await assert.rejects(client.call("echo", 1n), { code: "UNSERIALIZABLE" });
    assert.equal(await client.call("echo", "behind"), "behind");
    assert.deepEqual(errors.map(({ code }) => code), ["UNSERIALIZABLE"]);
  });

  test("a callback gets the acknowledgement", async (t) => {
    const client = await connected(t);
    const answer = await new Promise((resolve) => client.emit("echo", new Blob(["x"]), 2, (...values) => resolve(values)));
    assert.deepEqual(answer, [bytes(120), 2]);
  });

  test("a volatile call that cannot be sent when its Blob was read is dropped", async (t) => {
    const own = await startServer(t, "npm");
    const client = newClient(t);
    await client.connect(own.url);
    const blob = new GatedBlob(["x"]);
    const dropped = assert.rejects(client.volatile.call("echo", blob), { code: "DROPPED", event: "echo" });
    await own.kill();
    await until("the loss", () => client.state === "reconnecting");
    blob.open();
    await dropped;
  });

  test("a handler may answer with a Blob", async (t) => {
    const client = await connected(t);
    for (const [answer, expected] of [
      [new Blob(["x"]), [bytes(120)]],
      [api.tuple(1, { file: new File(["y"], "name") }), [1, { file: bytes(121) }]],
    ]) {
      client.once("question", () => answer);
      const answered = heard(client, "answered");
      client.emit("ask");
      assert.deepEqual(await answered, expected);
    }
  });

  test("an answer whose Blob cannot be read is reported", async (t) => {
    const client = await connected(t);
    const errors = reported(client);
    const blob = new GatedBlob(["x"]);
    const cause = new Error("gone");
    blob.fail(cause);
    client.on("question", () => blob);
    client.emit("ask");
    await until("the report", () => errors.length > 0);
    assert.deepEqual(errors.map(({ code, cause }) => [code, cause]), [["UNSERIALIZABLE", cause]]);
  });

  test("SimpleClient and ClientNamespace send Blobs, too", async (t) => {
    const simple = new api.SimpleClient();
    t.after(() => simple.disconnect());
    await simple.connect(server.url);
    assert.deepEqual(await simple.call("echo", new Blob(["x"])), bytes(120));
    await simple.emit("echo-back", new Blob(["y"]));
    assert.deepEqual(await simple.receive(), ["echo-back", bytes(121)]);
    const client = newClient(t);
    const chat = client.registerNamespace(new api.ClientNamespace("/chat"));
    await client.connect(server.url);
    assert.deepEqual(await chat.call("echo", [new Blob(["z"])]), [bytes(122)]);
  });
});

test("a client with another serializer sends Blobs, too", async (t) => {
  const server = await startServer(t, "python", { serializer: "msgpack" });
  const client = newClient(t, { serializer: "msgpack" });
  await client.connect(server.url);
  assert.deepEqual(await client.call("echo", { file: new Blob(["x"]) }), { file: bytes(120) });
});
