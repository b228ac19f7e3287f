// The chats in Rust, with each framework (examples/), built by trunk and driven in browsers against the demo's server.

import assert from "node:assert/strict";
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

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`in ${name}`, () => {
    let browser;
    before(async () => (browser = await start()));
    after(() => browser?.end());

    /** A server of the page, with nothing said yet, and people in the room. */
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
      test(`${framework}: two tabs talk, over one connection each, and no message is skipped`, async (t) => {
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
          assert.deepEqual(await person.sockets(), ["open"], "each render had the same client");
          person.assertNoProblems();
        }
      });

      test(`${framework}: a server that is restarted: it is said so, and what is written meanwhile arrives once`, async (t) => {
        const [server, ada, bob] = await chat(t, framework, "Ada", "Bob");
        await ada.say("before");
        await bob.reads("before");
        await server.kill();
        await ada.state("Reconnecting");
        await bob.state("Reconnecting");
        await ada.say("meanwhile");
        await server.start();
        await ada.state("Connected");
        await bob.reads("before", "meanwhile");
        await ada.reads("before", "meanwhile");
        await bob.sees("Ada", "Bob");
        for (const person of [ada, bob]) person.assertNoProblems({ cutShort: true });
      });

      test(`${framework}: away and back: by the browser, and within the page`, async (t) => {
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

      test(`${framework}: hundreds of times in and out leave nothing behind: no connection, no memory, no JS objects`, async (t) => {
        const [server, ada, bob] = await chat(t, framework, "Ada", "Bob");
        await ada.leave();
        // Memory and the table of JS objects keep the size of the most that there was at once: only what leaks needs more each time.
        const held = [];
        do {
          await ada.mount(150);
          await ada.collect();
          held.push(await ada.held());
        } while (!isDeepStrictEqual(held.at(-1), held.at(-2)) && held.length < 5);
        assert.deepEqual(held.at(-1), held.at(-2), `what is held has grown each time: ${JSON.stringify(held)}`);
        await bob.sees("Bob");
        await ada.page.until(() => globalThis.sockets.every(({ readyState }) => readyState === WebSocket.CLOSED));

        const witness = io(server.url, { forceNew: true });
        t.after(() => witness.disconnect());
        const rooms = await new Promise((resolve) => witness.once("rooms", resolve));
        assert.deepEqual(rooms, [{ name: "general", people: 1 }]);
        ada.assertNoProblems({ cutShort: true }); // each second time before there was a connection
      });
    }
  });
}
