// The examples that a server renders (examples/leptos-ssr, examples/dioxus-fullstack): their HTML, their servers, and their pages in
// Chromium, where they are hydrated and connect. The hooks of all three frameworks, rendered natively.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { takePort } from "../page/support.mjs";
import { BROWSERS } from "../support/browsers.mjs";
import { until } from "../support/until.mjs";
import { FRAMEWORKS } from "./trunk.mjs";

const execute = promisify(execFile);
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The examples, each with its framework and the cargo feature of its server. */
const EXAMPLES = [
  { example: "leptos-ssr", framework: "leptos", feature: "ssr" },
  { example: "dioxus-fullstack", framework: "dioxus", feature: "server" },
];

const STATE = "[role=status]";
const FIELD = `//input[@id=//label[.="Message"]/@for]`;
const SEND = `//button[.="Send"]`;

/** The server of an example, in a process that ends with the test run at the latest. */
class ExampleServer {
  static #processes = new Set();
  static {
    process.on("exit", () => ExampleServer.#processes.forEach((child) => child.kill("SIGKILL")));
  }

  output = "";
  #child;
  #ended;

  static async start(t, example) {
    const server = new ExampleServer();
    const { port, close } = await takePort();
    await close();
    server.url = `http://127.0.0.1:${port}`;
    const page = path(`target/pages/${example}`);
    // Leptos' example has the setting PAGE; the other one belongs to Dioxus. Many threads, so that values move between them.
    const settings = { PORT: `${port}`, PAGE: page, DIOXUS_PUBLIC_PATH: page, TOKIO_WORKER_THREADS: "8", RUST_BACKTRACE: "1" };
    const child = spawn(path(`target/examples/debug/${example}`), { env: { ...process.env, ...settings }, stdio: ["ignore", "pipe", "pipe"] });
    ExampleServer.#processes.add(child);
    server.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (server.output += text));
    server.#ended = new Promise((resolve) => child.on("close", resolve)).finally(() => ExampleServer.#processes.delete(child));
    t.after(() => server.end());
    await until(`an answer of ${example}`, () => {
      assert.equal(child.exitCode, null, server.output);
      assert.doesNotMatch(server.output, /panicked/);
      return fetch(server.url).then((response) => response.text(), () => false);
    });
    return server;
  }

  async html() {
    const response = await fetch(this.url);
    assert.equal(response.status, 200);
    return response.text();
  }

  /** Ends the process, and resolves when all of its output has arrived. */
  end() {
    this.#child.kill("SIGKILL");
    return this.#ended;
  }

  async assertNoProblems() {
    assert.equal(this.#child.exitCode, null, this.output);
    await this.end();
    assert.doesNotMatch(this.output, /panick|error|warn|never connects/i);
  }
}

/** Runs the tests of an example natively. */
async function testNatively(example, ...parameters) {
  const { stdout } = await execute("cargo", ["test", "--quiet", ...parameters], { cwd: path(`examples/${example}`) });
  assert.match(stdout, /test result: ok\. [1-9]/);
}

/** Asserts that HTML is the complete page, as it is before a script runs. */
function assertRendered(page) {
  const html = page.replaceAll(/<!--.*?-->/gs, ""); // marks for the hydration
  assert.match(html, /<h1[^>]*>Rendered by \w+ on a server<\/h1>/);
  assert.match(html, /<p[^>]*role="status"[^>]*>Disconnected</);
  assert.match(html, /<button[^>]*disabled[^>]*>Send<\/button>/);
  assert.match(html, /<ol/);
}

// Runs in a page before its scripts: notes what the server has rendered. At #withheld, requests to the Socket.IO server have no answer.
function prepare() {
  document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return; // the page is parsed, and no module has run
    globalThis.rendered = { heading: document.querySelector("h1"), state: document.querySelector("[role=status]")?.textContent };
  });
  const { fetch } = globalThis;
  const isWithheld = (url) => location.hash === "#withheld" && `${url}`.includes("/socket.io/");
  globalThis.fetch = (url, ...options) => (isWithheld(url) ? new Promise(() => {}) : fetch(url, ...options));
}

class Visitor {
  static async at(t, browser, url) {
    const visitor = new Visitor();
    visitor.page = await browser.open(prepare);
    t.after(() => visitor.page.close());
    await visitor.page.go(url);
    return visitor;
  }

  state(wanted) {
    const shown = ([selector, wanted]) => {
      const element = document.querySelector(selector);
      return element?.textContent === wanted && element.dataset.state === wanted;
    };
    return this.#until(shown, [STATE, wanted]);
  }

  /** Waits until these are the messages, no more and in this order. */
  reads(...wanted) {
    const shown = (wanted) => [...document.querySelectorAll("[role=log] li")].map((item) => item.textContent).join() === wanted;
    return this.#until(shown, wanted.join());
  }

  async say(text) {
    await this.page.fill(FIELD, text);
    await this.page.click(SEND);
  }

  async #until(condition, argument) {
    await this.page.until(condition, argument).catch(async (error) => {
      const body = await this.page.run(() => document.body.innerText);
      throw new Error(`waited in vain for ${argument}; problems: ${this.page.problems.join("\n")}; the page:\n${body}`, { cause: error });
    });
  }
}

for (const { example, framework, feature } of EXAMPLES) {
  if (!FRAMEWORKS.includes(framework)) continue;
  describe(example, () => {
    let browser;
    before(async () => {
      await execute(path("scripts/build-rendered.sh"), [example], { maxBuffer: 1 << 26 });
      browser = await BROWSERS.Chromium();
    });
    after(() => browser?.end());

    test("a native test can render components with every hook", () => testNatively(example, "--features", feature));

    test("the server renders the whole page, with the state Disconnected", async (t) => {
      const server = await ExampleServer.start(t, example);
      assertRendered(await server.html());
      await server.assertNoProblems();
    });

    test("the server renders many pages at once, and survives requests that are cut short", async (t) => {
      const server = await ExampleServer.start(t, example);
      const whole = Array.from({ length: 200 }, async () => assertRendered(await server.html()));
      const cut = Array.from({ length: 100 }, async (_, index) => {
        const controller = new AbortController();
        const page = fetch(server.url, { signal: controller.signal }).then((response) => response.text());
        setTimeout(() => controller.abort(), index); // each after another time
        await page.catch(({ name }) => assert.equal(name, "AbortError"));
      });
      await Promise.all([...whole, ...cut]);
      assertRendered(await server.html());
      await server.assertNoProblems();
    });

    test("the page is hydrated, connects, and exchanges messages", async (t) => {
      const server = await ExampleServer.start(t, example);
      const ada = await Visitor.at(t, browser, server.url);
      await ada.state("Connected");
      const { isSame, state } = await ada.page.run(() => {
        const { heading, state } = globalThis.rendered;
        return { isSame: heading === document.querySelector("h1"), state };
      });
      assert.ok(isSame, "the element that the server rendered is still in the page");
      assert.equal(state, "Disconnected");
      await ada.reads("ServerVisitor 1 has come in.");

      const bob = await Visitor.at(t, browser, server.url);
      const both = ["ServerVisitor 1 has come in.", "ServerVisitor 2 has come in."];
      await ada.reads(...both);
      await bob.reads(...both);
      await ada.say("hello from Ada");
      await bob.say("hello from Bob");
      for (const { page } of [ada, bob]) {
        const arrived = () => ["Visitor 1hello from Ada", "Visitor 2hello from Bob"].every((text) => document.querySelector("ol").textContent.includes(text));
        await page.until(arrived);
        assert.deepEqual(page.problems, []);
      }
      await server.assertNoProblems();
    });

    test("a page that waits for the connection says so, in place of the rendered state", async (t) => {
      const server = await ExampleServer.start(t, example);
      const ada = await Visitor.at(t, browser, `${server.url}/#withheld`);
      await ada.state("Connecting");
      assert.equal(await ada.page.run(() => globalThis.rendered.state), "Disconnected");
      assert.deepEqual(ada.page.problems, []);
      await server.assertNoProblems();
    });
  });
}

// `make test-rust-quick` has Yew alone, and does not wait for a native build of it.
if (FRAMEWORKS.includes("yew") && FRAMEWORKS.length > 1) {
  test("yew: a native test can render components with every hook", () => testNatively("yew"));
}
