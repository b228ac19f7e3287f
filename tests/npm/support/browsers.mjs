// Opens pages in every browser, and checks globalThis.heard and the consoles.
import assert from "node:assert/strict";
import { after } from "node:test";
import { BROWSERS } from "../../support/browsers.mjs";
import { until } from "../../support/until.mjs";
import { HEARD } from "./project.mjs";

// A browser starts with the first page, and ends with the tests of the file.
const started = new Map();
after(() => Promise.all([...started.values()].map(async (browser) => (await browser).end())));

/**
 * Opens a page in every browser, reloads it once, and asserts each time that it has the expected result and no errors in its console.
 * @param {string} url the URL of the page, without a query
 * @param {{ json: string, msgpack: string }} servers addresses, passed to the page in the query
 * @param {unknown} expected the value of globalThis.heard in the end
 */
export async function assertHears(url, servers, expected = HEARD) {
  const address = `${url}?${new URLSearchParams(servers)}`;
  // Waits for all browsers, so that none is busy when the next test begins.
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
