// ClientNamespace: namespaces whose handlers are the methods of a class.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { newClient } from "../../support/clients.mjs";
import { api } from "../../support/installed.mjs";
import { websocketPeer } from "../../support/peer.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { heard, until, within } from "../../support/until.mjs";

const { ClientNamespace, tuple } = api;

const server = sharedServer("npm");

/** Returns a connected client, and a registered instance of a class with these methods. */
async function connected(t, namespace, methods, options) {
  const client = newClient(t);
  const Class = class extends ClientNamespace {};
  Object.assign(Class.prototype, methods);
  const instance = client.registerNamespace(new Class(namespace));
  await client.connect(server.url, options);
  return { client, instance };
}

// Returns the calls without those for the life of the connection, which depend on its transports.
const withoutLife = (calls) => calls.filter(([event]) => !["state", "upgrade"].includes(event));

describe("methods", () => {
  test("[E14] on_<event> gets the arguments of its event, and `this` is the instance", async (t) => {
    const calls = [];
    const { instance } = await connected(t, "/chat", {
      "on_echo-back"(...args) {
        calls.push([this, ...args]);
      },
    });
    instance.emit("echo-back", 1, { two: 2 });
    await instance.call("echo");
    assert.deepEqual(calls, [[instance, 1, { two: 2 }]]);
  });

  test("are called for the events of the connection", async (t) => {
    const calls = [];
    const note = (event) => (...args) => void calls.push([event, ...args]);
    const names = ["connect", "disconnect", "disconnectFinal"];
    const { client } = await connected(t, "/chat", Object.fromEntries(names.map((event) => [`on_${event}`, note(event)])));
    await client.disconnect();
    assert.deepEqual(calls, [["connect"], ["disconnect", "client disconnect", { cause: "client disconnect" }], ["disconnectFinal", "client disconnect"]]);
  });

  test("are called for a refusal", async (t) => {
    const calls = [];
    const refused = connected(t, "/refuse", { on_connect_error: (...args) => calls.push(args) });
    await assert.rejects(refused, { code: "REFUSED" });
    assert.deepEqual(calls.map(([error, ...others]) => [error.code, error.data, error.namespaces, others]), [["REFUSED", { message: "no entry" }, ["/refuse"], []]]);
  });

  test("may be called on___disconnect_final as in python-socketio, and on_disconnectFinal has precedence", async (t) => {
    const calls = [];
    const methods = { on___disconnect_final: () => calls.push("python") };
    await (await connected(t, "/", methods)).client.disconnect();
    await (await connected(t, "/", { ...methods, on_disconnectFinal: () => calls.push("ours") })).client.disconnect();
    assert.deepEqual(calls, ["python", "ours"]);
  });

  for (const [what, answer, expected] of [
    ["a value", () => ["one", "argument"], [["one", "argument"]]],
    ["a promise", async () => 1, [1]],
    ["a tuple", () => tuple(1, "two"), [1, "two"]],
    ["nothing", () => {}, []],
  ]) {
    test(`answer an acknowledgement with ${what}`, async (t) => {
      const { client, instance } = await connected(t, "/chat", { on_question: answer });
      const answered = heard(client.of("/chat"), "answered");
      instance.emit("ask");
      assert.deepEqual(await answered, expected);
    });
  }

  test("may be missing: their events are ignored, and not acknowledged", async (t) => {
    const seen = [];
    const later = async function (...args) {
      return spy.apply(this, args);
    };
    for (const own of [{}, { triggerEvent: spy }, { triggerEvent: later }]) {
      const { client, instance } = await connected(t, "/chat", own);
      const answered = client.of("/chat").events("answered");
      instance.emit("ask");
      await instance.call("echo", "the event has come");
      instance.on_question = () => "handled";
      instance.emit("ask");
      const { value } = await within("the answer", answered.next());
      assert.deepEqual(value, ["handled"], "the answer to the second event is the only one");
    }
    assert.deepEqual(seen.filter((event) => event === "question"), ["question", "question", "question", "question"]);

    function spy(event, ...args) {
      seen.push(event);
      return api.ClientNamespace.prototype.triggerEvent.call(this, event, ...args);
    }
  });

  test("that throw are reported, and the client goes on", async (t) => {
    const errors = reportedErrors(t);
    const error = new Error("mine");
    const { instance } = await connected(t, "/chat", {
      "on_echo-back"() {
        throw error;
      },
    });
    instance.emit("echo-back");
    await instance.call("echo");
    assert.deepEqual(errors, [error]);
  });

  test("of Object.prototype cannot be called by the server", async (t) => {
    const names = ["constructor", "toString", "__proto__", "hasOwnProperty", "triggerEvent", "disconnect ", ""];
    const peer = await websocketPeer(t, (socket) => {
      for (const name of names) socket.send(`42${JSON.stringify([name, "x"])}`);
      socket.send('42["last"]');
    });
    const client = newClient(t);
    const seen = [];
    class All extends ClientNamespace {
      triggerEvent(event, ...args) {
        seen.push([event, super.triggerEvent(event, ...args)]);
      }
    }
    client.registerNamespace(new All());
    await client.connect(peer.url, { transports: "websocket" });
    await until("the last event", () => seen.at(-1)?.[0] === "last");
    const called = withoutLife(seen);
    assert.deepEqual(called.map(([event]) => event), ["connect", ...names, "last"]);
    assert.deepEqual(new Set(called.map(([, result]) => result)).size, 1, "no method of the object was called");
  });
});

describe("triggerEvent", () => {
  test("[E14] gets all events if it is overridden, and its result is the answer", async (t) => {
    const calls = [];
    const { client, instance } = await connected(t, "/chat", {
      triggerEvent(event, ...args) {
        calls.push([event, ...args]);
        return "the answer";
      },
    });
    const answered = heard(client.of("/chat"), "answered");
    instance.emit("ask", 1);
    assert.deepEqual(await answered, ["the answer"]);
    assert.deepEqual(withoutLife(calls), [["connect"], ["question", 1]]); // "answered" has a handler function, which has precedence
  });

  test('of "*" gets the event, the namespace and the arguments; its methods get the namespace and the arguments', async (t) => {
    const calls = [];
    const { client } = await connected(
      t,
      "*",
      {
        triggerEvent(event, ...args) {
          calls.push([event, ...args]);
          return ClientNamespace.prototype.triggerEvent.call(this, event, ...args);
        },
        "on_echo-back": (...args) => void calls.push(["method", ...args]),
      },
      { namespaces: ["/", "/chat"] },
    );
    client.of("/chat").emit("echo-back", 1);
    await client.of("/chat").call("echo");
    assert.deepEqual(withoutLife(calls), [["connect", "/"], ["connect", "/chat"], ["echo-back", "/chat", 1], ["method", "/chat", 1]]);
  });
});

describe("an instance", () => {
  test("has its namespace, its client, `connected` and `sid`", async (t) => {
    assert.equal(new ClientNamespace().namespace, "/");
    const { client, instance } = await connected(t, "/chat", {});
    assert.deepEqual([instance.namespace, instance.client, instance.connected], ["/chat", client, true]);
    assert.equal(instance.sid, client.getSid("/chat"));
    await client.disconnect();
    assert.deepEqual([instance.connected, instance.sid], [false, undefined]);
  });

  test("[E14] emits, sends and calls on its own namespace, or on another one by of()", async (t) => {
    const { client, instance } = await connected(t, "/chat", {}, { namespaces: ["/", "/chat"] });
    const heardOn = (namespace) => heard(client.of(namespace), "echo-back");
    const [chat, root] = [heardOn("/chat"), heardOn("/")];
    assert.equal(instance.emit("echo-back", "chat"), instance);
    instance.of("/").emit("echo-back", "root");
    assert.deepEqual(await Promise.all([chat, root]), [["chat"], ["root"]]);
    assert.equal(await instance.call("echo", 1), 1);
    assert.equal(await instance.emitWithAck("echo", 2), 2);
    assert.equal(await instance.volatile.call("echo", 3), 3);
    await assert.rejects(instance.timeout(20).call("never"), { code: "CALL_TIMEOUT", milliseconds: 20 });
    await assert.rejects(instance.with({ timeout: 20 }).call("never"), { code: "CALL_TIMEOUT" });
    await assert.rejects(instance.send(7).with({ signal: AbortSignal.abort("why") }).call("echo"), (why) => why === "why");
  });

  test("[E14] disconnects the whole client", async (t) => {
    const { client, instance } = await connected(t, "/chat", {}, { namespaces: ["/", "/chat"] });
    await instance.disconnect();
    assert.deepEqual([client.state, client.namespaces.size], ["disconnected", 0]);
  });

  test("is connected by connect() without a list of namespaces; one for "*" is not", async (t) => {
    const client = newClient(t);
    client.registerNamespace(new ClientNamespace("/chat"));
    client.registerNamespace(new ClientNamespace("*"));
    client.on("news", () => {}, { namespace: "/early" });
    await client.connect(server.url);
    assert.deepEqual([...client.namespaces.keys()].sort(), ["/chat", "/early"]);
  });

  test("replaces the instance before it", async (t) => {
    const calls = [];
    const { client, instance } = await connected(t, "/chat", { "on_echo-back": () => calls.push("first") });
    client.registerNamespace(Object.assign(new ClientNamespace("/chat"), { "on_echo-back": () => calls.push("second") }));
    instance.emit("echo-back");
    await instance.call("echo");
    assert.deepEqual(calls, ["second"]);
  });

  test("and its client do not keep each other alive", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc");
    const gone = [];
    await (async () => {
      const { client, instance } = await connected({ after: () => {} }, "/chat", {}); // a real context would keep the client until the end
      await client.disconnect();
      gone.push(new WeakRef(client), new WeakRef(instance));
    })();
    await until("the collection of both", () => {
      collectGarbage();
      return gone.every((reference) => reference.deref() === undefined);
    });
  });
});

describe("misuse", () => {
  for (const value of [undefined, {}, ClientNamespace, class extends ClientNamespace {}, "chat"]) {
    test(`[E14, INVALID_NAMESPACE_CLASS] registerNamespace(${String(value)}) throws`, (t) => {
      const expected = { name: "InvalidArgumentError", code: "INVALID_NAMESPACE_CLASS", fault: "misuse", message: /^Not a namespace instance: .*ClientNamespace/ };
      assert.throws(() => newClient(t).registerNamespace(value), expected);
    });
  }

  for (const namespace of ["chat", "", "/a,b", 7, null]) {
    test(`new ClientNamespace(${JSON.stringify(namespace)}) throws`, () => {
      assert.throws(() => new ClientNamespace(namespace), { name: "InvalidArgumentError", code: "INVALID_NAMESPACE" });
    });
  }

  test("[NOT_REGISTERED] an instance that is not registered refuses to emit, call and disconnect", async () => {
    const instance = new ClientNamespace("/chat");
    const expected = { name: "BadNamespaceError", code: "NOT_REGISTERED", fault: "misuse", namespace: "/chat", message: /registerNamespace\(\)/ };
    assert.throws(() => instance.emit("x"), expected);
    await assert.rejects(instance.call("x"), expected);
    await assert.rejects(instance.disconnect(), expected);
    assert.deepEqual([instance.client, instance.connected], [undefined, false]);
  });

  test('an instance for "*" refuses to emit', async (t) => {
    const { instance } = await connected(t, "*", {});
    assert.throws(() => instance.emit("x"), { name: "BadNamespaceError", code: "BAD_NAMESPACE", namespace: "*" });
  });
});
