// People chat at the page of the demo, in a real browser: each message arrives at everyone, once and in one order, even if the server is
// killed.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { test } from "node:test";

import { chatServerForEachTest, Person, sharedBrowser } from "./support.mjs";

const browser = sharedBrowser();
const server = chatServerForEachTest(browser);

test("two people chat", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  await Promise.all([ada.on("websocket"), bob.on("websocket"), ada.state("Connected")]);
  await Promise.all([ada.sees("Ada", "Bob"), bob.sees("Ada", "Bob")]);

  await ada.say("Hello, Bob.");
  await bob.messages(1);
  await bob.say("Hello, Ada.");
  const expected = ["Hello, Bob.", "Hello, Ada."];
  assert.deepEqual(await ada.messages(2), expected);
  assert.deepEqual(await bob.messages(2), expected);
  assert.deepEqual(await bob.shown(".message.own"), ["Hello, Ada."]);

  await bob.context.close();
  await ada.sees("Ada");
  ada.assertNoProblems();
  bob.assertNoProblems();
});

test("a message is shown verbatim, HTML included", async () => {
  const name = "<b>Ada</b>";
  const ada = await Person.enter(browser, server.url, name);
  const bob = await Person.enter(browser, server.url, "Bob");
  await bob.sees(name, "Bob");
  const text = `<img src=x onerror=alert(1)> & "quoted" 😀\n  second line`;
  await ada.say(text);
  assert.deepEqual(await ada.messages(1), [text]);
  assert.deepEqual(await bob.messages(1), [text]);
  ada.assertNoProblems();
  bob.assertNoProblems();
});

test("a server killed again and again while both write loses and doubles nothing", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  await Promise.all([ada.on("websocket"), bob.on("websocket")]);

  const COUNT = 40;
  const write = async (person, at) => {
    for (let i = 0; i < COUNT; i++) {
      await at[i]?.();
      await person.say(`${person.name} ${i}`);
    }
  };
  // Ada's messages kill and start the server; Bob writes at the same time.
  await Promise.all([
    write(ada, {
      8: () => server.kill(),
      16: () => server.start(),
      20: () => ada.state("Connected"),
      24: () => server.kill(),
      28: () => server.start(),
      30: () => server.kill(), // before a client has noticed that it is back
      34: () => server.start(),
    }),
    write(bob, {}),
  ]);

  const [onAda, onBob] = await Promise.all([ada.messages(2 * COUNT), bob.messages(2 * COUNT)]);
  assert.deepEqual(onAda, onBob, "both see the same order");
  for (const { name } of [ada, bob]) {
    const own = Array.from({ length: COUNT }, (_, i) => `${name} ${i}`);
    assert.deepEqual(
      onAda.filter((text) => text.startsWith(name)),
      own,
      `each message of ${name}, once, as written`,
    );
  }
  const [, ...lines] = readFileSync(server.log, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map((line) => line.text),
    onAda,
    "the log has the same order",
  );
  assert.equal(new Set(lines.map((line) => line.id)).size, 2 * COUNT);

  await Promise.all([ada.sees("Ada", "Bob"), bob.sees("Ada", "Bob"), ada.on("websocket"), bob.on("websocket")]);
  ada.assertNoProblems({ serverWasAway: true });
  bob.assertNoProblems({ serverWasAway: true });
});

test("while the server is away the page says so, and keeps new messages", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  await ada.on("websocket");
  await ada.say("before");
  await ada.messages(1);

  await server.kill();
  await ada.state("Reconnecting");
  await ada.say("while away");
  await ada.page.getByText("1 message waits").waitFor();
  assert.deepEqual(await ada.shown("[data-state=waiting]"), ["while away"]);
  assert.equal(await ada.page.locator("#transport").isVisible(), false);

  await server.start();
  await ada.state("Connected");
  assert.deepEqual(await ada.messages(2), ["before", "while away"]);
  await ada.page.locator("#hint").waitFor({ state: "hidden" });
  ada.assertNoProblems({ serverWasAway: true });
});

/** Cuts the connection of a person's chat, over both transports, while the page can still be loaded. */
async function reachOf({ context, page }) {
  let isCut = false;
  const pattern = "**/socket.io/**";
  await context.routeWebSocket(pattern, (socket) => (isCut ? socket.close() : socket.connectToServer()));
  await page.reload(); // only a new document's websockets are routed
  return {
    async cut() {
      isCut = true;
      await context.route(pattern, (route) => route.abort());
    },
    async mend() {
      isCut = false;
      await context.unroute(pattern);
    },
  };
}

test("a reload keeps unsent messages", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const reach = await reachOf(ada);
  await ada.on("websocket");
  await reach.cut();
  await server.kill();
  await server.start();
  await ada.state("Reconnecting");
  for (const text of ["one", "two", "three"]) await ada.say(text);

  await ada.page.reload();
  await ada.page.locator("[data-state=waiting]").nth(2).waitFor();
  assert.deepEqual(await ada.shown("[data-state=waiting]"), ["one", "two", "three"]);

  await reach.mend();
  assert.deepEqual(await ada.messages(3), ["one", "two", "three"]);
  await ada.page.reload();
  assert.deepEqual(await ada.messages(3), ["one", "two", "three"], "each message was sent once and is stored by the server");
  ada.assertNoProblems({ serverWasAway: true });
});

test("the next tab sends the unsent messages of a closed one", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  await Promise.all([ada.on("websocket"), bob.on("websocket")]);
  await server.kill();
  await ada.state("Reconnecting");
  await ada.say("written, and closed");
  await ada.page.close();

  await server.start();
  await ada.open(server.url); // the same profile, which has stored the name
  assert.deepEqual(await ada.messages(1), ["written, and closed"]);
  assert.deepEqual(await bob.messages(1), ["written, and closed"]);
  await bob.sees("Ada", "Bob");
  ada.assertNoProblems({ serverWasAway: true });
});

test("two tabs of one browser share their unsent messages, and each is sent once", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  const first = ada.page;
  await ada.open(server.url); // the second tab, in the same profile
  const second = ada.page;
  await bob.until(() => document.querySelector("#people .note")?.textContent === "2 times");

  await server.kill();
  await bob.state("Reconnecting");
  for (const tab of [first, second, first, second]) {
    ada.page = tab;
    await ada.say(`from the ${tab === first ? "first" : "second"} tab`);
  }
  await second.close(); // its unsent messages stay in the storage of the browser
  await server.start();
  ada.page = first;
  await ada.open(server.url);
  const texts = await bob.messages(4);
  assert.deepEqual(texts.toSorted(), [...Array(2).fill("from the first tab"), ...Array(2).fill("from the second tab")]);
  assert.deepEqual(await ada.messages(4), texts);
  ada.page = first;
  assert.deepEqual(await ada.messages(4), texts);
  ada.assertNoProblems({ serverWasAway: true });
});

test("rooms are joined and left on the one connection", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  await Promise.all([ada.on("websocket"), bob.on("websocket")]);

  await ada.page.getByLabel("Join a room, or open one").fill("Rust & Wasm!");
  await ada.page.getByRole("button", { name: "Join", exact: true }).click();
  await ada.page.getByRole("heading", { name: "# rust-wasm", exact: true }).waitFor();
  await ada.sees("Ada");
  await ada.say("Only for those in this room.");
  await ada.messages(1);

  assert.deepEqual(await bob.shown(), [], "a message does not reach people outside of its room");
  await bob.page.getByRole("button", { name: "Join #rust-wasm" }).click();
  assert.deepEqual(await bob.messages(1), ["Only for those in this room."], "a later member reads the earlier messages");
  await Promise.all([ada.sees("Ada", "Bob"), bob.sees("Ada", "Bob")]);

  const general = bob.page.getByRole("navigation").getByRole("button", { name: /^# general/ });
  await general.click();
  await ada.say("Bob looks elsewhere.");
  const unread = bob.page.getByRole("button", { name: /^# rust-wasm/ }).locator(".badge");
  await unread.waitFor();
  assert.equal(await unread.textContent(), "1");

  await bob.page.getByRole("button", { name: "Leave #rust-wasm" }).click();
  await ada.sees("Ada");
  await ada.say("Bob is gone.");
  await ada.messages(3);
  await ada.page
    .getByRole("navigation")
    .getByRole("button", { name: /^# general/ })
    .click();
  await Promise.all([ada.sees("Ada", "Bob"), bob.sees("Ada", "Bob")]);

  assert.equal(ada.websockets, 1, "one connection for all rooms");
  assert.equal(bob.websockets, 1);
  ada.assertNoProblems();
  bob.assertNoProblems();
});

test("after the server was away, joined rooms are joined again and left rooms are not", async () => {
  const ada = await Person.enter(browser, `${server.url}/#/first`, "Ada");
  const bob = await Person.enter(browser, `${server.url}/#/first`, "Bob");
  await Promise.all([ada.sees("Ada", "Bob"), bob.sees("Ada", "Bob")]);
  await bob.page.getByRole("button", { name: "Leave #first" }).click();
  await ada.sees("Ada");

  await server.kill();
  await Promise.all([ada.state("Reconnecting"), bob.state("Reconnecting")]);
  await server.start();
  await ada.sees("Ada");
  await bob.sees("Ada", "Bob"); // in general
  await ada.say("still here");
  await ada.messages(1);
  await bob.page.getByRole("button", { name: "Join #first" }).getByText("1 online").waitFor();
  ada.assertNoProblems({ serverWasAway: true });
  bob.assertNoProblems({ serverWasAway: true });
});

test("missed messages of a room that is not open are counted", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  const reach = await reachOf(bob);
  await ada.say("hello");
  await bob.messages(1);
  await bob.page.getByLabel("Join a room, or open one").fill("elsewhere");
  await bob.page.getByLabel("Join a room, or open one").press("Enter");
  await reach.cut();
  await server.kill();
  await server.start();
  await ada.state("Connected");
  await ada.say("one");
  await ada.say("two");
  await ada.messages(3);
  await reach.mend();
  await bob.page
    .getByRole("button", { name: /^# general/ })
    .locator(".badge", { hasText: "2" })
    .waitFor();
  assert.equal(await bob.page.title(), "(2) #elsewhere · socketio-wasm chat");
  ada.assertNoProblems({ serverWasAway: true });
});

test("a room can be joined and left while the server is away", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  await ada.on("websocket");
  await server.kill();
  await ada.state("Reconnecting");
  await ada.page.getByRole("button", { name: "Leave #general" }).click();
  await ada.page.getByLabel("Join a room, or open one").fill("later");
  await ada.page.getByLabel("Join a room, or open one").press("Enter");
  await ada.say("for later");

  await server.start();
  assert.deepEqual(await ada.messages(1), ["for later"]);
  await ada.sees("Ada");
  await ada.page.getByRole("button", { name: "Join #general" }).waitFor({ state: "hidden" }); // an empty room without messages
  ada.assertNoProblems({ serverWasAway: true });
});

test("the URL names the room", async () => {
  const ada = await Person.enter(browser, `${server.url}/#/caf%C3%A9`, "Ada");
  await ada.page.getByRole("heading", { name: "# café", exact: true }).waitFor();
  await ada.sees("Ada");
  await ada.page
    .getByRole("navigation")
    .getByRole("button", { name: /^# general/ })
    .click();
  await ada.page.waitForURL(`${server.url}/#/general`);
  await ada.page.goBack();
  await ada.page.getByRole("heading", { name: "# café", exact: true }).waitFor();
  ada.assertNoProblems();
});

test("a new name reaches the others, and stays", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  await bob.sees("Ada", "Bob");
  await ada.page.getByRole("button", { name: "Change your name" }).click();
  await ada.page.getByLabel("Your name", { exact: true }).fill("Ada Lovelace");
  await ada.page.keyboard.press("Enter");
  await bob.sees("Ada Lovelace", "Bob");

  await server.kill();
  await ada.state("Reconnecting");
  await server.start();
  await Promise.all([ada.sees("Ada Lovelace", "Bob"), bob.sees("Ada Lovelace", "Bob")]);
  await ada.page.reload();
  await ada.sees("Ada Lovelace", "Bob");

  await ada.page.getByRole("button", { name: "Change your name" }).click();
  await ada.page.keyboard.press("Escape");
  assert.equal(await ada.page.locator("#me").textContent(), "Ada Lovelace", "Escape keeps the name");
});

test("messages of an old log are not mixed with those of a new one", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  const bob = await Person.enter(browser, server.url, "Bob");
  await Promise.all([ada.on("websocket"), bob.on("websocket")]);
  for (const text of ["old 1", "old 2", "old 3"]) await ada.say(text);
  await bob.messages(3);

  await server.kill();
  await ada.state("Reconnecting");
  await ada.say("new 1");
  rmSync(server.log);
  await server.start();
  await ada.until(() => document.querySelector(".message .text")?.textContent === "new 1");
  assert.deepEqual(await ada.messages(1), ["new 1"]);
  await bob.say("new 2");
  await bob.until(() => document.querySelectorAll(".message").length === 2);
  assert.deepEqual(await bob.messages(2), ["new 1", "new 2"]);
  assert.deepEqual(await ada.messages(2), ["new 1", "new 2"]);
});

test("a browser without crypto.randomUUID (plain http from another machine) can chat too", async () => {
  const ada = new Person(await browser.newContext(), "Ada");
  await ada.context.addInitScript(() => {
    delete Crypto.prototype.randomUUID;
    sessionStorage.setItem("chat.name", JSON.stringify("Ada"));
  });
  await ada.open(server.url);
  await ada.say("one");
  await ada.say("two");
  assert.deepEqual(await ada.messages(2), ["one", "two"]);
  ada.assertNoProblems();
});
