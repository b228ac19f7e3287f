// Pages in every browser: what they put into globalThis.heard, and what their consoles complain of.
import assert from "node:assert/strict";
import { after } from "node:test";
import { BROWSERS } from "../../support/browsers.mjs";
import { until } from "../../support/until.mjs";
import { HEARD } from "./project.mjs";

// Each is started when the first page is opened, and ends with the tests of the file.
const started = new Map();
after(() => Promise.all([...started.values()].map(async (browser) => (await browser).end())));

/**
 * Opens a page in every browser, reloads it once, and asserts that each time it hears what it should and that no console complains.
 * @param {string} url the page's, without a query
 * @param {{ json: string, msgpack: string }} servers their addresses, which the page is given as the query
 * @param {unknown} expected what the page should put into globalThis.heard
 */
export async function assertHears(url, servers, expected = HEARD) {
  const address = `${url}?${new URLSearchParams(servers)}`;
  // All are waited for, so that none is still at it when the next test begins.
  const outcomes = await Promise.allSettled(Object.keys(BROWSERS).map((name) => assertHearsIn(name, address, expected)));
  for (const { reason } of outcomes) if (reason) throw reason;
}

async function assertHearsIn(name, address, expected) {
  if (!started.has(name)) started.set(name, BROWSERS[name]());
  const browser = await started.get(name);
  const page = await browser.open();
  try {
    for (const show of [() => page.go(address), () => page.reload()]) {
      await show();
      let heard;
      await until(`${address} in ${name}`, async () => (heard = await page.run(() => globalThis.heard)) || page.problems.length > 0);
      assert.deepEqual({ heard, problems: page.problems }, { heard: expected, problems: [] }, `${address} in ${name}`);
    }
  } finally {
    await page.close();
  }
}
