// What the page's tests share: the demo server as a process of its own, the browser, and a person at a page.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";
import { listen } from "../support/listen.mjs";
import { LIMIT_MS } from "../support/until.mjs";

export const SERVER = fileURLToPath(new URL("../../scripts/demo-server.mjs", import.meta.url));
export const DEMO = fileURLToPath(new URL("../../scripts/demo.mjs", import.meta.url));
const PACKAGE = new URL("../../pkg/dist/browser.js", import.meta.url);

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

// Every process that a test starts ends with the test run, however that ends.
const processes = new Set();
process.on("exit", () => processes.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1)); // and not without "exit"

/** Starts a script in a Node process of its own. `output` grows with what it prints; `ended` resolves with code and signal. */
export function run(script, environment = {}, ...parameters) {
  const child = spawn(process.execPath, [script, ...parameters], {
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  processes.add(child);
  const started = { child, output: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (started.output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (started.errors += text));
  started.ended = new Promise((resolve) => {
    child.on("close", (code, signal) => {
      processes.delete(child);
      resolve({ code, signal });
    });
  });
  started.end = (signal = "SIGKILL") => {
    child.kill(signal);
    return started.ended;
  };
  /** Resolved with the match when what was printed matches; rejected if the process ends before. */
  started.printed = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(started.output);
        if (match) resolve(match);
        return match;
      };
      if (look()) return;
      child.stdout.on("data", look);
      started.ended.then(
        () =>
          look() || reject(new Error(`${script} ended without printing ${pattern}:\n${started.output}${started.errors}`)),
      );
    });
  return started;
}

/** A demo server that can be killed and started again, on the same port and with the same log; `page` is a folder in place of www/. */
export class ChatServer {
  folder = mkdtempSync(join(tmpdir(), "socketio-wasm-page-"));
  log = join(this.folder, "messages.jsonl");
  #port = "0";
  #process;
  #page;

  constructor({ page = "" } = {}) {
    this.#page = page;
  }

  async start() {
    this.#process = run(SERVER, { PORT: this.#port, CHAT_LOG: this.log, PAGE: this.#page });
    [, this.url, this.#port] = await this.#process.printed(/at (http:\/\/localhost:(\d+))/);
    return this;
  }

  /** At once, without a chance to write or to answer anything more. */
  kill() {
    return this.#process.end("SIGKILL");
  }

  async close() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function launchBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: [...ARGUMENTS, ...QUIET] });
}

/**
 * A page that has nothing but the package, as /browser.js, at an origin of its own.
 * @param {import("node:test").TestContext} t which closes it when it ends
 * @param {import("playwright-core").Browser} browser
 */
export async function emptyPage(t, browser) {
  const pages = await listen(t, async (request, response) => {
    const script = request.url === "/browser.js";
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(script ? await readFile(PACKAGE) : "<!doctype html><link rel=icon href=data:,>");
  });
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(pages.url);
  return page;
}

/** Someone at the page, in a browser profile of their own. */
export class Person {
  problems = []; // errors in the console, uncaught ones, violations of the policy
  websockets = 0;

  /** Opens the page and gives the name that it asks for. `options` are of the profile: colorScheme, viewport … */
  static async enter(browser, url, name, options = {}) {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(LIMIT_MS);
    const person = new Person(context, name);
    await person.open(url);
    await person.page.getByLabel("Your name").fill(name);
    await person.page.getByRole("button", { name: "Go" }).click();
    return person;
  }

  constructor(context, name) {
    this.context = context;
    this.name = name;
  }

  /** Opens the page in a tab. */
  async open(url) {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.problems.push(`uncaught: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && this.problems.push(`console: ${message.text()}`));
    page.on("websocket", () => (this.websockets += 1));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
      );
    });
    await page.goto(url);
    this.page = page;
  }

  async say(text) {
    await this.page.locator("#text").fill(text);
    await this.page.locator("#text").press("Enter");
  }

  /** Waits until the transport shown is that one. */
  async on(transport) {
    await this.page.locator("#transport", { hasText: transport }).waitFor();
  }

  async state(text) {
    await this.page.locator("#state", { hasText: text }).waitFor();
  }

  /** Waits until that many messages stand there, none of them waiting, and answers their texts. */
  async messages(count) {
    await this.until((wanted) => document.querySelectorAll(".message[data-state=sent]").length >= wanted, count);
    await this.until(() => document.querySelectorAll(".message[data-state=waiting]").length === 0);
    return this.shown();
  }

  /** The texts that stand there now. */
  shown(selector = ".message") {
    return this.page.locator(`${selector} .text`).allTextContents();
  }

  /** Waits until the people shown as online in the room are those. */
  async sees(...names) {
    await this.until(
      (wanted) => [...document.querySelectorAll("#people .name")].map((name) => name.textContent).join() === wanted,
      names.join(),
    );
  }

  /** Waits until a function, run in the page, answers something true. */
  until(condition, argument) {
    return this.page.waitForFunction(condition, argument, { timeout: LIMIT_MS, polling: 50 });
  }

  /** No error was seen, but for those a browser itself reports when a server is away, where a test makes it so. */
  assertNoProblems({ serverWasAway = false } = {}) {
    const away = /net::ERR_(CONNECTION_|EMPTY_RESPONSE|FAILED|INCOMPLETE_CHUNKED|SOCKET_)|WebSocket connection to/;
    assert.deepEqual(
      this.problems.filter((problem) => !(serverWasAway && away.test(problem))),
      [],
      `problems on ${this.name}'s page`,
    );
  }
}

/** A port of the loopback that someone listens on, until `close`. */
export async function takePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => new Promise((resolve) => server.close(resolve)) };
}
