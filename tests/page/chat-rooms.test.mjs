// A room of the demo's chat with a scripted client: orders of events that a real server shows only rarely.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// Loads a module of the page as it is served. (Node would treat a .js file outside of a package as CommonJS.)
async function load(name) {
  const source = readFileSync(new URL(`../../www/${name}`, import.meta.url), "utf8");
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}
const { Room, roomName } = await load("rooms.js");
const { Outbox } = await load("outbox.js");

const LOST = Object.assign(new Error("the connection was lost"), { code: "DISCONNECTED", fault: "network" });
const LATE = Object.assign(new Error("no answer in time"), { code: "CALL_TIMEOUT", fault: "network" });
const LARGE = Object.assign(new Error("too large for the server"), { code: "PAYLOAD_TOO_LARGE", fault: "misuse" });

// A storage like that of www/storage.js, in memory.
class Memory {
  entries = new Map();
  keys = (prefix) => [...this.entries.keys()].filter((key) => key.startsWith(prefix));
  read = (key) => JSON.parse(this.entries.get(key));
  write = (key, value) => this.entries.set(key, JSON.stringify(value));
  remove = (key) => this.entries.delete(key);
}

// A room, and the calls that reach its server.
class Stage {
  calls = [];
  handlers = {};
  connects = 0;
  changes = [];

  constructor(storage = new Memory()) {
    this.storage = storage;
    const namespace = {
      on: (event, handler) => {
        this.handlers[event] = handler;
        return () => delete this.handlers[event];
      },
      timeout: () => ({
        call: (event, data) => new Promise((resolve, reject) => this.calls.push({ event, data, resolve, reject })),
      }),
    };
    const changed = (_room, what, message) => this.changes.push(message ? `${what}: ${message.text}` : what);
    const client = {
      of: () => namespace,
      connectNamespace: async () => {
        this.connects += 1;
        if (this.refusal) throw this.refusal;
      },
      disconnectNamespace: async () => {},
    };
    this.room = new Room("den", { client, outbox: new Outbox(storage), me: () => "Ada", changed });
  }

  get texts() {
    return this.room.messages.map((message) => message.text);
  }

  // Returns the only call without an answer. It must be a call of this event.
  next(event) {
    assert.deepEqual(
      this.calls.map((call) => call.event),
      [event],
    );
    return this.calls.shift();
  }

  async answer(event, value) {
    this.next(event).resolve(value);
    await settled();
  }

  async fail(event, error) {
    this.next(event).reject(error);
    await settled();
  }

  async connected(messages = [], last = messages.at(-1)?.seq ?? 0, log = "log 1") {
    this.handlers.connect();
    await this.answer("history", { log, last, messages });
  }

  async lost() {
    this.handlers.disconnect("transport error");
    for (const call of this.calls.splice(0)) call.reject(LOST);
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const said = (seq, text = `message ${seq}`, id = `id ${seq}`) => ({ seq, id, name: "Bob", text, at: seq });

test("a message whose answer was lost is sent again with the same id", async () => {
  const stage = new Stage();
  await stage.connected();
  stage.room.say("hello");
  const { id } = stage.calls[0].data;
  await stage.lost();
  assert.equal(stage.room.unsent, 1);

  await stage.connected([], 0);
  assert.equal(stage.calls[0].data.id, id);
  await stage.answer("message", { message: said(1, "hello", id) });
  assert.deepEqual(stage.texts, ["hello"]);
  assert.equal(stage.room.unsent, 0);
  assert.equal(stage.storage.entries.size, 0);
});

test("a message that the server received is found in the history and not sent again, although its answer was lost", async () => {
  const stage = new Stage();
  await stage.connected();
  stage.room.say("hello");
  const { id } = stage.calls[0].data;
  await stage.lost();

  await stage.connected([said(1, "hello", id), said(2)]);
  assert.deepEqual(stage.calls, []);
  assert.deepEqual(stage.texts, ["hello", "message 2"]);
  assert.equal(stage.storage.entries.size, 0);
});

test("messages are sent one by one, in their order, even if an answer is late", async () => {
  const stage = new Stage();
  await stage.connected();
  stage.room.say("one");
  stage.room.say("two");
  const { id } = stage.calls[0].data;
  await stage.fail("message", LATE);
  assert.deepEqual(stage.calls[0].data, { id, name: "Ada", text: "one" });
  await stage.answer("message", { message: said(1, "one", id) });
  assert.equal(stage.calls[0].data.text, "two");
});

test("a message written before the room is joined waits for the history", async () => {
  const stage = new Stage();
  stage.room.say("early");
  await settled();
  assert.deepEqual(stage.calls, []);
  stage.handlers.connect();
  assert.equal(stage.calls[0].event, "history");
  await stage.answer("history", { log: "log 1", last: 1, messages: [said(1)] });
  assert.equal(stage.calls[0].data.text, "early");
  assert.deepEqual(stage.texts, ["message 1", "early"]);
});

test("messages that arrive while the history is read are neither lost nor doubled", async () => {
  const stage = new Stage();
  stage.handlers.connect();
  stage.handlers.message(said(2));
  stage.handlers.message(said(3));
  await stage.answer("history", { log: "log 1", last: 2, messages: [said(1), said(2)] });
  assert.deepEqual(stage.texts, ["message 1", "message 2", "message 3"]);
  stage.handlers.message(said(3));
  assert.deepEqual(stage.texts, ["message 1", "message 2", "message 3"]);
});

test("a gap in the numbers is noticed and filled", async () => {
  const stage = new Stage();
  await stage.connected([said(1)]);
  stage.handlers.message(said(4));
  const question = stage.next("history");
  assert.deepEqual(question.data, { after: 1 });
  question.resolve({ log: "log 1", last: 4, messages: [said(2), said(3), said(4)] });
  await settled();
  assert.deepEqual(stage.texts, ["message 1", "message 2", "message 3", "message 4"]);
});

test("after a long absence all messages are read, page by page", async () => {
  const stage = new Stage();
  await stage.connected([said(1)]);
  await stage.lost();
  stage.handlers.connect();
  await stage.answer("history", { log: "log 1", last: 5, messages: [said(2), said(3)] });
  assert.deepEqual(stage.calls[0].data, { after: 3 });
  await stage.answer("history", { log: "log 1", last: 5, messages: [said(4), said(5)] });
  assert.deepEqual(stage.calls, []);
  assert.deepEqual(stage.texts, ["message 1", "message 2", "message 3", "message 4", "message 5"]);
});

test("messages missed while away are news; messages from before the first visit are not", async () => {
  const stage = new Stage();
  await stage.connected([said(1), said(2)]);
  assert.deepEqual(stage.changes, ["state", "messages", "state"]);
  await stage.lost();
  stage.room.say("mine");
  const { id } = stage.room.messages.at(-1);
  stage.changes = [];
  await stage.connected([said(2), said(3, "mine", id), said(4)]);
  assert.deepEqual(stage.changes, ["state", "message: mine", "arrived: message 4", "state"]);
});

test("the history is requested again after a timeout, and after a loss on the next connection", async () => {
  const stage = new Stage();
  stage.handlers.connect();
  await stage.fail("history", LATE);
  assert.equal(stage.calls.length, 1);
  await stage.lost();
  assert.deepEqual(stage.calls, []);
  await stage.connected([said(1)]);
  assert.deepEqual(stage.texts, ["message 1"]);
});

test("the first visit reads the last page; earlier messages are read on request", async () => {
  const stage = new Stage();
  await stage.connected([said(101), said(102)]);
  assert.equal(stage.room.hasEarlier, true);
  const earlier = stage.room.readEarlier();
  assert.deepEqual(stage.calls[0].data, { before: 101 });
  await stage.answer("history", { log: "log 1", last: 102, messages: [said(100)] });
  await earlier;
  assert.deepEqual(stage.texts, ["message 100", "message 101", "message 102"]);
  stage.handlers.message(said(103));
  assert.deepEqual(stage.calls, [], "consecutive numbers are no gap");
});

test("with another log, the messages of the old one go and unsent messages stay", async () => {
  const stage = new Stage();
  await stage.connected([said(1), said(2), said(3)]);
  await stage.lost();
  stage.room.say("unsent");
  stage.handlers.connect();
  stage.handlers.message(said(2, "new 2", "new id 2"));
  await stage.answer("history", { log: "log 2", last: 1, messages: [] });
  const question = stage.next("history");
  assert.deepEqual(question.data, {});
  question.resolve({ log: "log 2", last: 1, messages: [said(1, "new 1", "new id 1")] });
  await settled();
  assert.deepEqual(stage.texts, ["new 1", "new 2", "unsent"]);
});

test("a refused message is shown as refused, and does not delay the next", async () => {
  const stage = new Stage();
  await stage.connected();
  stage.room.say("bad");
  stage.room.say("huge");
  stage.room.say("good");
  await stage.answer("message", { refused: "Mind your language." });
  await stage.fail("message", LARGE);
  const { id } = stage.calls[0].data;
  await stage.answer("message", { message: said(1, "good", id) });
  assert.deepEqual(
    stage.room.messages.map(({ text, state, why }) => [text, state, why]),
    [
      ["good", "sent", undefined],
      ["bad", "refused", "Mind your language."],
      ["huge", "refused", "too large for the server"],
    ],
  );
  assert.equal(stage.storage.entries.size, 0);
});

test("unsent messages outlive the page, in their order, each in its room", () => {
  const storage = new Memory();
  const first = new Outbox(storage);
  for (let i = 0; i < 20; i++) first.add(i % 2 ? "den" : "hall", "Ada", `message ${i}`);
  first.remove(first.of("den")[0].id);
  storage.write("chat.outbox.broken", { not: "a message" });

  const { texts, room } = new Stage(storage);
  assert.deepEqual(
    texts,
    [3, 5, 7, 9, 11, 13, 15, 17, 19].map((i) => `message ${i}`),
  );
  assert.equal(room.unsent, 9);
});

test("a room is connected once, and again after a failure", async () => {
  const stage = new Stage();
  await stage.room.enter();
  await stage.room.enter();
  assert.equal(stage.connects, 1, "the client reconnects it by itself");

  stage.refusal = Object.assign(new Error("/rooms/den: Not today."), {
    code: "REFUSED",
    fault: "peer",
    data: { message: "Not today." },
  });
  stage.handlers.connect_error(stage.refusal); // a refusal in a reconnection
  assert.deepEqual([stage.room.state, stage.room.why], ["refused", "Not today."]);
  await stage.room.enter();
  assert.deepEqual([stage.connects, stage.room.state], [2, "refused"]);
  stage.refusal = LOST;
  await stage.room.enter();
  stage.refusal = undefined;
  await stage.room.enter();
  assert.equal(stage.connects, 4);
  await stage.connected([said(1)]);
  assert.equal(stage.room.state, "joined");
});

test("a failed connection is not shown as a refusing room", async () => {
  const stage = new Stage();
  stage.handlers.connect_error(Object.assign(new Error("Unexpected status 502"), { code: "HTTP_STATUS", fault: "peer", data: "Bad Gateway" }));
  assert.equal(stage.room.state, "away");
});

test("a room that was left has no handlers and sends nothing", async () => {
  const stage = new Stage();
  await stage.connected();
  stage.room.say("hello");
  await stage.room.leave();
  assert.deepEqual(stage.handlers, {});
  await stage.fail("message", LOST);
  assert.deepEqual(stage.calls, []);
  assert.equal(stage.storage.entries.size, 1, "unsent messages are stored for the next visit");
});

test("room names are lower-case words, normalised and at most 30 characters", () => {
  assert.equal(roomName("Rust & Wasm!"), "rust-wasm");
  assert.equal(roomName("  café  "), "café");
  assert.equal(roomName("cafe\u0301"), "café", "composed and decomposed letters are the same");
  assert.equal(roomName("日本語 チャット"), "日本語-チャット");
  assert.equal(roomName("a".repeat(29) + " b"), "a".repeat(29));
  assert.equal(roomName("?!/, "), "");
});
