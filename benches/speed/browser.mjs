// `make bench-browser`: measures the rows of run.mjs that make sense in a page, in headless Chromium.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { sizes } from "../../scripts/sizes.mjs";
import { launchBrowser } from "../../tests/page/support.mjs";
import { about, asked, measure, publish } from "./campaign.mjs";
import { CORES, serve } from "./processes.mjs";
import { hottest } from "./profile.mjs";
import { PAGE_ROWS } from "./rows.mjs";

const FILES = {
  "/ours.js": new URL("../../pkg/dist/browser.js", import.meta.url),
  "/peer.js": new URL("../../tests/node_modules/socket.io-client/dist/socket.io.esm.min.js", import.meta.url),
};
// With these headers a page's clock is exact to 5 microseconds.
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

// The browser's processes stay on the cores of this process.
if (CORES.browser !== undefined) spawnSync("taskset", ["-acp", CORES.browser, String(process.pid)]);

const pages = createServer(async ({ url }, response) => {
  const script = /\.m?js$/.test(url);
  const file = FILES[url] ?? new URL(`.${url}`, import.meta.url);
  for (const [name, value] of Object.entries(ISOLATED)) response.setHeader(name, value);
  response.setHeader("content-type", script ? "text/javascript" : "text/html");
  response.end(script ? await readFile(file) : "<!doctype html><link rel=icon href=data:,>");
});
await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
const browser = await launchBrowser();

const PARTIES = ["ours", "peer", "floor"];

/** A page with a renderer process of its own, for all turns of a party. If the row says so, it is loaded again before each turn. */
async function open() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  await page.exposeFunction("cpuOfThisPage", async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime").value * 1e6;
  });
  await page.exposeFunction("memoryOfThisPage", async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await devtools.send("Runtime.getHeapUsage");
    return { heap: usedSize + embedderHeapUsedSize + backingStorageSize };
  });
  const address = `http://127.0.0.1:${pages.address().port}/`;
  await page.goto(address);
  const run = (party, row) => page.evaluate(async ([party, row]) => (await import("/page/turn.mjs")).turn(party, row), [party, row]);
  const turn = async (party, row, work = run) => {
    await page.bringToFront();
    const found = await work(party, row);
    if (row.anew) await page.goto(address); // ends its connections before the next turn of another party
    return found;
  };
  const profiled = (row) =>
    turn("ours", row, async () => {
      await devtools.send("Profiler.enable");
      await devtools.send("Profiler.start");
      await run("ours", row);
      return hottest((await devtools.send("Profiler.stop")).profile);
    });
  return { turn, profiled, close: () => context.close() };
}

const wanted = asked(PAGE_ROWS);
const rows = await measure(wanted, PARTIES, async (row, turns) => {
  const server = await serve("server.mjs", CORES.server);
  const opened = Object.fromEntries(await Promise.all(PARTIES.map(async (party) => [party, await open()])));
  const here = { ...row, url: server.url };
  await turns((party) => opened[party].turn(party, here), () => opened.ours.profiled(here));
  await Promise.all(Object.values(opened).map(({ close }) => close()));
  server.end();
});
const found = { about: about("make bench-browser", { browser: `Chromium ${browser.version()}` }), rows, sizes: await sizes() };
await browser.close();
pages.close();
await publish("browser", "In Chromium, beside socket.io-client", found, wanted.whole);
