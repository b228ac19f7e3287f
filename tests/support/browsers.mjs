// Pages in headless Chromium and headless Firefox, with the same methods. Elements are found by XPath, which both support.
import { Builder, By, error } from "selenium-webdriver";
import { Options, ServiceBuilder } from "selenium-webdriver/firefox.js";

import { launchBrowser } from "../page/support.mjs";
import { LIMIT_MS } from "./until.mjs";

/** Functions that start a browser. `open(script)` opens a page, in which the function runs before the page's scripts; `end()` ends it. */
export const BROWSERS = { Chromium: startChromium, Firefox: startFirefox };

async function startChromium() {
  const browser = await launchBrowser();
  const open = async (script = () => {}) => {
    const context = await browser.newContext();
    context.setDefaultTimeout(LIMIT_MS);
    const page = await context.newPage();
    await page.addInitScript(script);
    return new ChromiumPage(page);
  };
  return { open, end: () => browser.close() };
}

class ChromiumPage {
  problems = []; // uncaught errors, and errors and warnings in the console
  #page;

  constructor(page) {
    this.#page = page;
    page.on("pageerror", (error) => this.problems.push(error.stack));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && this.problems.push(message.text()));
  }

  go = (url) => this.#page.goto(url);
  back = () => this.#page.goBack();
  reload = () => this.#page.reload();
  fill = (element, text) => this.#page.locator(`xpath=${element}`).fill(text);
  click = (element) => this.#page.locator(`xpath=${element}`).click();
  close = () => this.#page.context().close();

  /** Runs a function with one argument in the page, and resolves to its result. */
  run = (action, argument) => this.#page.evaluate(action, argument);

  /** Resolves when such a function returns a true value. */
  until = (condition, argument) => this.#page.waitForFunction(condition, argument, { polling: 50 });
}

async function startFirefox() {
  const options = new Options().addArguments("-headless").enableBidi();
  const service = new ServiceBuilder(process.env.GECKODRIVER);
  const driver = await new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build();
  const bidi = await driver.getBidi();
  await bidi.subscribe("log.entryAdded");
  const first = await driver.getWindowHandle(); // stays open, since the browser ends with its last window
  // The driver works in one window at a time.
  let turn = Promise.resolve();
  const within = (handle, action) => {
    const done = turn.then(() => driver.switchTo().window(handle)).then(action);
    turn = done.catch(() => {});
    return done;
  };
  const open = (script) =>
    within(first, async () => {
      await driver.switchTo().newWindow("window");
      const handle = await driver.getWindowHandle();
      if (script) {
        await bidi.send({ method: "script.addPreloadScript", params: { functionDeclaration: `${script}`, contexts: [handle] } });
      }
      return new FirefoxPage(driver, bidi, handle, (action) => within(handle, action));
    });
  return { open, end: () => driver.quit() };
}

class FirefoxPage {
  problems = [];
  #driver;
  #within;
  #stop;

  constructor(driver, bidi, handle, within) {
    this.#driver = driver;
    this.#within = within;
    const listen = (message) => {
      const { method, params } = JSON.parse(message);
      if (method !== "log.entryAdded" || params.source.context !== handle) return;
      if (["error", "warn"].includes(params.level)) this.problems.push(params.text);
    };
    bidi.socket.on("message", listen);
    this.#stop = () => bidi.socket.off("message", listen);
  }

  go = (url) => this.#within(() => this.#driver.get(url));
  back = () => this.#within(() => this.#driver.navigate().back());
  reload = () => this.#within(() => this.#driver.navigate().refresh());
  run = (action, argument) => this.#within(() => this.#driver.executeScript(action, argument));
  until = (condition, argument) => this.#driver.wait(() => this.run(condition, argument), LIMIT_MS, `in vain for ${condition}`, 50);
  click = (element) => this.#act(element, (found) => found.click());

  fill(element, text) {
    return this.#act(element, async (found) => {
      await found.clear();
      await found.sendKeys(text);
    });
  }

  async close() {
    this.#stop();
    await this.#within(() => this.#driver.close());
  }

  /** Acts on an element as soon as it exists, and again if it was replaced meanwhile. */
  #act(element, action) {
    const tried = () =>
      this.#within(async () => {
        try {
          await action(await this.#driver.findElement(By.xpath(element)));
          return true;
        } catch (problem) {
          if (problem instanceof error.NoSuchElementError || problem instanceof error.StaleElementReferenceError) return false;
          throw problem;
        }
      });
    return this.#driver.wait(tried, LIMIT_MS, `in vain for ${element}`, 50);
  }
}
