// Someone at a page of the examples in Rust: the door, where one says one's name, and the room.

import assert from "node:assert/strict";

const LIMIT = 30_000; // ms for any one wait: far more than a slow machine takes

export class Visitor {
  problems = []; // errors in the console, uncaught ones, violations of the policy
  sockets = []; // the page's websockets

  /** Opens a page in a browser profile of its own. */
  static async at(browser, url) {
    const context = await browser.newContext();
    context.setDefaultTimeout(LIMIT);
    const visitor = new Visitor();
    visitor.page = await context.newPage();
    await visitor.#listen();
    await visitor.page.goto(url);
    return visitor;
  }

  async #listen() {
    this.page.on("pageerror", (error) => this.problems.push(`uncaught: ${error.message}`));
    this.page.on("console", (message) => message.type() === "error" && this.problems.push(`console: ${message.text()}`));
    this.page.on("websocket", (socket) => this.sockets.push(socket));
    await this.page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
      );
      // Told by trunk's script when the application runs.
      addEventListener("TrunkApplicationStarted", ({ detail }) => (globalThis.application = detail.wasm));
    });
  }

  async enter(name) {
    this.name = name;
    await this.page.getByLabel("Your name").fill(name);
    await this.page.getByRole("button", { name: "Go" }).click();
    await this.state("Connected");
  }

  async leave() {
    await this.page.getByRole("button", { name: "Leave" }).click();
    await this.page.getByLabel("Your name").waitFor();
  }

  /** Says something; does not wait until it is sent. */
  async say(text) {
    await this.page.getByLabel("Message", { exact: true }).fill(text);
    await this.page.getByRole("button", { name: "Send" }).click();
  }

  async state(text) {
    await this.page.getByRole("status").filter({ hasText: new RegExp(`^${text}$`) }).waitFor();
  }

  /** Waits until these are the people in the room. */
  sees(...names) {
    return this.#shows("aside li", names);
  }

  /** Waits until these are the messages, no more and in this order. */
  reads(...texts) {
    return this.#shows("[role=log] li span", texts);
  }

  async #shows(selector, wanted) {
    const texts = () => this.page.locator(selector).allTextContents();
    await this.page
      .waitForFunction(
        ([selector, wanted]) => JSON.stringify([...document.querySelectorAll(selector)].map((e) => e.textContent)) === wanted,
        [selector, JSON.stringify(wanted)],
        { polling: 50 },
      )
      .catch(async () => assert.deepEqual(await texts(), wanted, `what ${this.name} is shown`));
  }

  /** Enters and leaves the room so many times: each second time before there is a connection. */
  mount(times) {
    return this.page.evaluate(async (times) => {
      const there = async (selector) => {
        for (;;) {
          const element = document.querySelector(selector);
          if (element) return element;
          await new Promise((resolve) => setTimeout(resolve));
        }
      };
      for (let time = 0; time < times; time += 1) {
        const name = await there(".door input");
        name.value = "Ada";
        name.dispatchEvent(new Event("input", { bubbles: true }));
        document.querySelector(".door button").click();
        await there(time % 2 ? "[data-state=Connected]" : "[data-state]");
        document.querySelector("header button").click();
      }
      await there(".door input");
    }, times);
  }

  /** How much the application holds: bytes of its memory, and places for JS objects. */
  held() {
    return this.page.evaluate(() => {
      const { memory, __wbindgen_externrefs: objects } = globalThis.application;
      return { bytes: memory.buffer.byteLength, objects: objects.length };
    });
  }

  /** No error was seen, but for those that a browser itself reports when a server is away, where a test makes it so. */
  assertNoProblems({ serverWasAway = false } = {}) {
    const away = /net::ERR_(CONNECTION_|EMPTY_RESPONSE|FAILED|INCOMPLETE_CHUNKED|SOCKET_)|WebSocket connection to/;
    const problems = this.problems.filter((problem) => !(serverWasAway && away.test(problem)));
    assert.deepEqual(problems, [], `problems on the page of ${this.name}`);
  }
}
