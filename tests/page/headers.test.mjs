// Headers in a page: what fetch sends is sent with every poll, what the browser keeps to itself is refused by name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer } from "../support/server.mjs";
import { emptyPage, launchBrowser } from "./support.mjs";

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser?.close());

/** What connect() with these headers comes to in the page. */
const connect = (page, url, headers, client = "{}") =>
  page.evaluate(
    async ([url, headers, client]) => {
      const { Client } = await import("/browser.js");
      const made = new Client((0, eval)(`(${client})`));
      try {
        await made.connect(url, { transports: "polling", headers: (0, eval)(`(${headers})`) });
        return await made.call("echo", "connected");
      } catch ({ name, code, option, platform, message }) {
        return { name, code, option, platform, message };
      } finally {
        await made.disconnect();
      }
    },
    [url, headers, client],
  );

for (const header of ["Cookie", "origin", "Host", "Sec-Mine"]) {
  test(`[P5] ${header} is refused by name, given or from a function`, async (t) => {
    const server = await startServer(t, "npm");
    const page = await emptyPage(t, browser);
    const headers = JSON.stringify({ [header]: "x" });
    const option = `headers.${header}`;
    const expected = { name: "UnsupportedOptionError", code: "UNSUPPORTED_OPTION", option, platform: "browser" };
    for (const given of [headers, `() => (${headers})`, `async () => (${headers})`]) {
      const { message, ...error } = await connect(page, server.url, given);
      assert.deepEqual(error, expected);
      assert.match(message, new RegExp(`\`${option}\` cannot be honoured here \\(browser\\)`));
    }
  });
}

test("[P5] other headers go with polling, and a fetch of the user's is given all", async (t) => {
  const server = await startServer(t, "npm");
  const page = await emptyPage(t, browser);
  assert.equal(await connect(page, server.url, '{ "X-Mine": "1", Authorization: "Bearer x" }'), "connected");
  const own = "{ fetch: (url, { headers: { Cookie, ...headers }, ...init }) => Cookie === 'x' && fetch(url, { ...init, headers }) }";
  assert.equal(await connect(page, server.url, '{ Cookie: "x" }', own), "connected");
});
