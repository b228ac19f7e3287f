// Shared by the tests in a page: the browser, pages that have the package, the demo's server as a process, and people at its page.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";
import { listen } from "../support/listen.mjs";
import { LIMIT_MS } from "../support/until.mjs";

export const SERVER = fileURLToPath(new URL("../../scripts/demo-server.mjs", import.meta.url));
export const DEMO = fileURLToPath(new URL("../../scripts/demo.mjs", import.meta.url));
const PACKAGE = new URL("../../pkg/dist/browser.js", import.meta.url);

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

// Every process that a test starts ends with the test run, even if a signal ends the run.
const processes = new Set();
process.on("exit", () => processes.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1)); // emits "exit"

/** Starts a script in a Node process of its own. `output` is its standard output so far; `ended` resolves with code and signal. */
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
  /** Resolves with the match when the output matches a pattern; rejects if the process ends first. */
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

/** A demo server that can be killed and started again, on the same port and with the same log; `page` replaces the folder www/. */
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
    mkdirSync(this.folder, { recursive: true }); // close() has removed it
    this.#process = run(SERVER, { PORT: this.#port, CHAT_LOG: this.log, PAGE: this.#page });
    [, this.url, this.#port] = await this.#process.printed(/at (http:\/\/localhost:(\d+))/);
    return this;
  }

  /** Kills the process at once: it cannot write or answer. */
  kill() {
    return this.#process.end("SIGKILL");
  }

  async close() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
    this.#port = "0";
  }
}

export function launchBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: [...ARGUMENTS, ...QUIET] });
}

/** A browser for all tests of the calling file. */
export function sharedBrowser() {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());
  return { newContext: (options) => browser.newContext(options), contexts: () => browser.contexts() };
}

/** A demo server for each test of the calling file, without messages at first. The end of a test closes all pages of the browser. */
export function chatServerForEachTest(browser) {
  const server = new ChatServer();
  beforeEach(() => server.start());
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await server.close();
  });
  return server;
}

/**
 * Opens a page at an origin of its own, whose files come from `answer`. `problems` collects the errors of the page's console.
 * @param {import("node:test").TestContext} t closes the page when it ends
 * @param {{ newContext: Function }} browser
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} answer
 */
export async function openPage(t, browser, answer) {
  const pages = await listen(t, answer);
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const problems = [];
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  await page.goto(pages.url);
  return { page, problems };
}

/** Opens a page that has only the package, as /browser.js, and the scripts in `scripts`, by path. */
export async function emptyPage(t, browser, scripts = {}) {
  const { page } = await openPage(t, browser, async ({ url }, response) => {
    const script = url === "/browser.js" ? await readFile(PACKAGE) : scripts[url];
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(script ?? "<!doctype html><link rel=icon href=data:,>");
  });
  return page;
}

/** A person at the page of the demo, in a browser profile of their own. */
export class Person {
  problems = []; // errors of the console, uncaught errors, violations of the content security policy
  websockets = 0;

  /** Opens the page and enters a name. `options` belong to the profile: colorScheme, viewport … */
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

  /** Waits until the page shows this transport. */
  async on(transport) {
    await this.page.locator("#transport", { hasText: transport }).waitFor();
  }

  async state(text) {
    await this.page.locator("#state", { hasText: text }).waitFor();
  }

  /** Waits until the page shows so many messages, all of them sent. Returns the shown strings. */
  async messages(count) {
    await this.until((wanted) => document.querySelectorAll(".message[data-state=sent]").length >= wanted, count);
    await this.until(() => document.querySelectorAll(".message[data-state=waiting]").length === 0);
    return this.shown();
  }

  /** Returns the strings of the messages that the page shows. */
  shown(selector = ".message") {
    return this.page.locator(`${selector} .text`).allTextContents();
  }

  /** Waits until the page shows these people as online in the room. */
  async sees(...names) {
    await this.until(
      (wanted) => [...document.querySelectorAll("#people .name")].map((name) => name.textContent).join() === wanted,
      names.join(),
    );
  }

  /** Waits until a function that runs in the page returns a true value. */
  until(condition, argument) {
    return this.page.waitForFunction(condition, argument, { timeout: LIMIT_MS, polling: 50 });
  }

  /** Asserts that the page had no errors. A browser reports a server that is away: a test that stops its server allows these reports. */
  assertNoProblems({ serverWasAway = false } = {}) {
    const away = /net::ERR_(CONNECTION_|EMPTY_RESPONSE|FAILED|INCOMPLETE_CHUNKED|SOCKET_)|WebSocket connection to/;
    assert.deepEqual(
      this.problems.filter((problem) => !(serverWasAway && away.test(problem))),
      [],
      `problems on ${this.name}'s page`,
    );
  }
}

/** A loopback port that is in use until `close`. */
export async function takePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => new Promise((resolve) => server.close(resolve)) };
}
