// The page of the demo for everyone: by keyboard alone, with a screen reader, with enough contrast in both colour schemes, on a phone,
// and with a long history.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";

import { chatServerForEachTest, Person, sharedBrowser } from "./support.mjs";

const browser = sharedBrowser();
const server = chatServerForEachTest(browser);

const focused = (person) =>
  person.page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());

test("everything can be done by keyboard", async () => {
  const person = new Person(await browser.newContext(), "Ada");
  await person.open(server.url);
  const { keyboard } = person.page;
  await person.page.locator("#name:focus").waitFor();
  await person.page.evaluate(() => {
    globalThis.closings = 0;
    document.getElementById("name-dialog").addEventListener("close", () => (globalThis.closings += 1));
  });
  await keyboard.press("Escape");
  assert.equal(await focused(person), "name", "the dialog stays open without a name");
  await keyboard.type("Ada");
  await keyboard.press("Enter");
  await person.page.locator("#text:focus").waitFor();
  assert.equal(await person.page.evaluate(() => globalThis.closings), 1, "only the name closes the dialog");
  await keyboard.type("first line");
  await keyboard.press("Shift+Enter");
  await keyboard.type("second line");
  await keyboard.press("Enter");
  assert.deepEqual(await person.messages(1), ["first line\nsecond line"]);
  assert.equal(await focused(person), "text");

  await keyboard.press("Shift+Tab");
  assert.equal(await focused(person), "log", "the messages can be scrolled");
  await keyboard.press("Shift+Tab");
  assert.equal(await focused(person), "Join");
  await keyboard.press("Shift+Tab");
  await keyboard.type("rust");
  await keyboard.press("Enter");
  await person.page.getByRole("heading", { name: "# rust", exact: true }).waitFor();
  assert.equal(await focused(person), "text");
  assert.deepEqual(await person.shown(), []);

  for (let i = 0; i < 4; i++) await keyboard.press("Shift+Tab");
  assert.equal(await focused(person), "×");
  await keyboard.press("Space"); // leaves #rust
  await person.page.getByRole("heading", { name: "# general", exact: true }).waitFor();
  assert.equal(await focused(person), "# general", "the focus is not lost with the button");
  await keyboard.press("Enter");
  assert.equal(await focused(person), "text");
  person.assertNoProblems();
});

test("a screen reader finds names, roles and live regions", async () => {
  const ada = await Person.enter(browser, server.url, "Ada");
  await ada.on("websocket");
  await ada.say("hello");
  await ada.messages(1);
  const { page } = ada;

  for (const role of ["banner", "main", "log"]) assert.equal(await page.getByRole(role).count(), 1, role);
  await page.getByRole("navigation", { name: "Rooms" }).waitFor();
  await page.getByRole("region", { name: "Online in #general" }).waitFor();
  await page.getByRole("textbox", { name: "Message to #general" }).waitFor();
  await page.getByRole("log", { name: "# general" }).waitFor();
  await page.getByRole("status").filter({ hasText: "Connected" }).waitFor();
  await page.getByRole("button", { name: "Change your name, now Ada" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /^# general/ }).getAttribute("aria-current"), "true");

  const faults = await page.evaluate(() => {
    const found = [];
    const visible = (element) => element.checkVisibility();
    const seen = new Set();
    for (const { id } of document.querySelectorAll("[id]")) {
      if (seen.has(id)) found.push(`two elements have the id ${id}`);
      seen.add(id);
    }
    for (const field of document.querySelectorAll("input, textarea"))
      if (!field.labels.length) found.push(`${field.id} has no label`);
    for (const button of document.querySelectorAll("button")) {
      if (visible(button) && !(button.getAttribute("aria-label") ?? button.textContent).trim())
        found.push(`a button has no name: ${button.outerHTML}`);
    }
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
      for (const element of document.querySelectorAll(`[${attribute}]`)) {
        if (!document.getElementById(element.getAttribute(attribute)))
          found.push(`${attribute} of ${element.id} refers to no element`);
      }
    }
    for (const box of document.querySelectorAll("button, input, textarea")) {
      const { width, height } = box.getBoundingClientRect();
      if (visible(box) && (width < 24 || height < 24)) found.push(`${box.id || box.textContent} is too small to hit`);
    }
    if (document.querySelectorAll("h1").length !== 1) found.push("there must be one h1");
    if (!document.documentElement.lang) found.push("the document has no language");
    return found;
  });
  assert.deepEqual(faults, []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`every string has enough contrast in the ${colorScheme} scheme`, async () => {
    const ada = await Person.enter(browser, server.url, "Ada", { colorScheme, reducedMotion: "reduce" });
    const bob = await Person.enter(browser, server.url, "Bob");
    const grace = await Person.enter(browser, server.url, "Grace");
    await ada.sees("Ada", "Bob", "Grace");
    for (const person of [ada, bob, grace]) await person.say(`hello from ${person.name}`);
    await ada.messages(3);
    const background = await ada.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.notEqual(background, "rgba(0, 0, 0, 0)");
    assert.deepEqual(await ada.page.evaluate(lowContrast), []);

    await server.kill();
    await ada.state("Reconnecting");
    await ada.say("waiting");
    await ada.page.locator("#hint").waitFor();
    assert.deepEqual(await ada.page.evaluate(lowContrast), []);
    await ada.page.getByRole("button", { name: "Change your name" }).click();
    assert.deepEqual(await ada.page.evaluate(lowContrast, "dialog"), []);
  });
}

// Runs in the page. Returns the strings whose contrast with their background is under 4.5 : 1.
function lowContrast(within = "body") {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  // Paints the colours over each other, as the page does, and returns the visible colour.
  const paint = (colors) => {
    context.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) =>
    element ? [...behind(element.parentElement), getComputedStyle(element).backgroundColor] : ["white"];

  const found = [];
  for (const element of document.querySelectorAll(`${within} *`)) {
    const text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const placeholder = element.placeholder && !element.value;
    if (!element.checkVisibility({ visibilityProperty: true }) || !(text || placeholder)) continue;
    const ground = behind(element);
    const color = getComputedStyle(element, placeholder ? "::placeholder" : null).color;
    const [light, dark] = [luminance(paint([...ground, color])), luminance(paint(ground))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5)
      found.push(
        `${element.tagName} ${element.id || element.className} "${element.textContent.trim().slice(0, 20)}": ${contrast.toFixed(2)}`,
      );
  }
  return found;
}

test("on a phone a button opens the rooms, and nothing is wider than the screen", async () => {
  const ada = await Person.enter(browser, server.url, "Ada with a name as long as it may be, 40", {
    viewport: { width: 320, height: 600 },
    hasTouch: true,
    isMobile: true,
  });
  await ada.on("websocket");
  await ada.say("a_word_that_is_longer_than_a_line_".repeat(5));
  await ada.messages(1);
  const { page } = ada;
  const wider = () =>
    page.evaluate(() =>
      ["html", "header", "#sidebar", "main", "#log", "#composer"].filter((part) => {
        const { scrollWidth, clientWidth } = document.querySelector(part);
        return scrollWidth > clientWidth;
      }),
    );
  assert.deepEqual(await wider(), []);
  assert.equal(await page.getByRole("navigation").count(), 0, "a closed menu is not in the tree of a screen reader");

  await page.getByRole("button", { name: "Rooms" }).tap();
  await page.getByLabel("Join a room, or open one").fill("phones");
  assert.deepEqual(await wider(), []);
  await page.getByRole("button", { name: "Join", exact: true }).tap();
  await page.getByRole("heading", { name: "# phones", exact: true }).waitFor();
  await page.locator("#sidebar").waitFor({ state: "hidden" });

  await page.getByRole("button", { name: "Rooms" }).tap();
  await page.keyboard.press("Escape");
  await page.locator("#sidebar").waitFor({ state: "hidden" });
  assert.equal(await focused(ada), "menu");
  ada.assertNoProblems();
});

test("a long history loads in pages, and the scroll position stays", async () => {
  await server.kill();
  const lines = Array.from({ length: 250 }, (_, i) => ({
    room: "general",
    seq: i + 1,
    id: `id-${i}`,
    name: "Bob",
    text: `message ${i + 1}`,
    at: 1e12 + i * 1e6,
  }));
  writeFileSync(server.log, [{ log: "a log" }, ...lines].map((line) => JSON.stringify(line) + "\n").join(""));
  await server.start();

  const ada = await Person.enter(browser, server.url, "Ada");
  assert.equal((await ada.messages(100)).at(0), "message 151");
  const log = ada.page.getByRole("log");
  assert.equal(
    await log.evaluate((log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight)),
    0,
    "the page begins at the newest message",
  );

  await log.evaluate((log) => (log.scrollTop = 0));
  const place = () =>
    ada.page.getByText("message 151", { exact: true }).evaluate((text) => Math.round(text.getBoundingClientRect().top));
  const before = await place();
  await ada.page.getByRole("button", { name: "Show earlier messages" }).click();
  assert.equal((await ada.messages(200)).at(0), "message 51");
  assert.ok(Math.abs((await place()) - before) <= 2, `the message stays in place: ${before}, ${await place()}`);

  await ada.page.getByRole("button", { name: "Show earlier messages" }).click();
  assert.deepEqual(
    await ada.messages(250),
    lines.map((line) => line.text),
  );
  await ada.page.getByRole("button", { name: "Show earlier messages" }).waitFor({ state: "hidden" });

  const bob = await Person.enter(browser, server.url, "Bob");
  await bob.say("news");
  await ada.page.getByRole("button", { name: "New messages below" }).click();
  await ada.page.getByText("news", { exact: true }).waitFor();
  await ada.until(() => {
    const log = document.getElementById("log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 1;
  });
  ada.assertNoProblems();
});
