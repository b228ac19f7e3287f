// React components that listen to a client, in Chromium: bundled by esbuild, in development and for production.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Server } from "socket.io";
import { BROWSERS } from "../support/browsers.mjs";
import { listen } from "../support/listen.mjs";
import { serve } from "./support/page.mjs";
import { createProject, run, tool } from "./support/project.mjs";

const MOUNTS = 200;
const COMPONENTS = ["Headlines", "Ticker", "Archive", "Alarm"];

const server = await newsServer({ after });
const browser = await BROWSERS.Chromium();
after(() => browser.end());

// A server that emits what a client publishes as news, to this client, before it acknowledges.
async function newsServer(t) {
  const http = await listen(t, (request, response) => response.writeHead(404).end());
  const io = new Server(http, { cors: { origin: true } });
  io.on("connection", (socket) =>
    socket.on("publish", (item, answer) => {
      socket.emit("news", item);
      answer?.("published");
    }),
  );
  return http;
}

for (const { name, parameters, effectsOfMount } of [
  // Only React's build for development mounts each component of <StrictMode> twice.
  { name: "in development, under StrictMode", parameters: [], effectsOfMount: 2 },
  { name: "in production", parameters: ["--minify"], effectsOfMount: 1 },
]) {
  describe(name, async () => {
    const project = createProject({ after }, "react");
    const out = join(project, "out");
    await run(project, tool("esbuild"), "main.jsx", "--bundle", "--format=esm", "--jsx=automatic", "--outdir=out", ...parameters);
    copyFileSync(join(project, "index.html"), join(out, "index.html"));
    const address = `${await serve({ after }, out)}?${new URLSearchParams({ server: server.url })}`;

    // Runs a scenario of projects/react/main.jsx in a page of its own. Returns its result.
    async function play(t, scenario, argument) {
      const page = await browser.open();
      t.after(() => page.close());
      await page.go(address);
      await page.until(() => "scenarios" in globalThis);
      const result = await page.run(([scenario, argument]) => globalThis.scenarios[scenario](argument), [scenario, argument]);
      assert.deepEqual(page.problems, []);
      return result;
    }

    test("components that listen to one event get each event once while they are mounted, and leave no listener", async (t) => {
      const { expected, heard, wrong, toAll, listeners, effects } = await play(t, "mountAgainAndAgain", MOUNTS);
      assert.deepEqual(wrong, []);
      assert.deepEqual(heard, expected);
      assert.equal(toAll, MOUNTS * COMPONENTS.length, "each component was mounted when an event came");
      assert.equal(effects, MOUNTS * COMPONENTS.length * effectsOfMount);
      assert.equal(listeners, 0);
    });

    test("a component that is unmounted does not silence another one, and hears again when it is mounted again", async (t) => {
      const both = ["Headlines", "Ticker"];
      assert.deepEqual(await play(t, "takeTurns"), [both, ["Ticker"], both, ["Headlines"], []]);
    });

    test("components that add the same function share one call, until the last of them is unmounted", async (t) => {
      assert.deepEqual(await play(t, "shareOneFunction"), { counts: [1, 1, 1, 1, 0], listeners: 0 });
    });

    test("a component that connects in its effect is connected whenever it is mounted", async (t) => {
      const times = 20;
      const { answers, codes, listeners } = await play(t, "connectInAnEffect", times);
      assert.deepEqual(answers, Array(times).fill("published"));
      // StrictMode ends the first effect at once, and with it the attempt to connect.
      assert.deepEqual(codes, Array(times * (effectsOfMount - 1)).fill("DISCONNECTED"));
      assert.equal(listeners, 0);
    });
  });
}
