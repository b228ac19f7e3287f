// A person at a page of the examples in Rust: the form for the name, and the room.

import assert from "node:assert/strict";

const field = (label) => `//input[@id=//label[.="${label}"]/@for]`;
const button = (name) => `//button[.="${name}"]`;

// Runs before the scripts of the page.
function watch() {
  globalThis.sockets = []; // those of the chat, not trunk's
  globalThis.WebSocket = class extends WebSocket {
    constructor(url, ...more) {
      super(url, ...more);
      if (this.url.includes("/socket.io/")) globalThis.sockets.push(this);
    }
  };
  document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  // trunk's script dispatches this event when the application runs.
  addEventListener("TrunkApplicationStarted", ({ detail }) => (globalThis.application = detail.wasm));
}

export class Visitor {
  /** Opens a page in a browser of tests/support/browsers.mjs, until the test ends. */
  static async at(t, browser, url) {
    const visitor = new Visitor();
    visitor.page = await browser.open(watch);
    t.after(() => visitor.page.close());
    await visitor.page.go(url);
    return visitor;
  }

  async enter(name) {
    this.name = name;
    await this.page.fill(field("Your name"), name);
    await this.page.click(button("Go"));
    await this.state("Connected");
  }

  async leave() {
    await this.page.click(button("Leave"));
    await this.#shows(".door label", ["Your name"]);
  }

  /** Sends a message, and does not wait for it. */
  async say(text) {
    await this.page.fill(field("Message"), text);
    await this.page.click(button("Send"));
  }

  state(text) {
    return this.#shows("[role=status]", [text]);
  }

  /** Waits until the form for the name has this title. */
  title(text) {
    return this.#shows(".door h1", [text]);
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
    const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent);
    const shown = ([selector, wanted]) =>
      JSON.stringify([...document.querySelectorAll(selector)].map((element) => element.textContent)) === JSON.stringify(wanted);
    await this.page.until(shown, [selector, wanted]).catch(async (error) => {
      assert.deepEqual(await this.page.run(texts, selector), wanted, `the page of ${this.name}`);
      throw error;
    });
  }

  /** Returns the state of each websocket of the page since it was loaded. */
  sockets() {
    return this.page.run(() => globalThis.sockets.map(({ readyState }) => ["connecting", "open", "closing", "closed"][readyState]));
  }

  /** Enters and leaves the room so many times. Every second time it leaves before there is a connection. */
  mount(times) {
    return this.page.run(async (times) => {
      const shown = async (selector) => {
        for (const end = performance.now() + 30_000; performance.now() < end; ) {
          const element = document.querySelector(selector);
          if (element) return element;
          await new Promise((resolve) => setTimeout(resolve));
        }
        throw new Error(`waited 30 s in vain for ${selector}`);
      };
      for (let time = 0; time < times; time += 1) {
        const name = await shown(".door input");
        name.value = "Ada";
        name.dispatchEvent(new Event("input", { bubbles: true }));
        document.querySelector(".door button").click();
        await shown(time % 2 ? "[data-state=Connected]" : "[data-state]");
        document.querySelector("header button").click();
      }
      await shown(".door input");
    }, times);
  }

  /** Waits for a garbage collection in the page. JavaScript functions own some values in Rust, which are freed with them. */
  collect() {
    return this.page.run(async () => {
      let collected = false;
      const registry = new FinalizationRegistry(() => (collected = true));
      registry.register({});
      for (const end = performance.now() + 30_000; !collected; ) {
        if (performance.now() > end) throw new Error("waited 30 s in vain for the collection");
        globalThis.litter = Array.from({ length: 100_000 }, () => ({}));
        await new Promise((resolve) => setTimeout(resolve));
      }
    });
  }

  /** Returns the memory of the application in bytes, and the size of its table of JS objects. */
  held() {
    return this.page.run(() => {
      const { memory, __wbindgen_externrefs: objects } = globalThis.application;
      return { bytes: memory.buffer.byteLength, objects: objects.length };
    });
  }

  /** Asserts that the page had no errors. A test that cuts connections short allows the reports of it. */
  assertNoProblems({ cutShort = false } = {}) {
    const own = [
      /^WebSocket connection to/,
      /^Firefox can’t establish a connection/,
      /^The connection to .* was interrupted/,
      /^socketio-wasm: cannot reach the server/,
    ];
    const expected = (problem) => cutShort && own.some((pattern) => pattern.test(problem));
    const problems = this.page.problems.filter((problem) => !expected(problem));
    assert.deepEqual(problems, [], `problems on the page of ${this.name}`);
  }
}
