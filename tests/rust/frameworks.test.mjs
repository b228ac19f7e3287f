// The chats in Rust with each framework (examples/): trunk builds them, and browsers use them with the demo's server.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { io } from "socket.io-client";

import { ChatServer } from "../page/support.mjs";
import { BROWSERS } from "../support/browsers.mjs";
import { Visitor } from "./support.mjs";
import { build, FRAMEWORKS } from "./trunk.mjs";

const pages = new Map();
before(async () => {
  for (const framework of FRAMEWORKS) pages.set(framework, await build(framework));
});

for (const framework of FRAMEWORKS) {
  test(`${framework}: the crate's JavaScript is minified in the page`, () => {
    const folder = pages.get(framework);
    const files = readdirSync(folder, { recursive: true }).filter((path) => /\bsocketio-wasm-\w+\/.*\.js$/.test(path));
    assert.ok(files.length > 0);
    // A folder of an earlier build may still be there.
    const [first] = files.map((path) => dirname(path));
    assert.equal(files.filter((path) => dirname(path) === first).length, 2);
    for (const file of files) assert.equal(readFileSync(join(folder, file), "utf8").trimEnd().split("\n").length, 1, file);
  });
}

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`in ${name}`, () => {
    let browser;
    before(async () => (browser = await start()));
    after(() => browser?.end());

    /** Starts a server of the page without messages, and lets people enter the room. */
    async function chat(t, framework, ...names) {
      const server = await new ChatServer({ page: pages.get(framework) }).start();
      t.after(() => server.close());
      const people = [];
      for (const name of names) {
        const person = await Visitor.at(t, browser, server.url);
        await person.enter(name);
        people.push(person);
      }
      return [server, ...people];
    }

    for (const framework of FRAMEWORKS) {
      test(`${framework}: two tabs talk over one connection each, and every message arrives`, async (t) => {
        const [, ada, bob] = await chat(t, framework, "Ada", "Bob");
        await ada.sees("Ada", "Bob");
        await bob.sees("Ada", "Bob");
        const texts = Array.from({ length: 30 }, (_, number) => `message ${number}`);
        for (const text of texts) await ada.say(text);
        await bob.reads(...texts);
        await ada.reads(...texts);
        await bob.say("all read");
        await ada.reads(...texts, "all read");
        for (const person of [ada, bob]) {
          assert.deepEqual(await person.sockets(), ["open"], "every render had the same client");
          person.assertNoProblems();
        }
      });

      test(`${framework}: while the server restarts the page says so, and new messages arrive once`, async (t) => {
        const [server, ada, bob] = await chat(t, framework, "Ada", "Bob");
        await ada.say("before");
        await bob.reads("before");
        await server.kill();
        await ada.state("Reconnecting");
        await bob.state("Reconnecting");
        await ada.say("while away");
        await server.start();
        await ada.state("Connected");
        await bob.reads("before", "while away");
        await ada.reads("before", "while away");
        await bob.sees("Ada", "Bob");
        for (const person of [ada, bob]) person.assertNoProblems({ cutShort: true });
      });

      test(`${framework}: leaving and returning works by navigation and within the page`, async (t) => {
        const [, ada, bob] = await chat(t, framework, "Ada", "Bob");
        await ada.say("hello");
        await bob.reads("hello");
        await ada.page.go("about:blank");
        await bob.sees("Bob");
        await ada.page.back();
        await ada.enter("Ada");
        await ada.reads("hello");
        await bob.sees("Ada", "Bob");
        await ada.leave();
        await bob.sees("Bob");
        await bob.say("are you there?");
        await ada.enter("Ada");
        await ada.reads("hello", "are you there?");
        await bob.sees("Ada", "Bob");
        for (const person of [ada, bob]) person.assertNoProblems();
      });

      test(`${framework}: hundreds of mounts leave no connection, no memory and no JS objects behind`, async (t) => {
        const [server, ada, bob] = await chat(t, framework, "Ada", "Bob");
        await ada.leave();
        // Memory and the table of JS objects never shrink. They grow in every round only if something leaks.
        const held = [];
        do {
          await ada.mount(150);
          await ada.collect();
          held.push(await ada.held());
        } while (!isDeepStrictEqual(held.at(-1), held.at(-2)) && held.length < 5);
        assert.deepEqual(held.at(-1), held.at(-2), `memory or JS objects grow in every round: ${JSON.stringify(held)}`);
        await bob.sees("Bob");
        await ada.page.until(() => globalThis.sockets.every(({ readyState }) => readyState === WebSocket.CLOSED));

        const witness = io(server.url, { forceNew: true });
        t.after(() => witness.disconnect());
        const rooms = await new Promise((resolve) => witness.once("rooms", resolve));
        assert.deepEqual(rooms, [{ name: "general", people: 1 }]);
        ada.assertNoProblems({ cutShort: true }); // every second mount ends before there is a connection
      });
    }
  });
}
