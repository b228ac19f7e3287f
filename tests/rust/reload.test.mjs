// Development of the chats in Rust: trunk serves a page and rebuilds it after a change, and the browser reloads it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { io } from "socket.io-client";

import { ChatServer } from "../page/support.mjs";
import { BROWSERS } from "../support/browsers.mjs";
import { until } from "../support/until.mjs";
import { Visitor } from "./support.mjs";
import { FRAMEWORKS, Workplace } from "./trunk.mjs";

let browser;
before(async () => (browser = await BROWSERS.Chromium()));
after(() => browser?.end());

for (const framework of FRAMEWORKS) {
  test(`${framework}: a rebuilt page has closed its old connection, and makes one new one`, async (t) => {
    const server = await new ChatServer().start();
    t.after(() => server.close());
    const witness = io(`${server.url}/rooms/general`, { auth: { name: "Witness" }, transports: ["websocket"] });
    t.after(() => witness.disconnect());
    const people = [];
    witness.on("people", (names) => people.push(names.join()));
    const workplace = await Workplace.open(t, framework, server.url);
    const ada = await Visitor.at(t, browser, workplace.url);
    await ada.enter("Ada");
    await ada.say("before");
    await ada.reads("before");

    await workplace.change("src/main.rs", "A chat with", "Another chat with");
    await ada.title(`Another chat with ${framework[0].toUpperCase()}${framework.slice(1)}`);
    await until("the end of the former page's connection", () => people.length === 3);
    await ada.enter("Ada");
    await ada.reads("before");
    await ada.say("after");
    await ada.reads("before", "after");
    assert.deepEqual(people, ["Witness", "Ada,Witness", "Witness", "Ada,Witness"]);
    assert.deepEqual(await ada.sockets(), ["open"]);
    ada.assertNoProblems();
  });
}
