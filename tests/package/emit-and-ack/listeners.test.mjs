// Several listeners of one event, listeners of any event, and events as an async iterator.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newClient } from "../../support/clients.mjs";
import { sent } from "../../support/echo.mjs";
import { reportedErrors } from "../../support/reported-errors.mjs";
import { sharedServer } from "../../support/shared-server.mjs";
import { within } from "../../support/until.mjs";

const server = sharedServer("npm");

async function connected(t, namespaces) {
  const client = newClient(t);
  await client.connect(server.url, { namespaces });
  return client;
}

describe("several listeners of one event", () => {
  test("[E1] are called in the order of their registration, each once", async (t) => {
    const client = await connected(t);
    const calls = [];
    const first = (value) => calls.push(["first", value]);
    client.on("echo-back", first);
    client.once("echo-back", (value) => calls.push(["once", value]));
    client.on("echo-back", (value) => calls.push(["last", value]));
    client.once("echo-back", first); // counts once, and stays
    await sent(client, 1);
    await sent(client, 2);
    assert.deepEqual(calls, [["first", 1], ["once", 1], ["last", 1], ["first", 2], ["last", 2]]); // prettier-ignore
  });

  test("are removed one by one, or all at once", (t) => {
    const client = newClient(t);
    const [one, two, three] = [() => {}, () => {}, () => {}];
    const removeOne = client.on("news", one);
    client.once("news", two);
    client.on("news", three);
    client.listeners("news").pop(); // a copy
    assert.deepEqual(client.listeners("news"), [one, two, three]);
    assert.equal(client.off("news", two), true);
    assert.equal(client.off("news", two), false);
    removeOne();
    assert.deepEqual(client.listeners("news"), [three]);
    client.on("news", one);
    assert.equal(client.off("news"), true);
    assert.deepEqual(client.listeners("news"), []);
    client.on("news", one);
    client.on("a", one);
    client.on("b", one);
    client.of("/chat").on("a", one);
    assert.equal(client.removeAllListeners("a"), client);
    assert.deepEqual([client.listeners("a"), client.listeners("b")], [[], [one]]);
    client.removeAllListeners();
    assert.deepEqual(client.listeners("b"), []);
    assert.deepEqual(client.of("/chat").listeners("a"), [one], "another namespace keeps its own");
  });

  test("stay until each call that added them is undone, and a call is undone once", (t) => {
    const client = newClient(t);
    const shared = () => {};
    const undoFirst = client.on("news", shared);
    const limit = new AbortController();
    client.on("news", shared, { signal: limit.signal });
    undoFirst();
    undoFirst();
    assert.deepEqual(client.listeners("news"), [shared], "the second call is not undone");
    limit.abort();
    assert.deepEqual(client.listeners("news"), []);

    client.on("news", () => {}); // the list of the event stays
    const undoOld = client.on("news", shared);
    assert.equal(client.off("news", shared), true);
    const undoNew = client.on("news", shared);
    undoOld();
    assert.ok(client.listeners("news").includes(shared), "another addition is not undone");
    undoNew();
    assert.ok(!client.listeners("news").includes(shared));
  });

  test("end by a signal, or after one event", async (t) => {
    const client = await connected(t);
    const calls = [];
    const limit = new AbortController();
    client.on("echo-back", (value) => calls.push(["signal", value]), { signal: limit.signal });
    client.on("echo-back", (value) => calls.push(["once", value]), { once: true });
    client.on("echo-back", () => calls.push("never"), { signal: AbortSignal.abort() });
    await sent(client, 1);
    limit.abort();
    await sent(client, 2);
    assert.deepEqual(calls, [["signal", 1], ["once", 1]]); // prettier-ignore
    assert.deepEqual(client.listeners("echo-back"), []);
  });

  test("may remove and add others: a removed one is called no more, an added one from the next event on", async (t) => {
    const client = await connected(t);
    const calls = [];
    const removed = () => calls.push("removed");
    const added = (value) => calls.push(["added", value]);
    client.once("echo-back", () => {
      client.off("echo-back", removed);
      client.on("echo-back", added);
    });
    client.on("echo-back", removed);
    await sent(client, 1);
    await sent(client, 2);
    assert.deepEqual(calls, [["added", 2]]);
  });

  test("are all called if one throws, which is reported", async (t) => {
    const client = await connected(t);
    const errors = reportedErrors(t);
    const calls = [];
    client.on("echo-back", () => {
      throw new Error("intended");
    });
    client.on("echo-back", (value) => calls.push(value));
    await sent(client, 1);
    assert.deepEqual(calls, [1]);
    assert.deepEqual(errors.map(({ message }) => message), ["intended"]); // prettier-ignore
  });
});

test("a listener that was removed or called once leaves nothing at its signal", async (t) => {
  const client = await connected(t);
  const { signal } = new AbortController();
  const counts = { added: 0, removed: 0 };
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...args) => void (counts.added++, add.apply(signal, args));
  signal.removeEventListener = (...args) => void (counts.removed++, remove.apply(signal, args));
  client.once("echo-back", () => {}, { signal });
  await sent(client, 1);
  assert.deepEqual(counts, { added: 1, removed: 1 });
  client.on("news", () => {}, { signal });
  client.off("news");
  client.onAny(() => {}, { signal });
  client.offAny();
  assert.deepEqual(counts, { added: 3, removed: 3 });
  const shared = () => {};
  client.on("news", shared);
  client.on("news", shared, { signal })();
  assert.deepEqual(counts, { added: 4, removed: 4 }, "an addition that is undone, while the listener stays");
});

test("a listener that is added for once and for good stays if either addition is undone, until the event", async (t) => {
  const client = await connected(t);
  const calls = [];
  const listener = (value) => calls.push(value);
  const undoOnce = client.once("echo-back", listener);
  const undoOn = client.on("echo-back", listener);
  undoOn();
  await sent(client, 1);
  await sent(client, 2); // the one event has come
  client.once("echo-back", listener);
  client.on("echo-back", listener);
  undoOnce();
  await sent(client, 3);
  await sent(client, 4);
  assert.deepEqual(calls, [1, 3, 4]);
});

describe("listeners of any event", () => {
  test("get each event of the server before its listeners, and do not handle it", async (t) => {
    const client = await connected(t, ["/", "/chat"]);
    const calls = [];
    const any = (...event) => calls.push(["any", ...event]);
    client.onAny(any);
    client.onAny((...event) => calls.push(["all", ...event]), { namespace: "*" });
    client.on("echo-back", (value) => calls.push(["own", value]));
    client.of("/chat").on("*", (...event) => calls.push(["unhandled", ...event]));
    await sent(client, 1);
    await sent(client.of("/chat"), 2);
    client.offAny(any);
    client.offAny(undefined, { namespace: "*" });
    await sent(client, 3);
    assert.deepEqual(calls, [
      ["any", "echo-back", 1],
      ["all", "echo-back", "/", 1],
      ["own", 1],
      ["all", "echo-back", "/chat", 2],
      ["unhandled", "echo-back", 2],
      ["own", 3],
    ]);
  });

  test("get each event that is emitted, also a buffered one, without its callback; a dropped one is left out", async (t) => {
    const client = newClient(t);
    const calls = [];
    const outgoing = (...event) => calls.push(event);
    client.onAnyOutgoing(outgoing);
    const connecting = client.connect(server.url);
    client.emit("echo-back", "buffered", () => {});
    client.volatile.emit("echo-back", "dropped");
    client.emit("echo-back", "plain");
    assert.deepEqual(calls, [["echo-back", "buffered"], ["echo-back", "plain"]]); // prettier-ignore
    await connecting;
    await client.call("echo", 1);
    client.offAnyOutgoing(outgoing);
    await client.call("echo", 2);
    assert.throws(() => client.of("/unknown").emit("x"), { code: "BAD_NAMESPACE" });
    assert.deepEqual(calls.slice(2), [["echo", 1]]); // prettier-ignore
  });
});

describe("events() as an async iterator", () => {
  test("yields the arguments of one event, or all events with their names", async (t) => {
    const client = await connected(t);
    const own = client.events("echo-back");
    const all = client.events();
    await sent(client, 1, "a");
    await sent(client, 2);
    assert.deepEqual(await own.next(), { value: [1, "a"], done: false });
    const seen = [];
    for await (const event of all) {
      seen.push(event);
      if (seen.length === 2) break;
    }
    assert.deepEqual(seen, [["echo-back", 1, "a"], ["echo-back", 2]]); // prettier-ignore
    assert.deepEqual(await all.next(), { value: undefined, done: true });
  });

  test("goes on after offAny(), and in all namespaces after one of them was left", async (t) => {
    const client = await connected(t, ["/", "/chat"]);
    const [own, all] = [client.events(), client.of("*").events()];
    client.onAny(() => {});
    assert.equal(client.offAny(), true);
    assert.equal(client.offAny(), false);
    await client.disconnectNamespace("/chat");
    await sent(client, 1);
    assert.deepEqual((await own.next()).value, ["echo-back", 1]);
    assert.deepEqual((await all.next()).value, ["echo-back", "/", 1]);
    await client.disconnect();
    assert.deepEqual([(await own.next()).done, (await all.next()).done], [true, true]);
  });

  for (const [what, end] of [
    ["the first attempt fails", (client) => assert.rejects(client.connect("http://127.0.0.1:1"), { code: "UNREACHABLE" })],
    ["its namespace is refused", (client) => assert.rejects(client.connect(server.url, { namespaces: "/refuse" }), { code: "REFUSED" })],
    ["disconnect() ends the first attempt", async (client) => {
      const connecting = assert.rejects(client.connect(server.url), { code: "DISCONNECTED" });
      await client.disconnect();
      await connecting;
    }],
  ]) {
    test(`ends when ${what}`, async (t) => {
      const client = newClient(t);
      const events = [client.events(), client.of("/refuse").events(), client.of("*").events()];
      await end(client);
      const ends = await within("the ends", Promise.all(events.map((each) => each.next())));
      assert.ok(ends.every(({ done }) => done));
    });
  }

  test("ends after the buffered events when the connection has ended for good", async (t) => {
    const client = await connected(t);
    const events = client.events("echo-back");
    await sent(client, 1);
    await client.disconnect();
    const seen = [];
    for await (const [value] of events) seen.push(value);
    assert.deepEqual(seen, [1]);
  });

  test("[EVENTS_MISSED] throws after the buffered events when more came than its limit", async (t) => {
    const client = await connected(t);
    const events = client.events("echo-back", { limit: 2 });
    for (const value of [1, 2, 3]) await sent(client, value);
    assert.deepEqual([(await events.next()).value, (await events.next()).value], [[1], [2]]);
    await assert.rejects(events.next(), { code: "EVENTS_MISSED", limit: 2 });
    assert.deepEqual(await events.next(), { value: undefined, done: true });
  });

  test("rejects with the reason of a signal", async (t) => {
    const client = await connected(t);
    const limit = new AbortController();
    const next = client.events("echo-back", { signal: limit.signal }).next();
    limit.abort(new Error("enough"));
    await assert.rejects(next, { message: "enough" });
  });
});
