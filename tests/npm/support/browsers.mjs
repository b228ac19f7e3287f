// Pages in headless Chromium and in headless Firefox: what they put into globalThis.heard, and what their consoles complain of.
import assert from "node:assert/strict";
import { after } from "node:test";
import { Builder } from "selenium-webdriver";
import { Options, ServiceBuilder } from "selenium-webdriver/firefox.js";
import { launchBrowser } from "../../page/support.mjs";
import { until } from "../../support/until.mjs";
import { HEARD } from "./project.mjs";

const BROWSERS = { Chromium: startChromium, Firefox: startFirefox };

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
      await until(`${address} in ${name}`, async () => (heard = await page.heard()) || page.problems.length > 0);
      assert.deepEqual({ heard, problems: page.problems }, { heard: expected, problems: [] }, `${address} in ${name}`);
    }
  } finally {
    await page.close();
  }
}

async function startChromium() {
  const browser = await launchBrowser();
  const open = async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(error.stack));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
    return {
      problems,
      go: (url) => page.goto(url),
      reload: () => page.reload(),
      heard: () => page.evaluate("globalThis.heard"),
      close: () => context.close(),
    };
  };
  return { open, end: () => browser.close() };
}

async function startFirefox() {
  const options = new Options().addArguments("-headless").enableBidi();
  const service = new ServiceBuilder(process.env.GECKODRIVER);
  const driver = await new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build();
  const bidi = await driver.getBidi();
  await bidi.subscribe("log.entryAdded");
  const open = async () => {
    const problems = [];
    const listen = (message) => {
      const { method, params } = JSON.parse(message);
      if (method === "log.entryAdded" && ["error", "warn"].includes(params.level)) problems.push(params.text);
    };
    bidi.socket.on("message", listen);
    return {
      problems,
      go: (url) => driver.get(url),
      reload: () => driver.navigate().refresh(),
      heard: () => driver.executeScript("return globalThis.heard"),
      close: async () => {
        await driver.get("about:blank");
        bidi.socket.off("message", listen);
      },
    };
  };
  return { open, end: () => driver.quit() };
}
