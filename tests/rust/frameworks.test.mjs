// The chats in Rust, with each framework (examples/), driven in Chromium against the demo's server.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { io } from "socket.io-client";

import { buildExample } from "../../scripts/build-example.mjs";
import { ChatServer, launchBrowser } from "../page/support.mjs";
import { until } from "../support/until.mjs";
import { Visitor } from "./support.mjs";

const FRAMEWORKS = (process.env.FRAMEWORKS ?? "yew leptos dioxus").split(" ");

for (const framework of FRAMEWORKS) {
  describe(`the chat with ${framework}`, () => {
    let browser, page;
    before(async () => {
      page = buildExample(framework);
      browser = await launchBrowser();
    });
    after(() => browser.close());

    /** A server of the page, with nothing said yet, and people in the room. */
    async function chat(t, ...names) {
      const server = await new ChatServer({ page }).start();
      t.after(() => server.close());
      const people = [];
      for (const name of names) {
        const person = await Visitor.at(browser, server.url);
        t.after(() => person.page.context().close());
        await person.enter(name);
        people.push(person);
      }
      return [server, ...people];
    }

    test("two tabs talk, over one connection each, and no message is skipped", async (t) => {
      const [, ada, bob] = await chat(t, "Ada", "Bob");
      await ada.sees("Ada", "Bob");
      await bob.sees("Ada", "Bob");
      const texts = Array.from({ length: 30 }, (_, number) => `message ${number}`);
      for (const text of texts) await ada.say(text);
      await bob.reads(...texts);
      await ada.reads(...texts);
      await bob.say("all read");
      await ada.reads(...texts, "all read");
      for (const person of [ada, bob]) {
        assert.equal(person.sockets.length, 1, "each render had the same client");
        person.assertNoProblems();
      }
    });

    test("a server that is restarted: it is said so, and what is written meanwhile arrives once", async (t) => {
      const [server, ada, bob] = await chat(t, "Ada", "Bob");
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
      for (const person of [ada, bob]) person.assertNoProblems({ serverWasAway: true });
    });

    test("away and back: by the browser, and within the page", async (t) => {
      const [, ada, bob] = await chat(t, "Ada", "Bob");
      await ada.say("hello");
      await bob.reads("hello");
      await ada.page.goto("about:blank");
      await bob.sees("Bob");
      await ada.page.goBack();
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

    test("200 times in and out leave nothing behind: no connection, no memory, no JS objects", async (t) => {
      const [server, ada, bob] = await chat(t, "Ada", "Bob");
      await ada.leave();
      await ada.mount(30); // until what is allocated once is there
      const before = await ada.held();
      await ada.mount(200);
      await bob.sees("Bob");
      const after = await ada.held();
      // Both grow in steps, of 64 KiB and of 128 places, with how much there is at once: less than anything for each time.
      assert.ok(after.bytes <= before.bytes + 2 * 65_536, `${before.bytes} bytes of memory became ${after.bytes}`);
      assert.ok(after.objects < before.objects + 200, `places for ${before.objects} JS objects became ${after.objects}`);
      await until("the end of all websockets", () => ada.sockets.every((socket) => socket.isClosed()));

      const witness = io(server.url, { forceNew: true });
      t.after(() => witness.disconnect());
      const rooms = await new Promise((resolve) => witness.once("rooms", resolve));
      assert.deepEqual(rooms, [{ name: "general", people: 1 }]);
      ada.assertNoProblems();
    });
  });
}
